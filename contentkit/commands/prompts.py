"""``contentkit prompts``: list, show, render, check, new."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._options import language_option
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.report import Finding
    from contentkit.kit.config import Config
    from contentkit.kit.prompts import Prompts
    from contentkit.kit.prompts.folders import Found
    from contentkit.kit.prompts.prompt import Input, Prompt

FOLDERS = ("write", "review", "parts")


@click.group(
    epilog="Examples:\n\n\b\n"
    "  contentkit prompts show article\n"
    "  contentkit prompts render social --set topic='Version 2' --lang ja\n"
    "  contentkit prompts new announcement",
    short_help="See, try, check and make prompt files.",
)
def command() -> None:
    """See, try, check and make the prompt files that contentkit writes from.

    NAME is a kind of content such as "article", "review/NAME" for a lens of the review, or "parts/NAME" for a prompt
    that kinds are built with.
    """


@command.command("list", short_help="Kinds of content and lenses, and where each comes from.")
def list_() -> None:
    """Kinds of content and lenses of the review: where each comes from, and in which languages its file is written."""
    prompts = _prompts()
    rows = [_row(prompts, name, folder) for folder in FOLDERS for name in prompts.kinds(folder)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        click.echo("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]).rstrip())


def _row(prompts: Prompts, name: str, folder: str) -> tuple[str, str, str, str]:
    found = next(prompts.folders.find(name, folder), None)
    variants = sorted(
        {file.language for file in prompts.folders.files(folder) if file.path.name.split(".")[0] == name} - {""}
    )
    languages = ", ".join([*(["any"] if found else []), *variants])
    shown = name if folder == "write" else f"{folder}/{name}"
    try:
        prompt = prompts.get(name, folder, "" if found else variants[0])
    except UsageError as error:
        return shown, found.origin if found else "?", languages, f"BROKEN: {error}"
    return shown, prompt.origin, languages, prompt.description


@command.command()
@click.argument("name")
@language_option("The file for results in this language.")
@click.option("--source", is_flag=True, help="Print the file as it is, and nothing else.")
def show(name: str, language: str, source: bool) -> None:
    """What a prompt file says: its inputs, checks and text.

    Example: contentkit prompts show email --lang ja
    """
    prompts = _prompts()
    folder, name = _split(name)
    prompt = prompts.get(name, folder, language)
    text = prompts.folders.read(prompt.path)
    if not source:
        for line in _summary(prompt):
            click.echo(line)
        click.echo()
    click.echo(text.rstrip("\n"))


def _summary(prompt: Prompt) -> list[str]:
    lines = [
        f"{prompt.name}, version {prompt.version}: {prompt.description}",
        f"file: {prompt.path} ({prompt.origin})",
        f"answer: {'structured, ' + ', '.join(prompt.schema.body['properties']) if prompt.schema else 'free Markdown'}",
    ]
    if prompt.steps:
        lines.append(f"steps: {', '.join(prompt.steps)}")
    if prompt.limits:
        lines.append(f"limits: {', '.join(f'{path} by {rule}' for path, rule in prompt.limits.items())}")
    if prompt.long:
        lines.append(f"over {prompt.long.over} words: parts/{prompt.long.outline}, then parts/{prompt.long.section}")
    if prompt.series:
        series = prompt.series
        lines.append(f"several {series.count}: parts/{series.plan}, then parts/{series.part}")
    if prompt.model:
        lines.append(f"models preferred: {', '.join(prompt.model)}")
    if prompt.options:
        lines.append(f"options: {', '.join(f'{name} {value}' for name, value in prompt.options.items())}")
    return [*lines, "inputs:", *(f"  {_about(item)}" for item in (*prompt.inputs, *prompt.common))]


def _about(item: Input) -> str:
    notes = [str(item.type)]
    if item.required:
        notes.append("required")
    if item.default not in (None, "", (), []):
        notes.append(f"default {_shown(item.default)}")
    if item.enum:
        notes.append(f"one of {', '.join(map(str, item.enum))}")
    return f"{item.name} ({'; '.join(notes)}): {item.description}".rstrip(": ")


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


@command.command()
@click.argument("name")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="An input of the prompt. Repeatable.")
@click.option("--from", "sources", multiple=True, metavar="SOURCE", help="Material, as for write. Repeatable.")
@language_option("Language of the result. Default: en.")
def render(name: str, settings: tuple[str, ...], sources: tuple[str, ...], language: str) -> None:
    """The exact messages that a model would read; nothing is sent.

    Secrets are hidden from hosted models later; contentkit write --dry-run shows the messages after all steps.

    Example: contentkit prompts render article --set topic=Tea --set length=300 --from notes.md
    """
    import asyncio

    from contentkit.kit.config import load
    from contentkit.kit.prompts import Prompts
    from contentkit.kit.reading import read_all

    config = load()
    prompts = Prompts.of(config)
    folder, name = _split(name)
    prompt = prompts.get(name, folder, language)
    values = _values(prompts, prompt, dict(_setting(text) for text in settings), language)
    texts = asyncio.run(read_all(sources, config.read)).texts if sources else ()
    for message in prompts.render(prompt, {**values, "rules": _rules(config), "sources": texts}):
        click.echo(f"--- {message.role}\n{message.text}")


def _values(prompts: Prompts, prompt: Prompt, given: Mapping[str, str], language: str) -> dict[str, Any]:
    inputs = {item.name for item in (*prompt.common, *prompt.inputs)}
    # A part is given more than its inputs say (an outline, a draft ...), some of it structured.
    extra = (
        {name: _parsed(text) for name, text in given.items() if name not in inputs} if prompt.folder != "write" else {}
    )
    own = {name: text for name, text in given.items() if name not in extra}
    own.setdefault("language", language or prompt.language or "en")
    return {**extra, **prompts.values(prompt, own)}


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set takes KEY=VALUE, not {text!r}.")
    return name.strip().replace("-", "_"), value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@command.command(short_help="Find what is wrong with prompt files.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> int:
    """Find what is wrong with prompt FILES (by default with all that can be found), without a model.

    Reads each file, checks the steps, rules and files it names, renders its examples, and runs its tests. The exit
    code is 1 when something is broken.

    Example: contentkit prompts check prompts/write/announcement.md
    """
    from contentkit.core.report import Severity
    from contentkit.kit.config import load
    from contentkit.kit.plugins import shelf
    from contentkit.kit.prompts import Prompts
    from contentkit.kit.prompts.check import Known, check

    config = load()
    prompts = Prompts.of(config)
    known = Known(_rules(config), shelf("steps").names())
    checked: list[tuple[Prompts, Found, str]] = [_one(prompts, file) for file in files] or [
        (prompts, found, folder) for folder in FOLDERS for found in prompts.folders.files(folder)
    ]
    findings: list[Finding] = [finding for each in checked for finding in check(*each, known)]
    for finding in findings:
        click.echo(f"{'note' if finding.severity is Severity.MINOR else 'error'}: {finding.message}")
    broken = sum(finding.severity is not Severity.MINOR for finding in findings)
    click.echo(f"{len(checked)} prompt files checked, {broken or 'no'} error{'' if broken == 1 else 's'}.", err=True)
    return int(bool(broken))


def _one(prompts: Prompts, file: Path) -> tuple[Prompts, Found, str]:
    """A file named by the user, wherever it lies; what it includes is looked for beside it first."""
    from contentkit.kit.prompts import Prompts
    from contentkit.kit.prompts.folders import Found

    path = file.absolute()
    folder, root = path.parent.name, path.parents[1]
    if path.suffix != ".md":
        raise UsageError(f"{file} is no prompt file; their names end in .md.")
    if folder == "partials":
        raise UsageError(f"{file} is a partial; check a prompt that includes it.")
    dirs = prompts.folders.dirs
    known = next((rank for rank, (_, place) in enumerate(dirs) if place.absolute() == root), None)
    if known is None:
        prompts, known = Prompts([("project", root), *dirs]), 0
    origin, place = prompts.folders.dirs[known]
    language = ".".join(path.name.split(".")[1:-1])
    return prompts, Found(place / folder / path.name, origin, known, language), folder


@command.command(short_help="Make a new kind of content in this project.")
@click.argument("name")
def new(name: str) -> None:
    """Make prompts/write/NAME.md in this project: a small kind of content that works, with comments.

    Example: contentkit prompts new announcement
    """
    import re

    from contentkit.commands._skeleton import SKELETON
    from contentkit.kit.config import load
    from contentkit.kit.files import write_atomically

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", name):
        raise UsageError(f"A kind can't be called {name!r}.", hint="Use a-z, 0-9 and -, such as announcement.")
    path = (load().project or Path.cwd()) / "prompts" / "write" / f"{name}.md"
    if path.exists():
        raise UsageError(f"{path} exists already.", hint="Choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, SKELETON.replace("NAME", name))
    click.echo(f"Made {path}. Try it: contentkit write {name} 'a topic' --dry-run")


def _prompts() -> Prompts:
    from contentkit.kit.config import load
    from contentkit.kit.prompts import Prompts

    return Prompts.of(load())


def _rules(config: Config) -> Mapping[str, Any]:
    from contentkit.steps.limits import rules

    return rules(config.rules)


def _split(name: str) -> tuple[str, str]:
    """ "parts/outline" -> parts and outline; "article" -> write and article."""
    folder, slash, rest = name.rpartition("/")
    return (folder, rest) if slash else ("write", name)
