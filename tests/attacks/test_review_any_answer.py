"""Whatever a model answers, a review stays within the change and tells of every part of it what became of it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from changes import Made, changed, touches
from fakes import Answer, FakeProvider
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentkit.code.anchors import Shown
from contentkit.code.chunks import Chunk
from contentkit.code.edits import applied
from contentkit.commands._deliver import render
from contentkit.core.change import FileChange, text_lines
from contentkit.core.chat import Done, Finish, Request, TextDelta
from contentkit.core.errors import OverloadedError
from contentkit.core.report import Finding, Report, Severity
from contentkit.kit.config.review import ReviewSettings
from contentkit.kit.kit import Kit
from contentkit.reports.json import to_dict
from contentkit.review import ReviewOptions, review

LINES = [
    "a = 1",
    "b = a + 1",
    "    return b[1]",
    "def f(x):",
    "}",
    "",
    "x",
    "\tif a:",
    "日本語 = 'だめ'",
    "a = 1\r",
    "# \u202e",
]
ANYTHING = ["", "+1#abc", "-1#abc", "1", "0", "+0#000", "+1000000000000#fff", "b.py:1", "x", "\ud800\x00\x1b[2J", "}"]
FORMS = ("text", "markdown", "json", "sarif", "github", "gitlab", "rdjson", "checkstyle", "junit", "html")

FAILURES: tuple[Answer, ...] = (
    "no",
    "{}",
    "[1",
    OverloadedError("busy.", vendor="fake"),
    [TextDelta('{"summary'), Done(Finish.LENGTH)],
    [TextDelta("no"), Done(Finish.REFUSAL)],
)

texts = st.lists(st.sampled_from(LINES), max_size=25).map(lambda lines: "".join(f"{line}\n" for line in lines))


@st.composite
def files(draw: st.DrawFn) -> list[FileChange]:
    made = []
    for path in ("a.txt", "b.py", "c d.txt"):
        before = draw(texts)
        lines = text_lines(before)
        at = draw(st.integers(0, len(lines)))
        after = "".join(f"{line}\n" for line in [*lines[:at], *draw(st.lists(st.sampled_from(LINES), max_size=4)),
                                                 *lines[at + draw(st.integers(0, 3)) :]])  # fmt: skip
        if before != after:
            made.append(changed(path, before or None, after or None))
    return made


class Change(Made):
    """The files as an open change."""

    def file(self, path: str) -> FileChange:
        return next(file for file in self.files if file.path == path)


class Wild:
    """Answers at random: marks and quotes of lines that were shown, at this question or at another, and any."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.seen: list[Shown] = []

    def answer(self, request: Request) -> Answer:
        if self.rng.random() < 0.1:
            return self.rng.choice(FAILURES)
        if request.fields["kind"] == "summary":
            return "It does a thing."
        chunk: Chunk = request.fields["chunk"]
        self.seen += chunk.shown
        if request.fields["kind"] == "verify":
            return self.verdict()
        many = range(self.rng.randrange(5))
        if request.fields["kind"] == "suggest":
            return json.dumps({"plan": "", "edits": [self.edit(chunk) for _ in many[:2]]})
        return json.dumps({"summary": self.any(), "findings": [self.finding(chunk) for _ in many]})

    def any(self) -> str:
        return self.rng.choice([*ANYTHING, *(line.text for line in self.seen[-20:])])

    def marks(self, chunk: Chunk) -> tuple[str, str, str]:
        """Two marks, and the code of the first; most are of this part and go together."""
        near = list(chunk.shown) if self.rng.random() < 0.8 else self.seen
        at = self.rng.randrange(len(near))
        end = min(len(near) - 1, max(0, at + self.rng.choice([0, 0, 0, 1, 3, -1, 9])))
        first, last, quote = near[at].mark, near[end].mark, near[at].text
        return tuple(self.any() if self.rng.random() < 0.15 else word for word in (first, last, quote))  # type: ignore[return-value]

    def edit(self, chunk: Chunk) -> dict[str, str]:
        first, last, _ = self.marks(chunk)
        return {"anchor": first[:40], "end_anchor": last[:40], "replacement": self.any()}

    def finding(self, chunk: Chunk) -> dict[str, object]:
        first, last, quote = self.marks(chunk)
        sure = self.rng.choice([0.5, 1, -3, 1e300, 10**30])
        place = {"anchor": first[:40], "end_anchor": last[:40], "quote": quote}
        words = {"message": self.any(), "scenario": "", "category": self.any()}
        return {**place, **words, "severity": self.rng.choice(["critical", "high", "?"]), "confidence": sure}

    def verdict(self) -> str:
        severity, word = self.rng.choice(list(Severity)), self.rng.choice(["keep", "drop", "revise"])
        return json.dumps({"reason": "", "verdict": word, "severity": severity, "scenario": "", "message": self.any()})


def inside(finding: Finding, change: Change) -> None:
    """The place is one that the change touches, the code shown is that of the file, and the fix fits."""
    place = finding.place
    assert place is not None
    assert place.path in change.paths()
    file = change.file(place.path)
    if place.line is not None:
        last = place.end_line or place.line
        assert touches(file, place.side, place.line, last)
        text = file.old_text if place.side == "LEFT" else file.new_text
        assert text is not None
        assert last <= len(text_lines(text))
        real = [line.rstrip("\r") for line in text_lines(text)[place.line - 1 : last][:8]]
        assert place.quote == "\n".join(real)
    if finding.edits:
        assert {edit.path for edit in finding.edits} == {place.path}
        assert applied(file.new_text or "", finding.edits) != file.new_text


def exact(report: Report, units: Iterable[str]) -> None:
    """Every part of the change once, and an exit code that tells of those that failed."""
    assert [unit.name for unit in report.coverage] == list(units)
    failed = any(unit.state == "failed" for unit in report.coverage)
    counts = any(f.severity.rank <= 1 and f.verified is not False for f in report.findings)
    assert report.exit_code() == (1 if counts else 3 if failed else 0)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(files(), st.sampled_from([1, 2]), st.sampled_from([60, 6000]), st.integers(0, 2**32))
def test_no_answer_leads_out_of_the_change_or_loses_a_part(
    made: list[FileChange], samples: int, size: int, seed: int
) -> None:
    change = Change(*made)
    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider(Wild(random.Random(seed)).answer)
    quiet = {name: {"enabled": False} for name in ("ruff", "untested")}
    wanted: dict[str, Any] = {"samples": samples, "chunk_tokens": size, "lenses": ("bugs",), "analyzers": quiet}
    kit.config = replace(kit.config, review=ReviewSettings(model="fake:one", cache=False, **wanted))
    report = asyncio.run(review(kit, change, ReviewOptions(suggest=True)))
    exact(report, (unit for file in made for unit in file.units))
    for finding in report.findings:
        if finding.verified is not None:
            inside(finding, change)
    assert json.loads(json.dumps(to_dict(report)))
    for form in FORMS:
        render([report], form)
