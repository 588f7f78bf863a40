"""Subtitles: no word lost, nothing over another, nothing beyond the film, within the rules wherever they can be
kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.captions import Cue, cues, faults, rules_of
from contentkit.core.captions.rules import GAP, LONGEST, SHORTEST, width
from contentkit.core.film import Scene, narration, scenes_of

ENGLISH = "The old boat leaves the harbour every morning at nine, and the crew checks the ropes before anyone boards. "
JAPANESE = "船は毎朝九時に港を出ます。乗客が乗り込む前に、船員がロープを一本ずつ確かめます。"


def film(*rows: tuple[int, str]) -> tuple[Scene, ...]:
    return scenes_of({"scenes": [{"seconds": seconds, "audio": audio} for seconds, audio in rows]})


def shown(found: Sequence[Cue]) -> str:
    return " ".join(line for cue in found for line in cue.lines)


def assert_whole(found: Sequence[Cue], scenes: Sequence[Scene]) -> None:
    """What holds of every file, whatever is said in whatever time."""
    assert "".join(shown(found).split()) == "".join(narration(scenes).split())
    assert all(0 <= cue.start < cue.end for cue in found)
    assert all(one.end <= following.start for one, following in pairwise(found))
    assert not found or found[-1].end <= scenes[-1].end * 1000
    assert all(line == line.strip() and line for cue in found for line in cue.lines)
    assert all(cue.start >= scenes[cue.scene - 1].start * 1000 for cue in found)


def assert_kept(found: Sequence[Cue], language: str) -> None:
    """The rules of subtitles."""
    rules = rules_of(language)
    for cue in found:
        assert len(cue.lines) <= 2
        assert all(width(line, rules) <= rules.line for line in cue.lines)
        assert SHORTEST <= cue.end - cue.start <= LONGEST
        assert cue.size / ((cue.end - cue.start) / 1000) <= rules.per_second * 1.005
    assert all(following.start - one.end >= GAP for one, following in pairwise(found))


def test_the_rules_are_those_of_the_language() -> None:
    assert [(rules_of(code).line, rules_of(code).per_second) for code in ("en", "ja", "de", "pt-BR")] == [
        (42, 20), (16, 4), (42, 17), (42, 17),
    ]  # fmt: skip
    assert width("東京Tower", rules_of("ja")) == 4.5
    assert width("ｱｲ", rules_of("ja")) == 1
    assert width("naïve 👩‍👩‍👧", rules_of("en")) == 7


def test_lines_break_where_one_reads() -> None:
    found = cues(film((14, f"VO: {ENGLISH} SFX: gulls VO: Nobody is late.")), "en")
    assert [cue.lines for cue in found] == [
        ("The old boat leaves the harbour", "every morning at nine,"),
        ("and the crew checks the ropes", "before anyone boards."),
        ("Nobody is late.",),
    ]
    assert_kept(found, "en")
    found = cues(film((14, f"NA: {JAPANESE}")), "ja")
    assert [cue.lines for cue in found] == [
        ("船は毎朝九時に港を出ます。",),
        ("乗客が乗り込む前に、船員が", "ロープを一本ずつ確かめます。"),
    ]
    assert_kept(found, "ja")


def test_cues_follow_the_voice_and_pauses_stay_empty() -> None:
    found = cues(film((8, "VO: It sails."), (5, "MUSIC: soft"), (6, "VO: It is back.")), "en")
    assert [(cue.start, cue.scene) for cue in found] == [(0, 1), (13_000, 3)]
    assert found[0].end < 2_000


def test_a_cue_may_stand_on_after_the_voice_so_that_it_can_be_read() -> None:
    said = "冬は夜の氷が厚すぎるため、最終便は二十時に出ます。"  # 25 characters: 6.3 s to read, 5 s to say
    found = cues(film((5, f"NA: {said}"), (4, "M: 静かな曲")), "ja")
    assert_kept(found, "ja")
    assert found[-1].end > 5_000


words = st.lists(st.sampled_from([*ENGLISH.split(), "—", "Yes.", "3,500"]), max_size=60).map(" ".join)
kana = st.text(st.sampled_from("船は毎朝九時に港を出ます。、「」ーャッAB1２ " + "コンテンツ"), max_size=120)
rows = st.lists(st.tuples(st.integers(1, 30), words | kana | st.text(max_size=80)), min_size=1, max_size=6)


@given(rows, st.sampled_from(["en", "ja", "zh", "ko", "de", "", "th"]))
def test_every_file_is_whole(said: list[tuple[int, str]], language: str) -> None:
    scenes = film(*((seconds, f"VO: {text}") for seconds, text in said))
    found = cues(scenes, language)
    assert_whole(found, scenes)
    if not list(faults(found, language)):
        assert_kept(found, language)


@given(st.lists(words, min_size=1, max_size=5))
def test_what_is_said_calmly_keeps_the_rules(said: list[str]) -> None:
    scenes = film(*((max(2, 1 + len(text.split()) * 60 // 125), f"VO: {text}") for text in said))
    found = cues(scenes, "en")
    assert_whole(found, scenes)
    assert_kept(found, "en")
    assert list(faults(found, "en")) == []


@given(kana, st.integers(0, 5))
def test_japanese_at_four_characters_a_second_keeps_the_rules(text: str, more: int) -> None:
    size = width(text, rules_of("ja"))
    scenes = film((int(size / 4 + 0.2 * size / 4) + 3 + more, f"NA: {text}"))
    found = cues(scenes, "ja")
    assert_whole(found, scenes)
    assert_kept(found, "ja")
    if max(map(len, re.findall("[、。ーャッ」]+|$", text))) < 12 and not re.search(r"(?:^|\s)[、。ーャッ」]", text):
        assert not [line for cue in found for line in cue.lines if line[0] in "、。ーャッ」"]


@pytest.mark.parametrize(("said", "seconds"), [("word " * 20_000, 1), ("字" * 5_000, 2), ("x" * 100, 30)])
def test_too_much_is_told_and_the_file_stays_whole(said: str, seconds: int) -> None:
    scenes = film((seconds, f"VO: {said}"), (5, "VO: End."))
    found = cues(scenes, "en")
    assert_whole(found, scenes)
    (fault, *_) = faults(found, "en")
    assert fault.scene == 1


def test_a_long_narration_is_cut_in_little_time() -> None:
    from time import monotonic

    started = monotonic()
    scenes = film((3600, f"VO: {ENGLISH * 3_000}"))
    assert_whole(cues(scenes, "en"), scenes)
    assert monotonic() - started < 15


def test_a_row_without_time_is_told_and_breaks_nothing() -> None:
    (fault,) = faults([Cue(1000, 1000, ("Said in no time.",), 1, 16)], "en")
    assert fault.scene == 1
    assert "can be read" in fault.message
