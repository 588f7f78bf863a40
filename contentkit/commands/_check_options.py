"""What can be typed after ``contentkit check``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.commands._options import (
    FILE,
    SEVERITY,
    Number,
    added,
    all_findings_option,
    force_option,
    language_option,
    output_option,
    quiet_option,
)
from contentkit.core.errors import UsageError
from contentkit.core.severity import Severity

if TYPE_CHECKING:
    from contentkit.check import CheckOptions

options = added(
    click.option("--platform", default="", metavar="NAME", help="Keep the limits of x, bluesky, email-subject, ..."),
    click.option(
        "--kind",
        default="",
        metavar="KIND",
        help="Check it as an article, an email, ...: its limits and checks, text by text.",
    ),
    language_option("Its language, such as en or ja. Default: found out."),
    click.option("--style", type=FILE, metavar="FILE", help="A style guide (TOML)."),
    click.option("--voice", type=FILE, metavar="FILE", help="A voice that contentkit voice learn has measured."),
    click.option(
        "--from", "sources", multiple=True, metavar="SOURCE", help="The material that it must rest on. Repeatable."
    ),
    click.option("--only", multiple=True, metavar="CHECK", help="Run only these checks. Repeatable."),
    click.option("--skip", multiple=True, metavar="CHECK", help="Leave these checks out. Repeatable."),
    click.option(
        "--fail-on",
        type=SEVERITY,
        help="Lowest severity that gives exit code 1. Default: major.",
    ),
    click.option(
        "--moderate", default="", metavar="PROVIDER:NAME", help="Ask this model too what should not be published."
    ),
    all_findings_option,
    click.option("--fix", "fixes", is_flag=True, help="Put right what is safe to put right, and report the rest."),
    click.option(
        "--rewrite", is_flag=True, help="Have a model write the sentences at fault anew, and report the rest."
    ),
    click.option("--model", default="", metavar="PROVIDER:NAME", help="With --rewrite: the model to ask."),
    click.option("--max-cost", type=Number(0), metavar="USD", help="With --rewrite or --moderate: ask for no more."),
    click.option("--diff", is_flag=True, help="With --fix or --rewrite: show the changes instead of writing them."),
    click.option("--format", "form", default="", metavar="FORMAT", help="text, json, sarif, github or another."),
    output_option,
    force_option,
    quiet_option,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user typed."""

    platform: str
    kind: str
    language: str
    style: Path | None
    voice: Path | None
    sources: tuple[str, ...]
    only: tuple[str, ...]
    skip: tuple[str, ...]
    fail_on: str | None
    moderate: str
    everything: bool
    fixes: bool
    rewrite: bool
    model: str
    max_cost: float | None
    diff: bool
    form: str
    output: Path | None
    force: bool
    quiet: bool


def check_together(wish: Wish) -> None:
    """Refuse options that do not go with each other.

    Raises:
        UsageError: some do not.
    """
    if wish.diff and not (wish.fixes or wish.rewrite):
        raise UsageError("--diff shows what --fix or --rewrite would change.", hint="Give one of them too.")
    if wish.fixes and wish.rewrite:
        raise UsageError("--fix and --rewrite can't be done at once.", hint="Fix first, then rewrite what is left.")
    if (wish.model and not wish.rewrite) or (wish.max_cost is not None and not (wish.rewrite or wish.moderate)):
        raise UsageError("--model goes with --rewrite, --max-cost with --rewrite or --moderate; a check asks no model.")


def check_options(wish: Wish) -> CheckOptions:
    """The same for the verb."""
    from contentkit.check import CheckOptions

    return CheckOptions(
        wish.platform,
        wish.kind,
        wish.language,
        wish.sources,
        _names(wish.only),
        _names(wish.skip),
        Severity(wish.fail_on) if wish.fail_on else None,
        max_cost=wish.max_cost,
    )


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for one in given for name in one.split(",") if name.strip())
