"""Where a finished report goes: the terminal, a pipe or a file, in the format asked."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.report import Report

_BY_ENDING = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".sarif.json": "sarif",
    ".rdjson.json": "rdjson",
}
# Endings whose programs would find a text in the file and call it damaged.
_NEVER_TEXT = frozenset(
    ("pdf", "doc", "odt", "rtf", "pages", "epub", "xls", "xlsx", "ods", "ppt", "pptx", "msg", "zip")
)
_NARROWEST = 36
"""Columns that a variant needs to stand beside others."""

_SUMMARY = "GITHUB_STEP_SUMMARY"
_MOST_SUMMARY = 1024 * 1024  # bytes that GitHub takes of a step


def format_of(asked: str, output: Path | None) -> str:
    """The format asked, else the one that the file's name tells, else text.

    Raises:
        UsageError: there is no such format, or the name may mean several.
    """
    from contentkit.kit.plugins import shelf

    name = asked or (_told_by(output, shelf("reports").names()) if output else "text")
    module = shelf("reports").get(name)
    if hasattr(module, "require"):
        module.require()
    if getattr(module, "BINARY", False) and output is None and sys.stdout.isatty():
        raise UsageError(f"{name} is no text that a terminal shows.", hint=f"Write it to a file: -o NAME.{name}")
    return name


def check_answer(form: str, kind: str, properties: Mapping[str, Any]) -> None:
    """Find out before the work whether the format can show what a kind answers with.

    Args:
        properties: of the schema of the answer; none for free text.

    Raises:
        UsageError: it can't.
    """
    from contentkit.kit.plugins import shelf

    takes = getattr(shelf("reports").get(form), "takes", None)
    if takes and not takes(properties):
        raise UsageError(
            f"--format {form} has nothing to show of {kind}.", hint="Choose another, such as markdown or json."
        )


def _told_by(output: Path, names: Sequence[str]) -> str:
    """The format that a file's name tells; text where it tells none."""
    for ending in ("".join(output.suffixes[-2:]).lower(), output.suffix.lower()):
        if form := _BY_ENDING.get(ending):
            return form
    if (ending := output.suffix.lower().lstrip(".")) in names:
        return ending
    if ending == "xml":
        if said := [name for name in ("checkstyle", "junit") if name in output.name.lower()]:
            return said[0]
        raise UsageError(f"{output.name} may be of several formats.", hint="Add --format junit or --format checkstyle.")
    if ending in _NEVER_TEXT:
        raise UsageError(
            f"{ending} is no format that is written here.", hint="Write .docx or .html, and save it as that from there."
        )
    return "text"


def deliver(
    reports: Sequence[Report],
    form: str,
    output: Path | None,
    *,
    force: bool = False,
    streamed: str = "",
    quiet: bool = False,
) -> None:
    """Render ``reports`` and hand them over whole.

    Text is the bare text, so that it can be piped and posted; findings and the account of the run go to standard error.
    A review's text has all in it. In GitHub Actions ``github`` adds the Markdown to the step's summary.

    Args:
        streamed: what the terminal has shown already; the text is not shown twice.
        quiet: do not say where the file is, nor, of a review that is not shown as text, the result in a line.
    """
    if not quiet:
        _tell_notes(reports, form)
    if folder := files(reports, form):
        _deliver_folder(folder, output, force=force, quiet=quiet)
        return
    page = render(reports, form)
    if form == "github":
        _summarise(reports)
    if not quiet and (output or form not in ("text", "github")):
        _tell_results(reports)
    if output is not None:
        from contentkit.kit.files import write_atomically

        try:
            write_atomically(output, _encoded(page, form), force=force)
        except UsageError:
            # The work is done and perhaps paid for: it is not lost with the file.
            click.echo(page if isinstance(page, str) else render(reports, "markdown"), nl=False)
            raise
        if not quiet:
            click.echo(f"contentkit: written to {output}", err=True)
        return
    from contentkit.reports._front import matter

    headed = bool(streamed and matter(reports[0]))
    if streamed.strip() == reports[0].body.strip() and streamed and not headed:
        return
    if streamed and not headed and reports[0].body.startswith(streamed.strip()):  # a line was added under it
        click.echo("\n" + reports[0].body.removeprefix(streamed.strip()).strip("\n"))
        return
    if streamed:
        click.echo("contentkit: the text changed after the checks; the final one:", err=True)
    click.echo(_shown(reports) if form == "text" and sys.stdout.isatty() else page, nl=False)


def files(reports: Sequence[Report], form: str) -> dict[str, str]:
    """Name -> text of each file, for a format of which these reports do not go into one file; {} where they do."""
    from contentkit.kit.plugins import shelf

    several = getattr(shelf("reports").get(form), "folder", None)
    return dict(several(reports)) if several else {}


