"""``contentkit review``: what is wrong with a change, where, and what was not looked at."""

from __future__ import annotations

from typing import Any

import click

from contentkit.commands._review_options import options
from contentkit.core.errors import UsageError
from contentkit.kit.files import here


class _Command(click.Command):
    """Keeps the first "--", which click takes for its own: what follows it are paths, never a range."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            args.insert(args.index("--"), "--")
        return super().parse_args(ctx, args)


@click.command(
    cls=_Command,
    epilog="Examples:\n\n\b\n"
    "  contentkit review                          staged changes, else the work tree, else the branch\n"
    "  contentkit review main...HEAD src/         a branch since it left main, these paths alone\n"
    "  contentkit review HEAD                     the last commit\n"
    "  contentkit review --model ollama:qwen3:14b\n"
    "  git diff | contentkit review --diff - --format sarif -o findings.sarif",
    short_help="Find what is wrong with a git change, with a model or without.",
)
@click.argument("words", nargs=-1, metavar="[RANGE] [PATHS]...")
@options
def command(words: tuple[str, ...], **typed: Any) -> int:
    """Review a change: A..B, A...B, a commit, a patch, or your own uncommitted work.

    Exit codes: 0 clean, 1 findings at or over --fail-on, 2 a wrong request, 3 something was not reviewed.
    """
    from contentkit.code.git.select import split
    from contentkit.commands._review import run
    from contentkit.core.change import Selection

    wanted, paths = split(words, cwd=here())
    chosen = [name for name in ("staged", "worktree", "base", "diff") if typed[name]]
    if len(chosen) + bool(wanted) > 1:
        named = " and ".join([*(f"--{name}" for name in chosen), *([repr(wanted)] if wanted else [])])
        raise UsageError(f"{named} can't be reviewed at once.", hint="Name one of them.")
    if typed["yes"] and not typed["apply"]:
        raise UsageError("--yes goes with --apply.")
    selection = Selection(
        wanted, typed.pop("staged"), typed.pop("worktree"), typed.pop("base"), typed.pop("diff"), paths
    )
    return run(selection, cwd=here(), **typed)
