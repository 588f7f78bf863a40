"""What a text must and must not hold to be right, and whether it does: scores that no opinion enters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contentkit.core.report import Report, Severity

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Expectations:
    """What is expected of one text.

    Attributes:
        contains, lacks: words that must, or must not, stand in it; case and white space do not count.
        least, most: words it may have (characters in Japanese and Chinese); None for no bound.
    """

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation and whether it was met."""

    name: str
    met: bool


def verdicts(expected: Expectations, report: Report, length: int) -> tuple[Verdict, ...]:
    """Every expectation with what became of it.

    Args:
        length: of the text, in words or characters.
    """
    broken = {
        finding.rule.partition("/")[0]
        for finding in report.findings
        if finding.severity.rank <= Severity.MAJOR.rank and finding.verified is not False
    }
    return (
        *_words(expected, report),
        *_length(expected, length),
        # Checks that had nothing to look at would only raise the share: they count together, or each that failed.
        *([Verdict(f"check {name}", False) for name in sorted(broken)] or [Verdict("checks", True)]),
        Verdict("whole", not report.incomplete),
    )


def _words(expected: Expectations, report: Report) -> Iterator[Verdict]:
    text = _plain(report.body)
    for words in expected.contains:
        yield Verdict(f"contains {words!r}", _plain(words) in text)
    for words in expected.lacks:
        yield Verdict(f"lacks {words!r}", _plain(words) not in text)


def _length(expected: Expectations, length: int) -> Iterator[Verdict]:
    if expected.least is not None:
        yield Verdict(f"length at least {expected.least}", length >= expected.least)
    if expected.most is not None:
        yield Verdict(f"length at most {expected.most}", length <= expected.most)


def _plain(text: str) -> str:
    return _BLANK.sub(" ", unicodedata.normalize("NFKC", text)).casefold().strip()


def read(table: Mapping[str, object]) -> Expectations:
    """Expectations of a case's table.

    Raises:
        TypeError: a value is of another type; the sentence says which.
    """
    return Expectations(texts(table, "contains"), texts(table, "lacks"), _whole(table, "least"), _whole(table, "most"))


def texts(table: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of texts, none of them blank; () where the table has none.

    Raises:
        TypeError: it is another thing.
    """
    value = table.get(name, [])
    if isinstance(value, list) and all(isinstance(words, str) and words.strip() for words in value):
        return tuple(value)
    raise TypeError(f"{name!r} must be a list of texts")


def _whole(table: Mapping[str, object], name: str) -> int | None:
    value = table.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise TypeError(f"{name!r} must be a whole number")
