"""Cases with known defects -> figures: each change is reviewed, and what was found is held against what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.ask import silent
from contentkit.core.change import FileChange, Selection
from contentkit.core.chat import Usage
from contentkit.core.errors import UsageError
from contentkit.core.money import total
from contentkit.core.nearest import unknown
from contentkit.core.report import Finding, Report, Severity
from contentkit.core.scores import TOLERANCE, Defect, Figures, Match, match
from contentkit.models.engine import Listen
from contentkit.scores.run import run

if TYPE_CHECKING:
    from contentkit.core.change import Change
    from contentkit.kit.kit import Kit
    from contentkit.review import ReviewOptions

ANSWERS = "expected.json"
KINDS = ("introduced", "reversed-fix", "clean")


@dataclass(frozen=True, slots=True)
class Case:
    """A change in a folder of its own: ``diff.patch``, ``before/``, ``after/``, and the answers in ``expected.json``.

    Attributes:
        kind: "introduced" (a change that brought a defect in), "reversed-fix" (a fix taken back), "clean" (no known
            defect), or a word of your own.
    """

    id: str
    folder: Path
    kind: str = ""
    language: str = ""
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review made of a case.

    Attributes:
        findings: those that count: verified ones and those of analyzers, at or over the least severity.
        unverified: models' findings that no second look confirmed; they fail no run and count in no figure.
        matches: of ``findings`` with the case's defects.
        nearly: of ``unverified`` with the defects that are left.
        unread: parts of the change that were not looked at, with the reason.
        error: why there was no review at all; "" when there was one.
        cost: US dollars; None is unknown.
    """

    case: Case
    findings: tuple[Finding, ...] = ()
    unverified: tuple[Finding, ...] = ()
    matches: tuple[Match, ...] = ()
    nearly: tuple[Match, ...] = ()
    unread: tuple[str, ...] = ()
    error: str = ""
    cost: float | None = 0.0
    usage: Usage | None = None
    seconds: float = 0.0

    @property
    def figures(self) -> Figures:
        return Figures(1, len(self.case.defects), len(self.findings), len(self.matches))

    @property
    def false_alarms(self) -> tuple[Finding, ...]:
        """Findings that point at no known defect."""
        hits = {match.finding for match in self.matches}
        return tuple(finding for number, finding in enumerate(self.findings) if number not in hits)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cases of a run, in the order of their ids. What failed (``error``) counts in no figure."""

    outcomes: tuple[Outcome, ...]

    @property
    def judged(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.error)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.error)

    @property
    def total(self) -> Figures:
        return _sum(self.judged)

    def by(self, name: Callable[[Case], str]) -> dict[str, Figures]:
        """Figures of the cases of each kind, language ..., the known kinds first."""
        names = sorted({name(outcome.case) for outcome in self.judged})
        names.sort(key=lambda each: KINDS.index(each) if each in KINDS else len(KINDS))
        return {each: _sum(one for one in self.judged if name(one.case) == each) for each in names}

    def by_rule(self, name: Callable[[str], str] = lambda rule: rule) -> dict[str, Figures]:
        """Findings and hits by rule, or by what ``name`` makes of it (a lens); defects are nobody's, so 0."""
        rows: dict[str, Figures] = {}
        for outcome in self.judged:
            hits = {match.finding for match in outcome.matches}
            for number, finding in enumerate(outcome.findings):
                key = name(finding.rule)
                rows[key] = rows.get(key, Figures()) + Figures(findings=1, matched=int(number in hits))
        return dict(sorted(rows.items(), key=lambda row: (-row[1].findings, row[0])))

    @property
    def alarms_per_clean(self) -> float | None:
        """Findings per change that has no known defect: each is taken for a false alarm."""
        clean = [outcome for outcome in self.judged if not outcome.case.defects]
        return sum(len(outcome.findings) for outcome in clean) / len(clean) if clean else None

    @property
    def unverified(self) -> int:
        return sum(len(outcome.unverified) for outcome in self.judged)

    @property
    def nearly(self) -> int:
        """Defects that only unverified findings point at."""
        return sum(len(outcome.nearly) for outcome in self.judged)

    @property
    def cost(self) -> float | None:
        """US dollars of all cases; None when that of one is unknown."""
        return total(outcome.cost for outcome in self.outcomes)

    @property
    def usage(self) -> Usage:
        return sum((outcome.usage for outcome in self.outcomes if outcome.usage), Usage())


@dataclass(frozen=True, slots=True)
class Measure:
    """How findings are counted and cases are run.

    Attributes:
        tolerance: lines by which a finding may stand beside its defect.
        least: findings below this severity are left out.
        at_once: cases reviewed side by side; each asks its own questions side by side as well.
        max_cost: US dollars for all cases together; they then run one after another.
    """

    tolerance: int = TOLERANCE
    least: Severity = Severity.INFO
    at_once: int = 1
    max_cost: float | None = None


