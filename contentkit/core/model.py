"""What is known of a model and of the place where it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Secret:
    """A key that never shows itself in a repr, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens; None is unknown, never free.

    Attributes:
        long_from: a question with more tokens of input than this has the price ``long`` for all its tokens.
        long: that price; unknown where only the bound is known.
    """

    input: float | None = None
    output: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    long_from: int | None = None
    long: Price | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One row of the catalogue. None means unknown.

    Attributes:
        provider: the provider's name as the user types it.
        name: the model's name at that provider.
        context_window: tokens in and out together.
        max_output: tokens that one answer may have.
        open_weights: the weights can be downloaded.
        licence: SPDX id or the licence's own name, lower case.
        sampling: takes temperature, top_p and top_k.
        schema: obeys a JSON schema natively.
        images: takes images.
        reasoning: thinks before it answers.
        languages: ISO 639-1 codes the maker names.
        parameters: number of weights, in billions.
        bytes_per_token: for estimates; None takes the default.
        as_of: the day the row was true (ISO date).
        source: where the row comes from.
    """

    provider: str
    name: str
    context_window: int | None = None
    max_output: int | None = None
    price: Price = Price()
    open_weights: bool | None = None
    licence: str | None = None
    sampling: bool | None = None
    schema: bool | None = None
    images: bool | None = None
    reasoning: bool | None = None
    languages: tuple[str, ...] = ()
    parameters: float | None = None
    bytes_per_token: float | None = None
    as_of: str = ""
    source: str = ""

    @property
    def id(self) -> str:
        """``provider:name``, as the user types it."""
        return f"{self.provider}:{self.name}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach a server, and which dialect it speaks.

    Attributes:
        name: the word before the colon in ``--model``.
        like: the file in ``providers/`` that speaks its dialect.
        url: base URL without a trailing slash; "" for in-process providers.
        key: None when none is configured.
        key_env: environment variables that may hold the key, for hints.
        needs_key: refuse before sending when there is no key.
        local: text sent there stays on this machine.
        settings: what else the dialect reads (API version, schema mode, extra headers ...).
    """

    name: str
    like: str
    url: str = ""
    key: Secret | None = None
    key_env: tuple[str, ...] = ()
    needs_key: bool = False
    local: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
