"""``contentkit write KIND``: one command for every prompt in ``prompts/write/``, its inputs as options."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.core.errors import CancelledError, ContentkitError, UsageError

if TYPE_CHECKING:
    from contentkit.core.piece import Brief
    from contentkit.core.report import Report
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Input, Prompt, Prompts

_EXAMPLES = {
    "article": "contentkit write article --from README.md",
    "email": "contentkit write email 'Invite customers to the beta' --from notes.md --tone warm",
    "social": "contentkit write social --from post.md --platforms x,bluesky",
    "video-script": "contentkit write video-script --from README.md --duration 60",
}


_MAX_SAMPLE = 1_000_000
"""Bytes of a file whose text is an input of the kind, such as a sample of a voice."""


class _Number(click.FloatRange):
    """A number that can be compared: "nan" would pass under every bound."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class Kinds(click.Group):
    """A subcommand for each content kind that can be found from here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _prompts().kinds()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        prompts = _prompts()
        if cmd_name not in prompts.kinds():
            return None
        try:
            return _command(prompts.get(cmd_name))
        except UsageError as error:
            return _broken(cmd_name, error)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from contentkit.core.nearest import unknown

            raise unknown("content kind", args[0], self.list_commands(ctx), listing="contentkit prompts list")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Kinds,
    epilog="Examples:\n\n\b\n" + "\n".join(f"  {line}" for line in _EXAMPLES.values()),
    short_help="Write an article, an email, posts, a video script, or any kind of your own.",
)
def command() -> None:
    """Write a piece of the given KIND.

    A kind is a file prompts/write/KIND.md: in this project, in your own folder, or built in.
    """


def _prompts() -> Prompts:
    from contentkit.kit.config import load
    from contentkit.kit.prompts import Prompts

    return Prompts.of(load())


def _command(prompt: Prompt) -> click.Command:
    params: list[click.Parameter] = [click.Argument(["topic"], required=False, default="")]
    # The argument and --lang are there already; an input named like a shared option is reached by --set alone.
    taken = {field.name for field in fields(Wish)} | {"from", "lang", "set", "format", "help"}
    params += [_option(entry) for entry in (*prompt.inputs, *prompt.common) if entry.name not in taken]
    params += _shared.params
    example = _EXAMPLES.get(prompt.name, f"contentkit write {prompt.name} --from notes.md")
    return click.Command(
        prompt.name,
        params=params,
        callback=lambda **given: _run(prompt, given),
        help=prompt.description,
        epilog=f"Example: {example}",
    )


def _broken(name: str, error: UsageError) -> click.Command:
    """The command of a kind whose file is wrong: the others stay usable, and this one says what is wrong."""

    def complain(**_: object) -> None:
        raise error

    return click.Command(
        name,
        params=[click.Argument(["rest"], nargs=-1)],
        context_settings={"ignore_unknown_options": True},
        callback=complain,
        short_help=f"Can't be used: {error.message}",
    )


def _option(entry: Input) -> click.Option:
    kinds: dict[str, click.ParamType[Any]] = {"integer": click.INT, "number": click.FLOAT, "string": click.STRING}
    flag = f"--{entry.name.replace('_', '-')}"
    said = entry.description
    if entry.example not in (None, ""):
        said += f" Example: {_shown(entry.example)}."
    if entry.default not in (None, "", [], ()):
        said += f" [default: {_shown(entry.default)}]"
    if entry.name == "voice":
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        return click.Option(["--voice", "voice"], type=file, metavar="FILE", help=f"{said} A file to read it from.")
    if entry.type == "boolean":
        return click.Option([f"{flag}/--no-{flag[2:]}", entry.name], default=None, help=said)
    if entry.type == "list":
        listed = f"{said} Several: repeat it, or separate with commas."
        if entry.enum:
            listed += f" Known: {', '.join(map(str, entry.enum))}."
        return click.Option([flag, entry.name], multiple=True, metavar="NAME", help=listed)
    choice = click.Choice([str(value) for value in entry.enum]) if entry.enum else kinds[entry.type]
    return click.Option([flag, entry.name], type=choice, help=said)


def _shown(value: object) -> str:
    """A value as it is typed on the command line."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


