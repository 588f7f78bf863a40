"""``contentkit batch``: a piece for every row of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from contentkit.commands._inputs import TakesInputs
from contentkit.commands._options import Number
from contentkit.commands._write_options import shared

_COMMON = ("sources", "language", "settings", "model", "temperature", "seed", "max_tokens", "timeout", "cache",
           "allow_private", "quiet")  # fmt: skip


@click.command(
    cls=TakesInputs,
    inputs="give --set {0}=VALUE for all rows, or a column {0}",
    epilog="Examples:\n\n\b\n"
    "  contentkit batch products.csv --kind article --lang ja -o texts\n"
    "  contentkit batch rows.jsonl --kind social --set platforms=x,bluesky --max-cost 2 -o posts\n"
    "  contentkit batch --resume -o posts",
    short_help="Write a piece for every row of a table, and go on where it was stopped.",
)
@click.argument("rows", required=False, metavar="ROWS.csv|ROWS.jsonl|-")
@click.option("--kind", default="", metavar="KIND", help="What is written: a kind of contentkit write.")
@click.option("-o", "--output", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
              metavar="FOLDER", help="Where results and journal go. A new batch wants a new or empty one.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with the batch of this folder, and try again what failed.")
@click.option("--again", type=click.Choice(["changed"]),
              help="With --resume: ask (and pay) anew for rows whose sources or settings changed.")  # fmt: skip
@click.option("--format", "form", default="markdown", show_default=True, metavar="FORMAT",
              help="Of the result files: markdown, text, json, html, or a plugin's.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Write the next N rows only.")
@click.option("--max-cost", type=Number(0), metavar="USD", help="For all rows together, all runs included.")
@click.option("--concurrency", type=click.IntRange(1, 1000), default=8, show_default=True, metavar="N",
              help="Questions at a time.")  # fmt: skip
@click.option("--requests-per-minute", type=Number(0, min_open=True), metavar="N", help="Most questions in a minute.")
@click.option("--tokens-per-minute", type=Number(0, min_open=True), metavar="N",
              help="Most tokens, read and written, in a minute.")  # fmt: skip
@click.option("--engine", default="asyncio", show_default=True, metavar="NAME",
              help="Where questions are answered: asyncio (from here), or a plugin's.")  # fmt: skip
@click.option("--vendor-batch", is_flag=True,
              help="Hand the questions to the vendor's batches: half the price, within a day.")  # fmt: skip
@click.option("--ignore-columns", is_flag=True, help="Leave columns unread that the kind does not know.")
@click.option("--any-source", is_flag=True, help="Let rows name files outside of this folder and of their own.")
@click.option("--history", is_flag=True, help="Keep every row in your history too.")
@click.option("--dry-run", is_flag=True, help="Check every row and estimate the price; send nothing.")
@shared(*_COMMON)
@click.pass_context
def command(context: click.Context, /, **typed: Any) -> int:
    """Write a piece of one kind for every row of ROWS.

    The columns are the kind's inputs, and besides: id (names the result), topic, from and language. An option is for
    all rows; what a row says itself goes before it. FOLDER gets a file for each row and results.jsonl.

    Exit codes: 0 all fit, 1 some have findings of severity major, 3 some failed or are left, 130 stopped.
    """
    from contentkit.commands._batch_run import run

    given = {name for name in typed if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE}
    return run(typed, given)
