"""``contentkit models``: what is known of models, what can be reached, and open models for this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from contentkit.commands._options import Number, language_option
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.core.model import ModelInfo
    from contentkit.models.catalogue import Catalogue

F = TypeVar("F", bound=Callable[..., Any])

PERMISSIVE = ("apache-2.0", "mit")
"""Licences that ask for no more than their own text."""


def _tokens(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of tokens: 32768, 32k or 1m."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,12}(?:\.\d+)?)([km]?)", value.strip().lower().replace("_", "").replace(",", ""))
    if not found:
        raise click.BadParameter(f"{value!r} is no number of tokens; write 32768, 32k or 1m.")
    return int(float(found[1]) * {"": 1, "k": 1000, "m": 1_000_000}[found[2]])


class Models(click.Group):
    """``contentkit models`` alone, or with options only, is ``contentkit models list``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from contentkit.core.nearest import nearest

        if args[0] not in self.commands:
            near = nearest(args[0], self.commands)
            hint = f"Did you mean {near!r}?" if near else f"To look one up: contentkit models show {args[0]}"
            ctx.fail(f"There is no command {args[0]!r} under models. {hint}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Models,
    epilog="Examples:\n\n\b\n  contentkit models --local --language ja --licence apache-2.0\n"
    "  contentkit models --provider mistral --max-price 5\n  contentkit models show anthropic:claude-sonnet-5-5\n"
    "  contentkit models suggest --language ja\n  contentkit models pull sbintuitions/sarashina2.2-3b-instruct-v0.1\n"
    "  contentkit models check",
    short_help="List, suggest, fetch and check models.",
)
def command() -> None:
    """What is known of models: windows, prices, licences, abilities. Without a subcommand: the list.

    Prices are US dollars for a million tokens; an unknown price is never shown as nothing.
    """


def _format(function: F) -> F:
    return click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", help="text (default) or json."
    )(function)


@command.command("list", short_help="The catalogue, filtered.")
@click.option("--provider", "providers", multiple=True, metavar="NAME", help="Only of this provider. Repeatable.")
@click.option("--open", "only_open", is_flag=True, help="Only open weights.")
@click.option("--local", is_flag=True, help="Only models that run on this machine (transformers, ollama).")
@click.option("--licence", "licences", multiple=True, metavar="NAME", help="Such as apache-2.0 or mit. Repeatable.")
@language_option("The maker names this language, such as ja.")
@click.option("--min-context", callback=_tokens, metavar="TOKENS", help="At least this window, such as 32k.")
@click.option("--max-price", type=Number(0), metavar="USD", help="At most this for a million written.")
@_format
def list_models(form: str, **wanted: Any) -> None:
    """The catalogue, filtered. What a filter asks and the catalogue does not know is left out, and counted."""
    from contentkit.commands._models import echo_json, echo_list

    catalogue = _catalogue()
    rows, unknown = _filtered(catalogue, catalogue.all(), **wanted)
    if form == "json":
        echo_json(catalogue, rows)
    else:
        echo_list(rows)
    if unknown:
        click.echo(f"contentkit: {unknown} left out, since the catalogue does not know what the filter asks.", err=True)
    if not rows:
        click.echo("contentkit: no model fits.", err=True)


@command.command(short_help="Everything known of one model.")
@click.argument("model")
@_format
def show(model: str, form: str) -> None:
    """Everything known of one MODEL: provider:name, or the name alone where it is the only one."""
    from contentkit.commands._models import echo_json, echo_one

    catalogue = _catalogue()
    info = _one(catalogue, model)
    if form == "json":
        echo_json(catalogue, [info], alone=True)
    else:
        echo_one(catalogue, info)


@command.command(short_help="Small open models by licence and language.")
@language_option("The maker names this language, such as ja.")
@click.option(
    "--licence",
    "licences",
    multiple=True,
    metavar="NAME",
    help="Repeatable. Default: those you allow, or apache-2.0, mit.",
)
@click.option("--max-parameters", type=Number(0), default=8.5, show_default=True, help="In billions.")
@_format
def suggest(language: str, licences: tuple[str, ...], max_parameters: float, form: str) -> None:
    """Small open models for this machine, by licence and language; those made for the language first."""
    from contentkit.commands._models import echo_json, echo_suggestions
    from contentkit.kit.config import load

    catalogue = _catalogue()
    licences = licences or load().allowed_licences or PERMISSIVE
    local = [row for row in catalogue.all() if row.provider == "transformers"]
    rows, _ = _filtered(catalogue, local, licences=licences, language=language)
    rows = [row for row in rows if row.parameters and row.parameters <= max_parameters]
    # A model of two languages knows each of them better than one of thirty, at the same size.
    rows.sort(key=lambda row: (bool(language) and len(row.languages) > 2, -(row.parameters or 0)))
    if form == "json":
        echo_json(catalogue, rows)
        return
    echo_suggestions(rows)
    if rows:
        click.echo(f"contentkit: fetch one with: contentkit models pull {rows[0].name}", err=True)
    else:
        click.echo(f"contentkit: no open model under {', '.join(licences)} fits; try a larger size.", err=True)


