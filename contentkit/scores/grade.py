"""Cases of writing -> figures: each is written, scored by checks and, where asked, judged by a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.ask import silent
from contentkit.core.errors import ContentkitError, UsageError
from contentkit.core.expectations import Expectations, Verdict, read, texts, verdicts
from contentkit.core.money import total
from contentkit.core.nearest import unknown
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.core.spoken import units
from contentkit.models.engine import Listen
from contentkit.scores.prefer import Judge, Preference
from contentkit.scores.run import run
from contentkit.write import write

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

_KEYS = ("id", "kind", "topic", "language", "sources", "fields", "rubric", "reference",
         "contains", "lacks", "least", "most")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A brief and what is expected of its draft.

    Attributes:
        brief: its model is that of the run.
        rubric: what a good draft does, sentence by sentence; only a judging model can tell.
        reference: a draft to be held beside, or "".
    """

    id: str
    brief: Brief
    expected: Expectations
    rubric: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case.

    Attributes:
        verdicts: by checks and expectations; the same for the same draft.
        judged: by a model, one for each sentence of the rubric; empty without a judge.
        preference: of the draft over the reference; None without both.
        error: why there is no draft; "" when there is one.
        cost: US dollars, the judge's included; None is unknown.
    """

    case: Case
    body: str = ""
    verdicts: tuple[Verdict, ...] = ()
    judged: tuple[Verdict, ...] = ()
    preference: Preference | None = None
    findings: Mapping[str, int] | None = None
    error: str = ""
    cost: float | None = 0.0
    seconds: float = 0.0

    @property
    def score(self) -> float | None:
        """Share of the verdicts by checks that were met."""
        return _share(self.verdicts)

    @property
    def judged_score(self) -> float | None:
        """Share of the rubric that the judge saw met."""
        return _share(self.judged)


@dataclass(frozen=True, slots=True)
class Grades:
    """All cases of a run, in the order of the file. What failed (``error``) counts in no figure."""

    outcomes: tuple[Outcome, ...]

    @property
    def graded(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.error)

    @property
    def score(self) -> float | None:
        """Mean of the cases' scores by checks."""
        return _mean([outcome.score for outcome in self.graded])

    @property
    def judged_score(self) -> float | None:
        return _mean([outcome.judged_score for outcome in self.graded])

    @property
    def cost(self) -> float | None:
        return total(outcome.cost for outcome in self.outcomes)


def cases(path: Path, ids: Sequence[str] = (), limit: int | None = None) -> tuple[Case, ...]:
    """The cases of a TOML file; paths in it are relative to the file.

    Raises:
        UsageError: it is no such file, a case lacks something, or an id is unknown.
    """
    from contentkit.kit.tables import read_table

    table = read_table(path)
    rows = table.get("case")
    if not isinstance(rows, list) or not rows or set(table) != {"case"}:
        raise UsageError(f"{path} must hold tables [[case]] and nothing else.", hint="See docs/evaluate.md.")
    found: dict[str, Case] = {}
    for number, row in enumerate(rows, 1):
        case = _case(row, path, number)
        if case.id in found:
            raise UsageError(f"{path}: two cases are called {case.id!r}.", hint="Give each an id of its own.")
        found[case.id] = case
    for name in ids:
        if name not in found:
            raise unknown("case", name, found)
    return tuple(case for name, case in found.items() if not ids or name in ids)[:limit]


def _case(row: Mapping[str, Any], path: Path, number: int) -> Case:
    from contentkit.kit.manner import read_sample

    where = f"{path}, case {row.get('id', number)!r}"
    for key in row:
        if key not in _KEYS:
            raise unknown(f"key of {where}", key, _KEYS)
    try:
        kind, sources = _text(row, "kind"), texts(row, "sources")
        if not kind:
            raise ValueError("it needs a 'kind'")
        fields = row.get("fields", {})
        if not isinstance(fields, Mapping):
            raise TypeError("'fields' must be a table")
        reference = _text(row, "reference")
        return Case(
            _text(row, "id") or f"{kind}-{number}",
            Brief(
                kind,
                _text(row, "topic"),
                tuple(_beside(path, source) for source in sources),
                _text(row, "language"),
                fields,
            ),
            read(row),
            texts(row, "rubric"),
            read_sample(Path(_beside(path, reference))) if reference else "",
        )
    except (TypeError, ValueError) as error:
        raise UsageError(f"{where}: {error}.", hint="See docs/evaluate.md for the keys.") from None


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name!r} must be a text")
    return value


def _beside(path: Path, reference: str) -> str:
    """A file that a case names, from where the cases lie; addresses and git: are left as they are."""
    beside = path.parent / reference
    return str(beside) if "://" not in reference and (beside.exists() or ":" not in reference) else reference


async def grade(
    kit: Kit,
    chosen: Sequence[Case],
    model: str,
    judge: Judge | None = None,
    *,
    at_once: int = 1,
    max_cost: float | None = None,
    listen: Listen = silent,
    done: Callable[[Outcome], None] = lambda _: None,
) -> Grades:
    """Write each case and score the draft. A case that fails is counted, and never stops the others.

    Args:
        max_cost: US dollars for all drafts and judgements together, by estimate; cases then run one after another.
        done: is told of each case as it ends.
    """

    async def graded(case: Case, left: float | None) -> Outcome:
        report = await write(kit, replace(case.brief, model=model), max_cost=left, listen=listen)
        outcome = scored(case, report)
        if judge is None:
            return outcome
        return await _judged(outcome, judge.within(None if left is None else max(0.0, left - (report.cost or 0.0))))

    return Grades(await run(chosen, graded, _failed, at_once=at_once, max_cost=max_cost, done=done))


def _failed(case: Case, error: str) -> Outcome:
    return Outcome(case, error=error)


def scored(case: Case, report: Report) -> Outcome:
    """The outcome by checks alone."""
    found: dict[str, int] = {}
    for finding in report.findings:
        found[finding.severity.value] = found.get(finding.severity.value, 0) + 1
    given = verdicts(case.expected, report, units(report.body, report.language))
    return Outcome(case, report.body, given, findings=found, cost=report.cost)


async def _judged(outcome: Outcome, judge: Judge) -> Outcome:
    """The outcome with what the judge says; where it can't, one in no figure, with what the draft has cost."""
    case, language = outcome.case, outcome.case.brief.language
    met: Sequence[bool] = ()
    preference = None
    try:
        if case.rubric:
            met = await judge.by_rubric(outcome.body, case.rubric, language)
        if case.reference:
            preference = await judge.prefer(outcome.body, case.reference, case.rubric, language)
    except ContentkitError as error:
        return replace(_failed(case, f"it can't be judged: {error}"), cost=total([outcome.cost, judge.cost]))
    rows = tuple(Verdict(words, each) for words, each in zip(case.rubric, met, strict=True))
    return replace(outcome, judged=rows, preference=preference, cost=total([outcome.cost, judge.cost]))


def _share(given: Sequence[Verdict]) -> float | None:
    return sum(verdict.met for verdict in given) / len(given) if given else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
