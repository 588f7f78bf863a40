"""One run of a review from the command line: open, load what the base says, review, deliver, apply."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.code.visible import one_line
from contentkit.core.change import Change, Selection
from contentkit.core.errors import UsageError
from contentkit.core.money import priced
from contentkit.core.report import Finding, Report, Severity

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit
    from contentkit.review import ReviewOptions

_RULED = ("contentkit.toml", "pyproject.toml")
"""Files of a project that say how it is reviewed, beside its folder of prompts."""

_MODEL_ONLY = {"lenses": "--lens", "samples": "--samples", "suggest": "--suggest", "no_verify": "--no-verify"}
"""What does nothing without a model."""


def run(selection: Selection, *, cwd: Path, **typed: Any) -> int:
    """Review ``selection`` and hand the result over. ``typed`` are the values of ``_review_options``.

    Returns:
        The exit code.
    """
    from contentkit.code.diff import Limits, open_change
    from contentkit.commands._deliver import format_of
    from contentkit.kit.files import check_writable

    form = format_of(typed["form"], typed["output"])
    if typed["output"] and not typed["dry_run"]:
        check_writable(typed["output"], force=typed["force"])
    change = open_change(selection, cwd=cwd)
    if not len(change) and form == "text" and not typed["output"]:
        if not typed["quiet"]:
            for sentence in (*change.notices, f"{change.title}; nothing to review."):
                click.echo(f"contentkit: {sentence}", err=True)
        return 0
    with kit_of(change, cwd, history=False if typed["no_history"] or typed["dry_run"] else None) as kit:
        change.bound(Limits(kit.config.review.max_file_bytes, kit.config.review.ignore))
        return asyncio.run(_run(kit, change, form, typed))


@contextlib.contextmanager
def kit_of(change: Change, cwd: Path, *, history: bool | None = None) -> Iterator[Kit]:
    """The kit to review with: the user's own settings, and the project's as the base of the change has them.

    What a change says of its own review (settings, prompts, rules) is read only of one's own uncommitted work.
    """
    from contentkit.kit.kit import Kit

    if change.own:
        yield Kit.load(cwd, history=history)
        return
    with tempfile.TemporaryDirectory(prefix="contentkit-") as folder:
        if change.base:
            from contentkit.code.base import base_view

            yield _base_kit(change, base_view(change, cwd, Path(folder)), Path(folder), history)
        elif any(_rules(path) for path in change.paths()):
            click.echo(
                "contentkit: the change has no base to read settings and prompts from, and brings some itself: "
                "the project's are left out.",
                err=True,
            )
            yield Kit.load(Path(folder), history=history)
        else:
            yield Kit.load(cwd, history=history)


def _base_kit(change: Change, view: Path, folder: Path, history: bool | None) -> Kit:
    """The kit of the base's settings. What is wrong in them is told by the commit, not by where they were laid out."""
    from contentkit.kit.kit import Kit

    try:
        return Kit.load(view, history=history)
    except UsageError as error:
        said = (text.replace(f"{folder}/", f"{change.base:.10}:") for text in (error.message, error.hint))
        message, hint = said
        raise UsageError(message, hint=hint) from None


def _rules(path: str) -> bool:
    parts = path.split("/")
    return parts[-1] in _RULED or "prompts" in parts[:-1]


def _options_of(typed: dict[str, Any]) -> ReviewOptions:
    """The options of a run as they were typed."""
    from contentkit.review import ReviewOptions

    same = ("model", "lenses", "samples", "suggest", "cache", "concurrency", "timeout", "max_cost", "baseline",
            "since_last", "sarif")  # fmt: skip
    return ReviewOptions(
        **{name: typed[name] for name in same},
        fail_on=Severity(typed["fail_on"]) if typed["fail_on"] else None,
        summary=False if typed["no_summary"] else None,
        verify=False if typed["no_verify"] else None,
        on_timeout=typed["on_timeout"] or "",
        suppressions=typed["suppressions"] or "",
    )


