"""An evaluation as a table, as JSON, and beside another one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.money import priced
from contentkit.core.plural import counted
from contentkit.core.report import Finding
from contentkit.core.scores import Figures
from contentkit.evaluate import Evaluation, Outcome

FORMAT = 1
"""Of the JSON; rises when a key changes its meaning."""

_HEAD = ("", "cases", "defects", "found", "findings", "precision", "recall", "F1")


def asked(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, as far as it changes figures."""
    return {
        "model": typed["model"],
        "lenses": list(typed["lenses"]),
        "samples": typed["samples"],
        "verify": not typed["no_verify"],
        "tolerance": typed["tolerance"],
        "min_severity": typed["min_severity"],
    }


def as_json(evaluation: Evaluation, how: Mapping[str, Any]) -> str:
    """Everything. Two runs with the same answers differ in ``account`` alone, which stands last."""
    data = {
        "format": FORMAT,
        "what": "review",
        "asked": dict(how),
        "figures": {
            "all": _figures(evaluation.total),
            "by_kind": {name: _figures(row) for name, row in evaluation.by(lambda case: case.kind).items()},
            "by_language": {name: _figures(row) for name, row in evaluation.by(lambda case: case.language).items()},
            "by_source": {name: _hits(row) for name, row in evaluation.by_rule(source_of).items()},
            "by_rule": {name: _hits(row) for name, row in evaluation.by_rule().items()},
            "false_alarms_per_clean": rounded(evaluation.alarms_per_clean),
            "unverified": evaluation.unverified,
            "found_unverified_only": evaluation.nearly,
            "failed": len(evaluation.failed),
        },
        "cases": [_case(outcome) for outcome in evaluation.outcomes],
        "account": {
            "cost": evaluation.cost,
            **_tokens(evaluation.usage),
            "seconds": round(sum(outcome.seconds for outcome in evaluation.outcomes), 3),
            "cases": {
                outcome.case.id: {"cost": outcome.cost, **_tokens(outcome.usage), "seconds": outcome.seconds}
                for outcome in evaluation.outcomes
            },
        },
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def source_of(rule: str) -> str:
    """The lens or analyzer that a rule is of."""
    return rule.partition("/")[0]


def table(evaluation: Evaluation, how: Mapping[str, Any]) -> str:
    """For a terminal of 80 columns."""
    lines = [
        f"{how['model']}: {counted(len(evaluation.outcomes), 'case')}, tolerance {counted(how['tolerance'], 'line')}",
        "",
    ]
    rows = [_HEAD, _row("all", evaluation.total)]
    for by in (lambda case: case.kind, lambda case: case.language):
        rows += [_row(f"  {name or '(not said)'}", row) for name, row in evaluation.by(by).items()]
    lines += aligned(rows)
    sources = evaluation.by_rule(source_of)
    if sources:
        told: list[tuple[str, ...]] = [("by lens and analyzer", "findings", "hits", "precision")]
        told += [(f"  {name}", *map(str, (row.findings, row.matched)), share(row.precision))
                 for name, row in sources.items()]  # fmt: skip
        lines += ["", *aligned(told)]
    lines += ["", *_said(evaluation)]
    misses = [f"  {outcome.case.id}: {_missed(outcome)}" for outcome in evaluation.judged if _missed(outcome)]
    if misses:
        lines += ["", "Cases with misses or false alarms:", *misses]
    if evaluation.failed:
        lines += ["", "Failed, and in no figure:"]
        lines += [f"  {outcome.case.id}: {outcome.error}" for outcome in evaluation.failed]
    return "\n".join(lines) + "\n"


def _said(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.alarms_per_clean is not None:
        yield f"False alarms per clean diff: {evaluation.alarms_per_clean:.2f}"
    if evaluation.unverified:
        yield f"Unverified, in no figure: {evaluation.unverified} (they point at {evaluation.nearly} more defects)"
    if unread := [outcome for outcome in evaluation.judged if outcome.unread]:
        yield f"Not looked at whole: {', '.join(outcome.case.id for outcome in unread)}"
    usage, seconds = evaluation.usage, sum(outcome.seconds for outcome in evaluation.outcomes)
    tokens = f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    yield f"Cost: {priced(evaluation.cost)}; {tokens}; {seconds:.1f} s"


def _missed(outcome: Outcome) -> str:
    missed, alarms = len(outcome.case.defects) - len(outcome.matches), len(outcome.false_alarms)
    parts = [f"{missed} of {len(outcome.case.defects)} missed"] if missed else []
    return ", ".join([*parts, *([counted(alarms, "false alarm")] if alarms else [])])


def _row(name: str, row: Figures) -> tuple[str, ...]:
    counts = (str(number) for number in (row.cases, row.defects, row.matched, row.findings))
    return (name, *counts, share(row.precision), share(row.recall), share(row.f1))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            text.ljust(width) if not column else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def share(value: float | None) -> str:
    """A share with three digits; "-" for none."""
    return "-" if value is None else f"{value:.3f}"


def rounded(value: float | None) -> float | None:
    """A figure as JSON keeps it."""
    return None if value is None else round(value, 4)


def _figures(row: Figures) -> dict[str, Any]:
    return {
        "cases": row.cases,
        "defects": row.defects,
        **_hits(row),
        "recall": rounded(row.recall),
        "f1": rounded(row.f1),
    }


def _hits(row: Figures) -> dict[str, Any]:
    return {
        "findings": row.findings,
        "matched": row.matched,
        "false_alarms": row.false_alarms,
        "precision": rounded(row.precision),
    }


def _tokens(usage: Any) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
    }


def _case(outcome: Outcome) -> dict[str, Any]:
    hits = {match.finding: match.defect for match in outcome.matches}
    nearly = {match.finding: match.defect for match in outcome.nearly}
    found, near = set(hits.values()), set(nearly.values())
    return {
        "id": outcome.case.id,
        "kind": outcome.case.kind,
        "language": outcome.case.language,
        "defects": [
            {**asdict(defect), "found": number in found, "found_unverified": number in near}
            for number, defect in enumerate(outcome.case.defects)
        ],
        "findings": [_finding(finding, hits.get(number)) for number, finding in enumerate(outcome.findings)],
        "unverified": [_finding(finding, nearly.get(number)) for number, finding in enumerate(outcome.unverified)],
        "unread": list(outcome.unread),
        "error": outcome.error,
    }


def _finding(finding: Finding, defect: int | None) -> dict[str, Any]:
    place = finding.place
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": place.path if place else "",
        "line": place.line if place else None,
        "end_line": place.end_line if place else None,
        "side": place.side if place else "RIGHT",
        "message": finding.message,
        "defect": defect,
    }


