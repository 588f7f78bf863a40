"""Entries -> results: many pieces side by side, within one bound of money, each put down before anything is lost.

Rows are read from the journal as there is room for them, so that a hundred thousand take no more memory than ten.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.batches.deliver import Page, rendered, write_result
from contentkit.batches.enrol import Order
from contentkit.core.chat import Finish
from contentkit.core.errors import (
    BadReplyError,
    BudgetError,
    CancelledError,
    ContentkitError,
    ProviderError,
    UnreachableError,
)
from contentkit.core.report import Report
from contentkit.kit.journal import Entry, JournalError, Outcome, RowRecord
from contentkit.write import write

if TYPE_CHECKING:
    from contentkit.kit.journal import Journal
    from contentkit.kit.kit import Kit

_IN_HAND = 2
"""Rows in hand for each question that may be out: while one is asked, another is prepared or written."""

_IN_VAIN = 20
"""After so many failures one after the other (and at least one for each question that is out) the fault is not taken to
be the rows'; what is left stays left."""

_STALE = "It has the answer that was paid for before its sources or settings changed."
_BUSY = (12, 13, 17)
"""Exit codes of a server that is gone or has enough."""


@dataclass(slots=True)
class Tally:
    """What a run did.

    Attributes:
        done, failed: rows of this run.
        stopped: why rows were left; None where the run came to its end.
        cancelled: the user stopped it.
        spent: US dollars of this run and those before, by estimate where vendors do not say.
    """

    done: int = 0
    failed: int = 0
    spent: float = 0.0
    stopped: ContentkitError | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How a batch is run.

    Attributes:
        at_once: questions at a time.
        rows: most rows of this run; None for all.
        answered: only rows whose first question has its reply.
    """

    at_once: int = 8
    rows: int | None = None
    answered: bool = False


Told = Callable[[Outcome | None, Tally], None]
"""Hears of every row that ended; None: the user stopped the run, and the rows in hand are ended."""


async def batch(kit: Kit, order: Order, journal: Journal, folder: Path, limits: Limits, told: Told) -> Tally:
    """Write every row that is left.

    Stopped once (Ctrl-C), it takes no new row and ends those in hand; stopped again, it ends at once.

    Args:
        kit: with its purse filled, and ``steady`` prompts.
        journal: of a batch that was begun or reopened.
        folder: of the results.

    Raises:
        JournalError: the journal can't be written any more.
        UsageError: nor a result.
    """
    run = _Run(kit, order, journal, folder, limits, told)
    workers = [asyncio.create_task(run.work()) for _ in range(limits.at_once * _IN_HAND)]
    try:
        await _ended(run, workers)
    finally:
        for worker in workers:
            worker.cancel()
        ends = await asyncio.gather(*workers, return_exceptions=True)
        await journal.rest()
    for end in ends:
        if isinstance(end, Exception):
            raise end
    return run.tally


async def _ended(run: _Run, workers: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all; the first time that the user stops the run, for those in hand."""
    try:
        await asyncio.wait(workers)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or run.tally.cancelled:
            raise
        task.uncancel()
        run.tally.cancelled = True
        run.stop()
        run.told(None, run.tally)
        await asyncio.wait(workers)


@dataclass
class _Run:
    kit: Kit
    order: Order
    journal: Journal
    folder: Path
    limits: Limits
    told: Told
    tally: Tally = field(default_factory=Tally)
    _claims: deque[tuple[Entry, RowRecord]] = field(default_factory=deque)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last: int = 0
    _taken: int = 0
    _in_vain: int = 0
    _last_error: str = ""
    _stopped: bool = False

    def stop(self, why: ContentkitError | None = None) -> None:
        """Take no new row."""
        self._stopped = True
        self.tally.stopped = self.tally.stopped or why

    async def work(self) -> None:
        try:
            while (claim := await self._take()) is not None:
                await self._row(*claim)
        except BaseException:
            self.stop()
            raise

    async def _take(self) -> tuple[Entry, RowRecord] | None:
        async with self._claiming:
            while not self._stopped and self._taken != self.limits.rows:
                if not self._claims:
                    self._claims.extend(await self.journal.next(self._last))
                if not self._claims:
                    return None
                entry, record = self._claims.popleft()
                self._last = entry.number
                if record.out or (self.limits.answered and not record.answered):
                    continue
                self._taken += 1
                return entry, record
            return None

    async def _row(self, entry: Entry, record: RowRecord) -> None:
        page: Page | None = None
        try:
            report = await write(replace(self.kit, record=record), self.order.brief(entry.given))
            if record.stale:
                report = replace(report, notices=(*report.notices, _STALE))
            if report.body and report.finish is not Finish.CANCELLED:
                page = await asyncio.to_thread(rendered, report, self.order.form)
        except JournalError:
            raise
        except CancelledError:
            return
        except ContentkitError as error:
            if _hopeless(error):
                self.stop(error)
                return
            outcome = _failed(entry, error)
        except Exception as error:  # a fault of a plugin or of ours in one row is no reason to lose the others
            said = f"internal error ({type(error).__name__}: {str(error)[:200]})"
            outcome = Outcome(entry.number, entry.id, entry.name, "failed", 70, said)
        else:
            if report.finish is Finish.CANCELLED:
                return
            outcome = replace(_written(entry, report), stale=record.stale)
        await self._settle(outcome, page)

    async def _settle(self, outcome: Outcome, page: Page | None) -> None:
        if page is not None:
            await asyncio.to_thread(write_result, self.folder, outcome, self.order.form, page)
        await self.journal.settle(outcome)
        self.tally.spent = self.kit.purse.spent if self.kit.purse else 0.0
        if outcome.state == "done":
            self.tally.done += 1
            self._in_vain = 0
        else:
            self.tally.failed += 1
            self._watch(outcome)
        self.told(outcome, self.tally)

    def _watch(self, outcome: Outcome) -> None:
        """Stop where one row after the other fails alike, or because nobody answers."""
        again = outcome.code in _BUSY or outcome.error == self._last_error
        self._in_vain = self._in_vain + 1 if again else 1
        self._last_error = outcome.error
        if self._in_vain >= max(_IN_VAIN, self.limits.at_once):
            self.stop(ContentkitError(f"the last {self._in_vain} rows failed one after the other: {outcome.error}"))


def _hopeless(error: ContentkitError) -> bool:
    """Whether every row would fail so. A server that was not reached once may be there for the next row."""
    if isinstance(error, ProviderError):
        return error.lasting and not isinstance(error, UnreachableError)
    return isinstance(error, BudgetError)


def _failed(entry: Entry, error: ContentkitError) -> Outcome:
    return Outcome(
        entry.number,
        entry.id,
        entry.name,
        "failed",
        error.exit_code,
        str(error),
        afresh=isinstance(error, BadReplyError),
    )


def _written(entry: Entry, report: Report) -> Outcome:
    """Done is what came to its end, whatever the checks say of it; what was cut, broken off or refused has failed."""
    from contentkit.reports.json import to_dict

    whole = report.finish is Finish.STOP
    why = "" if whole else next((one.message for one in report.findings if one.rule.startswith("answer/")), "cut off")
    state = "done" if whole else "failed"
    return Outcome(entry.number, entry.id, entry.name, state, report.exit_code(), why, to_dict(report))
