"""``contentkit hook``: contentkit as a hook of git."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from contentkit.code.hooks.script import HOOKS
from contentkit.commands._options import SEVERITY, Number
from contentkit.core.errors import UsageError
from contentkit.kit.files import here

if TYPE_CHECKING:
    from contentkit.code.hooks.files import Folder, State

F = TypeVar("F", bound=Callable[..., Any])


def _types(default: str) -> Callable[[F], F]:
    return click.option(
        "--type",
        "names",
        multiple=True,
        type=click.Choice(HOOKS),
        help=f"Which hook; may be given several times. Default: {default}.",
    )


@click.group(epilog="Examples:\n\n\b\n  contentkit hook install\n  contentkit hook status\n  git commit --no-verify")
def command() -> None:
    """Review what you commit and push, as a hook of git.

    Without a model it takes well under a second. See docs/ci.md.
    """


@command.command(epilog="Example: contentkit hook install --type pre-commit --type pre-push")
@_types("pre-commit")
@click.option(
    "--force", is_flag=True, help="Also into a shared folder or one of the project, and over a changed script."
)
def install(names: tuple[str, ...], force: bool) -> None:
    """Make git run contentkit. A hook that is there already is kept, and runs first."""
    from contentkit.code.hooks import files as hooks

    where = hooks.folder(here(), os.environ)
    if where.trouble and not force:
        _refuse(where, names or HOOKS[:1])
    for name in names or HOOKS[:1]:
        now = hooks.install(where, name, _interpreter(), force=force)
        click.echo(f"{name} is installed: {now.ours}")
        if now.kept:
            click.echo(f"  the hook that was there runs first: {now.kept}")
    if where.bare:
        click.echo("  this repository is bare: the hooks run in its work trees", err=True)


@command.command(epilog="Example: contentkit hook uninstall --type pre-push", short_help="Take the hook away.")
@_types("all of them")
@click.option("--force", is_flag=True, help="Also a script that was changed by hand.")
def uninstall(names: tuple[str, ...], force: bool) -> None:
    """Take the hook away; what was there before is put back as it was."""
    from contentkit.code.hooks import files as hooks

    where = hooks.folder(here(), os.environ)
    done = [name for name in names or HOOKS if hooks.uninstall(where, name, force=force)]
    for name in names or done:
        now = hooks.state(where, name)
        if name not in done:
            click.echo(f"{name} was not installed")
        else:
            click.echo(f"{name} is taken away" + ("; the hook that was there before is back" if now.owner else ""))
    if not names and not done:
        click.echo("no hook of contentkit is installed here")


@command.command(epilog="Example: contentkit hook status")
def status() -> int:
    """Which hooks are installed, where, and whether they would run. Exit code 1 where one would not."""
    from contentkit.code.hooks import files as hooks
    from contentkit.commands._table import table

    where = hooks.folder(here(), os.environ)
    states = [hooks.state(where, name) for name in HOOKS]
    said = [(_said(now), _faults(now)) for now in states]
    click.echo(f"hooks folder: {where.path}" + (f" ({where.said_by})" if where.said_by else ""), err=True)
    if where.trouble:
        click.echo(f"note: {where.trouble}", err=True)
    rows = [(now.name, word, "; ".join(faults)) for now, (word, faults) in zip(states, said, strict=True)]
    table(("hook", "state", "but"), rows)
    return 1 if any(faults for _, faults in said) else 0


@command.command(
    epilog="Example: contentkit hook run pre-commit --model ollama:qwen3",
    short_help="Do what git's hook does, once.",
)
@click.argument("name", metavar="HOOK", type=click.Choice(HOOKS))
@click.argument("words", metavar="[ARGS]...", nargs=-1)
@click.option("--model", default="", metavar="PROVIDER:NAME", help="Which model looks too; offline: none.")
@click.option(
    "--fail-on",
    type=SEVERITY,
    default=None,
    help="Lowest severity that stops git.",
)
@click.option(
    "--timeout",
    type=Number(0, min_open=True),
    metavar="SECONDS",
    help="For the questions to a model together. [default: 60]",
)
@click.option("--strict", is_flag=True, help="What could not be reviewed stops git as well.")
def run(name: str, words: tuple[str, ...], model: str, fail_on: str | None, timeout: float | None, strict: bool) -> int:
    """What git's HOOK does: pre-commit reviews what is staged, pre-push what is pushed, commit-msg the message.

    A model looks only if the configuration or --model names one. CONTENTKIT_SKIP=1 passes the hook by,
    CONTENTKIT_SKIP=RULE,HOOK,model a part of it.
    """
    from contentkit.commands import _hook_run

    return _hook_run.run(name, words, _hook_run.Wish(model, fail_on or "", timeout, strict))


def _interpreter() -> str:
    return (sys.executable or "").replace("\\", "/") if os.name == "nt" else sys.executable or ""


def _refuse(where: Folder, names: tuple[str, ...]) -> None:
    """Why the hook is not written, and what to do instead."""
    husky = where.path.name == "_" and where.path.parent.name == ".husky"
    place = where.path.parent if husky else where.path  # husky starts the scripts that stand one folder up
    lines = "; ".join(f'`contentkit hook run {name} "$@"` in {place / name}' for name in names)
    raise UsageError(
        f"Git looks for hooks elsewhere: {where.said_by or 'the hooks folder is a link'}. {where.trouble}.",
        hint=f"Write the line there yourself: {lines}. Or use --force.",
    )


def _said(now: State) -> str:
    if now.below:
        return f"installed, run by the hook that another tool put over it ({now.ours})"
    if now.ours:
        return "installed" + (f", after {now.kept.name}" if now.kept else "")
    return "not installed" + ("; another hook is there" if now.owner else "")


def _faults(now: State) -> list[str]:
    """Why an installed hook would not run, or not as it should."""
    from shutil import which

    if now.ours is None:
        return []
    found = []
    if not now.runs:
        found.append(f"git does not run it: chmod +x {now.path}")
    if now.changed:
        found.append("written by another version, or changed by hand")
    if not _has_contentkit(now.python) and which("contentkit") is None:
        found.append("contentkit is gone; commits are not reviewed: run contentkit hook install again")
    return found


def _has_contentkit(python: str) -> bool:
    import subprocess

    try:
        done = subprocess.run([python, "-P", "-c", "import contentkit.cli"], capture_output=True, check=False)
    except (OSError, ValueError):
        return False
    return done.returncode == 0
