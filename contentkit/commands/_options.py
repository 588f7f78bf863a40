"""Giving a command many options at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def added(*options: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator that adds these options to a command, in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add
