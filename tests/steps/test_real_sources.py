"""The checks on real documents: what the sources themselves and offline drafts of them say is no fault, and what was
changed in them is found."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.facts.names import names
from contentkit.core.facts.quotes import quoted
from contentkit.core.piece import Brief, Piece, ReadLimits, SourceText
from contentkit.core.report import Finding
from contentkit.core.text.document import document
from contentkit.core.text.numbers import quantities
from contentkit.core.text.prose import detect
from contentkit.kit.kit import Kit
from contentkit.sources import text as files
from contentkit.steps import grounding
from contentkit.write import write

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "sources"
SOURCES = sorted(FOLDER.glob("*")) if FOLDER.is_dir() else []
FACTS = ("grounding", "originality", "unsafe", "repetition", "markdown")

pytestmark = pytest.mark.skipif(not SOURCES, reason="needs ../shared/data/sources")


@lru_cache(maxsize=16)
def _read(path: Path) -> SourceText:
    import asyncio

    return asyncio.run(files.read(str(path), ReadLimits())).texts[0]


def _majors(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in findings if one.severity.rank <= 1 and one.category in FACTS]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
async def test_no_offline_draft_is_at_fault(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kit = Kit.load(env={}, history=False, cache=False)
    for kind in kit.prompts.kinds():
        if kit.prompts.get(kind).sources:
            continue  # made from a diff
        try:
            report = await write(kit, Brief(kind, sources=(str(path),), model="offline"))
        except UsageError as error:
            if (
                "needs" not in error.message and "nothing to answer" not in error.message
            ):  # a picture, a customer's message, a language
                raise
            continue
        assert _majors(report.findings) == [], kind


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_source_says_what_it_says(path: Path) -> None:
    source = _read(path)
    language = source.language or detect(source.text)
    piece = Piece("text", language, sources=(source,), body=source.text, name=path.name)
    assert [one.message for one in grounding.after(piece).findings] == []


def _changed(source: SourceText, language: str, chance: random.Random) -> Iterator[tuple[str, int, str]]:
    """Texts with one digit changed: what sort of number, where, and the text."""
    body = source.text
    found = [one for one in quantities(document(body, language).shadow, language) if one.kind != "time"]
    for one in chance.sample(found, min(25, len(found))):
        digits = [at for at in range(one.start, one.end) if body[at] in "0123456789"]
        if len(digits) > 1:
            at = chance.choice(digits)
            other = chance.choice([digit for digit in "123456789" if digit != body[at]])
            yield one.kind, at, f"{body[:at]}{other}{body[at + 1 :]}"


def test_most_changed_digits_are_found() -> None:
    chance, found = random.Random(7), Counter[bool]()
    for path in SOURCES:
        source = _read(path)
        language = source.language or detect(source.text)
        for _, at, text in _changed(source, language, chance):
            piece = grounding.after(Piece("text", language, sources=(source,), body=text, name=path.name))
            line = document(text, language).position(at)[0]
            found[any(one.place and one.place.line == line for one in piece.findings)] += 1
    assert sum(found.values()) >= 20
    assert found[True] / sum(found.values()) >= 0.8


# -- one word, version, day or small number at a time -----------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What a source says, and a text that says it otherwise at ``at``."""

    source: SourceText
    body: str
    at: int
    said: str


_WORDS = {"ja": r"[一-龥]{2,}|[ァ-ヶー]{3,}", "": r"[^\W\d_]{3,}"}
_DATED = {
    "en": ("It opened on {day} {name} {year}.", "They met on {name} {day}.", "It began in {name} {year}.",
           "It opened on {name} {day}, {year}.", "The report of {year}-{month:02}-{day:02} says so."),
    "de": ("Es begann am {day}. {name} {year}.", "Sie trafen sich am {day}. {name}.", "Es begann im {name} {year}.",
           "Der Bericht vom {day:02}.{month:02}.{year} sagt es.", "Stand: {year}-{month:02}-{day:02}."),
    "ja": ("{year}年{month}月{day}日に始まりました。", "{month}月{day}日に会いました。",
           "報告は{year}年{month}月です。", "報告は{year}-{month:02}-{day:02}のものです。",
           "{year}/{month:02}/{day:02}に公開しました。"),
}  # fmt: skip
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
    "ja": ("",) * 12,
}  # fmt: skip
_MEASURED = {
    "en": ("The trip takes {} hours.", "It weighs {} kg.", "The room is {} metres long.", "{} volunteers came to it.",
           "It costs {} dollars.", "They waited {} weeks.", "It has {} doors.", "It lost {} percent.",
           "The team has {} members.", "It ran for {} years."),
    "de": ("Die Fahrt dauert {} Stunden.", "Es wiegt {} kg.", "Der Raum ist {} Meter lang.", "{} Helfer kamen.",
           "Es kostet {} Euro.", "Sie warteten {} Wochen.", "Es hat {} Türen.", "Es verlor {} Prozent.",
           "Das Team hat {} Mitglieder.", "Es lief {} Jahre."),
    "ja": ("移動には{}時間かかります。", "重さは{}kgです。", "部屋は{}メートルです。", "{}人が参加しました。",
           "価格は{}円です。", "{}週間待ちました。", "扉は{}枚あります。", "{}%を失いました。",
           "会議は{}回ありました。", "{}年続きました。"),
}  # fmt: skip
_VERSIONED = {
    "en": ("It needs version {} now.", "We use Nodeby {} here.", "The release v{} is out."),
    "de": ("Es braucht die Version {} jetzt.", "Wir nutzen Nodeby {} hier.", "Die Version v{} ist da."),
    "ja": ("バージョン{}が必要です。", "いまはNodeby {}を使います。", "v{}を公開しました。"),
}


