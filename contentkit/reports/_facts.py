"""What every format tells besides the text: who answered, what left this machine, what it cost, what was not read."""

from __future__ import annotations

from typing import NamedTuple

from contentkit.core.chat import Finish, Usage
from contentkit.core.report import Covered, Finding, Place, Report
from contentkit.reports._verdict import hidden, not_reviewed, placed
from contentkit.reports._wording import judges, wording

ENDINGS = {
    Finish.LENGTH: "the answer was cut off at its length limit",
    Finish.REFUSAL: "the model refused",
    Finish.FILTERED: "the vendor's filter stopped the answer",
    Finish.CANCELLED: "stopped before the end; this is what had come",
    Finish.ERROR: "the answer broke off",
}


class Fact(NamedTuple):
    """A line of the account: its label and what it says."""

    label: str
    value: str


OF_ONE_RUN = ("tokens", "cost", "time", "created", "id")
"""Labels of what differs when the same is asked again. A review leaves them to standard error and to formats that
are no record to compare (markdown, html, json), so that a replay prints the same bytes."""


def facts(report: Report) -> list[Fact]:
    """The account of a run, the weightiest first; what is empty is left out."""
    reviewed = judges(report)
    lines = [
        Fact("incomplete", ENDINGS.get(report.finish, "")),
        *(Fact(f"not {wording(report).done}", words) for words in (not_reviewed(report) if reviewed else [])),
        Fact("hidden", hidden(report)),
        Fact("places", placed(report)),
        *(_looked(report) if reviewed else []),
        Fact("model", model(report)),
        Fact("sent to", report.sent_to or f"nowhere; the {wording(report).subject} stayed on this machine"),
        Fact("tokens", tokens(report.usage) if report.usage else ""),
        Fact("cost", cost(report)),
        Fact("time", f"{report.seconds:.1f} s" if report.seconds else ""),
        *(Fact("not read", not_read(unit)) for unit in report.coverage if unit.state != "read" and not reviewed),
        *(Fact("source", source) for source in report.sources),
        *(Fact("note", notice) for notice in report.notices),
        Fact("prompt", report.prompt),
        Fact("created", report.created),
        Fact("id", report.id),
    ]
    return [line for line in lines if line.value]


def _looked(report: Report) -> list[Fact]:
    """Who looked: analyzers and lenses, or checks, by name."""
    names = {key: report.fields.get(key) for key in ("analyzers", "lenses", "checks")}
    return [Fact(key, ", ".join(map(str, given))) for key, given in names.items() if isinstance(given, list | tuple)]


def account(report: Report) -> list[str]:
    """The same in a few lines, for the end of a run: one of figures, then what was not read and what else to know."""
    figures = [
        _answered(report),
        f"sent to {report.sent_to}" if report.sent_to else f"the {wording(report).subject} stayed on this machine",
        f"tokens {tokens(report.usage)}" if report.usage else "",
        cost(report) if report.sent_to or report.cost else "",
        f"{report.seconds:.1f} s" if report.seconds else "",
        f"id {report.id}" if report.id else "",
    ]
    labels = ("incomplete", "not read", f"not {wording(report).done}", "note")
    rest = [line for line in facts(report) if line.label in labels]
    return ["; ".join(filter(None, figures)), *(f"{line.label}: {line.value}" for line in rest)]


def _answered(report: Report) -> str:
    """Who answered, where no label stands before it."""
    if not judges(report):
        return "offline draft" if _offline(report) else model(report)
    return wording(report).alone if not report.model or _offline(report) else model(report)


def _offline(report: Report) -> bool:
    return report.model.partition(":")[0] == "offline"


def model(report: Report) -> str:
    """Who answered. A dated name of the vendor's stands beside the one that was asked."""
    if judges(report) and (not report.model or _offline(report)):
        return f"none; {wording(report).alone}"
    if _offline(report):
        return "none; an offline draft, arranged from the sources"
    asked = report.model or "unknown"
    name = asked.partition(":")[2]
    return f"{asked} (answered by {report.answered_by})" if report.answered_by not in ("", name) else asked


def tokens(usage: Usage) -> str:
    """Tokens read and written; ours are called estimates."""
    read = f"{usage.input_tokens:,} in"
    if usage.cached_tokens:
        read += f" ({usage.cached_tokens:,} of them cached)"
    written = f"{usage.output_tokens:,} out"
    if usage.reasoning_tokens:
        written += f" ({usage.reasoning_tokens:,} of them thinking)"
    return f"{read}, {written}" + (", estimated" if usage.estimated else "")


def cost(report: Report) -> str:
    """The price in words; an unknown one is never shown as nothing. "" where nobody was asked."""
    if not report.sent_to and not report.cost:
        return "" if judges(report) and not report.model else "nothing; it ran on this machine"
    if report.cost is None:
        return "price unknown"
    if not report.cost and report.usage is None and judges(report):
        return "no cost, since no new answer came"
    if 0 < report.cost < 0.0001:
        return "less than $0.0001" + (", estimated" if report.cost_estimated else "")
    dollars = f"${report.cost:.4f}" if report.cost < 1 else f"${report.cost:,.2f}"
    return f"about {dollars}, estimated" if report.cost_estimated else f"{dollars}, by the vendor's account"


def not_read(unit: Covered) -> str:
    """An input that is not in the result, and why."""
    reason = unit.reason or ("it failed" if unit.state == "failed" else "it was left out")
    return f"{unit.name}: {reason}"


def where(place: Place | None) -> str:
    """``path:line:column``, or "" for the whole result."""
    if place is None:
        return ""
    parts = [place.path]
    if place.line is not None:
        parts.append(str(place.line))
        if place.column is not None:
            parts.append(str(place.column))
    return ":".join(parts)


def heading(findings: tuple[Finding, ...]) -> str:
    """How many findings, in words."""
    return "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
