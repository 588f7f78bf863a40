"""``contentkit doctor``: what is installed, reachable and missing, with the way out."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from contentkit.commands._table import clean

_MARKS = {"ok": "ok  ", "absent": "--  ", "broken": "!!  "}


@click.command(epilog="Examples: contentkit doctor   contentkit doctor --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one for each check.")
def command(as_json: bool) -> int:
    """What works here and what does not, with the way out.

    Looks at Python, extras, plugins, keys (names only), local servers, models, prompts, folders and the history.
    "ok" works, "--" could be had and is not needed, "!!" is broken. Exit code 1 when something is broken, else 0.
    """
    import asyncio

    broken = asyncio.run(_look(as_json))
    if not as_json:
        click.echo(f"contentkit: {broken or 'nothing'} broken.", err=True)
    return int(broken > 0)


async def _look(as_json: bool) -> int:
    """Print each check as it is done. Returns how many are broken."""
    from contentkit.kit.config import load
    from contentkit.kit.health import checks

    broken = 0
    async for check in checks(load):
        broken += check.state == "broken"
        if as_json:
            click.echo(json.dumps(asdict(check), ensure_ascii=False))
            continue
        click.echo(f"{_MARKS[check.state]}{check.name:16}{clean(check.detail)}")
        if check.way_out:
            click.echo(f"{'':20}-> {clean(check.way_out)}")
    return broken
