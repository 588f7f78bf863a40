"""Lists of commands: every line is a whole sentence, at 80 columns."""

from __future__ import annotations

import re

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
