"""``contentkit models pull``: the licence and the size first, then how far it is."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from contentkit.commands._table import clean

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from contentkit.models.hub import Progress

_STEP = 10  # per cent between two lines where there is no terminal


def run(name: str, accepted: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    """Fetch the model and say where it is and how to use it."""
    from contentkit.models.hub import pull

    with Shown() as shown:
        pulled = pull(name, allowed_licences=allowed, accept=accepted, progress=shown)
    fetched = f"{_size(pulled.fetched)} fetched" if pulled.fetched else "it was here already"
    click.echo(f"contentkit: {name} is ready ({fetched}). Use it: --model transformers:{name}", err=True)
    click.echo(str(pulled.folder))


class Shown:
    """Tells the progress on standard error: a bar on a terminal, else a line every ten per cent."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._said = 0
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        if not self._begun:
            self._begun = True
            self._begin(progress)
        if self._bar:
            self._bar.update(self._bar.tasks[0].id, completed=progress.done, description=clean(progress.file))
            return
        percent = 100 * progress.done // progress.total if progress.total else 100
        if percent >= self._said + _STEP:
            self._said = percent - percent % _STEP
            click.echo(f"contentkit: {self._said} % of {_size(progress.total)}", err=True)

    def _begin(self, progress: Progress) -> None:
        offer = progress.offer
        link = f" ({clean(offer.licence_link)})" if offer.licence_link else ""
        click.echo(f"contentkit: {offer.name}, {_size(progress.total)}, licence {clean(offer.licence)}{link}", err=True)
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                DownloadColumn(),
                TimeRemainingColumn(),
            )
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._bar.add_task("", total=progress.total, completed=progress.done)
            self._bar.start()
        self._said = 100 * progress.done // progress.total // _STEP * _STEP if progress.total else 0


def _size(count: int) -> str:
    for unit, limit in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= limit:
            return f"{count / limit:.1f} {unit}"
    return f"{count} bytes"
