"""``contentkit batch --dry-run``: every row is looked at, and nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._batch_begin import folders_of, ordered, read_shared
from contentkit.core.money import priced

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

_SAMPLE = 50
"""Rows that an estimate is made from."""


async def dry_run(kit: Kit, typed: dict[str, Any]) -> int:
    """Look at every row, and say what they would cost all together, from the price of the first ones."""
    from contentkit.batches.enrol import entries
    from contentkit.batches.submit import SHARE
    from contentkit.drafts.prepare import prepare
    from contentkit.kit.rows import Rows

    async with kit:
        prompt, order = await ordered(kit, typed)
        await read_shared(kit, order.sources)
        total, costs, tokens, target = 0, [], [], kit.target(order.model)
        with Rows.open(typed["rows"]) as rows:
            for entry in entries(kit.prompts, prompt, order, rows, name=rows.name, folders=folders_of(typed),
                                 ignore=typed["ignore_columns"]):  # fmt: skip
                total += 1
                if total <= min(_SAMPLE, typed["limit"] or _SAMPLE):
                    prepared = await prepare(kit, order.brief(entry.given))
                    costs.append(prepared.cost())
                    tokens.append(prepared.preflight().input_tokens)
    rows_now = min(total, typed["limit"] or total)
    share = SHARE if typed["vendor_batch"] else 1.0
    known = [cost for cost in costs if cost is not None]
    cost = sum(known) / len(known) * rows_now * share if len(known) == len(costs) else None
    price = priced(cost, "about {} in all")
    where = f"at {target.endpoint.url}" if target.hosted else "on this machine"
    click.echo(
        f"{total} rows are in order. Would ask {target.id}, {where}, for {rows_now}: about "
        f"{sum(tokens) // len(tokens):,} tokens in for each; {price} (estimate from the first {len(costs)}, without "
        "repairs). Nothing was sent."
    )
    bound = kit.bound(typed["max_cost"])
    if bound is not None and not target.free and (cost is None or cost > bound):
        click.echo(f"That is over the bound of ${bound:g}, or not known to be under it: it would stop there.", err=True)
    return 0
