"""Options that several commands have, and giving a command many at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from contentkit.core.severity import Severity

F = TypeVar("F", bound=Callable[..., Any])


class Number(click.FloatRange):
    """A number that can be compared: "nan" would pass under every bound."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


FILE = click.Path(dir_okay=False, path_type=Path)
"""A file, there or not."""
SEVERITY = click.Choice([severity.value for severity in Severity])

output_option = click.option(
    "-o", "--output", type=FILE, metavar="FILE", help="Write to a file instead of the terminal."
)
emails_output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to a file instead of the terminal; several emails to a folder.",
)
force_option = click.option("--force", is_flag=True, help="Overwrite the output file.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing on standard error but errors.")
all_findings_option = click.option("--all", "everything", is_flag=True, help="Show every finding, however many.")
reviewer_option = click.option(
    "--reviewer", default="", metavar="NAME", help="Tell in the metadata that NAME reviewed it today."
)


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