def load(path: Path) -> dict[str, Any]:
    """An evaluation that was saved as JSON.

    Raises:
        UsageError: the file is none.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        data.setdefault("what", "review")
        if data["format"] != FORMAT or not isinstance(data["cases"], list) or not data["figures"]["all"]:
            raise ValueError("another format")
        return dict(data)
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror}).", hint="Check the path.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is no saved evaluation ({error}).", hint="Make one: contentkit evaluate review DIR -o FILE.json"
        ) from None


def compared(first: Mapping[str, Any], second: Mapping[str, Any], one: str, other: str) -> str:
    """Two saved evaluations side by side, and the cases whose outcome differs."""
    rows: list[tuple[str, ...]] = [("", one, other, "change")]
    for name in ("cases", "defects", "matched", "findings", "precision", "recall", "f1"):
        rows.append(side(name, first["figures"]["all"].get(name), second["figures"]["all"].get(name)))
    alarms = "false_alarms_per_clean"
    rows.append(side("false alarms per clean", first["figures"].get(alarms), second["figures"].get(alarms)))
    rows.append(side("failed", first["figures"].get("failed"), second["figures"].get("failed")))
    before, after = ({case["id"]: _told(case) for case in data["cases"]} for data in (first, second))
    lines = [*aligned(rows), *alone(before, after)]
    changed = [name for name in sorted(set(before) & set(after)) if before[name] != after[name]]
    lines += ["", "Cases that differ:" if changed else "No case differs."]
    lines += [f"  {name}: {before[name]} -> {after[name]}" for name in changed]
    return "\n".join(lines)


def alone(before: Collection[str], after: Collection[str]) -> list[str]:
    """The cases that only one of two runs has, in a line; no line where both have the same."""
    only = sorted({*before} ^ {*after})
    return ["", f"In one of them only: {', '.join(only)}"] if only else []


def side(name: str, before: float | None, after: float | None) -> tuple[str, ...]:
    """A row of two runs: a figure of each, and by how much it changed."""
    known = before is not None and after is not None
    difference = after - before if before is not None and after is not None else 0
    return name, figure(before), figure(after), (f"{difference:+.3g}" if known and difference else "")


def figure(value: float | None) -> str:
    """A count, or a figure with three digits; "-" for none."""
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def _told(case: Mapping[str, Any]) -> str:
    if case["error"]:
        return "failed"
    found = sum(bool(defect["found"]) for defect in case["defects"])
    alarms = sum(finding["defect"] is None for finding in case["findings"])
    return f"{found} of {len(case['defects'])} found, {counted(alarms, 'false alarm')}"


def draw(evaluation: Evaluation, how: Mapping[str, Any], path: Path) -> None:
    """The figures as bars. Overwrites ``path``."""
    from contentkit.commands import _chart

    _chart.draw(evaluation, how, path)
