"""What the user sees of a batch while it runs: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from contentkit.commands._table import clean

if TYPE_CHECKING:
    from rich.progress import Progress

    from contentkit.batch import Tally
    from contentkit.kit.journal import Outcome

_EVERY = 10.0
"""Seconds between two lines where nobody watches."""

_FAILURES, _FEW = 10, 20
"""Failures that are told as they come, where there are more than a few rows; at the end they are told anyway."""


class BatchProgress:
    """Hears of every row that ended.

    Args:
        rows: of this run.
        quiet: say nothing.
    """

    def __init__(self, rows: int, *, quiet: bool) -> None:
        self._rows = rows
        self._quiet = quiet
        self._started = self._told = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.add_task("", total=self._rows, said="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, outcome: Outcome | None, tally: Tally) -> None:
        if outcome is None:
            self.say("ending the rows in hand; stop once more to end at once")
            return
        if outcome.state == "failed" and tally.failed <= _FAILURES and self._rows > _FEW:
            more = " (more failures are told at the end)" if tally.failed == _FAILURES else ""
            self.say(f"{clean(outcome.id)} failed: {clean(outcome.error)}{more}")
        ended = tally.done + tally.failed
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=ended, said=self._account(tally))
        elif time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.say(f"{ended} of {self._rows} rows, {self._account(tally)}, about {self._remaining(ended)} to go")

    def _account(self, tally: Tally) -> str:
        speed = (tally.done + tally.failed) / max(time.monotonic() - self._started, 1e-9)
        failed = f"{tally.failed} failed, " if tally.failed else ""
        return f"{failed}{speed:.1f} rows/s, ${tally.spent:.4f}"

    def _remaining(self, ended: int) -> str:
        seconds = (time.monotonic() - self._started) / max(ended, 1) * max(self._rows - ended, 0)
        return duration(seconds)

    def say(self, sentence: str) -> None:
        """A line of its own, above the bar where there is one."""
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.console.print(f"contentkit: {sentence}", markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(f"contentkit: {sentence}", err=True)


def duration(seconds: float) -> str:
    """ "45 s", "12 min", "3 h 20 min": as exact as an estimate is."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), refresh_per_second=4)
