"""Options that several commands have, and giving a command many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def added(*options: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator that adds these options to a command, in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def language_option(help: str) -> Callable[[F], F]:
    """``--lang``, by both of its names; "" where it is not said."""
    return click.option("--lang", "--language", "language", default="", metavar="CODE", help=help)
