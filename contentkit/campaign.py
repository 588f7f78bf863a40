"""Plan -> pieces: all of one brief, written side by side, each kept whole as it ends."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.campaigns.plan import Order, Plan, digest
from contentkit.campaigns.survey import FORMS, Written, compared, write_index
from contentkit.core.chat import Finish
from contentkit.core.errors import BudgetError, CancelledError, ContentkitError, ProviderError, UsageError
from contentkit.core.report import Report
from contentkit.kit.files import alone_in, write_atomically
from contentkit.write import write

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

STATE = "campaign.json"
_ACCOUNT = re.compile(r"\n\n<!-- contentkit\n.*-->\n\Z", re.DOTALL)
"""The comment below the Markdown of a piece."""

Told = Callable[[Written], None]


@dataclass(slots=True)
class _Run:
    kit: Kit
    plan: Plan
    folder: Path
    told: Told
    stopped: ContentkitError | None = None
    marks: dict[str, str] = field(default_factory=dict)


async def campaign(
    kit: Kit, plan: Plan, folder: Path, *, at_once: int = 4, resume: bool = False, told: Told = lambda _: None
) -> tuple[Written, ...]:
    """Write every piece into ``folder``, hold them against each other, and make the page that leads to all.

    Args:
        kit: its purse bounds what all pieces cost together.
        at_once: pieces that are written side by side.
        resume: a piece that is there already, whole and from the same brief, stays.
        told: hears of every piece as it ends.

    Raises:
        UsageError: the folder can't be written to, another run writes into it, or it holds another campaign and
            ``resume`` was not asked.
    """
    kit = _with_facts(kit, plan)
    run = _Run(kit, plan, folder, told)
    run.marks = _marks(folder) if resume else {}
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        pieces = compared(kit, plan, await _all(run, at_once))
        write_index(kit, plan, pieces, folder)
    return pieces


async def _all(run: _Run, at_once: int) -> list[Written]:
    gate = asyncio.Semaphore(at_once)

    async def one(order: Order) -> Written:
        async with gate:
            return await _piece(run, order)

    tasks = [asyncio.create_task(one(order)) for order in run.plan.orders]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _with_facts(kit: Kit, plan: Plan) -> Kit:
    """The kit that writes the pieces: the material is read already, and the facts are checked."""
    said = kit.config.check
    agreement = {**said.settings.get("agreement", {}), "facts": dict(plan.table)} if plan.table else {}
    settings = {**said.settings, **({"agreement": agreement} if agreement else {})}
    check = replace(said, settings=settings, style=plan.style or said.style)
    return replace(kit, config=replace(kit.config, check=check), readings={**kit.readings, **plan.material})


async def _piece(run: _Run, order: Order) -> Written:
    mark = digest(run.kit, run.plan, order)
    done = _there(run, order, mark) or await _written(run, order)
    if done.report is not None and done.report.finish is Finish.STOP:
        run.marks[order.name] = mark
    whole = all((run.folder / f"{order.name}.{ending}").is_file() for ending in FORMS)
    if done.report is not None and not (done.kept and whole):
        _keep(run, order, done.report)
    run.told(done)
    if done.report is not None and done.report.finish is Finish.CANCELLED:
        raise asyncio.CancelledError  # the others are stopped with it
    return done


def _there(run: _Run, order: Order, mark: str) -> Written | None:
    """The piece of an earlier run, where it is whole and was made of the same."""
    from contentkit.reports.json import from_dict

    if run.marks.get(order.name) != mark:
        run.marks.pop(order.name, None)
        return None
    try:
        report = from_dict(json.loads((run.folder / f"{order.name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, UsageError, AttributeError):
        return None
    return Written(order, replace(report, body=_as_it_is(run, order, report)), report.findings, kept=True)


def _as_it_is(run: _Run, order: Order, report: Report) -> str:
    """The text of a piece that is there: of free text what stands in its Markdown now, perhaps changed by hand."""
    try:
        page = (run.folder / f"{order.name}.md").read_text(encoding="utf-8") if not report.fields else ""
    except (OSError, UnicodeDecodeError):
        page = ""
    return _ACCOUNT.sub("\n", page) or report.body


async def _written(run: _Run, order: Order) -> Written:
    if run.stopped is not None:
        return Written(order, error=f"not begun: {run.stopped.message}", code=run.stopped.exit_code)
    try:
        report = await write(run.kit, order.brief)
    except CancelledError:
        raise
    except ContentkitError as error:
        if isinstance(error, BudgetError) or (isinstance(error, ProviderError) and error.lasting):
            run.stopped = error  # so would the next one
        return Written(order, error=str(error), code=error.exit_code)
    return Written(order, report, report.findings)


def _keep(run: _Run, order: Order, report: Report) -> None:
    """Write the files of a piece, the record that it is done last."""
    from contentkit.kit.plugins import shelf

    for ending, form in FORMS.items():
        page = shelf("reports").get(form).render(report)
        write_atomically(run.folder / f"{order.name}.{ending}", page, force=True)
    state = json.dumps({"contentkit": 1, "pieces": run.marks}, ensure_ascii=False, indent=2) + "\n"
    write_atomically(run.folder / STATE, state, force=True)


def _marks(folder: Path) -> dict[str, str]:
    """Name of a piece -> the mark of what it was made of, as an earlier run left it."""
    try:
        data = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return {str(name): str(mark) for name, mark in data["pieces"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{folder / STATE} can't be read ({error}).", hint="Remove it, and every piece is written anew."
        ) from None
