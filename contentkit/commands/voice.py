"""``contentkit voice learn``: measure how an author writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.commands._options import force_option, language_option, output_option, quiet_option

if TYPE_CHECKING:
    from contentkit.steps._voice.profile import Profile


@click.group(short_help="Measure how an author writes, and write and check in that voice.")
def command() -> None:
    """Voices: profiles of how somebody writes, for contentkit check --voice and contentkit write --voice."""


@command.command(
    epilog="Examples:\n\n\b\n"
    "  contentkit voice learn posts/ -o voice.toml\n"
    "  contentkit check draft.md --voice voice.toml\n"
    "  contentkit write article --from notes.md --voice voice.toml",
    short_help="Measure the voice of an author's texts.",
)
@click.argument("samples", nargs=-1, required=True, metavar="SAMPLE...")
@language_option("Their language, such as en or ja. Default: found out.")
@output_option
@force_option
@quiet_option
def learn(samples: tuple[str, ...], language: str, output: Path | None, force: bool, quiet: bool) -> int:
    """Measure the voice of SAMPLES: files, folders, patterns, pages, or "-" for standard input.

    Give texts of one author and one kind, some thousands of words together. Code, lists and quotations are left out.
    """
    from contentkit.commands import _at_once as at_once
    from contentkit.kit.files import check_writable, write_atomically
    from contentkit.kit.kit import Kit
    from contentkit.learn import learn as learned
    from contentkit.steps._voice.page import to_toml

    if output:
        check_writable(output, force=force)
    profile, reading = at_once.run(learned(Kit.load(history=False), samples, language))
    if output:
        write_atomically(output, to_toml(profile), force=force)
    else:
        click.echo(to_toml(profile), nl=False)
    left = [f"not read: {unit.name} ({unit.reason})" for unit in reading.covered if unit.state != "read"]
    if not quiet:
        for line in (*reading.notices, *left, *_account(profile, output)):
            click.echo(f"contentkit: {line}", err=True)
    return 0


def _account(profile: Profile, output: Path | None) -> list[str]:
    unit = "characters" if profile.language == "ja" else "words"
    texts = "1 text" if profile.texts == 1 else f"{profile.texts} texts"
    said = [f"the voice rests on {profile.size:,} {unit} of {texts} in {profile.language}"]
    if profile.thin:
        said.append(f"that is little: {profile.parts} of at least 6 parts; more samples make it surer")
    if output:
        said.append(f"written to {output}")
    return said