def _with(source: SourceText, sentences: list[str]) -> SourceText:
    """The source with these sentences at its end, each a paragraph."""
    return replace(source, text="\n\n".join([source.text.rstrip(), *sentences]) + "\n")


def _quotations(source: SourceText, language: str, chance: random.Random) -> Iterator[Case]:
    """One word of a quotation is another word of the same text."""
    read, body = document(source.text, language), source.text
    word = re.compile(_WORDS.get(language, _WORDS[""]))
    pool = sorted(set(word.findall(read.shadow)))
    long = [span for span in read.quotations if sum(map(len, quoted(body[span.start : span.end]))) >= _least(language)]
    for span in chance.sample(long, min(15, len(long))):
        if known := list(word.finditer(body, span.start, span.end)):
            one = chance.choice(known)
            other = chance.choice([new for new in pool if new.casefold() != one[0].casefold()])
            yield Case(source, body[: one.start()] + other + body[one.end() :], one.start(), f"{one[0]} > {other}")


def _least(language: str) -> int:
    return 13 if language == "ja" else 5


def _names(source: SourceText, language: str, chance: random.Random) -> Iterator[Case]:
    """The last word of a name is a name that nobody has."""
    found = list({name.text: name for name in names(document(source.text, language))}.values())
    for name in chance.sample(found, min(15, len(found))):
        last = name.text.split()[-1]
        at = name.start + name.text.rindex(last)
        other = "矢橋" if language == "ja" else "Quandry"
        yield Case(source, source.text[:at] + other + source.text[at + len(last) :], at, name.text)


def _dates(source: SourceText, language: str, chance: random.Random) -> Iterator[Case]:
    """A day, a month or a year is another one, in every form that dates are written in."""

    def one() -> dict[str, int]:
        return {"year": chance.randint(1990, 2026), "month": chance.randint(1, 12), "day": chance.randint(1, 28)}

    def said(form: str, date: dict[str, int]) -> str:
        return form.format(**date, name=_MONTHS[language][date["month"] - 1])

    dates = [(form, one()) for form in _DATED[language]]
    whole = _with(source, [said(form, date) for form, date in dates])
    for form, date in dates:
        for part in ("year", "month", "day"):
            text = said(form, date | {part: chance.choice([one()[part] for _ in range(9)])})
            if text not in whole.text:
                yield Case(whole, text, 0, f"{said(form, date)} > {text}")


def _measures(source: SourceText, language: str, chance: random.Random) -> Iterator[Case]:
    """A number of one digit is another one; that digit stands elsewhere in most texts."""
    numbers = [(form, chance.randint(2, 9)) for form in _MEASURED[language]]
    whole = _with(source, [form.format(number) for form, number in numbers])
    for form, number in numbers:
        for other in chance.sample([digit for digit in range(2, 10) if digit != number], 2):
            yield Case(whole, form.format(other), 0, f"{form.format(number)} > {other}")


def _versions(source: SourceText, language: str, chance: random.Random) -> Iterator[Case]:
    """One part of a version is another one: those of the text itself, and some that were put into it."""
    found = [one for one in quantities(document(source.text, language).shadow, language) if one.kind == "version"]
    for one in chance.sample(found, min(15, len(found))):
        other = _other(source.text[one.start : one.end], chance)
        if other.lower().lstrip("v") not in source.text:
            yield Case(source, source.text[: one.start] + other + source.text[one.end :], one.start, one.text)
    made = [(form, ".".join(str(chance.randint(0, 9)) for _ in range(3))) for form in _VERSIONED[language]]
    whole = _with(source, [form.format(version) for form, version in made])
    for form, version in made:
        for _ in range(4):
            if (other := _other(version, chance)) not in whole.text:
                yield Case(whole, form.format(other), 0, f"{form.format(version)} > {other}")


def _other(version: str, chance: random.Random) -> str:
    at = chance.choice([place for place, sign in enumerate(version) if sign.isdigit()])
    return version[:at] + chance.choice([sign for sign in "0123456789" if sign != version[at]]) + version[at + 1 :]


@pytest.mark.parametrize(
    ("changed", "cases", "bar"),
    [
        (_quotations, 25, 0.9),  # measured: 29 of 30
        (_names, 40, 0.9),  # 46 of 47
        (_dates, 90, 0.95),  # 95 of 97
        (_measures, 150, 0.9),  # 152 of 160
        (_versions, 100, 0.95),  # 115 of 115
    ],
)
def test_most_of_what_was_changed_is_found(
    changed: Callable[[SourceText, str, random.Random], Iterator[Case]], cases: int, bar: float
) -> None:
    """The sources themselves have no finding (above), so whatever is told of the line is told of the change."""
    chance, missed, number = random.Random(11), list[str](), 0
    for path in SOURCES:
        source = _read(path)
        language = source.language or detect(source.text)
        for case in changed(source, language, chance):
            piece = grounding.after(Piece("text", language, sources=(case.source,), body=case.body, name=path.name))
            line = document(case.body, language).position(case.at)[0]
            number += 1
            if not any(one.place and one.place.line == line and one.rule in _WRONG for one in piece.findings):
                missed.append(f"{path.name}: {case.said}")
    assert number >= cases
    assert 1 - len(missed) / number >= bar, missed


_WRONG = frozenset(
    f"grounding/{name}" for name in ("number", "rounded", "date", "weekday", "quotation", "name", "derived")
)
