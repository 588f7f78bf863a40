"""Plan -> pieces: all of one brief, written side by side, and held against its facts and each other."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.check import across, home
from contentkit.check import run as checked
from contentkit.core.chat import Finish, Usage
from contentkit.core.errors import BudgetError, CancelledError, ContentkitError, ProviderError, UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Covered, Finding, Report
from contentkit.core.text.document import document
from contentkit.kit.files import write_atomically
from contentkit.kit.opening import Opened, opened
from contentkit.plan import Order, Plan, digest
from contentkit.steps.limits import measured
from contentkit.write import write

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

KIND = "campaign"
STATE = "campaign.json"
INDEX = "index.html"
_ACCOUNT = re.compile(r"\n\n<!-- contentkit\n.*-->\n\Z", re.DOTALL)
"""The comment below the Markdown of a piece."""

_FORMS = {"md": "markdown", "html": "html", "json": "json"}


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of a campaign.

    Attributes:
        report: None where it was not written.
        findings: of the piece alone and beside the others, with places in its files.
        error: why it was not written; "" where it was.
        code: exit code of that.
        kept: it was there already.
    """

    order: Order
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""
    code: int = 0
    kept: bool = False

    @property
    def exit_code(self) -> int:
        if self.report is None:
            return self.code or 3
        return replace(self.report, findings=self.findings).exit_code()


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
        UsageError: the folder can't be written to, or holds another campaign and ``resume`` was not asked.
    """
    kit = _with_facts(kit, plan)
    run = _Run(kit, plan, folder, told)
    run.marks = _marks(folder) if resume else {}
    folder.mkdir(parents=True, exist_ok=True)
    gate = asyncio.Semaphore(at_once)

    async def one(order: Order) -> Written:
        async with gate:
            return await _piece(run, order)

    tasks = [asyncio.create_task(one(order)) for order in plan.orders]
    try:
        made = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    pieces = compared(kit, plan, made)
    write_index(kit, plan, pieces, folder)
    return pieces


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
    whole = all((run.folder / f"{order.name}.{ending}").is_file() for ending in _FORMS)
    if done.report is not None and not (done.kept and whole):
        _keep(run, order, done.report)
    run.told(done)
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

    for ending, form in _FORMS.items():
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


# Side by side


def compared(kit: Kit, plan: Plan, made: Sequence[Written]) -> tuple[Written, ...]:
    """The pieces with all that was found in them, what shows only beside the others included."""
    works = {one.order.name: _opened(kit, plan, one) for one in made if one.report is not None}
    beside: dict[str, list[Finding]] = {}
    for finding in across(kit, [work.piece for work in works.values()], kit.checks()):
        if work := home(finding, list(works.values())):
            beside.setdefault(work.name, []).append(work.located(finding))
    return tuple(_found(kit, one, works[one.order.name], beside) if one.report is not None else one for one in made)


def _found(kit: Kit, one: Written, work: Opened, beside: Mapping[str, Sequence[Finding]]) -> Written:
    own = one.report.findings if one.report else ()
    if one.kept:  # somebody may have changed it since
        prompt = kit.prompts.get(work.piece.kind)
        own = checked(kit, work.piece, [name for name in kit.checks() if name not in prompt.unchecked]).findings
    found = (*(work.located(_of_file(finding, work)) for finding in own), *beside.get(work.name, ()))
    return replace(one, findings=tuple(sorted(found, key=_rank)))


def _of_file(finding: Finding, work: Opened) -> Finding:
    """A finding of free text, whose body begins where its file begins."""
    if work.parts or finding.place is None or finding.place.path != "body":
        return finding
    return replace(finding, place=replace(finding.place, path=work.name))


def _opened(kit: Kit, plan: Plan, one: Written) -> Opened:
    """The piece in its file: the Markdown of free text, else the JSON, in which each text has its place."""
    from contentkit.reports.json import render

    report = one.report
    assert report is not None
    limits = kit.prompts.get(report.kind).limits if report.kind in kit.prompts.kinds() else {}
    base = Piece(
        "",
        report.language,
        hosted=False,
        fields={"rules": kit.rules(), **report.given},
        sources=tuple(_texts(plan)),
        name=f"{one.order.name}.{'json' if report.fields else 'md'}",
        settings=kit.check_settings(),
    )
    if not report.fields:
        piece = replace(base, kind=report.kind, limits=limits, body=report.body)
        return Opened(piece, base.name, document(report.body, report.language))
    return opened(kit.prompts, SourceText(base.name, render(report)), base)[0]


def _texts(plan: Plan) -> Iterator[SourceText]:
    for reading in plan.material.values():
        yield from reading.texts


# The whole


def report_of(plan: Plan, pieces: Sequence[Written], folder: Path = Path(), seconds: float = 0.0) -> Report:
    """The campaign as one report: a row for each piece, and all findings with their file in ``folder``."""
    reports = [one.report for one in pieces if one.report is not None]
    costs = [report.cost for one, report in _new(pieces)]
    return Report(
        KIND,
        _body(plan, pieces),
        {"title": plan.title, "pieces": [_row(one) for one in pieces]},
        tuple(sorted((_under(folder, found) for one in pieces for found in one.findings), key=_rank)),
        tuple(_covered(one) for one in pieces),
        usage=sum((report.usage for _, report in _new(pieces) if report.usage), Usage()),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        model=reports[0].model if reports else "",
        sent_to=reports[0].sent_to if reports else "",
        language=reports[0].language if reports else "",
        topic=plan.title,
        sources=tuple(text.origin for text in _texts(plan)),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=seconds,
    )


def _under(folder: Path, finding: Finding) -> Finding:
    place = finding.place
    return replace(finding, place=replace(place, path=(folder / place.path).as_posix())) if place else finding


def _rank(finding: Finding) -> int:
    return finding.severity.rank


def _new(pieces: Sequence[Written]) -> Iterator[tuple[Written, Report]]:
    return ((one, one.report) for one in pieces if one.report is not None and not one.kept)


def _row(one: Written) -> dict[str, Any]:
    report = one.report
    return {
        "name": one.order.name,
        "kind": one.order.brief.kind,
        "language": report.language if report else one.order.brief.language,
        "files": [f"{one.order.name}.{ending}" for ending in _FORMS] if report else [],
        "state": status(one),
        "findings": len(one.findings),
        "kept": one.kept,
        "id": report.id if report else "",
        "error": one.error,
    }


def status(one: Written) -> str:
    """How a piece stands, in a word or two."""
    if one.report is None:
        return "not written"
    if one.report.finish is not Finish.STOP:
        return "not whole"
    return {0: "fit", 1: "to mend", 3: "source not read"}.get(one.exit_code, "not whole")


def _body(plan: Plan, pieces: Sequence[Written]) -> str:
    rows = [
        f"# {' '.join(plan.title.split())}",
        "",
        "| piece | kind | language | state | findings |",
        "|---|---|---|---|---|",
    ]
    for one in pieces:
        row = _row(one)
        kept = " (kept)" if one.kept else ""
        said = f": {' '.join(one.error.split())}" if one.error else ""
        cells = (row["name"], row["kind"], row["language"], f"{row['state']}{kept}{said}", str(row["findings"]))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _covered(one: Written) -> Covered:
    return Covered(one.order.name, "failed", one.error) if one.report is None else Covered(one.order.name, "read")


def _limits(kit: Kit, plan: Plan, one: Written) -> list[tuple[str, str, int, int]]:
    """How full each place is that the piece goes to."""
    if one.report is None:
        return []
    return [(m.path, m.rule, m.length, m.most) for m in measured(_opened(kit, plan, one).piece) if m.length]


def write_index(kit: Kit, plan: Plan, pieces: Sequence[Written], folder: Path) -> None:
    """The page that leads to every piece."""
    from contentkit.reports import _index

    cards = [
        _index.Card(
            one.order.name,
            one.order.brief.kind,
            status(one),
            one.report,
            one.findings,
            one.error,
            _limits(kit, plan, one),
        )
        for one in pieces
    ]
    facts = [(fact.label, fact.said) for fact in plan.facts]
    write_atomically(folder / INDEX, _index.page(plan.title, facts, cards), force=True)
