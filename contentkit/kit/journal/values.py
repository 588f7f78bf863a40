"""What a journal holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it is enrolled.

    Attributes:
        number: its place, from 1.
        id: as the user named it; "" where nobody did.
        name: of its result, without ending; safe, and the only one of the batch.
        given: what is asked, as JSON values.
    """

    number: int
    id: str
    name: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row.

    Attributes:
        state: "done", "failed", or "left" where nothing is known of it yet.
        code: the exit code that the row alone would have.
        error: why it failed; "" else.
        report: as ``reports/json.py`` writes it; None where there is none.
        afresh: its replies are no use for another try.
        stale: it has the answer to an earlier question: its sources or settings changed before it was written.
    """

    number: int
    id: str
    name: str
    state: str
    code: int = 0
    error: str = ""
    report: Mapping[str, Any] | None = None
    afresh: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a batch stands.

    Attributes:
        unknown: questions that were sent and whose answer never came here.
        spent: US dollars of all replies, the unknown ones by estimate.
    """

    total: int
    done: int
    failed: int
    unknown: int
    spent: float

    @property
    def left(self) -> int:
        return self.total - self.done - self.failed


@dataclass(frozen=True, slots=True)
class Upload:
    """Questions that a vendor works through together.

    Attributes:
        tag: our name for it.
        id: the vendor's; "" while we do not know whether it came there.
        created: seconds since 1970.
        total: questions.
    """

    tag: str
    id: str
    created: float
    total: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A row whose question a vendor's batch left without a result. ``held``: US dollars, the estimate."""

    number: int
    id: str
    name: str
    held: float
