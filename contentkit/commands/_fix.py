"""What ``contentkit check`` does with texts that were put right: files are written, or shown as a diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contentkit.check import CheckOptions
    from contentkit.fix import FixedFile
    from contentkit.kit.kit import Kit


def put(files: Sequence[FixedFile], *, diff: bool, quiet: bool) -> int:
    """Write what changed, or with ``diff`` show how it would change and write nothing.

    Returns:
        The exit code: 3 where something could not be fixed, 1 where a diff was shown, else 0.
    """
    from contentkit.core.piece import STDIN
    from contentkit.kit.files import write_atomically

    code = 0
    for file in files:
        if file.refused:
            click.echo(f"contentkit: not fixed: {file.refused}.", err=True)
            code = 3
        elif diff and file.before != file.after:
            click.echo("".join(_diff(file)), nl=False)
            code = max(code, 1)
        elif file.name == STDIN and not diff:
            click.echo(file.after, nl=False)
        elif file.before != file.after:
            write_atomically(Path(file.name).expanduser(), file.data, force=True)
            if not quiet:
                click.echo(f"contentkit: {len(file.applied)} put right in {file.name}", err=True)
    return code


async def reworded(
    kit: Kit, files: Sequence[str], options: CheckOptions, model: str, max_cost: float | None, *, quiet: bool
) -> Sequence[FixedFile]:
    """The files with their sentences at fault written anew; who was asked and what it took goes to standard error."""
    from contentkit.commands._progress import Progress
    from contentkit.core.report import Report
    from contentkit.drafts.reword import reword
    from contentkit.reports._facts import cost, tokens

    async with kit:
        with Progress(quiet=quiet, stream=False, advise=False) as progress:
            done = await reword(kit, files, options, model=model, max_cost=max_cost, listen=progress)
    if not quiet and done.usage.input_tokens:
        where = f"sent to {done.sent_to}" if done.sent_to else "the text stayed on this machine"
        price = cost(Report("", "", model=done.model, sent_to=done.sent_to, cost=done.cost))
        click.echo(f"contentkit: {done.model}; {where}; tokens {tokens(done.usage)}; {price}", err=True)
    return done.files


def _diff(file: FixedFile) -> Iterator[str]:
    before, after = (text.splitlines(keepends=True) for text in (file.before, file.after))
    for line in difflib.unified_diff(before, after, f"a/{file.name}", f"b/{file.name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
