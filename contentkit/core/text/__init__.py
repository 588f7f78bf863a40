"""What texts are made of and how long they are: sentences, words, blocks, links, emoji, counts."""
