"""Terms of a guide: forbidden ones, those with a better one, names that are written in one way."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contentkit.core.report import Finding
from contentkit.core.text.phrases import Hit, Phrases, folded, lowered
from contentkit.steps._style.guide import Guide, Term
from contentkit.steps._style.inflect import cased_like, forms
from contentkit.steps._style.look import Look


@dataclass(frozen=True, slots=True)
class _Entry:
    """One writing to look for. ``use`` is "" where nothing can be said instead."""

    rule: str
    avoid: str
    use: str
    why: str
    case: bool
    fix: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of a guide, ready to be looked for at once."""

    entries: dict[str, tuple[_Entry, ...]]
    phrases: Phrases

    @classmethod
    def of(cls, guide: Guide, language: str) -> Terms:
        """The terms that hold for texts in a language."""
        found: dict[str, tuple[_Entry, ...]] = {}
        for entry in _entries(guide, language):
            key = folded(entry.avoid)
            found[key] = (*found.get(key, ()), entry)
        return cls(found, Phrases(found))

    def look(self, look: Look) -> Iterator[Finding]:
        """Findings for the terms in a text."""
        for hit in self.phrases.find(look.low):
            for entry in self.entries.get(hit.phrase, ()):
                if finding := _finding(look, hit, entry):
                    yield finding
                    break


def _entries(guide: Guide, language: str) -> Iterator[_Entry]:
    for name in guide.names:
        yield _Entry("name", name, name, "", False, True)
    for avoid, use in guide.prefer.items():
        same = folded(avoid) == folded(use)
        yield _Entry("term", avoid, use, "", same, True)
    for avoid, why in guide.forbid.items():
        yield _Entry("forbidden", avoid, "", why, False, False)
    for term in guide.terms:
        yield from _of_term(term)
    if guide.inclusive:
        yield from _inclusive(language)


def _of_term(term: Term) -> Iterator[_Entry]:
    rule = "term" if term.use else "forbidden"
    for avoid in term.avoid:
        written = forms(avoid) if term.inflect else (avoid,)
        uses = forms(term.use) if term.inflect and term.use else (term.use,) * len(written)
        for form, use in zip(written, uses, strict=True):
            yield _Entry(rule, form, use, term.why, term.case, term.fix)


@lru_cache(maxsize=4)
def _inclusive(language: str) -> tuple[_Entry, ...]:
    data = tomllib.loads(Path(__file__).with_name("inclusive.toml").read_text(encoding="utf-8"))
    return tuple(
        _Entry("inclusive", avoid, row["use"], row["why"], False, False)
        for row in data.get(language, ())
        for avoid in row["avoid"]
    )


def _finding(look: Look, hit: Hit, entry: _Entry) -> Finding | None:
    written = look.shadow[hit.start : hit.end]
    if entry.rule == "name":
        if written == entry.use or folded(written) != folded(entry.use):
            return None
        said = f"“{_one_line(written)}” is written “{entry.use}”."
        return look.finding("name", said, hit.start, hit.end, use=entry.use, fix=True)
    if (entry.case and written != entry.avoid) or _within_use(look.low, hit, entry):
        return None
    use = entry.use if entry.case or entry.rule == "inclusive" else cased_like(entry.use, written)
    if use == written:
        return None
    why = f" {entry.why}" if entry.why else ""
    shown = _one_line(written)
    if not entry.use:
        repair = f"Say it without “{shown}”."
        return look.finding("forbidden", f"“{shown}” is not to be used.{why}", hit.start, hit.end, repair=repair)
    return look.finding(
        entry.rule,
        f"“{use}” instead of “{shown}”.{why}",
        hit.start,
        hit.end,
        use=use,
        fix=entry.fix and "\n" not in written,
    )


def _within_use(low: str, hit: Hit, entry: _Entry) -> bool:
    """Whether what was found is part of the right term: サーバ within サーバー, "server" within "web server"."""
    use, avoid = lowered(entry.use), low[hit.start : hit.end]
    at = use.find(avoid)
    while at >= 0 and use != avoid:
        start = hit.start - at
        if start >= 0 and low[start : start + len(use)] == use:
            return True
        at = use.find(avoid, at + 1)
    return False


def _one_line(text: str) -> str:
    return " ".join(text.split())
