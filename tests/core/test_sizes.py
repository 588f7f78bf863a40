"""Words are counted as an expression finds them, text by text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.sizes import sizes

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def test_each_text_has_its_size() -> None:
    assert sizes(WORD, ["The boat's well-known bell.", "", "  \n ", "bell, bell (bell)"]) == [4, 0, 0, 3]


@given(st.lists(st.text(alphabet="ab é-'’_1 \n\u3000\u2028。日"), max_size=5))
def test_sizes_of_any_texts(texts: list[str]) -> None:
    assert sizes(WORD, texts) == [len(WORD.findall(text)) for text in texts]
