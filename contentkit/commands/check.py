"""``contentkit check FILE...``: what is wrong with texts that are there already. No model is asked unasked."""

from __future__ import annotations

from pathlib import Path

import click

from contentkit.commands._write_options import Number
from contentkit.core.errors import UsageError
from contentkit.core.severity import Severity

_FILE = click.Path(dir_okay=False, path_type=Path)


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
@click.option("--platform", default="", metavar="NAME", help="Keep the limits of x, bluesky, email-subject, ...")
@click.option(
    "--kind",
    default="",
    metavar="KIND",
    help="Check it as an article, an email, ...: its limits and checks, text by text.",
)
@click.option("--language", default="", metavar="CODE", help="Its language, such as en or ja. Default: found out.")
@click.option("--style", type=_FILE, metavar="FILE", help="A style guide (TOML).")
@click.option("--voice", type=_FILE, metavar="FILE", help="A voice that contentkit voice learn has measured.")
@click.option("--from", "sources", multiple=True, metavar="SOURCE", help="The material that it must rest on.")
@click.option("--only", multiple=True, metavar="CHECK", help="Run only these checks.")
@click.option("--skip", multiple=True, metavar="CHECK", help="Leave these checks out.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Lowest severity that gives exit code 1. Default: major.",
)
@click.option("--moderate", default="", metavar="MODEL", help="Ask this model too what should not be published.")
@click.option("--all", "everything", is_flag=True, help="Show every finding, however many.")
@click.option("--fix", "fixes", is_flag=True, help="Put right what is safe to put right, and report the rest.")
@click.option("--rewrite", is_flag=True, help="Have a model write the sentences at fault anew, and report the rest.")
@click.option("--model", default="", metavar="PROVIDER:NAME", help="With --rewrite: the model to ask.")
@click.option("--max-cost", type=Number(0), metavar="USD", help="With --rewrite or --moderate: ask for no more.")
@click.option("--diff", is_flag=True, help="With --fix or --rewrite: show the changes instead of writing them.")
@click.option("--format", "form", default="", metavar="FORMAT", help="text, json, sarif, github or another.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to a file instead of the terminal.")
@click.option("--force", is_flag=True, help="Overwrite the output file.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error but errors.")
def command(
    files: tuple[str, ...],
    platform: str,
    kind: str,
    language: str,
    style: Path | None,
    voice: Path | None,
    sources: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    fail_on: str | None,
    moderate: str,
    everything: bool,
    fixes: bool,
    rewrite: bool,
    model: str,
    max_cost: float | None,
    diff: bool,
    form: str,
    output: Path | None,
    force: bool,
    quiet: bool,
) -> int:
    """Check FILEs, folders or patterns ("-" is standard input).

    Exit codes: 0 fit, 1 findings at or over --fail-on, 2 a wrong request, 3 something was not read.
    """
    import asyncio
    from dataclasses import replace

    from contentkit.check import CheckOptions, check
    from contentkit.commands._deliver import deliver, format_of
    from contentkit.kit.files import check_writable
    from contentkit.kit.kit import Kit

    if diff and not (fixes or rewrite):
        raise UsageError("--diff shows what --fix or --rewrite would change.", hint="Give one of them too.")
    if fixes and rewrite:
        raise UsageError("--fix and --rewrite can't be done at once.", hint="Fix first, then rewrite what is left.")
    if (model and not rewrite) or (max_cost is not None and not (rewrite or moderate)):
        raise UsageError("--model goes with --rewrite, --max-cost with --rewrite or --moderate; a check asks no model.")
    form = format_of(form, output)
    if output:
        check_writable(output, force=force)
    kit = Kit.load(history=False)
    said = kit.config.check
    said = replace(said, style=style or said.style, voice=voice or said.voice, moderate=moderate or said.moderate)
    kit.config = replace(kit.config, check=said)
    bar = Severity(fail_on) if fail_on else None
    options = CheckOptions(platform, kind, language, sources, _names(only), _names(skip), bar, max_cost=max_cost)
    code = 0
    if fixes or rewrite:
        from contentkit.commands._fix import put, reworded
        from contentkit.fix import fix

        if fixes:
            code = put(asyncio.run(fix(kit, files, options)), diff=diff, quiet=quiet)
        else:
            done = asyncio.run(reworded(kit, files, options, model, max_cost, quiet=quiet))
            code = put(done, diff=diff, quiet=quiet)
        if diff or "-" in files:
            return code
    report = asyncio.run(check(kit, files, options))
    if everything:
        report = replace(report, fields={**report.fields, "shown": None})
    deliver([report], form, output, force=force, quiet=quiet)
    return report.exit_code(Severity(report.fields["fail_on"])) or code


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for one in given for name in one.split(",") if name.strip())
