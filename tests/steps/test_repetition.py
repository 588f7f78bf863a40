"""Repetition: what a text, or several, say twice."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.report import Severity
from contentkit.core.text.alike import alike
from contentkit.steps import repetition

SAID = "The ferry to the island leaves at seven every morning from the old pier."
NEAR = "The ferry to the island leaves at seven every morning from the new old pier."


def found(text: str = "", language: str = "en", output: Any = None, **more: Any) -> list[tuple[str, str]]:
    piece = repetition.after(Piece("article", language, body=text, output=output, **more))
    return [(one.rule.partition("/")[2], one.message) for one in piece.findings]


@pytest.mark.parametrize(("again", "how"), [(SAID, "word for word"), (NEAR, "nearly the same words")])
def test_a_sentence_that_comes_again_is_found_with_the_line_of_the_first(again: str, how: str) -> None:
    text = f"# Trips\n\n{SAID} Take a coat.\n\n## Prices\n\nA ticket costs little. {again}\n"
    ((rule, message),) = found(text)
    assert rule == "sentence"
    assert how in message
    assert "line 3" in message


def test_japanese_sentences_are_compared_by_characters() -> None:
    one = "島へ渡る船は毎朝七時に古い桟橋から出ています。"
    assert [rule for rule, _ in found(f"{one}\n\n雨の日もあります。\n\n{one}", "ja")] == ["sentence"]
    assert found(f"{one}\n\n島の宿は夏だけ開いていて、予約が要ります。", "ja") == []


def test_short_sentences_quotations_placeholders_and_code_may_come_again() -> None:
    quoted = f"“{SAID}”"
    gap = "[what the reader should do next, in a sentence or in two of them]"
    code = f"```\n{SAID}\n```"
    for twice in ("It pays off.", quoted, gap, code):
        assert found(f"{twice}\n\nSomething else stands here.\n\n{twice}") == []


def test_the_fields_of_an_answer_are_held_against_each_other_but_not_posts_for_platforms() -> None:
    scenes = {"scenes": [{"audio": SAID}, {"audio": SAID}]}
    assert [rule for rule, _ in found(output=scenes)] == ["sentence"]
    posts = {"posts": [{"platform": "x", "text": SAID}, {"platform": "threads", "text": SAID}]}
    assert found(output=posts) == []


def test_a_doubled_word_is_a_slip_that_can_be_put_right() -> None:
    text = "He went to the the shop, and that that was all."
    (finding,) = repetition.after(Piece("text", "en", body=text)).findings
    assert finding.rule == "repetition/word"
    assert finding.replacement == ""
    assert finding.place is not None
    start, end = (finding.place.column or 1) - 1, (finding.place.end_column or 1) - 1
    assert text[:start] + text[end:] == "He went to the shop, and that that was all."
    (japanese,) = repetition.after(Piece("text", "ja", body="本をを読む人がいる。")).findings
    (opening,) = repetition.after(Piece("text", "en", body="The the end is near.")).findings
    assert opening.replacement == ""
    assert japanese.replacement == ""
    for slip in ("駅にに着きました。", "彼がが来ました。", "海でで、泳ぎます。", "水ををのみます。"):
        assert [rule for rule, _ in found(slip, "ja")] == ["word"], slip
    for sound in (
        "自分でできることです。",
        "私ががんばります。",
        "庭ににわとりがいます。",
        "今までで最高です。",
        "そこでであいました。",
    ):
        assert found(sound, "ja") == [], sound
    assert found("Quand vous vous réveillez, nous nous levons déjà.", "fr") == []
    assert found("See the `the` and the\n\nthe end, `x` the `y` the.") == []


def test_openings_in_a_row_and_echoes_are_told() -> None:
    row = "You can take the ferry. You can take the bus. You can take a walk."
    assert [rule for rule, _ in found(row)] == ["opening"]
    assert found(row.replace("You can take the bus", "A bus leaves too")) == []
    assert [rule for rule, _ in found("A boat is a boat, and a boat on a boat is cargo.")] == ["echo"]
    assert [rule for rule, _ in found("この本は新しい。この本は薄い。この本は安い。", "ja")] == ["opening"]
    assert {one.severity for one in repetition.after(Piece("text", "en", body=row)).findings} == {Severity.INFO}


def test_cells_of_a_table_and_calls_to_action_may_come_again() -> None:
    row = f"| Monday | {SAID} |\n"
    assert found(f"| Day | Note |\n|---|---|\n{row}{row}") == []
    mails = [Piece("email", "en", output={"body": body, "call_to_action": SAID}) for body in ("One.", "Two.")]
    assert list(repetition.across(mails)) == []


def test_pieces_side_by_side() -> None:
    first = Piece("email", "en", body=f"Hello. {SAID}", name="one.md")
    second = Piece("email", "en", body=f"Good day. Bring a coat.\n\n{NEAR}", name="two.md")
    (finding,) = repetition.across([first, second])
    assert finding.place is not None
    assert (finding.rule, finding.place.path, finding.place.line) == ("repetition/across", "two.md", 3)
    assert "one.md, line 1" in finding.message
    signed = {"body": "Other words are here, and they are many more than seven.", "signature": SAID}
    mails = [Piece("email", "en", output=signed | {"body": body}) for body in ("One.", "Two.")]
    assert list(repetition.across(mails)) == []


@pytest.mark.parametrize("name", ["sentences", "openings", "words"])
def test_each_look_can_be_left_out(name: str) -> None:
    text = f"{SAID}\n\n{SAID}\n\nYou can go. You can stay. You can eat the the cake."
    all_of_it = {rule for rule, _ in found(text)}
    assert all_of_it > {rule for rule, _ in found(text, settings={"repetition": {name: False}})}


@pytest.mark.parametrize("table", [{"sentence": True}, {"words": 3}])
def test_a_wrong_setting_is_one_sentence(table: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        repetition.settings(table)


@pytest.mark.parametrize("text", ["今までで最高です。ここまでで終わり。", "なにに使うか。くにに帰る。えががく。"])
def test_kana_that_end_a_word_may_stand_before_the_same(text: str) -> None:
    assert repetition.after(Piece("text", "ja", body=text)).findings == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('He said "we sail the the boat" and left.', "en"),
        ("> It was the the best.", "en"),
        ("彼は「本をを読む」と言った。", "ja"),
    ],
)
def test_a_word_twice_in_a_quotation_is_told_and_left(text: str, language: str) -> None:
    (finding,) = repetition.after(Piece("text", language, body=text)).findings
    assert (finding.rule, finding.replacement) == ("repetition/word", None)


def test_the_sentence_that_is_most_alike_is_named_also_where_an_earlier_one_has_some_of_its_words() -> None:
    sentences = [text.split() for text in ("a b c d e f", "a b c x y z", "a b c x y w")]
    assert [(one, other) for one, other, _ in alike(sentences, 2, 0.6)] == [(2, 1)]


@pytest.mark.parametrize(("before", "told"), [(11, [(12, 11)]), (12, [])])
def test_words_that_twelve_sentences_have_are_a_formula_and_make_no_two_alike(
    before: int, told: list[tuple[int, int]]
) -> None:
    others = [f"please write to us at a{number} b{number} c{number}" for number in range(before)]
    pair = ["please write to us at the pier", "please write to us at the harbour"]
    found = alike([text.split() for text in (*others, *pair)], 2, 0.6)
    assert [(one, other) for one, other, _ in found] == told


def test_a_whole_word_that_stands_twice_in_japanese() -> None:
    assert [rule for rule, _ in found("明日は休みだというという話です。", "ja")] == ["word"]
