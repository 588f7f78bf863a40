"""``contentkit batch`` from what was typed to the exit code: enrol or take up, run, sum up."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._batch_progress import BatchProgress
from contentkit.commands._table import clean
from contentkit.core.errors import BudgetError, ContentkitError, UsageError

if TYPE_CHECKING:
    from contentkit.batch import Limits, Summary, Tally
    from contentkit.enrol import Order
    from contentkit.kit.journal import Journal, Outcome, Standing
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt, Prompts

_FIXED = {
    "kind": "--kind", "model": "--model", "form": "--format", "topic": "--set", "language": "--lang",
    "sources": "--from", "fields": "--set", "options": "--temperature, --seed or --max-tokens",
}  # fmt: skip
"""Of an order: what may not change while it is carried out, and the option that says it."""

_WISHES = ("temperature", "seed", "max_tokens")


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch that is ready to run."""

    order: Order
    journal: Journal
    standing: Standing


def run(typed: dict[str, Any], given: AbstractSet[str]) -> int:
    """Run what was typed.

    Args:
        given: names of the options that stand on the command line.
    """
    from contentkit.kit.journal import Journal

    if typed["vendor_batch"] and typed["engine"] != "asyncio":
        raise UsageError("--vendor-batch and --engine can't go together.", hint="Leave one of them out.")
    kit = _kit(typed)
    kit.prompts = kit.prompts.steady()
    if typed["dry_run"]:
        import asyncio

        return asyncio.run(_dry_run(kit, typed))
    folder: Path = typed["folder"]
    journal = Journal(folder)
    try:
        ready = _taken_up(kit, journal, typed, given) if typed["resume"] else _begun(kit, journal, typed)
        return _carried_out(kit, ready, typed)
    finally:
        journal.close()


def _carried_out(kit: Kit, ready: _Batch, typed: dict[str, Any]) -> int:
    import asyncio

    from contentkit.batch import Tally, restore, write_results

    folder, form = typed["folder"], ready.order.form
    standing = ready.standing
    if not typed["quiet"]:
        _tell_start(ready, restore(ready.journal, folder, form) if typed["resume"] else 0)
    todo = standing.left + standing.failed
    tally, failure = Tally(spent=standing.spent), None
    with BatchProgress(min(todo, typed["limit"] or todo), quiet=typed["quiet"]) as progress:
        try:
            tally = asyncio.run(_run(kit, ready, typed, progress))
        except KeyboardInterrupt:
            tally.cancelled = True
        except ContentkitError as error:  # what was done before it is told, and then it
            failure = error
    summary = write_results(ready.journal, folder, form)
    _tell_end(summary, tally, typed)
    if failure is not None:
        raise failure
    return _exit_code(summary, tally, typed)


async def _run(kit: Kit, ready: _Batch, typed: dict[str, Any], progress: BatchProgress) -> Tally:
    from contentkit.batch import Limits, batch
    from contentkit.kit.plugins import shelf
    from contentkit.kit.reading import read_all
    from contentkit.models.pace import Pace
    from contentkit.models.purse import Purse

    async with kit:
        target = kit.target(ready.order.model)
        kit.providers[target.endpoint.name] = (
            shelf("engines").get(typed["engine"]).place(target.provider, typed["concurrency"])
        )
        said = target.endpoint.settings
        kit.paces[target.endpoint.name] = Pace(
            at_once=typed["concurrency"],
            requests=typed["requests_per_minute"] or said.get("requests_per_minute"),
            tokens=typed["tokens_per_minute"] or said.get("tokens_per_minute"),
        )
        kit.purse = Purse(kit.bound(typed["max_cost"]), ready.standing.spent, patient=True)
        kit.readings = {one: await read_all([one], kit.config.read) for one in ready.order.sources}
        limits = Limits(typed["concurrency"], typed["limit"])
        if typed["vendor_batch"] or ready.journal.uploads():
            return await _at_vendor(kit, ready, typed, limits, progress)
        return await batch(kit, ready.order, ready.journal, typed["folder"], limits, progress)


async def _at_vendor(kit: Kit, ready: _Batch, typed: dict[str, Any], limits: Limits, progress: BatchProgress) -> Tally:
    """What a vendor has is fetched first, whatever was typed: to ask it anew would be paying twice."""
    import asyncio

    from contentkit.batch import Limits, Tally, batch
    from contentkit.submit import Answered, Submission

    tally = Tally(spent=ready.standing.spent)

    def failed(outcome: Outcome) -> None:
        tally.failed += 1
        progress(outcome, tally)

    async def write_up() -> None:
        """Make pieces of the replies that are there. Nothing is asked: what a check finds stays a finding."""
        mine = replace(kit, providers={target.endpoint.name: Answered(target.provider)})
        known = Limits(limits.at_once, answered=True)
        made = await batch(mine, ready.order, ready.journal, typed["folder"], known, progress)
        tally.done, tally.failed, tally.spent = tally.done + made.done, tally.failed + made.failed, made.spent
        if made.cancelled:
            raise asyncio.CancelledError

    target = kit.target(ready.order.model)
    submission = Submission(kit, ready.order, ready.journal, progress.say, failed)
    try:
        await submission.fetch(write_up)
        if not typed["vendor_batch"]:
            return await batch(kit, ready.order, ready.journal, typed["folder"], limits, progress)
        try:
            await submission.ask(limits.rows)
        except BudgetError as error:
            tally.stopped = error
        await submission.fetch(write_up)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        tally.cancelled = True
    tally.spent = kit.purse.spent if kit.purse else 0.0
    return tally


