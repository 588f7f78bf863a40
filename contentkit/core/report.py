"""What both products hand back: a body, findings with places, usage, and what was not looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contentkit.core.chat import Finish, Usage
from contentkit.core.disclosure import Disclosure
from contentkit.core.severity import Severity as Severity


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands.

    Attributes:
        path: a file (relative, "/" between folders), or a part of the draft ("posts[0].text").
        line, end_line: 1-based lines of the source; None for the whole path.
        column, end_column: 1-based columns in Unicode code points; the end is exclusive.
        side: "LEFT" for deleted lines of a diff.
        quote: the words at fault; in a review of code the whole lines.
        part: which text of the file it is, where a file holds several ("posts[0].text"); "" for the file itself.
        context: the lines of the text in which the quote stands, whole; "" where they are not kept.
    """

    path: str
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None
    side: Literal["LEFT", "RIGHT"] = "RIGHT"
    quote: str = ""
    part: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines ``line`` to ``end_line`` of a file (1-based, both included) become ``text``.

    ``end_line`` is ``line - 1`` where ``text`` goes in before ``line`` and nothing is replaced. ``text`` is whole
    lines, each with its line feed; "" deletes the lines.
    """

    path: str
    line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where.

    Attributes:
        rule: stable id, ``family/name`` ("limits/x").
        message: one plain sentence.
        place: None for the whole result.
        repair: an instruction a model can follow to mend it; "" when only a person can.
        confidence: 0 to 1; 1 for what was measured.
        verified: None where verification does not apply; False where a second look failed or was not taken, and then
            the finding fails no run.
        scenario: the input or state under which it goes wrong.
        suggestion: words that would be better.
        edits: what would mend it in the files, to be applied all or none.
        fingerprint: the same for the same fault after the code around it has moved; "" where nothing compares runs.
        replacement: what may safely take the place of the words at ``place``, from its line and column to their end;
            "" deletes them. None where nothing can be put in without a look at it.
    """

    rule: str
    message: str
    severity: Severity = Severity.MINOR
    place: Place | None = None
    category: str = ""
    repair: str = ""
    confidence: float = 1.0
    verified: bool | None = None
    scenario: str = ""
    suggestion: str = ""
    edits: tuple[Edit, ...] = ()
    fingerprint: str = ""
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """One unit of the input and what became of it. ``reason`` is empty only for "read"."""

    name: str
    state: Literal["read", "skipped", "failed"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run, the same type for a draft and for a review.

    Attributes:
        kind: the content kind, or "review".
        body: Markdown for a person to read.
        fields: the structured answer by the kind's schema; {} for free text.
        findings: sorted by severity, then by place.
        coverage: every input named, also those that were not read.
        model: ``provider:name`` that was asked.
        answered_by: the model's name as the vendor gave it, or "".
        finish: why the answer ended.
        cost: US dollars, or None when the price is unknown.
        cost_estimated: the cost is ours (tokens x catalogue price), not the vendor's.
        sources: origins of the material.
        sent_to: host that the text was sent to, or "" when it stayed on this machine.
        created: ISO 8601 time, UTC.
        prompt: name@version of the prompt file.
        digests: origin of each source -> mark of its text as it was read, to know it again (``digest``).
        parent: id of the run that this one continues; "" for none.
        series, variant: what the variants of one call share, and this one's number, from 1; "" and 0 for one alone.
        disclosure: what is told of how the text was made.
        given: what the user gave for the inputs of the kind, by name; without the sample of a voice.
        manner: the files that said how to write (``style``, ``profile``, ``voice``), each with ``path`` and ``digest``.
    """

    kind: str
    body: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Covered, ...] = ()
    notices: tuple[str, ...] = ()
    usage: Usage | None = None
    cost: float | None = None
    cost_estimated: bool = True
    model: str = ""
    answered_by: str = ""
    sent_to: str = ""
    finish: Finish = Finish.STOP
    language: str = ""
    topic: str = ""
    sources: tuple[str, ...] = ()
    prompt: str = ""
    created: str = ""
    seconds: float = 0.0
    id: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    series: str = ""
    variant: int = 0
    disclosure: Disclosure = Disclosure()
    given: Mapping[str, Any] = field(default_factory=dict)
    manner: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def incomplete(self) -> bool:
        """Something was not read, or the answer did not come to its end."""
        return self.finish is not Finish.STOP or any(unit.state == "failed" for unit in self.coverage)

    def exit_code(self, fail_on: Severity = Severity.MAJOR) -> int:
        """0 fit, 1 findings at or over ``fail_on``, 3 incomplete, 15 refused or filtered, 130 cancelled.

        What is broken is broken, however much was not looked at: 1 goes before an input that was not read.
        """
        if self.finish is Finish.CANCELLED:
            return 130
        if self.finish in (Finish.REFUSAL, Finish.FILTERED):
            return 15
        if self.finish is not Finish.STOP:
            return 3
        if any(finding.severity.rank <= fail_on.rank and finding.verified is not False for finding in self.findings):
            return 1
        return 3 if self.incomplete else 0


def digest(text: str) -> str:
    """A short mark by which a text is known again; another text has another one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
