"""Pieces of a campaign -> laid side by side: whether they agree, one report of all, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.campaigns.plan import Order, Plan
from contentkit.check import across, home
from contentkit.check import run as checked
from contentkit.core.chat import Finish, Usage
from contentkit.core.money import total
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Covered, Finding, Report
from contentkit.core.text.document import document
from contentkit.kit.files import write_atomically
from contentkit.kit.opening import Opened, opened
from contentkit.steps.limits import measured

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

KIND = "campaign"
INDEX = "index.html"
_OF_WRITERS = ("repetition",)
"""Checks that say nothing where every piece is picked from the sources: the same sentences are bound to come again."""

FORMS = {"md": "markdown", "html": "html", "json": "json"}
"""Ending of a piece's file -> its format."""


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


def compared(kit: Kit, plan: Plan, made: Sequence[Written]) -> tuple[Written, ...]:
    """The pieces with all that was found in them, what shows only beside the others included."""
    works = {one.order.name: _opened(kit, plan, one) for one in made if one.report is not None}
    beside: dict[str, list[Finding]] = {}
    picked = all(work.piece.picked for work in works.values())
    names = [name for name in kit.checks() if not (picked and name in _OF_WRITERS)]
    for finding in across(kit, [work.piece for work in works.values()], names):
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
        picked=report.model.partition(":")[0] == "offline",
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
    return Report(
        KIND,
        _body(plan, pieces),
        {"title": plan.title, "pieces": [_row(one) for one in pieces]},
        tuple(sorted((_under(folder, found) for one in pieces for found in one.findings), key=_rank)),
        tuple(_covered(one) for one in pieces),
        usage=sum((report.usage for _, report in _new(pieces) if report.usage), Usage()),
        cost=total(report.cost for _, report in _new(pieces)),
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
        "files": [f"{one.order.name}.{ending}" for ending in FORMS] if report else [],
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