def _kit(typed: dict[str, Any]) -> Kit:
    from contentkit.kit.kit import Kit

    kit = Kit.load(history=False if typed["no_history"] or typed["dry_run"] else None, cache=typed["cache"])
    if typed["allow_private"]:
        kit.config = replace(kit.config, read=replace(kit.config.read, allow_private=True))
    if typed["timeout"]:
        kit.config = replace(kit.config, deadline=typed["timeout"])
    return kit


# -- a new batch ----------------------------------------------------------------------------------------------------


def _begun(kit: Kit, journal: Journal, typed: dict[str, Any]) -> _Batch:
    import asyncio

    from contentkit.enrol import entries
    from contentkit.kit.rows import Rows

    _check_new(journal, typed)
    prompt, order = asyncio.run(_ordered(kit, typed))
    with Rows.open(typed["rows"]) as rows:
        order = replace(order, rows=rows.digest)
        typed["folder"].mkdir(parents=True, exist_ok=True)
        found = entries(
            kit.prompts,
            prompt,
            order,
            rows,
            name=rows.name,
            folders=_folders(typed),
            ignore=typed["ignore_columns"],
        )
        try:
            journal.begin(asdict(order), found)
        except BaseException:
            journal.discard()
            raise
    return _Batch(order, journal, journal.reopen())


async def _ordered(kit: Kit, typed: dict[str, Any]) -> tuple[Prompt, Order]:
    """The prompt, and what holds for all rows.

    Raises:
        UsageError: an option is wrong, or there is no such kind, model or format.
    """
    from contentkit.commands._write_options import settings_of
    from contentkit.enrol import Order
    from contentkit.kit.plugins import shelf
    from contentkit.prepare import language_code

    if not typed["rows"]:
        raise UsageError("No rows.", hint="Name a .csv or .jsonl file, or - for standard input.")
    if not typed["kind"]:
        raise UsageError("No --kind.", hint="Say what is written: --kind article (contentkit prompts list).")
    if "-" in typed["sources"]:
        raise UsageError("--from - can't be read again when the batch goes on.", hint="Save it, and name the file.")
    shelf("reports").get(typed["form"])
    prompt = kit.prompts.get(typed["kind"])
    fields = settings_of(typed["settings"], prompt)
    choice = await kit.choose(typed["model"], prompt.model)
    order = Order(
        kind=typed["kind"],
        model=kit.target(choice.model).id,
        form=typed["form"],
        topic=fields.pop("topic", ""),
        language=typed["language"] or fields.pop("language", ""),
        sources=typed["sources"],
        fields=fields,
        options={name: typed[name] for name in _WISHES if typed[name] is not None},
        prompt=_digest(kit.prompts, typed["kind"]),
    )
    language_code(order.language)
    return prompt, order


def _check_new(journal: Journal, typed: dict[str, Any]) -> None:
    folder: Path = typed["folder"]
    if journal.begun:
        standing = journal.standing()
        raise UsageError(
            f"{folder} holds a batch already: {standing.done} of {standing.total} rows are done.",
            hint="Go on with --resume, or choose another folder.",
        )
    if folder.is_dir() and any(path != journal.path for path in folder.iterdir() if not path.name.startswith(".")):
        raise UsageError(f"{folder} is not empty.", hint="Choose a new folder, so that nothing in it is overwritten.")


def _folders(typed: dict[str, Any]) -> tuple[Path, ...] | None:
    if typed["any_source"]:
        return None
    own = () if typed["rows"] == "-" else (Path(typed["rows"]).absolute().parent,)
    return (Path.cwd(), *own)


def _digest(prompts: Prompts, kind: str) -> str:
    """Name, version and digest of the kind's file and its Japanese variant; where they lie does not matter."""
    found = [prompts.get(kind, language=language) for language in ("", "ja")]
    plain = [{name: value for name, value in asdict(one).items() if "path" not in name} for one in found]
    text = json.dumps(plain, default=str, sort_keys=True)
    return f"{kind}@{found[0].version} {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


# -- a batch that goes on -------------------------------------------------------------------------------------------


