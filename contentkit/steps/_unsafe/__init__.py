"""The parts of the check for what is unsafe: people's data, words, topics."""
