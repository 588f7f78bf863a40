"""Where a model's words lead: to the line it meant, to the file, or nowhere; never to another line."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from changes import Made, changed, real, touches
from hypothesis import given
from hypothesis import strategies as st

from contentkit.code.anchors import Placed, Shown, resolve
from contentkit.code.chunks import Chunk, chunks
from contentkit.code.masking import hider
from contentkit.code.quotes import plain
from contentkit.core.change import Hunk
from contentkit.core.report import Place

BEFORE = """\
def total(items):
    result = 0
    for item in items:
        result += item.price
    return result


def mean(items):
    if not items:
        return 0
    return total(items) / len(items)


def show(items):
    for item in items:
        print(item)
    return None


def last(items):
    return items[-1]
"""
AFTER = BEFORE.replace("result += item.price", 'result += item.price * item["count"]').replace(
    "    if not items:\n        return 0\n", ""
)


def chunk(before: str = BEFORE, after: str = AFTER, around: int = 3) -> Chunk:
    file = changed("shop/cart.py", before, after, around)
    (whole,) = chunks(file, Made(file), size=len, budget=100_000, context=0, hide=None)
    return whole


def mark(chunk: Chunk, text: str, kind: str = "+") -> str:
    (found,) = [line.mark.strip() for line in chunk.shown if text in line.text and line.line.kind == kind]
    return found


def at(line: int, end: int | None = None, side: str = "RIGHT", how: str = "anchor") -> Placed:
    return Placed(Place("shop/cart.py", line, end or line, side=side), how)  # type: ignore[arg-type]


FILE = Placed(Place("shop/cart.py"), "file")
NOWHERE = Placed(None, "")


def test_lines_are_shown_with_kind_number_and_hash() -> None:
    lines = [line.rendered for line in chunk().shown]
    assert lines[3][0] == "-"
    assert lines[4].endswith('|         result += item.price * item["count"]')
    assert all(line.mark[0] == line.line.kind and line.mark[-4] == "#" for line in chunk().shown)


def test_the_same_text_has_another_hash_on_another_line() -> None:
    same = chunk("a\n" * 40, "a\n" * 20 + "b\n" + "a\n" * 20)
    assert len({line.mark[-3:] for line in same.shown}) == len(same.shown)


SPELLINGS = [
    "{mark}", "{bare}", " {mark} ", "`{mark}`", "[{bare}]", "L{bare}", "line {bare}", "{mark}|", "{upper}",
    '{mark}|         result += item.price * item["count"]', "shop/cart.py:{bare}", "{spaced}", "{mark}:", "({mark})",
    "{mark}-{mark}", "{bare} - {mark}", "{bare}..{bare}", "{mark} to {mark}", "{mark}–{bare}", "00{bare}",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_anchors_as_models_write_them(spelling: str) -> None:
    part = chunk()
    told = mark(part, "count")
    said = spelling.format(mark=told, bare=told[1:], upper=told.upper(), spaced=told.replace("#", " # "))
    assert resolve(part, anchor=said) == at(4)
    assert resolve(part, anchor=said, quote='result += item.price * item["count"]') == at(4)


def test_a_deleted_line_is_on_the_left() -> None:
    part = chunk()
    assert resolve(part, anchor=mark(part, "if not items", "-")) == at(9, side="LEFT")
    assert resolve(part, anchor=mark(part, "if not items", "-"), end=mark(part, "return 0", "-")) == at(9, 10, "LEFT")


def test_ranges() -> None:
    part = chunk()
    first, last = mark(part, "for item in items", " "), mark(part, "return result", " ")
    assert resolve(part, anchor=first, end=last) == at(3, 5)
    assert resolve(part, anchor=f"{first}-{last}") == at(3, 5)
    assert resolve(part, anchor=f"{first}| x\n{last}| y") == at(3, 5)
    assert resolve(part, anchor=mark(part, "count"), end=first) == at(4)
    assert resolve(part, anchor=mark(part, "price", "-"), end=mark(part, "count")) == at(4)
    assert resolve(part, anchor=mark(part, "count"), end="77#abc") == at(4)
    assert resolve(part, anchor="77#abc", end=mark(part, "count")) == at(4)


def test_the_end_of_a_range_stays_in_its_hunk() -> None:
    part = chunk(around=1)
    assert len(part.hunks) == 2
    assert resolve(part, anchor=mark(part, "count"), end=mark(part, "return 0", "-")) == at(4, 5)


def test_a_range_over_a_screen_becomes_its_first_changed_line() -> None:
    part = chunk("a\nb\n", "a\n" + "".join(f"new {row}\n" for row in range(60)) + "b\n")
    assert resolve(part, anchor=part.shown[0].mark, end=part.shown[-1].mark) == at(2)
    assert resolve(part, anchor=part.shown[1].mark, end=part.shown[40].mark) == at(2, 41)
    assert resolve(part, anchor=part.shown[1].mark, end=part.shown[41].mark) == at(2)


def test_context_near_a_change_means_the_change() -> None:
    rows = "".join(f"row {row}\n" for row in range(1, 30))
    part = chunk(rows, rows.replace("row 15\n", "ROW 15\n"), around=10)
    for number in range(12, 19):
        assert resolve(part, anchor=mark(part, f"row {number}", "-" if number == 15 else " ")) == (
            at(15, side="LEFT") if number == 15 else at(15)
        )
    assert resolve(part, anchor=mark(part, "row 11", " ")) == FILE
    assert resolve(part, anchor=mark(part, "row 19", " ")) == FILE
    assert resolve(part, anchor=mark(part, "row 9", " "), end=mark(part, "row 11", " ")) == FILE


def test_context_near_deleted_lines_alone_means_them() -> None:
    part = chunk()
    assert resolve(part, anchor=mark(part, "return total", " ")) == at(10, side="LEFT")


QUOTES = [
    'result += item.price * item["count"]',
    'result  +=  item.price *\titem["count"]',
    'result += item.price * item[\\"count\\"]',
    '+        result += item.price * item["count"]',
    '`result += item.price * item["count"]`',
    'item.price * item["count"]',
    '+4#fff|         result += item.price * item["count"]',
    '12| result += item.price * item["count"]',
    'for item in items:\n        result += item.price * item["count"]',
]


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("anchor", ["", "7", "L7", "+7#zzz", "4", "900#123", "here", "lines about the price"])
def test_a_quote_of_one_place_leads_there(quote: str, anchor: str) -> None:
    found = resolve(chunk(), anchor=anchor, quote=quote)
    assert found == (at(3, 4, how="quote") if "\n" in quote else at(4, how="quote"))


def test_a_quote_elsewhere_is_believed_before_a_wrong_line() -> None:
    part = chunk()
    assert resolve(part, anchor=mark(part, "return result", " "), quote='item["count"]') == at(4, how="quote")


def test_a_quote_that_is_all_of_a_line_is_not_looked_for_inside_others() -> None:
    part = chunk("a\n", "a\nreturn None, error\nb\nc\nreturn None\n")
    assert resolve(part, anchor=mark(part, "error"), quote="return None") == at(5, how="quote")


def test_words_that_stand_in_several_places_lead_nowhere_else() -> None:
    part = chunk("a\n", "a\nreturn\nb = 1\nreturn\nc = 1\nreturn\n")
    assert resolve(part, anchor="3", quote="return") == FILE
    assert resolve(part, anchor=mark(part, "b = 1"), quote="return") == FILE
    assert resolve(part, anchor=part.shown[3].mark, quote="return") == at(4)


def test_of_lines_with_the_same_words_hash_or_sign_tells_which() -> None:
    part = chunk("a\nsame()\n", "a\nsame() \nb\nsame()  \nc\n")
    gone, first, second = (line for line in part.shown if "same" in line.text)
    assert resolve(part, anchor=f"9{second.mark[-4:]}", quote="same()") == at(4, how="quote")
    assert resolve(part, anchor=f"9{first.mark[-4:]}", quote="same()") == at(2, how="quote")
    assert resolve(part, anchor="-9", quote="same()") == at(2, side="LEFT", how="quote")
    assert resolve(part, anchor="+9", quote="same()") == FILE
    assert gone.mark[0] == "-"


def test_a_change_of_the_next_hunk_is_not_meant() -> None:
    rows = "".join(f"row {row}\n" for row in range(1, 12))
    part = chunk(rows, rows.replace("row 4\n", "").replace("row 8\n", "ROW 8\n"), around=1)
    assert len(part.hunks) == 2
    assert resolve(part, anchor=mark(part, "row 5", " ")) == at(4, side="LEFT")


@pytest.mark.parametrize("quote", ["resul", "tems)", "count"])
def test_a_part_of_a_word_is_no_quote(quote: str) -> None:
    part = chunk("a\n", "a\nresults = total(items)\naccounts = 1\n")
    assert resolve(part, anchor="", quote=quote) == NOWHERE


def test_words_that_stand_nowhere_do_not_outweigh_number_and_hash() -> None:
    part = chunk()
    assert resolve(part, anchor=mark(part, "count"), quote="the price is multiplied by the count") == at(4)


@pytest.mark.parametrize("anchor", ["4", "+4", "L4", "4#000", "4-5", "4#", "4 # zz"])
def test_a_number_without_its_hash_means_the_file(anchor: str) -> None:
    assert resolve(chunk(), anchor=anchor) == FILE
    assert resolve(chunk(), anchor=anchor, quote="nothing like it") == FILE


@pytest.mark.parametrize(
    "anchor",
    ["", "900", "900#abc", "?", "none", "-40", "4.5e3", "١٢", "12abc#", "#abc", "null", "9" * 400, "0", "|||\n|"],
)
def test_what_names_nothing_of_the_file_is_dropped(anchor: str) -> None:
    assert resolve(chunk(), anchor=anchor, quote="invented()") == NOWHERE
    assert resolve(chunk(), anchor=anchor) == NOWHERE


@pytest.mark.parametrize("quote", ["}", ")", "  ", "0", ":"])
def test_a_sign_in_one_place_leads_to_no_line(quote: str) -> None:
    part = chunk("a {\n", "a {\n)\n}\nb: 0\n")
    assert resolve(part, anchor="", quote=quote).how in ("file", "")


def test_hidden_characters_and_secrets_are_quoted_as_they_were_shown() -> None:
    part = chunk("a\n", "a\nif user\u202e == admin:\nb\n")
    assert resolve(part, anchor="", quote="if user\\u{202e} == admin:") == at(2, how="quote")
    assert resolve(part, anchor="", quote="if user\u202e == admin:") == at(2, how="quote")
    assert resolve(part, anchor="", quote="if user == admin:") == at(2, how="quote")


# -- any change, any answer -----------------------------------------------------------------------------------------

ROWS = st.lists(
    st.sampled_from(
        ["}", "", "    return", "    return None", "x = 1", "    x = 1", "if x:", "else:", "a(b)", "é\u200b"]
    )
    | st.text(st.characters(exclude_characters="\n"), max_size=8),
    max_size=30,
)


@st.composite
def parts(draw: st.DrawFn) -> Chunk:
    """Some chunk of some change; small budgets cut hunks in parts."""
    before, after = draw(ROWS), draw(ROWS)
    if draw(st.booleans()):  # an edit, not two strangers
        first = draw(st.integers(0, len(before)))
        after = [*before[:first], *draw(ROWS)[:4], *before[first + draw(st.integers(0, 4)) :]]
    texts = ["".join(f"{row}\n" for row in rows) for rows in (before, after)]
    file = changed("a/b.py", *texts, draw(st.integers(0, 4)))
    budget = draw(st.sampled_from([60, 150, 400, 10_000]))
    found = chunks(file, Made(file), size=len, budget=budget, context=0, hide=None)
    return draw(st.sampled_from(found)) if found else Chunk(file, (), ())


def holds(chunk: Chunk, placed: Placed) -> None:
    """What may be printed: lines of one hunk that the chunk shows, with a change among them, or the file."""
    place = placed.place
    if place is None:
        assert placed.how == ""
        return
    assert place.path == chunk.file.path
    if placed.how == "file":
        assert place == Place(chunk.file.path)
        return
    assert place.line is not None
    assert place.end_line is not None
    assert 0 <= place.end_line - place.line < 40
    seen: dict[int, set[int]] = {}
    for item in chunk.shown:
        number = item.line.new if place.side == "RIGHT" else item.line.old
        if number is not None:
            seen.setdefault(item.hunk, set()).add(number)
    lines = set(range(place.line, place.end_line + 1))
    assert any(lines <= numbers for numbers in seen.values())
    assert touches(chunk.file, place.side, place.line, place.end_line)
    assert any(in_hunk(hunk, place) for hunk in chunk.hunks)


def in_hunk(hunk: Hunk, place: Place) -> bool:
    start, count = (hunk.new_start, hunk.new_count) if place.side == "RIGHT" else (hunk.old_start, hunk.old_count)
    return (
        place.line is not None and place.end_line is not None and start <= place.line <= place.end_line < start + count
    )


ANYTHING = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"\A[ +-]?L?[0-9]{1,3}(#[0-9a-f]{3})?( ?(-|to|\.\.) ?[+-]?[0-9]{1,3}(#[0-9a-f]{3})?)?\|?\Z"),
)


@given(parts(), st.data())
def test_no_answer_leads_outside_the_change(part: Chunk, data: st.DataObject) -> None:
    marks = ANYTHING | st.sampled_from([line.mark for line in part.shown] or [""])
    words = ANYTHING | st.sampled_from([line.text for line in part.shown] or [""])
    quote = data.draw(words | st.lists(words, max_size=3).map("\n".join))
    holds(part, resolve(part, anchor=data.draw(marks), end=data.draw(marks), quote=quote))


def means(chunk: Chunk, placed: Placed, line: Shown) -> bool:
    """Whether a place is right for a finding on ``line``: there, at the change it is the context of, or the file."""
    if placed.how in ("", "file"):
        return True
    assert placed.place is not None
    place = placed.place
    first, last = place.line or 0, place.end_line or 0
    if line.line.kind != " ":
        return place.side == line.line.side and first <= line.line.number <= last
    near = [
        (item.line.side, item.line.number)
        for item in chunk.shown
        if item.line.kind != " "
        and item.hunk == line.hunk
        and abs(item.line.number - ((line.line.new if item.line.kind == "+" else line.line.old) or 0)) <= 3
    ]
    return (place.side, first) in near


@given(parts(), st.data())
def test_a_right_answer_leads_to_its_line(part: Chunk, data: st.DataObject) -> None:
    if not part.shown:
        return
    line = data.draw(st.sampled_from(part.shown))
    for quote in ("", line.text):
        found = resolve(part, anchor=line.mark, quote=quote)
        assert found.how == "anchor" or (found == Placed(Place("a/b.py"), "file") and line.line.kind == " ")
        assert means(part, found, line)


@given(parts(), st.integers(-5, 5), st.sampled_from(["own hash", "its hash", "no hash", "no hunk"]), st.data())
def test_a_shifted_answer_leads_to_its_line_or_to_none(part: Chunk, by: int, told: str, data: st.DataObject) -> None:
    """The number is wrong by ``by``, the quote is right. Only a line of the very same text may be taken for it."""
    if not part.shown or not by:
        return
    line = data.draw(st.sampled_from(part.shown))
    if not plain(line.text):
        return  # an empty quote tells nothing
    found = resolve(part, anchor=shifted(part, line, by, told), quote=line.text)
    holds(part, found)
    twins = [item for item in part.shown if plain(item.text) == plain(line.text)]
    assert any(means(part, found, twin) for twin in twins)
    if len(twins) == 1:
        assert found.how != "anchor" or means(part, found, line)


def shifted(chunk: Chunk, line: Shown, by: int, told: str) -> str:
    number = line.line.number + by
    if told == "own hash":
        return f"{line.mark[0]}{number}{line.mark[-4:]}"
    if told == "its hash":
        side = line.line.side
        return next((item.mark for item in chunk.shown if item.line.side == side and item.line.number == number), "")
    return str(number) if told == "no hash" else str(number + 100_000)


# -- real changes ---------------------------------------------------------------------------------------------------


@cache
def real_chunks(shared: Path) -> list[Chunk]:
    return [
        part
        for _, file in real(shared)
        for part in chunks(file, Made(file), size=len, budget=24_000, context=0, hide=hider(file))
    ]


def test_every_changed_line_of_real_changes_can_be_pointed_at(shared: Path) -> None:
    asked = 0
    for part in real_chunks(shared):
        for line in part.shown:
            if line.line.kind != " ":
                asked += 1
                for quote in ("", line.text):
                    found = resolve(part, anchor=line.mark, quote=quote)
                    assert found.how == "anchor"
                    assert means(part, found, line)
    assert asked > 1000


@pytest.mark.parametrize("told", ["own hash", "its hash", "no hash"])
@pytest.mark.parametrize("by", [3, -3])
def test_answers_about_real_changes_that_are_three_lines_off(shared: Path, told: str, by: int) -> None:
    """Right by the quote, or about the file; of lines with the very same text another may be taken."""
    counted: Counter[str] = Counter()
    for part in real_chunks(shared):
        known = Counter(plain(line.text) for line in part.shown)
        for line in part.shown:
            if line.line.kind == " " or not plain(line.text):
                continue
            found = resolve(part, anchor=shifted(part, line, by, told), quote=line.text)
            holds(part, found)
            right = means(part, found, line)
            assert right or (known[plain(line.text)] > 1 and told == "its hash"), (part.units, line, found)
            counted["file" if found.how in ("file", "") else "right" if right else "twin"] += 1
    assert counted["right"] > (5 if told == "own hash" else 1) * counted["file"]
    assert counted["twin"] * 100 < counted.total(), counted
