"""One run against any vendor: read, place, post what is new, write the summary. Safe to be stopped at any point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contentkit.core.report import Report, Severity
from contentkit_post.api import Api, Unsure
from contentkit_post.comment import summary, worth_saying
from contentkit_post.diff import FileDiff
from contentkit_post.plan import Item, Plan, make_plan

ROUNDS = 4
"""How often a write whose answer was lost is looked for and, where it is not there, sent again."""


@dataclass(frozen=True, slots=True)
class Note:
    """The summary that stands there: the vendor's id, its text, the findings it knows as posted."""

    id: int
    body: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class There:
    """What this token's account has posted so far."""

    findings: frozenset[str] = frozenset()
    note: Note | None = None


class Host(Protocol):
    """A vendor, for one pull or merge request.

    Attributes:
        limit: most characters of a comment.
    """

    api: Api
    limit: int

    def moved(self) -> str:
        """A sentence where the request has another head than the one that was reviewed, else ""."""
        ...

    def files(self) -> Iterable[FileDiff]: ...

    def there(self) -> There: ...

    def send(self, items: Sequence[Item]) -> Sequence[Item]:
        """Post comments; the ones that the vendor takes nowhere in the diff come back."""
        ...

    def write_note(self, body: str, old: Note | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, or with ``dry`` would be."""

    plan: Plan
    refused: tuple[Item, ...] = ()
    body: str = ""
    note: str = ""
    moved: str = ""


def run(host: Host, report: Report, *, least: Severity, most: int, dry: bool) -> Outcome:
    """Post the report.

    Raises:
        ContentkitError: the vendor refused or can't be reached; what was posted until then is found by the next run.
    """
    if moved := host.moved():
        return Outcome(Plan(), moved=moved)
    files, there = list(host.files()), host.there()
    known = there.note.known if there.note else ()
    plan = make_plan(report, files, there=there.findings, known=known, least=least, most=most)
    refused = [] if dry else _post(host, plan.post)
    body = summary(report, plan, refused, host.limit, most)
    note = _note(there.note, body, worth_saying(report, plan))
    if note in ("created", "updated") and not dry:
        _write_note(host, body, there.note)
    return Outcome(plan, tuple(refused), body, note)


def _note(old: Note | None, body: str, worth: bool) -> str:
    if old is None:
        return "created" if worth else ""
    return "unchanged" if old.body.strip().replace("\r\n", "\n") == body.strip() else "updated"


def _post(host: Host, items: Sequence[Item]) -> list[Item]:
    """Post, and where an answer was lost, look what arrived before anything is sent again."""
    left = list(items)
    for attempt in range(1, ROUNDS + 1):
        try:
            return list(host.send(left)) if left else []
        except Unsure as error:
            if attempt == ROUNDS:
                raise
            host.api.wait(max(error.retry_after or 0.0, 0.5 * attempt), error)
            arrived = host.there().findings
            left = [item for item in left if item.name not in arrived]
    return []


def _write_note(host: Host, body: str, old: Note | None) -> None:
    for attempt in range(1, ROUNDS + 1):
        try:
            return host.write_note(body, old)
        except Unsure as error:
            if attempt == ROUNDS:
                raise
            host.api.wait(max(error.retry_after or 0.0, 0.5 * attempt), error)
            old = host.there().note
