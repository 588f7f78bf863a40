"""Cutting a long text into parts, and lists of terms."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.spoken import units
from contentkit.core.text.glossary import terms
from contentkit.core.text.parted import parted

TEXT = """# Ferry

One two three four five six seven eight nine ten eleven twelve thirteen fourteen.

## Code

```sh
echo one

## no heading

echo two
```

- a list

- of items

  with a paragraph

## End

| a | b |
|---|---|
| 1 | 2 |

Last words here.
"""


def squeezed(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.strip("\n"))


def test_parts_begin_with_headings_and_hold_code_and_lists_whole() -> None:
    parts = parted(TEXT, 24)
    assert "\n\n".join(parts) == squeezed(TEXT)
    assert [part.split("\n")[0] for part in parts] == ["# Ferry", "## Code", "## End"]
    assert "echo one\n\n## no heading\n\necho two\n```\n\n- a list\n\n- of items\n\n  with a paragraph" in parts[1]


def test_a_short_text_is_one_part() -> None:
    assert parted(TEXT, 1000) == [squeezed(TEXT)]
    assert parted("", 100) == []


def test_a_paragraph_longer_than_a_part_is_cut_between_sentences() -> None:
    text = "The ferry sails at dawn. " * 40
    parts = parted(text, 50, "en")
    assert len(parts) == 4
    assert all(part.endswith("dawn.") and units(part, "en") <= 50 for part in parts)
    japanese = "渡し船は毎朝港を出ます。" * 40
    assert "".join(parted(japanese, 100, "ja")) == japanese


def test_no_heading_ends_a_part() -> None:
    text = "\n\n".join(f"## Heading {number}\n\n" + "word " * 30 for number in range(9))
    assert all(not part.split("\n")[-1].startswith("#") for part in parted(text, 40))


@given(st.text("ab \n#-`~1.|。\t") | st.text(), st.integers(50, 200))
def test_nothing_is_lost(text: str, most: int) -> None:
    assert "".join("".join(parted(text, most)).split()) == "".join(text.split())


def test_terms_as_people_write_them() -> None:
    text = '# a\nterm,translation\npier, 桟橋\nferry\t渡し船\ncar = 車\n"old, worn pier", 古い桟橋\nlo\n dog → 犬\n,\n'
    assert terms(text) == [
        ("pier", "桟橋"),
        ("ferry", "渡し船"),
        ("car", "車"),
        ("old, worn pier", "古い桟橋"),
        ("dog", "犬"),
    ]


@given(st.text())
def test_any_text_is_a_glossary_or_none(text: str) -> None:
    assert all(term and name for term, name in terms(text))


@pytest.mark.parametrize("titles", ["term,translation", "source\ttarget", "en,de", "EN = pt-BR", "用語,訳語"])
def test_titles_of_columns_are_no_pair_and_a_term_of_that_name_is_one(titles: str) -> None:
    pairs = [("pier", "Anleger"), ("source", "Quelle"), ("Term", "Frist")]
    lines = "\n".join(f"{term} = {name}" for term, name in pairs)
    assert terms(f"{titles}\n{lines}\n") == pairs
    assert terms("original, Vorlage\npier, Anleger") == [("original", "Vorlage"), ("pier", "Anleger")]