@click.command()
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Material: a file, folder, glob, URL, pdf, docx, git:A..B, or - for standard input. Repeatable.",
)
@click.option(
    "--lang",
    "language",
    default="",
    metavar="CODE",
    help="Language of the result, such as en or ja. Default: that of the topic or the material.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Any input of the kind by its name. Repeatable.",
)
@click.option(
    "--model",
    default="",
    metavar="PROVIDER:NAME",
    help="The model to ask; 'offline' needs none. See contentkit models.",
)
@click.option("--variants", type=click.IntRange(1, 20), default=1, show_default=True, help="Write it so many times.")
@click.option(
    "--format",
    "form",
    default="",
    metavar="FORMAT",
    help="text, markdown, json, html, or a plugin's. Default: by the output file's name, else text.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
@click.option("--force", is_flag=True, help="Overwrite the output file.")
@click.option("--dry-run", is_flag=True, help="Print the messages, an estimate and the price; send nothing.")
@click.option("--max-cost", type=_Number(0), metavar="USD", help="Send nothing when the estimate is higher.")
@click.option("--temperature", type=_Number(0, 2), help="0 is steady, 1 is lively.")
@click.option("--seed", type=int, help="For models that can repeat themselves.")
@click.option("--max-tokens", type=click.IntRange(1), help="Upper bound of an answer, in tokens.")
@click.option("--timeout", type=_Number(1), metavar="SECONDS", help="For each question, retries included.")
@click.option("--cache/--no-cache", default=None, help="Reuse the reply to the very same question.")
@click.option("--no-history", is_flag=True, help="Do not keep this run in the history.")
@click.option("--allow-private", is_flag=True, help="Let --from read pages of private addresses.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error but errors.")
def _shared() -> None:
    """The options of every kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user typed, beside the kind's own inputs."""

    topic: str
    sources: tuple[str, ...]
    language: str
    settings: tuple[str, ...]
    model: str
    variants: int
    form: str
    output: Path | None
    force: bool
    dry_run: bool
    max_cost: float | None
    temperature: float | None
    seed: int | None
    max_tokens: int | None
    timeout: float | None
    cache: bool | None
    no_history: bool
    allow_private: bool
    quiet: bool


def _run(prompt: Prompt, given: dict[str, Any]) -> int:
    import asyncio

    from contentkit.commands._deliver import format_of

    wish = Wish(**{field.name: given.pop(field.name) for field in fields(Wish)})
    form = format_of(wish.form, wish.output)
    if wish.output and not wish.dry_run:
        from contentkit.kit.files import check_writable

        check_writable(wish.output, force=wish.force)
    # Files are read before the loop runs: in it, Ctrl-C would wait for the next pause.
    brief = _brief(prompt, wish, given)
    return asyncio.run(_write(prompt, wish, brief, form))


async def _write(prompt: Prompt, wish: Wish, brief: Brief, form: str) -> int:
    import asyncio

    from contentkit.commands._deliver import deliver
    from contentkit.commands._progress import Progress
    from contentkit.write import write

    reports: list[Report] = []
    failure: ContentkitError | None = None
    async with _kit(wish) as kit:
        if wish.dry_run:
            return await _dry_run(kit, brief, wish.max_cost)
        for number in range(wish.variants):
            stream = wish.output is None and form == "text" and prompt.schema is None
            try:
                with Progress(quiet=wish.quiet, stream=stream, advise=not wish.model) as progress:
                    report = await write(kit, _varied(brief, number), max_cost=wish.max_cost, listen=progress)
            except (ContentkitError, asyncio.CancelledError) as error:
                if not reports:
                    raise
                failure = error if isinstance(error, ContentkitError) else CancelledError("stopped.")
                break
            reports.append(report)
            progress.close(report)
            if report.finish == "cancelled":
                break
    shown = progress.streamed if len(reports) == 1 else ""
    deliver(reports, form, wish.output, force=wish.force, streamed=shown, quiet=wish.quiet)
    codes = [report.exit_code() for report in reports]
    if failure:  # the variants before it are not lost with it
        click.echo(f"contentkit: variant {len(reports) + 1} of {wish.variants}: {failure}", err=True)
        codes.append(failure.exit_code)
    return max(codes)


def _brief(prompt: Prompt, wish: Wish, inputs: Mapping[str, Any]) -> Brief:
    from contentkit.core.piece import Brief

    settings = _set(wish.settings, prompt)
    options = {"temperature": wish.temperature, "seed": wish.seed, "max_tokens": wish.max_tokens}
    return Brief(
        prompt.name,
        wish.topic or settings.pop("topic", ""),
        wish.sources,
        wish.language or settings.pop("language", ""),
        {**_given(inputs), **settings},
        wish.model,
        {name: value for name, value in options.items() if value is not None},
    )


def _kit(wish: Wish) -> Kit:
    """The kit of this folder, with what the command line changes of it."""
    from contentkit.kit.kit import Kit

    kit = Kit.load(history=False if wish.no_history or wish.dry_run else None, cache=wish.cache)
    if wish.allow_private:
        kit.config = replace(kit.config, read=replace(kit.config.read, allow_private=True))
    if wish.timeout:
        kit.config = replace(kit.config, deadline=wish.timeout)
    return kit


def _varied(brief: Brief, number: int) -> Brief:
    """The brief of variant ``number``: another seed where one was given, so that variants differ."""
    if "seed" not in brief.options or number == 0:
        return brief
    return replace(brief, options={**brief.options, "seed": brief.options["seed"] + number})


async def _dry_run(kit: Kit, brief: Brief, max_cost: float | None) -> int:
    from contentkit.write import prepare, unread

    prepared = await prepare(kit, brief, max_cost=max_cost)
    for message in prepared.messages:
        click.echo(f"--- {message.role}\n{message.text}")
    look, target = prepared.preflight(), prepared.target
    where = f"to {target.endpoint.url}" if target.hosted else "on this machine"
    price = "price unknown" if look.cost is None else f"${look.cost:.4f}"
    window = "window unknown" if look.window is None else f"window {look.window:,}"
    said = [
        f"Would ask {target.id} ({prepared.choice.why}), {where}: about {look.input_tokens:,} tokens in "
        f"(estimate, ±{look.error:.0%}), about {look.output_tokens:,} out; {window}; {price} (estimate). "
        "Nothing was sent."
    ]
    said += [f"Not read: {unit.name} ({unit.reason})" for unit in unread(prepared.piece.covered)]
    if not look.fits:
        said.append("It is longer than the window; the sources would be condensed first.")
    click.echo("\n".join(said), err=True)
    if look.fits:
        prepared.asker.engine.check(target, look)
    return 0


def _given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the user gave, files read and lists split."""
    given: dict[str, Any] = {}
    for name, value in inputs.items():
        if value is None or value == ():
            continue
        if isinstance(value, Path):
            given[name] = _text(value)
        elif isinstance(value, tuple):
            given[name] = [part.strip() for item in value for part in item.split(",") if part.strip()]
        else:
            given[name] = value
    return given


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_SAMPLE + 1)
        if len(data) > _MAX_SAMPLE:
            raise UsageError(f"{path} is longer than {_MAX_SAMPLE:,} bytes.", hint="Give an excerpt.")
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}.", hint="Give a UTF-8 text file.") from None


def _set(settings: tuple[str, ...], prompt: Prompt) -> dict[str, Any]:
    from contentkit.core.nearest import unknown

    known = {entry.name for entry in (*prompt.inputs, *prompt.common)}
    chosen: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise UsageError(f"--set takes KEY=VALUE, not {setting!r}.")
        if name not in known:
            raise unknown(f"input of {prompt.name}", name, known)
        chosen[name] = value
    return chosen
