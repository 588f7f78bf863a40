"""``contentkit check FILE...``: what is wrong with texts that are there already. No model is asked unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._check_options import Wish, check_options, check_together, options
from contentkit.core.severity import Severity

if TYPE_CHECKING:
    from contentkit.check import CheckOptions
    from contentkit.kit.kit import Kit


@click.command(
    epilog="Examples:\n\n\b\n"
    "  contentkit check post.md --platform x\n"
    "  contentkit check draft.md --from notes.md --style style.toml\n"
    "  contentkit check draft.md --style style.toml --fix --diff\n"
    "  contentkit check draft.md --from notes.md --rewrite --model ollama:qwen3:14b\n"
    "  contentkit check docs/ --only style,markdown --format sarif -o findings.sarif",
    short_help="Find what is wrong with texts: limits, facts, style, form.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options
def command(files: tuple[str, ...], **typed: Any) -> int:
    """Check FILEs, folders or patterns ("-" is standard input).

    Exit codes: 0 fit, 1 findings at or over --fail-on, 2 a wrong request, 3 something was not read.
    """
    from dataclasses import replace

    from contentkit.check import check
    from contentkit.commands import _at_once as at_once
    from contentkit.commands._deliver import deliver, format_of
    from contentkit.kit.files import check_writable

    wish = Wish(**typed)
    check_together(wish)
    form = format_of(wish.form, wish.output)
    if wish.output:
        check_writable(wish.output, force=wish.force)
    kit, asked, code = _kit(wish), check_options(wish), 0
    if wish.fixes or wish.rewrite:
        code = _put_right(kit, files, asked, wish)
        if wish.diff or "-" in files:
            return code
    report = at_once.run(check(kit, files, asked))
    if wish.everything:
        report = replace(report, fields={**report.fields, "shown": None})
    deliver([report], form, wish.output, force=wish.force, quiet=wish.quiet)
    return report.exit_code(Severity(report.fields["fail_on"])) or code


def _kit(wish: Wish) -> Kit:
    """The kit of this folder, with what the command line changes of it."""
    from dataclasses import replace

    from contentkit.kit.kit import Kit

    kit = Kit.load(history=False)
    said = kit.config.check
    said = replace(
        said, style=wish.style or said.style, voice=wish.voice or said.voice, moderate=wish.moderate or said.moderate
    )
    kit.config = replace(kit.config, check=said)
    return kit


def _put_right(kit: Kit, files: tuple[str, ...], asked: CheckOptions, wish: Wish) -> int:
    """Mend what can be mended, without a model or with one. Returns the exit code."""
    import asyncio

    from contentkit.commands import _at_once as at_once
    from contentkit.commands._fix import put, reworded
    from contentkit.fix import fix

    if wish.fixes:
        return put(at_once.run(fix(kit, files, asked)), diff=wish.diff, quiet=wish.quiet)
    done = asyncio.run(reworded(kit, files, asked, wish.model, wish.max_cost, quiet=wish.quiet))
    return put(done, diff=wish.diff, quiet=wish.quiet)