def cases(folder: Path, ids: Sequence[str] = (), limit: int | None = None) -> tuple[Case, ...]:
    """The cases in ``folder``, by id; ``folder`` may be a case itself.

    Raises:
        UsageError: there is none, one is not what a case must be, or an id is unknown.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {str(folder)!r}.", hint="Give a folder that holds one folder per case.")
    folders = [folder] if (folder / ANSWERS).is_file() else sorted(file.parent for file in folder.glob(f"*/{ANSWERS}"))
    if not folders:
        raise UsageError(
            f"{folder} holds no case: a folder with diff.patch, before/, after/ and {ANSWERS}.",
            hint="See docs/evaluate.md for the layout.",
        )
    found = {case.id: case for case in map(_case, folders)}
    for name in ids:
        if name not in found:
            raise unknown("case", name, found)
    chosen = [found[name] for name in sorted(set(ids))] if ids else sorted(found.values(), key=lambda case: case.id)
    return tuple(chosen[:limit])


def _case(folder: Path) -> Case:
    path = folder / ANSWERS
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        defects = tuple(_defect(row) for row in data.get("defects", ()))
        return Case(
            str(data.get("id") or folder.name),
            folder,
            str(data.get("kind", "")),
            str(data.get("language", "")),
            defects,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{path} can't be used: {what}.", hint="See docs/evaluate.md for its keys.") from None


def _defect(row: Mapping[str, Any]) -> Defect:
    start = int(row["start_line"])
    return Defect(
        str(row["path"]),
        start,
        int(row.get("end_line", start)),
        str(row.get("description", "")),
        str(row.get("severity", "")),
        str(row.get("anchor", "added")),
    )


def open_case(case: Case) -> Change:
    """The change of a case; the answers are not part of it.

    Raises:
        UsageError: it can't be read.
    """
    from contentkit.code.diff import Limits, open_change

    folder = case.folder.absolute()
    before, after = (path if (path := folder / name).is_dir() else None for name in ("before", "after"))
    # By its bare name: where a case lies must not be part of what a model reads.
    return open_change(Selection(diff="diff.patch"), cwd=folder, limits=Limits(before=before, after=after))


async def evaluate(
    kit: Kit,
    chosen: Sequence[Case],
    options: ReviewOptions,
    measure: Measure = Measure(),
    *,
    listen: Listen = silent,
    done: Callable[[Outcome], None] = lambda _: None,
) -> Evaluation:
    """Review each case and judge what was found. A case that fails is counted, and never stops the others.

    Args:
        listen: hears every event of every question.
        done: is told of each case as it ends.
    """
    from contentkit.review import review

    options = replace(options, summary=False)  # it would cost a question, and nothing of it is judged

    async def reviewed(case: Case, max_cost: float | None) -> Outcome:
        change = open_case(case)
        report = await review(kit, change, replace(options, max_cost=max_cost), listen=listen)
        return judge(case, report, change, measure)

    def failed(case: Case, error: str) -> Outcome:
        return Outcome(case, error=error)

    return Evaluation(
        await run(chosen, reviewed, failed, at_once=measure.at_once, max_cost=measure.max_cost, done=done)
    )


def judge(case: Case, report: Report, files: Iterable[FileChange], measure: Measure) -> Outcome:
    """Hold the findings of a review against the case's defects."""
    hunks = [replace(file, old_text=None, new_text=None) for file in files]
    heavy = [finding for finding in report.findings if finding.severity.rank <= measure.least.rank]
    findings = tuple(finding for finding in heavy if finding.verified is not False)
    unverified = tuple(finding for finding in heavy if finding.verified is False)
    matches = match(findings, case.defects, hunks, tolerance=measure.tolerance)
    failed = tuple(f"{unit.name}: {unit.reason}" for unit in report.coverage if unit.state == "failed")
    if failed and report.usage is None and not any(unit.state == "read" for unit in report.coverage):
        return Outcome(case, error=f"the model gave no answer: {failed[0]}")  # what it can do is not known
    found = {each.defect for each in matches}
    rest = [number for number in range(len(case.defects)) if number not in found]
    nearly = match(unverified, [case.defects[number] for number in rest], hunks, tolerance=measure.tolerance)
    return Outcome(
        case,
        findings,
        unverified,
        matches,
        tuple(replace(each, defect=rest[each.defect]) for each in nearly),
        failed,
        cost=report.cost,
        usage=report.usage,
    )


def _sum(outcomes: Iterable[Outcome] | Iterator[Outcome]) -> Figures:
    return sum((outcome.figures for outcome in outcomes), Figures())