def _taken_up(kit: Kit, journal: Journal, typed: dict[str, Any], given: AbstractSet[str]) -> _Batch:
    import asyncio

    from contentkit.enrol import Order
    from contentkit.kit.rows import Rows

    if not journal.begun:
        raise UsageError(f"There is no batch in {typed['folder']}.", hint="Begin it without --resume.")
    kept = journal.order()
    order = Order(**{**kept, "sources": tuple(kept["sources"])})
    changed = []
    if typed["rows"]:
        with Rows.open(typed["rows"]) as rows:
            changed += ["the rows"] if rows.digest != order.rows else []
    if given & {"kind", "model", "form", "language", "sources", "settings", *_WISHES}:
        asked = {**typed, **{name: value for name, value in _as_typed(order).items() if name not in given}}
        _, fresh = asyncio.run(_ordered(kit, asked))
        changed += [option for name, option in _FIXED.items() if getattr(fresh, name) != getattr(order, name)]
    if order.prompt != _digest(kit.prompts, order.kind):
        changed.append(f"the prompt {order.kind}")
    if changed:
        raise UsageError(
            f"The batch in {typed['folder']} was begun with other settings: {', '.join(dict.fromkeys(changed))} "
            f"{'has' if len(changed) == 1 else 'have'} changed.",
            hint="Go on with those of then (they need not be said again), or begin another one in another folder.",
        )
    return _Batch(order, journal, journal.reopen())


def _as_typed(order: Order) -> dict[str, Any]:
    """An order as it would be typed."""
    settings = {"topic": order.topic, **order.fields}
    return {
        "rows": "-",
        "kind": order.kind,
        "model": order.model,
        "form": order.form,
        "language": order.language,
        "sources": order.sources,
        "settings": tuple(f"{name}={value}" for name, value in settings.items() if value),
        **{name: order.options.get(name) for name in _WISHES},
    }


# -- what is said ---------------------------------------------------------------------------------------------------


def _tell_start(ready: _Batch, restored: int) -> None:
    standing, order = ready.standing, ready.order
    said = [f"{standing.total} rows, {order.kind}, {order.model}"]
    if standing.done:
        said.append(f"{standing.done} are done")
    if standing.failed:
        said.append(f"{standing.failed} failed and are tried again")
    click.echo(f"contentkit: {'; '.join(said)}", err=True)
    if standing.unknown:
        many = f"{standing.unknown} questions were" if standing.unknown > 1 else "1 question was"
        click.echo(
            f"contentkit: {many} asked when the run was cut off, and the answer never came here: asked again, and "
            "counted twice in the cost, since the vendor may have answered",
            err=True,
        )
    if restored:
        click.echo(f"contentkit: {restored} missing files were written again from the journal", err=True)


def _tell_end(summary: Summary, tally: Tally, typed: dict[str, Any]) -> None:
    for outcome in summary.failures:
        click.echo(
            f"contentkit: failed: {clean(outcome.id)} (exit code {outcome.code}): {clean(outcome.error)}", err=True
        )
    if summary.failed > len(summary.failures):
        click.echo(f"contentkit: ... and {summary.failed - len(summary.failures)} more, in results.jsonl", err=True)
    if tally.stopped is not None:
        click.echo(f"contentkit: stopped: {clean(str(tally.stopped))}", err=True)
    if typed["quiet"]:
        return
    unfit = f" ({summary.faulty} with findings of severity major)" if summary.faulty else ""
    cost = f"; ${tally.spent:.4f} (estimated where the vendor does not say)" if tally.spent else ""
    said = f"{summary.done} done{unfit}, {summary.failed} failed, {summary.left} left{cost}; see {typed['folder']}"
    click.echo(f"contentkit: {said}", err=True)
    if summary.failed or summary.left:
        click.echo(
            f"contentkit: go on with: contentkit batch --resume -o {shlex.quote(str(typed['folder']))}", err=True
        )


def _exit_code(summary: Summary, tally: Tally, typed: Mapping[str, Any]) -> int:
    """What failed or is left goes before what is not fit: --resume can mend it."""
    if tally.cancelled:
        return 130
    if tally.stopped is not None and not (summary.done or summary.failed):
        return tally.stopped.exit_code
    if summary.failed or tally.stopped is not None or (summary.left and not typed["limit"]) or summary.unread:
        return 3
    return 1 if summary.faulty else 0


async def _dry_run(kit: Kit, typed: dict[str, Any]) -> int:
    """Every row is looked at; the price is that of the first ones, for all."""
    from contentkit.enrol import entries
    from contentkit.kit.reading import read_all
    from contentkit.kit.rows import Rows
    from contentkit.prepare import prepare

    async with kit:
        prompt, order = await _ordered(kit, typed)
        kit.readings = {one: await read_all([one], kit.config.read) for one in order.sources}
        total, costs, tokens, target = 0, [], [], kit.target(order.model)
        with Rows.open(typed["rows"]) as rows:
            for entry in entries(kit.prompts, prompt, order, rows, name=rows.name, folders=_folders(typed),
                                 ignore=typed["ignore_columns"]):  # fmt: skip
                total += 1
                if total <= min(_SAMPLE, typed["limit"] or _SAMPLE):
                    prepared = await prepare(kit, order.brief(entry.given))
                    costs.append(prepared.cost())
                    tokens.append(prepared.preflight().input_tokens)
    rows_now = min(total, typed["limit"] or total)
    known = [cost for cost in costs if cost is not None]
    cost = sum(known) / len(known) * rows_now if len(known) == len(costs) else None
    price = "price unknown" if cost is None else f"about ${cost:.4f} in all"
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


_SAMPLE = 50
"""Rows that an estimate is made from."""