async def _run(kit: Kit, change: Change, form: str, typed: dict[str, Any]) -> int:
    from contentkit.commands._deliver import deliver
    from contentkit.commands._progress import Progress
    from contentkit.reports._facts import account
    from contentkit.review import review

    options = _options_of(typed)
    async with kit:
        if typed["dry_run"]:
            return await _dry_run(kit, change, options)
        progress = Progress(quiet=typed["quiet"], stream=False, advise=False)
        with progress:
            report = await review(kit, change, options, listen=progress)
    if typed["everything"]:
        report = replace(report, fields={**report.fields, "shown": len(report.findings)})
    deliver([report], form, typed["output"], force=typed["force"], quiet=typed["quiet"])
    if not typed["quiet"]:
        if not report.model and (unused := [_MODEL_ONLY[name] for name in _MODEL_ONLY if typed[name]]):
            click.echo(f"contentkit: no model is named (--model), so {' and '.join(unused)} did nothing", err=True)
        click.echo(f"contentkit: {account(report)[0]}", err=True)
    if typed["apply"]:
        _apply(report, change, ask=not typed["yes"])
    return report.exit_code(Severity(report.fields["fail_on"]))


async def _dry_run(kit: Kit, change: Change, options: ReviewOptions) -> int:
    from contentkit.core.secrets import mask
    from contentkit.reviews.preview import look

    ahead = await look(kit, change, options)
    for path in ahead.reviewed:
        click.echo(f"would review  {mask(path)}")
    for unit in ahead.left_out:
        click.echo(f"would skip    {mask(unit.name)}: {unit.reason}")
    said = [f"{mask(change.title)}: {len(ahead.reviewed)} files with {ahead.hunks} hunks."]
    if ahead.target is None:
        said.append("No model is named, so analyzers would look alone.")
    else:
        asked = ahead.outlook
        price = priced(asked.cost, "about {}")
        where = f"sent to {ahead.target.host}" if ahead.target.hosted else "on this machine"
        said.append(
            f"Would ask {ahead.target.id}, {where}: {asked.questions} questions about {asked.parts} parts, about "
            f"{asked.input_tokens:,} tokens in and {asked.output_tokens:,} out; {price}. These are estimates, "
            "without the second look at what is found."
        )
    click.echo(" ".join([*said, "Nothing was sent."]), err=True)
    return 0


def _apply(report: Report, change: Change, *, ask: bool) -> None:
    """Put fixes into the work tree: all, or those that the user says yes to."""
    import sys

    from contentkit.reviews.apply import apply

    fixes = [finding for finding in report.findings if finding.edits]
    if not fixes:
        click.echo("contentkit: there is no fix to apply.", err=True)
        return
    if not change.root:
        raise UsageError("Fixes need a work tree to go to.", hint="Run it inside the checkout.")
    if ask:
        if not sys.stdin.isatty():
            raise UsageError("--apply asks before each fix, and nobody is there to answer.", hint="Add --yes.")
        fixes = [finding for finding in fixes if _wanted(finding)]
    done = apply(fixes, Path(change.root), change.text)
    for finding in done.findings:
        click.echo(f"contentkit: applied the fix of {_named(finding)}", err=True)
    for finding, reason in done.skipped:
        click.echo(f"contentkit: not applied: {_named(finding)}: {reason}", err=True)


def _wanted(finding: Finding) -> bool:
    from contentkit.reports._verdict_text import fix
    from contentkit.reports._wrap import printable

    click.echo(printable(f"{_named(finding)}: {finding.message}"), err=True)
    for row in fix(finding, 10_000):  # whole lines: what is said yes to is seen
        click.echo("".join(span.text for span in row), err=True)
    return click.confirm("Apply this fix?", default=False, err=True)


def _named(finding: Finding) -> str:
    place = finding.place
    return f"{one_line(place.path)}:{place.line} [{finding.rule}]" if place and place.line else f"[{finding.rule}]"
