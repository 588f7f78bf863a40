"""The checks on real documents: what the sources themselves and offline drafts of them say is no fault, and what was
changed in them is found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
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
            if "needs" not in error.message:  # a picture, a customer's message, a language
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
