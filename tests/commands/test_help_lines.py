"""Lists of commands: every line is a whole sentence, at 80 columns. Options: the same of all commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from contentkit.cli import cli

GROUPS = [name for name in cli.list_commands(click.Context(cli)) if name != "write"]


@pytest.mark.parametrize("name", ["", *GROUPS])
def test_no_line_of_a_list_is_cut(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split(), "--help"], terminal_width=80)
    assert done.exit_code == 0
    listed = done.output.partition("Commands:")[2].partition("Example")[0]
    assert not re.search(r"\w\.\.\.", listed)


def test_options_of_a_check_stand_in_the_order_of_its_table() -> None:
    said = CliRunner().invoke(cli, ["check", "--help"]).output
    places = [said.index(name) for name in ("--platform", "--kind", "--lang", "--style", "--voice", "--from")]
    assert places == sorted(places)


def commands(command: click.Command, name: str, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, by its words."""
    yield name, command
    for word in command.list_commands(context) if isinstance(command, click.Group) else ():
        inner = command.get_command(context, word) if isinstance(command, click.Group) else None
        if inner:
            yield from commands(inner, f"{name} {word}".strip(), click.Context(inner, parent=context, info_name=word))


OPTIONS = [
    (name, option)
    for name, command in commands(cli, "", click.Context(cli))
    for option in command.params
    if isinstance(option, click.Option)
]


def test_no_bound_takes_what_can_not_be_compared() -> None:
    """A bound of "nan" would be passed by every cost, score and time."""
    bounds = {(name, option.opts[0]): option for name, option in OPTIONS if isinstance(option.type, click.FloatRange)}
    assert {("evaluate write", "--max-cost"), ("check", "--max-cost"), ("models list", "--max-price")} <= set(bounds)
    for option in bounds.values():
        with pytest.raises(click.BadParameter, match="not a number"):
            option.type.convert("nan", option, None)


def test_what_is_the_same_everywhere_is_called_the_same() -> None:
    for flag, but in (("--quiet", {"pick"}), ("--language", {"campaign"}), ("--model", {""})):
        there = [option for name, option in OPTIONS if flag in option.opts and name not in but]
        assert len(there) > 3
        assert len({(tuple(option.opts), option.metavar) for option in there}) == 1, flag
