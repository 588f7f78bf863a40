"""How models are shown: rows, one in full, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click

from contentkit.commands._table import clean, table
from contentkit.core.model import ModelInfo
from contentkit.models.catalogue import LOCAL, Catalogue

_BYTES_PER_PARAMETER = 2  # weights as bfloat16


def echo_list(rows: Sequence[ModelInfo]) -> None:
    """A line a model. Into a pipe: id, window, dollars in and out, licence, billions of parameters; "" is unknown."""
    table(
        ("model", "window", "$ in", "$ out", "licence", "size"),
        [(row.id, tokens(row.context_window), *_dollars(row), licence(row), size(row.parameters)) for row in rows],
        right=("window", "$ in", "$ out", "size"),
    )


def echo_suggestions(rows: Sequence[ModelInfo]) -> None:
    """A line a model, with the memory that its weights take."""
    table(
        ("model", "size", "memory", "window", "licence", "languages"),
        [
            (row.name, size(row.parameters), _memory(row), tokens(row.context_window), licence(row), _languages(row))
            for row in rows
        ],
        right=("size", "memory", "window"),
    )


def echo_one(catalogue: Catalogue, info: ModelInfo) -> None:
    """Everything, a line a fact; what is unknown is called so."""
    facts = [
        ("model", info.id),
        ("window", _known(info.context_window, "{:,} tokens")),
        ("longest answer", _known(info.max_output, "{:,} tokens")),
        ("price", price(info)),
        ("weights", {True: "open", False: "closed", None: "unknown"}[info.open_weights]),
        ("licence", info.licence or ("the vendor's terms" if info.open_weights is False else "unknown")),
        ("parameters", _known(info.parameters, "{:g} billion")),
        ("languages", ", ".join(info.languages) or "unknown"),
        ("sampling", _said(info.sampling, "takes temperature and top_p", "default sampling only")),
        ("JSON schema", _said(info.schema, "obeyed natively", "not native: asked for in words, checked here")),
        ("images", _said(info.images, "takes them", "no")),
        ("reasoning", _said(info.reasoning, "thinks before it answers", "no")),
        ("note", catalogue.note(info.provider, info.name)),
        ("source", f"{info.source} ({info.as_of})" if info.as_of else info.source),
    ]
    for label, value in facts:
        if value:
            click.echo(f"{label + ':':<16}{clean(value)}")


def echo_json(catalogue: Catalogue, rows: Iterable[ModelInfo], *, alone: bool = False) -> None:
    """An array of objects (or the object); null is unknown."""
    shown: list[dict[str, Any]] = [
        {"id": row.id, **asdict(row), "note": catalogue.note(row.provider, row.name)} for row in rows
    ]
    click.echo(json.dumps(shown[0] if alone else shown, ensure_ascii=False, indent=2))


def price(info: ModelInfo) -> str:
    """The price in words."""
    if info.provider in LOCAL:
        return "nothing: it runs on this machine"
    known = info.price
    if known.input is None or known.output is None:
        return "unknown"
    parts = [f"${known.input:g} read", f"${known.output:g} written"]
    parts += [f"${known.cache_read:g} read from the cache"] if known.cache_read is not None else []
    parts += [f"${known.cache_write:g} written to the cache"] if known.cache_write is not None else []
    return f"{', '.join(parts)}, for a million tokens"


def tokens(number: int | None) -> str:
    """Exact for a pipe, short for a person."""
    if number is None:
        return "" if not sys.stdout.isatty() else "?"
    if not sys.stdout.isatty():
        return str(number)
    if number >= 1_000_000:
        return f"{number / 1e6:.3g}M"
    return f"{number // 1024}k" if number % 1024 == 0 else f"{number / 1000:.0f}k"


def size(billions: float | None) -> str:
    """Parameters, in billions."""
    if not billions:
        return ""
    return f"{billions:g}B" if sys.stdout.isatty() else f"{billions:g}"


def licence(info: ModelInfo) -> str:
    """The licence, or that the weights are closed."""
    return info.licence or ("closed" if info.open_weights is False else "")


def _dollars(info: ModelInfo) -> tuple[str, str]:
    if info.provider in LOCAL:
        return ("0", "0") if not sys.stdout.isatty() else ("-", "-")
    blank = "?" if sys.stdout.isatty() else ""
    shown = [blank if dollars is None else f"{dollars:g}" for dollars in (info.price.input, info.price.output)]
    return shown[0], shown[1]


def _memory(info: ModelInfo) -> str:
    gigabytes = (info.parameters or 0) * _BYTES_PER_PARAMETER
    return f"{gigabytes:.1f} GB" if sys.stdout.isatty() else f"{gigabytes:.1f}"


def _languages(info: ModelInfo) -> str:
    few = len(info.languages) <= 6 or not sys.stdout.isatty()
    return ",".join(info.languages) if few else f"{len(info.languages)} languages"


def _known(value: float | None, form: str) -> str:
    return "unknown" if value is None else form.format(value)


def _said(value: bool | None, yes: str, no: str) -> str:
    return {True: yes, False: no, None: "unknown"}[value]