@command.command(short_help="Fetch an open model from the hub.")
@click.argument("name")
@click.option(
    "--accept-licence", "accepted", multiple=True, metavar="LICENCE", help="You have read it and accept it. Repeatable."
)
def pull(name: str, accepted: tuple[str, ...]) -> None:
    """Fetch an open model NAME (ORG/MODEL) from the hub into the shared cache; a cut download goes on.

    Its licence must be among allowed_licences of the configuration, or be accepted here.
    """
    from contentkit.commands._models_pull import run
    from contentkit.kit.config import load

    provider, colon, rest = name.partition(":")
    if colon and provider == "ollama":
        raise UsageError("Models of Ollama are fetched by Ollama.", hint=f"Run: ollama pull {rest}")
    run(name.removeprefix("transformers:"), accepted, load().allowed_licences)


@command.command(short_help="Ask every provider what it has.")
@click.option("--provider", "providers", multiple=True, metavar="NAME", help="Only this provider. Repeatable.")
@click.option(
    "--timeout", type=Number(0.1, 120), default=10.0, show_default=True, metavar="SECONDS", help="Seconds for each."
)
@_format
def check(providers: tuple[str, ...], timeout: float, form: str) -> None:
    """Ask every provider that is set up for its list of models; say what works, and why the rest does not."""
    from contentkit.commands._models_check import run

    run(providers, timeout, form)


def _catalogue() -> Catalogue:
    from contentkit.kit.config import load
    from contentkit.models.catalogue import Catalogue

    return Catalogue.load(load().catalogue_path)


def _filtered(
    catalogue: Catalogue,
    rows: Iterable[ModelInfo],
    *,
    providers: tuple[str, ...] = (),
    only_open: bool = False,
    local: bool = False,
    licences: tuple[str, ...] = (),
    language: str = "",
    min_context: int | None = None,
    max_price: float | None = None,
) -> tuple[list[ModelInfo], int]:
    """The rows that fit, and how many were left out only because something is unknown."""
    from contentkit.core.nearest import unknown
    from contentkit.models.catalogue import LOCAL

    for name in providers:
        if name not in catalogue.models:
            raise unknown("provider in the catalogue", name, catalogue.models)
    names = {name.lower() for name in licences}
    known = {row.licence for row in catalogue.all() if row.licence}
    for name in names - known:
        raise unknown("licence in the catalogue", name, known)

    def fits(row: ModelInfo) -> list[bool | None]:
        price = 0.0 if row.provider in LOCAL else row.price.output
        return [
            not providers or row.provider in providers,
            not local or row.provider in LOCAL,
            not only_open or row.open_weights,
            not names or (row.licence in names if row.licence or row.open_weights is False else None),
            not language or (language.lower() in row.languages if row.languages else None),
            min_context is None or (None if row.context_window is None else row.context_window >= min_context),
            max_price is None or (None if price is None else price <= max_price),
        ]

    verdicts = [(row, fits(row)) for row in rows]
    unsure = sum(None in verdict and False not in verdict for _, verdict in verdicts)
    return [row for row, verdict in verdicts if all(verdict)], unsure


def _one(catalogue: Catalogue, model: str) -> ModelInfo:
    """The model that is meant.

    Raises:
        UsageError: none, or more than one.
    """
    from contentkit.models.catalogue import closest

    provider, colon, name = model.partition(":")
    if colon and catalogue.known(provider, name):
        return catalogue.info(provider, name)
    same = [provider for provider in catalogue.models if catalogue.known(provider, model)]
    if len(same) == 1:
        return catalogue.info(same[0], model)
    if same:
        raise UsageError(
            f"{model!r} is offered by several providers.", hint=f"Say which: {', '.join(f'{p}:{model}' for p in same)}."
        )
    near = closest(catalogue, model)
    hint = f"Did you mean {near!r}?" if near else "See contentkit models list."
    raise UsageError(f"The catalogue knows no model called {model!r}.", hint=hint)
