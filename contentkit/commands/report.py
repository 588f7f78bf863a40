"""``contentkit report FILE``: a saved report again, in any format, with the exit code of its findings."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._deliver import deliver, format_of, reviewed
from contentkit.commands._options import (
    SEVERITY,
    all_findings_option,
    emails_output_option,
    force_option,
    reviewer_option,
)
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.report import Report


@click.command(
    epilog="Examples:\n\n\b\n  contentkit report review.json\n"
    "  contentkit report review.json --format sarif -o review.sarif",
    short_help="Show a saved report again, in any format.",
)
@click.argument("file", metavar="FILE")
@click.option("--format", "form", default="", metavar="FORMAT", help="text, markdown, sarif, github or another.")
@emails_output_option
@force_option
@all_findings_option
@click.option("--fail-on", type=SEVERITY, help="End with 1 for findings at or over it, and with 3 if incomplete.")
@reviewer_option
def command(
    file: str, form: str, output: Path | None, force: bool, everything: bool, fail_on: str | None, reviewer: str
) -> int:
    """Show the report in FILE again ("-" reads it from standard input). It was made with --format json.

    Nothing is reviewed or written anew and nothing leaves this machine. Without --fail-on the exit code is 0.
    """
    from contentkit.core.report import Severity

    form = format_of(form, output)
    reports = _read(file)
    if fail_on:
        reports = [replace(report, fields={**report.fields, "fail_on": fail_on}) for report in reports]
    if everything:
        reports = [replace(report, fields={**report.fields, "shown": None}) for report in reports]
    if reviewer.strip():
        reports = [reviewed(report, reviewer) for report in reports]
    deliver(reports, form, output, force=force)
    if form == "text" and output is None:
        _account(reports)
    return max(report.exit_code(Severity(fail_on)) for report in reports) if fail_on else 0


def _read(file: str) -> list[Report]:
    """The report in the file, or the several of an array."""
    import json

    from contentkit.reports.json import from_dict

    name = "standard input" if file == "-" else file
    try:
        data: Any = json.loads(_bytes(file))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON ({error}).", hint="Make one with --format json.") from None
    items = data if isinstance(data, list) else [data]
    if not items or not all(isinstance(item, dict) for item in items):
        raise UsageError(f"{name} holds no report.", hint="Make one with --format json.")
    return [from_dict(item) for item in items]


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read ({error.strerror or error}).") from None


def _account(reports: list[Report]) -> None:
    """What belongs under a text, on standard error; of a review the figures of its run alone."""
    from contentkit.reports._facts import account
    from contentkit.reports._wording import judges
    from contentkit.reports.text import below

    for report in reports:
        lines = [f"contentkit: {account(report)[0]}"] if judges(report) else below(report)
        click.echo("\n".join(lines), err=True)
