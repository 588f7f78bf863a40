"""What can be typed after ``contentkit write KIND``: the options of every kind, and the inputs of this one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from contentkit.commands._options import FILE, Number, emails_output_option, force_option, language_option, quiet_option
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.piece import Brief
    from contentkit.kit.prompts import Input, Prompt

F = TypeVar("F", bound=Callable[..., Any])

_LONGEST_NAME = 1000
_TEXT_FILES = (".txt", ".md", ".csv", ".tsv", ".eml")


class TextOrFile(click.types.StringParamType):
    """A text as it is typed, the name of a file that holds it, or - for the standard input."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        from contentkit.kit.manner import MOST_SAMPLE, decoded_sample, read_sample

        if text == "-":
            return decoded_sample(sys.stdin.buffer.read(MOST_SAMPLE + 1), "The standard input")
        if "\n" in text or len(text) > _LONGEST_NAME or "\0" in text:
            return text
        path = Path(text).expanduser()
        if path.is_file():
            return read_sample(path)
        if path.suffix.lower() in _TEXT_FILES and " " not in path.name:
            raise UsageError(f"There is no file {text!r}.", hint="Check the path, or type the text itself.")
        return text


@click.command()
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Material: a file, folder, glob, URL, pdf, docx, git:A..B, diff:, or - for standard input. Repeatable.",
)
@language_option("Language of the result, such as en or ja. Default: that of the topic or the material.")
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
@click.option(
    "--style",
    type=FILE,
    metavar="FILE",
    help="A style guide (TOML) that the model is told and the draft is checked by.",
)
@click.option("--variants", type=click.IntRange(1, 20), default=1, show_default=True, help="Write it so many times.")
@click.option(
    "--format",
    "form",
    default="",
    metavar="FORMAT",
    help="text, markdown, json, html, eml; srt, vtt or csv of scripts; payload or platforms of posts; a plugin's. "
    "Default: by the file, else text.",
)
@emails_output_option
@force_option
@click.option("--dry-run", is_flag=True, help="Print the messages, an estimate and the price; send nothing.")
@click.option("--max-cost", type=Number(0), metavar="USD", help="Send nothing when the estimate is higher.")
@click.option("--temperature", type=Number(0, 2), help="0 is steady, 1 is lively.")
@click.option("--seed", type=int, help="For models that can repeat themselves.")
@click.option("--max-tokens", type=click.IntRange(1), help="Upper bound of an answer, in tokens.")
@click.option("--timeout", type=Number(1), metavar="SECONDS", help="For each question, retries included.")
@click.option("--cache/--no-cache", default=None, help="Reuse the answer to the very same question.")
@click.option("--no-history", is_flag=True, help="Do not keep this run in the history.")
@click.option("--allow-private", is_flag=True, help="Let --from read pages of private addresses.")
@quiet_option
def _shared() -> None:
    """The options of every kind."""


def shared(*names: str) -> Callable[[F], F]:
    """Adds those of the options of every kind that another command has as well."""

    def add(function: F) -> F:
        chosen = [param for param in _shared.params if param.name in names]
        function.__click_params__ = [*reversed(chosen), *getattr(function, "__click_params__", [])]  # type: ignore[attr-defined]
        return function

    return add


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user typed, beside the kind's own inputs."""

    topic: str
    sources: tuple[str, ...]
    language: str
    settings: tuple[str, ...]
    model: str
    style: Path | None
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
    profile: Path | None = None


def options(prompt: Prompt) -> list[click.Parameter]:
    """The parameters of the kind's command: its topic, its own inputs, those of every kind."""
    # The argument and --lang are there already; an input named like a shared option is reached by --set alone.
    taken = {field.name for field in fields(Wish)} | {"from", "lang", "set", "format", "help"}
    own = [_option(entry) for entry in (*prompt.inputs, *prompt.common) if entry.name not in taken]
    return [click.Argument(["topic"], required=False, default=""), *own, *_shared.params]


def wish_of(typed: dict[str, Any]) -> tuple[Wish, dict[str, Any]]:
    """What was typed, parted into the wish and the kind's own inputs. A voice in TOML is a profile."""
    shared = {field.name for field in fields(Wish)} - {"profile"}
    inputs = {name: value for name, value in typed.items() if name not in shared}
    profile, _ = parted_voice(inputs.get("voice"))
    if profile:
        del inputs["voice"]
    return Wish(**{name: typed[name] for name in shared}, profile=profile), inputs


def parted_voice(voice: Path | None) -> tuple[Path | None, Path | None]:
    """What ``--voice`` names: a profile, which is TOML, or a sample."""
    if voice is not None and voice.suffix.lower() == ".toml":
        return voice, None
    return None, voice


def brief_of(prompt: Prompt, wish: Wish, inputs: Mapping[str, Any]) -> Brief:
    """The brief that was typed. Reads the files named by inputs.

    Raises:
        UsageError: a file can't be read, or --set names no input.
    """
    from contentkit.core.piece import Brief
    from contentkit.kit.manner import manner_of

    settings = settings_of(wish.settings, prompt)
    options = {"temperature": wish.temperature, "seed": wish.seed, "max_tokens": wish.max_tokens}
    return Brief(
        prompt.name,
        wish.topic or settings.pop("topic", ""),
        wish.sources,
        wish.language or settings.pop("language", ""),
        {**_given(inputs), **settings},
        wish.model,
        {name: value for name, value in options.items() if value is not None},
        manner_of(wish.style, wish.profile, inputs.get("voice")),
    )


def _option(entry: Input) -> click.Option:
    kinds: dict[str, click.ParamType[Any]] = {"integer": click.INT, "number": Number(), "string": click.STRING}
    flag = f"--{entry.name.replace('_', '-')}"
    said = entry.description
    if entry.example not in (None, ""):
        said += f" Example: {_shown(entry.example)}."
    if entry.default not in (None, "", [], ()):
        said += f" [default: {_shown(entry.default)}]"
    if entry.name == "voice":
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        return click.Option(
            ["--voice", "voice"],
            type=file,
            metavar="FILE",
            help=f"{said} A file to read it from, or a profile of contentkit voice learn.",
        )
    if entry.file:
        return click.Option([flag, entry.name], type=TextOrFile(), metavar="TEXT|FILE", help=said)
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


def _given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that the user gave, files read and lists split."""
    from contentkit.kit.manner import read_sample

    given: dict[str, Any] = {}
    for name, value in inputs.items():
        if value is None or value == ():
            continue
        if isinstance(value, Path):
            given[name] = read_sample(value)
        elif isinstance(value, tuple):
            given[name] = [part.strip() for item in value for part in item.split(",") if part.strip()]
        else:
            given[name] = value
    return given


def settings_of(settings: tuple[str, ...], prompt: Prompt) -> dict[str, Any]:
    """What ``--set KEY=VALUE`` says, by input.

    Raises:
        UsageError: it names no input of the kind.
    """
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
