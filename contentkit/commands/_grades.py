"""Grades of drafts as a table, as JSON, as a picture, and beside those of another run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.commands._evaluation import FORMAT, aligned, alone, figure, rounded, share, side
from contentkit.core.money import priced
from contentkit.core.plural import counted

if TYPE_CHECKING:
    from contentkit.core.expectations import Verdict
    from contentkit.scores.grade import Grades, Outcome

_HEAD = ("", "score", "met", "of", "major", "minor", "rubric")


def as_json(grades: Grades, how: Mapping[str, Any]) -> str:
    """Everything, drafts included. Two runs with the same answers differ in ``account`` alone, which stands last."""
    data = {
        "format": FORMAT,
        "what": "write",
        "asked": dict(how),
        "figures": {
            "all": {
                "cases": len(grades.graded),
                "score": rounded(grades.score),
                "rubric": rounded(grades.judged_score),
                "preferences": dict(_preferences(grades)),
            },
            "failed": len(grades.outcomes) - len(grades.graded),
        },
        "cases": [_case(outcome) for outcome in grades.outcomes],
        "account": {
            "cost": grades.cost,
            "seconds": round(sum(outcome.seconds for outcome in grades.outcomes), 3),
        },
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _case(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.case.id,
        "kind": outcome.case.brief.kind,
        "language": outcome.case.brief.language,
        "score": rounded(outcome.score),
        "rubric": rounded(outcome.judged_score),
        "verdicts": [_verdict(verdict) for verdict in outcome.verdicts],
        "judged": [_verdict(verdict) for verdict in outcome.judged],
        "preference": outcome.preference and outcome.preference.value,
        "findings": dict(outcome.findings or {}),
        "rubric_asked": list(outcome.case.rubric),
        "body": outcome.body,
        "error": outcome.error,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"name": verdict.name, "met": verdict.met}


def table(grades: Grades, how: Mapping[str, Any]) -> str:
    """For a terminal of 80 columns."""
    judged = f", judged by {how['judge']}" if how["judge"] else ""
    rows: list[tuple[str, ...]] = [_HEAD, ("all", share(grades.score), "", "", "", "", share(grades.judged_score))]
    rows += [_row(outcome) for outcome in grades.graded]
    lines = [f"{how['model']}: {counted(len(grades.outcomes), 'case')}{judged}", "", *aligned(rows), ""]
    if told := ", ".join(f"{name} {many}" for name, many in _preferences(grades)):
        lines.append(f"Against the references, both orders asked: {told}")
    lines.append(f"Cost: {priced(grades.cost)}; {sum(outcome.seconds for outcome in grades.outcomes):.1f} s")
    missed = [(one, verdict) for one in grades.graded for verdict in (*one.verdicts, *one.judged) if not verdict.met]
    if missed:
        lines += ["", "Not met:", *(f"  {outcome.case.id}: {verdict.name}" for outcome, verdict in missed)]
    failed = [outcome for outcome in grades.outcomes if outcome.error]
    if failed:
        lines += ["", "Failed, and in no figure:", *(f"  {outcome.case.id}: {outcome.error}" for outcome in failed)]
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome) -> tuple[str, ...]:
    findings = outcome.findings or {}
    grave = findings.get("critical", 0) + findings.get("major", 0)
    met = sum(verdict.met for verdict in outcome.verdicts)
    counts = (met, len(outcome.verdicts), grave, findings.get("minor", 0))
    return (f"  {outcome.case.id}", share(outcome.score), *map(str, counts), share(outcome.judged_score))


def _preferences(grades: Grades) -> Iterator[tuple[str, int]]:
    words = {"first": "draft", "second": "reference", "tie": "tie", "swayed by order": "swayed by order"}
    found = Counter(outcome.preference.value for outcome in grades.graded if outcome.preference)
    yield from ((word, found[value]) for value, word in words.items() if found[value])


def compared(
    first: Mapping[str, Any], second: Mapping[str, Any], one: str, other: str, preferred: Mapping[str, str]
) -> str:
    """Two saved runs side by side, and the cases that differ.

    Args:
        preferred: id of a case -> "first", "second" ... as a judge said; empty without a judge.
    """
    figures = (first["figures"], second["figures"])
    rows: list[tuple[str, ...]] = [("", one, other, "change")]
    rows += [side(name, *(run["all"].get(name) for run in figures)) for name in ("cases", "score", "rubric")]
    rows.append(side("failed", *(run.get("failed") for run in figures)))
    before, after = ({case["id"]: case for case in data["cases"]} for data in (first, second))
    lines = [*aligned(rows), *alone(before, after)]
    both = [name for name in before if name in after]
    changed = [(name, told) for name in both if (told := _change(before[name], after[name]))]
    lines += ["", "Cases that differ:" if changed else "No case differs."]
    lines += [f"  {name}: {told}" for name, told in changed]
    if preferred:
        names = {"first": one, "second": other}
        said = Counter(names.get(value, value) for value in preferred.values())
        lines += ["", "Preferred, both orders asked: " + ", ".join(f"{name} {many}" for name, many in said.items())]
        lines += [f"  {name}: {names.get(value, value)}" for name, value in preferred.items()]
    return "\n".join(lines)


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before["error"] or after["error"]:
        return "" if before["error"] == after["error"] else f"{_state(before)} -> {_state(after)}"
    old, new = ({row["name"]: row["met"] for row in (*case["verdicts"], *case["judged"])} for case in (before, after))
    gained = [name for name, met in new.items() if met and old.get(name) is False]
    lost = [name for name, met in new.items() if not met and old.get(name) is True]
    told = [f"score {figure(before['score'])} -> {figure(after['score'])}"] * (before["score"] != after["score"])
    told += [f"now {name}" for name in gained] + [f"no more {name}" for name in lost]
    return "; ".join(told)


def _state(case: Mapping[str, Any]) -> str:
    return "failed" if case["error"] else figure(case["score"])


def draw(grades: Grades, how: Mapping[str, Any], path: Path) -> None:
    """The score of each case as a bar, and the rubric's where a model judged. Overwrites ``path``."""
    from contentkit.commands._chart import bars

    rows = [("all", (grades.score, grades.judged_score))]
    rows += [(one.case.id, (one.score, one.judged_score)) for one in grades.graded]
    names = ("by checks", "by rubric") if how["judge"] else ("by checks",)
    failed = len(grades.outcomes) - len(grades.graded)
    below = counted(len(grades.graded), "case") + (f" · {failed} failed" if failed else "")
    bars(rows, names, f"Drafts of {how['model']}", below, path)