def _tell_notes(reports: Sequence[Report], form: str) -> None:
    """What the format has to say of these reports."""
    from contentkit.kit.plugins import shelf

    notes = getattr(shelf("reports").get(form), "notes", None)
    for note in notes(reports) if notes else ():
        click.echo(f"contentkit: {note}", err=True)


def check_output(output: Path | None, form: str, *, many: bool, force: bool) -> None:
    """Find out before the work whether its result can be written where it is wanted.

    Args:
        many: several emails, variants and the like were asked for.

    Raises:
        UsageError: it can't.
    """
    from contentkit.kit.files import check_folder, check_writable
    from contentkit.kit.plugins import shelf

    if many and hasattr(shelf("reports").get(form), "folder"):
        check_folder(_folder(output, form), force=force)
    elif output:
        check_writable(output, force=force)


def _folder(output: Path | None, form: str) -> Path:
    if output is None or output.suffix.lower() == f".{form}":
        wrong = "the terminal" if output is None else output.name
        raise UsageError(
            f"Several files of {form} do not go into {wrong}.", hint=f"Name a folder: --format {form} -o DIR"
        )
    return output


def _deliver_folder(folder: dict[str, str], output: Path | None, *, force: bool, quiet: bool) -> None:
    from contentkit.kit.files import write_folder

    form = next(iter(folder)).rpartition(".")[2]
    place = _folder(output, form)
    try:
        write_folder(place, folder, force=force)
    except UsageError:
        for text in folder.values():  # the work is done and perhaps paid for: it is not lost with the folder
            click.echo(text, nl=False)
        raise
    if not quiet:
        click.echo(f"contentkit: {len(folder)} files written to {place}", err=True)


def reviewed(report: Report, reviewer: str) -> Report:
    """The report as reviewed today by ``reviewer``, for the metadata of its format.

    Raises:
        UsageError: it is the review of a change, which has no reader to tell.
    """
    from datetime import UTC, datetime

    from contentkit.core.disclosure import signed
    from contentkit.reports._wording import judges

    if judges(report):
        raise UsageError("--reviewer is for texts that were written.", hint="Leave it out for the review of a change.")
    return signed(report, reviewer, datetime.now(UTC).date().isoformat())


def render(reports: Sequence[Report], form: str) -> str | bytes:
    """One report, or several variants, in the format; a text ends with a line end.

    Raises:
        UsageError: the format can't show it.
    """
    from contentkit.kit.plugins import shelf

    module = shelf("reports").get(form)
    if len(reports) > 1 and hasattr(module, "together"):
        together: bytes = module.together(reports)
        return together
    pages: list[Any] = [module.render(report) for report in reports]
    if len(pages) > 1:
        pages = [module.join(pages) if hasattr(module, "join") else "\n".join(pages)]
    page: str | bytes = pages[0]
    return page if isinstance(page, bytes) else page.rstrip("\n") + "\n"


def _encoded(page: str | bytes, form: str) -> str | bytes:
    """The page as it stands in a file."""
    from contentkit.kit.plugins import shelf

    encoded = getattr(shelf("reports").get(form), "encoded", None)
    return encoded(page) if encoded and isinstance(page, str) else page


def _shown(reports: Sequence[Report]) -> str:
    """The texts laid out for the terminal that standard output is."""
    import os
    import shutil

    from contentkit.reports._front import matter
    from contentkit.reports._wording import judges
    from contentkit.reports.text import beside, join, laid_out, render_for, review

    whole = shutil.get_terminal_size().columns
    columns = min(whole, 100)
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    if len(reports) > 1 and whole // len(reports) >= _NARROWEST and not any(map(judges, reports)):
        return beside([report.body for report in reports], columns=whole, colour=colour)
    pages = []
    for report in reports:
        if judges(report):
            pages.append(review(report, columns=columns) if colour else render_for(report, columns))
        else:
            head = matter(report)
            pages.append(f"{head}\n" * bool(head) + laid_out(report.body, columns=columns, colour=colour))
    return join(pages) if len(pages) > 1 else pages[0]


def _tell_results(reports: Sequence[Report]) -> None:
    """The results of reviews in a line each, for who does not read the format that was asked."""
    from contentkit.reports._verdict import summary
    from contentkit.reports._wording import judges

    for report in reports:
        if judges(report):
            click.echo(f"contentkit: {summary(report)}", err=True)


def _summarise(reports: Sequence[Report]) -> None:
    """Add the Markdown to the summary of this step of GitHub Actions, as far as there is room, in one write."""
    import os

    path = os.environ.get(_SUMMARY)
    if not path:
        return
    data = b"\n" + str(render(reports, "markdown")).encode("utf-8", "replace")
    try:
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if os.fstat(number).st_size + len(data) <= _MOST_SUMMARY:
                os.write(number, data)
            else:
                click.echo("contentkit: the summary of this step is full; the review is not in it.", err=True)
        finally:
            os.close(number)
    except OSError as error:  # the result matters more than its second copy
        click.echo(f"contentkit: the step's summary can't be written ({error.strerror or error}).", err=True)
