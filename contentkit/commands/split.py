"""``contentkit split FILE``: a text as posts and threads of each platform, exact to the character."""

from __future__ import annotations

from pathlib import Path

import click

from contentkit.commands._options import force_option, language_option, output_option, quiet_option


@click.command(
    epilog="Examples:\n\n\b\n"
    "  contentkit split post.md --platform x --numbered\n"
    "  contentkit split post.md --platform all --format platforms\n"
    "  contentkit split - --platform bluesky --format payload -o thread.json < post.md",
    short_help="Divide a text into posts that fit a platform.",
)
@click.argument("file", metavar="FILE")
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    required=True,
    metavar="NAME",
    help="x, bluesky, mastodon, ..., or all. Several: repeat it, or separate with commas.",
)
@click.option("--numbered", is_flag=True, help="End each post of a thread in its number (1/5), which counts.")
@language_option("Its language, such as en or ja. Default: found out.")
@click.option("--format", "form", default="", metavar="FORMAT", help="text, platforms, payload, json or another.")
@output_option
@force_option
@quiet_option
def command(
    file: str,
    platforms: tuple[str, ...],
    numbered: bool,
    language: str,
    form: str,
    output: Path | None,
    force: bool,
    quiet: bool,
) -> int:
    """Show what FILE ("-" is standard input) becomes on each platform: one post where it fits, else a thread.

    It is divided where a reader pauses, never within a link, a mention, a hashtag or an emoji, and nothing is lost.
    Exit codes: 0 all fits, 1 something breaks a limit, 2 a wrong request.
    """
    from contentkit.commands import _at_once as at_once
    from contentkit.commands._deliver import deliver, format_of
    from contentkit.kit.files import check_writable
    from contentkit.kit.kit import Kit
    from contentkit.reports.text import findings
    from contentkit.split import SplitOptions, split_file

    form = format_of(form, output)
    if output:
        check_writable(output, force=force)
    names = tuple(name.strip().lower() for one in platforms for name in one.split(",") if name.strip())
    report = at_once.run(split_file(Kit.load(history=False), file, SplitOptions(names, numbered, language)))
    deliver([report], form, output, force=force, quiet=quiet)
    if not quiet:
        for line in (*findings(report), *(f"note: {notice}" for notice in report.notices)):
            click.echo(line, err=True)
    return report.exit_code()
