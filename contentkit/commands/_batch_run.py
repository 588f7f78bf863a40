"""``contentkit batch`` from what was typed to the exit code: enrol or take up, run, sum up."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.commands._batch_again import changed_rows
from contentkit.commands._batch_begin import Ready, begun, read_shared, taken_up
from contentkit.commands._batch_progress import BatchProgress
from contentkit.commands._batch_said import exit_code, tell_end, tell_start
from contentkit.commands._kit import loaded
from contentkit.core.errors import BudgetError, ContentkitError, UsageError

if TYPE_CHECKING:
    from contentkit.batch import Limits, Tally
    from contentkit.kit.journal import Outcome
    from contentkit.kit.kit import Kit


def run(typed: dict[str, Any], given: AbstractSet[str]) -> int:
    """Run what was typed.

    Args:
        given: names of the options that stand on the command line.
    """
    from contentkit.kit.journal import Journal

    _check_together(typed)
    kit = _kit(typed)
    kit.prompts = kit.prompts.steady()
    if typed["dry_run"]:
        import asyncio

        from contentkit.commands._batch_look import dry_run

        return asyncio.run(dry_run(kit, typed))
    journal = Journal(typed["folder"])
    try:
        ready = taken_up(kit, journal, typed, given) if typed["resume"] else begun(kit, journal, typed)
        return _carried_out(kit, ready, typed)
    finally:
        journal.close()


def _check_together(typed: dict[str, Any]) -> None:
    if typed["vendor_batch"] and typed["engine"] != "asyncio":
        raise UsageError("--vendor-batch and --engine can't go together.", hint="Leave one of them out.")
    if typed["again"] and (not typed["resume"] or typed["vendor_batch"]):
        raise UsageError("--again goes with --resume, and not with --vendor-batch.")
    from contentkit.kit.plugins import shelf

    shelf("engines").get(typed["engine"])
    if typed["dry_run"] and typed["resume"]:
        raise UsageError(
            "--dry-run is for a batch that is to begin.", hint="results.jsonl tells what is left of this one."
        )


def _carried_out(kit: Kit, ready: Ready, typed: dict[str, Any]) -> int:
    import asyncio

    from contentkit.batch import Tally
    from contentkit.batches.deliver import restore, write_results

    folder, form = typed["folder"], ready.order.form
    standing = ready.standing
    restored = restore(ready.journal, folder, form) if typed["resume"] else 0
    if not typed["quiet"]:
        tell_start(ready, restored)
    changed = 0 if typed["quiet"] or not typed["resume"] else asyncio.run(_changed(kit, ready))
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
    tell_end(summary, tally, typed, changed=changed)
    if failure is not None:
        raise failure
    return exit_code(summary, tally, typed)


async def _changed(kit: Kit, ready: Ready) -> int:
    """Done rows that rest on what the sources of all rows said before they changed."""
    await read_shared(kit, ready.order.sources)
    return len(await changed_rows(kit, ready.journal, ready.order, shared=True))


async def _run(kit: Kit, ready: Ready, typed: dict[str, Any], progress: BatchProgress) -> Tally:
    from contentkit.batch import Limits, batch
    from contentkit.kit.plugins import shelf
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
        await read_shared(kit, ready.order.sources)
        limits = Limits(typed["concurrency"], typed["limit"])
        if typed["vendor_batch"] or ready.journal.uploads():
            return await _at_vendor(kit, ready, typed, limits, progress)
        return await batch(kit, ready.order, ready.journal, typed["folder"], limits, progress)


async def _at_vendor(kit: Kit, ready: Ready, typed: dict[str, Any], limits: Limits, progress: BatchProgress) -> Tally:
    """What a vendor has is fetched first, whatever was typed: to ask it anew would be paying twice."""
    import asyncio

    from contentkit.batch import Limits, Tally, batch
    from contentkit.batches.submit import Answered, Submission

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
    history = None if typed["history"] and not typed["dry_run"] else False
    return loaded(history=history, **{name: typed[name] for name in ("cache", "allow_private", "timeout")})
