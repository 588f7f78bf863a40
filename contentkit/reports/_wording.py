"""Words in which a review of code and a check of texts differ, where all formats tell the same of both."""

from __future__ import annotations

from typing import NamedTuple

from contentkit.core.report import Report


class Wording(NamedTuple):
    """How a kind of report speaks.

    Attributes:
        title: what was done, as a heading.
        done: the same of a unit that it was done to.
        unit: what the rows of its coverage are.
        subject: what stays on this machine, or leaves it.
        whole: where a finding without a place stands.
        alone: who looked where no model was asked.
        columns: places are told with their column.
    """

    title: str
    done: str
    unit: str
    subject: str
    whole: str
    alone: str
    columns: bool = False


_REVIEW = Wording("Review", "reviewed", "part", "code", "the whole change", "analyzers only")
_WORDINGS = {
    "review": _REVIEW,
    "check": Wording("Check", "checked", "file", "text", "all texts together", "checks alone", columns=True),
}

_DRAFT = Wording("Draft", "read", "input", "text", "the whole text", "an offline draft")


def judges(report: Report) -> bool:
    """Whether the report tells what is wrong with what was there already, and made no text of its own."""
    return report.kind in _WORDINGS


def wording(report: Report) -> Wording:
    """How the report speaks; a draft has a text as well, and says the rest itself."""
    return _WORDINGS.get(report.kind, _DRAFT)
