"""``suggest``: a fix is shown only when it applies to the reviewed file, changes it and leaves it whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from asking_lenses import AFTER, BEFORE, PROMPTS, asker, mark, part

from contentkit.code.chunks import Chunk
from contentkit.code.edits import applied
from contentkit.core.chat import Done, Finish, TextDelta
from contentkit.core.errors import CancelledError, QuotaError, UnreachableError
from contentkit.core.report import Edit, Finding, Place
from contentkit.reviews.suggest import edits as meant
from contentkit.reviews.suggest import suggest

PROMPT = PROMPTS.get("suggest", "review")
LINE = AFTER.split("\n").index("    return prices[len(prices)]") + 1
FINDING = Finding("bugs/bounds", "One past the end.", place=Place("till.py", LINE, LINE), verified=True)
WRONG, RIGHT = "    return prices[len(prices)]", "    return prices[-1]"


def fix(anchor: str, replacement: str, end: str = "") -> dict[str, str]:
    return {"anchor": anchor, "end_anchor": end or anchor, "replacement": replacement}


def answer(*edits: dict[str, str]) -> str:
    return json.dumps({"plan": "Mend it.", "edits": list(edits)})


async def edits(chunk: Chunk, *fixes: dict[str, str], finding: Finding = FINDING) -> tuple[Edit, ...]:
    one, _ = asker(answer(*fixes))
    return (await suggest(one, PROMPT, finding, chunk)).edits


async def test_a_fix_is_an_edit_of_the_reviewed_lines() -> None:
    chunk = part()
    wrong = mark(chunk, "prices[len(prices)]")
    for anchor in (wrong, wrong.removeprefix("+"), f"{wrong}| {WRONG}", f"`{wrong}`"):
        assert await edits(chunk, fix(anchor, RIGHT)) == (Edit("till.py", LINE, LINE, f"{RIGHT}\n"),)
    made = await edits(chunk, fix(mark(chunk, "# the last one"), f"    # the last one\n{RIGHT}\n", wrong))
    assert made == (Edit("till.py", LINE, LINE, f"{RIGHT}\n"),)
    (gone,) = await edits(chunk, fix(mark(chunk, "# the last one"), ""))
    assert gone == Edit("till.py", LINE - 1, LINE - 1, "")


async def test_a_context_line_can_be_replaced_and_lines_put_in_beside_it() -> None:
    chunk = part()
    def_ = mark(chunk, "def mean(prices):", " ")
    label = replace(FINDING, place=Place("till.py", AFTER.split("\n").index('    return f"{price:.1f}"') + 1))
    (put,) = await edits(chunk, fix(def_.strip(), "def mean(prices):\n    assert prices"), finding=label)
    number = AFTER.split("\n").index("def mean(prices):") + 1
    assert put == Edit("till.py", number + 1, number, "    assert prices\n")
    assert "def mean(prices):\n    assert prices\n    return total" in applied(AFTER, [put])


@pytest.mark.parametrize(
    "fixes",
    [
        [],
        [fix("RIGHT", WRONG)],
        [fix("RIGHT", "    return prices[(")],
        [fix("+999#abc", RIGHT)],
        [fix("LEFT", RIGHT)],
        [fix("RIGHT", RIGHT, "FIRST")],
        [fix("RIGHT", "    return '[secret-1:password]'")],
        [fix("RIGHT", "    return '\\u{202e}'")],
        [fix("RIGHT", RIGHT), fix("RIGHT", "    return None")],
        [fix("RIGHT", RIGHT), fix("+1#zzz", "x = 1")],
    ],
)
async def test_what_is_no_fix_is_none(fixes: list[dict[str, str]]) -> None:
    chunk = part()
    words = {
        "RIGHT": mark(chunk, "prices[len(prices)]"),
        "FIRST": mark(chunk, ".1f"),
        "LEFT": mark(chunk, "prices[-1]", "-"),
    }
    meant = [{name: words.get(value, value) for name, value in each.items()} for each in fixes]
    assert await edits(chunk, *meant) == ()


@pytest.mark.parametrize("unseen", ["\r    import os", "  # \u202eevil", "  # a\u200bb", "  # \x1b[2J"])
async def test_a_fix_brings_in_nothing_that_is_not_seen(unseen: str) -> None:
    chunk = part()
    wrong = mark(chunk, "prices[len(prices)]")
    assert await edits(chunk, fix(wrong, RIGHT + unseen)) == ()
    assert await edits(chunk, fix(wrong, f"{RIGHT}  # 日本\r\n")) != ()


async def test_lines_that_were_not_shown_are_not_replaced() -> None:
    chunk = part(around=1)
    assert await edits(chunk, fix(mark(chunk, ".1f"), "x = 1", mark(chunk, "prices[len(prices)]"))) == ()
    between = fix(mark(chunk, "total(prices) /", " "), "    return 0", mark(chunk, "prices[len(prices)]"))
    assert meant([between], chunk) == ()  # both ends are shown, and most of what is between them is not
    long = "x = [" + "1, " * 300 + "]"
    whole = part("a = 1\n", f"a = 1\n{long}\n")
    anchor = mark(whole, "x = [")
    place = replace(FINDING, place=Place("till.py", 2, 2))
    assert len(await edits(whole, fix(anchor, "x = []"), finding=place)) == 1
    cut = replace(whole, shown=tuple(replace(shown, text=shown.text[:200]) for shown in whole.shown))
    assert await edits(cut, fix(anchor, "x = []"), finding=place) == ()


@pytest.mark.parametrize("after", ["a = 1\r\nb = 3\r\n", "a = 1\r\nb = 3"])
async def test_the_line_ends_of_the_file_are_kept(after: str) -> None:
    chunk = part("a = 1\r\nb = 2\r\n", after)
    place = replace(FINDING, place=Place("till.py", 2, 2))
    made = await edits(chunk, fix(mark(chunk, "b = 3"), "b = 4\nc = 5"), finding=place)
    assert made == (Edit("till.py", 2, 2, "b = 4\r\nc = 5\r\n"),)
    assert applied(after, made) == after.replace("b = 3", "b = 4\r\nc = 5")


async def test_a_json_file_that_would_break_is_left_alone() -> None:
    chunk = part('{"a": 1}\n', '{"a": 2}\n', "a.json")
    place = replace(FINDING, place=Place("a.json", 1, 1))
    anchor = mark(chunk, '"a": 2')
    assert await edits(chunk, fix(anchor, '{"a": 3,}'), finding=place) == ()
    assert await edits(chunk, fix(anchor, '{"a": 3}'), finding=place) == (Edit("a.json", 1, 1, '{"a": 3}\n'),)


async def test_nothing_is_asked_where_there_is_nothing_to_edit() -> None:
    one, provider = asker(answer())
    chunk = part()
    for place in (None, Place("till.py"), Place("till.py", 2, 2, side="LEFT")):
        finding = replace(FINDING, place=place)
        assert await suggest(one, PROMPT, finding, chunk) == finding
    unknown = replace(chunk, file=replace(chunk.file, new_text=None))
    assert await suggest(one, PROMPT, FINDING, unknown) == FINDING
    assert provider.requests == []


@pytest.mark.parametrize(
    "failure", [UnreachableError("gone."), QuotaError("empty."), "no", [TextDelta("{"), Done(Finish.LENGTH)]]
)
async def test_a_suggestion_that_fails_takes_nothing_away(failure: Any) -> None:
    one, _ = asker(failure)
    assert await suggest(one, PROMPT, FINDING, part()) == FINDING
    dear, _ = asker(answer(), max_cost=0.000001, local=False, url="https://vendor.example")
    assert await suggest(dear, PROMPT, FINDING, part()) == FINDING
    stopped, _ = asker(CancelledError("stopped."))
    with pytest.raises(CancelledError):
        await suggest(stopped, PROMPT, FINDING, part())


async def test_it_sees_its_own_hunk_and_the_fault() -> None:
    one, provider = asker(answer())
    await suggest(one, PROMPT, FINDING, part(around=1), instructions="Cents only.", language="ja")
    text = "\n".join(message.text for message in provider.requests[0].messages)
    assert "The fault, about +" in text
    assert "One past the end." in text
    assert "Cents only." in text
    assert ".1f" not in text
    assert BEFORE.count("prices[-1]") == 1
