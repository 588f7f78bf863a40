"""Replacements go in where they were found, once, and fixing a fixed text changes nothing."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.parts import Part
from contentkit.core.report import Finding
from contentkit.core.text.document import document
from contentkit.core.text.fixes import fixed, settled


def found(text: str, swaps: dict[str, str]) -> list[Finding]:
    part = Part("a.md", document(text))
    pattern = "|".join(map(re.escape, swaps))
    return [
        part.finding("style/x", "x", one.start(), one.end(), replacement=swaps[one.group()])
        for one in (re.finditer(pattern, text) if swaps else ())
    ]


def test_every_replacement_goes_in_and_the_rest_stays() -> None:
    text = "one\r\ntwo 🎉 three\n\none"
    done = fixed(text, found(text, {"one": "1", "three": "3"}), "a.md")
    assert done.text == "1\r\ntwo 🎉 3\n\n1"
    assert len(done.applied) == 3


def test_of_two_that_overlap_the_first_goes_in() -> None:
    text = "abcd"
    part = Part("a.md", document(text))
    both = [part.finding("style/x", "x", 1, 3, replacement="-"), part.finding("style/x", "x", 2, 4, replacement="+")]
    done = fixed(text, both, "a.md")
    assert (done.text, len(done.applied), len(done.skipped)) == ("a-d", 1, 1)


def test_findings_of_other_texts_or_without_a_replacement_change_nothing() -> None:
    text = "abcd"
    others = [Part("b.md", document(text)).finding("style/x", "x", 0, 1, replacement="-"),
              Part("a.md", document(text)).finding("style/x", "x", 0, 1)]  # fmt: skip
    assert fixed(text, others, "a.md").text == text


def test_rules_that_undo_each_other_or_never_end_come_to_rest() -> None:
    for swaps in ({"a": "b", "b": "a"}, {"a": "aa"}):
        once = settled("a b", lambda text, s=swaps: found(text, s), "a.md").text
        assert settled(once, lambda text, s=swaps: found(text, s), "a.md").text == once


@given(st.text("abc \n", max_size=20), st.dictionaries(st.sampled_from("abc"), st.text("abc", max_size=2)))
def test_fixing_twice_is_fixing_once(text: str, swaps: dict[str, str]) -> None:
    once = settled(text, lambda one: found(one, swaps), "a.md").text
    assert settled(once, lambda one: found(one, swaps), "a.md").text == once
