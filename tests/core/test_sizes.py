"""Words are counted as an expression finds them, text by text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.document import document
from contentkit.core.text.sizes import pieces_of, sizes

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def test_each_text_has_its_size() -> None:
    texts = ["The boat's well-known bell.", "", "  \n ", "bell, bell (bell)"]
    assert sizes(WORD, [text.split() for text in texts]) == [4, 0, 0, 3]


@given(st.lists(st.text(alphabet="ab é-'’_1 \n\u3000\u2028。日"), max_size=5))
def test_sizes_of_any_texts(texts: list[str]) -> None:
    assert sizes(WORD, [text.split() for text in texts]) == [len(WORD.findall(text)) for text in texts]


def test_pieces_are_those_of_the_prose() -> None:
    text = "# The `old` bell\n\nIt rings [twice](https://a.example/b). So it does."
    assert pieces_of(document(text, "en")) == [["The", "bell"], ["It", "rings", "twice", "."], ["So", "it", "does."]]
