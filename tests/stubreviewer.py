"""A reviewer that knows the answers of a case: it reads the chunk it is asked about and points at the known defects.

What it does wrong, where it does, is how models go wrong: numbers a few lines off, marks of other lines, answers that
are no JSON, places that are nowhere.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Literal

from contentkit.code.anchors import Shown
from contentkit.code.chunks import Chunk
from contentkit.core.chat import Done, Event, Finish, Request, TextDelta, Usage
from contentkit.core.model import Endpoint
from contentkit.core.scores import Defect

Way = Literal["right", "own hash", "other mark", "bare other mark", "malformed", "invented", "twice"]
SHIFT = 3


class StubReviewer:
    """A provider for ``kit.providers``.

    Args:
        defects: by path; the case's own are set before each review with ``know``.
        way: how it answers.

    Attributes:
        meant: message of a finding -> the line that it means.
        requests: every request that came.
        usage: what it says that each answer took.
    """

    def __init__(self, way: Way = "right", *, lens: str = "bugs", name: str = "fake") -> None:
        self.endpoint = Endpoint(name, name, "", local=True)
        self.way, self.lens = way, lens
        self.defects: Sequence[Defect] = ()
        self.meant: dict[str, Shown] = {}
        self.requests: list[Request] = []
        self.usage = Usage(100, 20)

    def know(self, defects: Sequence[Defect]) -> None:
        self.defects = (*self.defects, *defects)

    def takes_schema(self, request: Request) -> bool:
        return True

    async def models(self) -> list[str]:
        return ["one"]

    async def aclose(self) -> None:
        """Nothing is open."""

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        await asyncio.sleep(0)
        yield TextDelta(self.answer(request.fields))
        yield self.usage
        yield Done(Finish.STOP, "fake-1")

    def answer(self, fields: Mapping[str, Any]) -> str:
        """JSON for a lens; "keep" for the second look."""
        if "finding" in fields:
            return json.dumps(
                {"reason": "It is so.", "verdict": "keep", "severity": "major", "scenario": "", "message": ""}
            )
        chunk: Chunk = fields["chunk"]
        if fields["lens"] != self.lens:
            return json.dumps({"summary": "", "findings": []})
        if self.way == "malformed":
            return '{"summary": "cut", "findings": [{"anchor": "+1#'
        if self.way == "invented":
            return json.dumps({"summary": "", "findings": [_finding("+999999#zzz", "nothing like this", "invented")]})
        findings = []
        for defect in self.defects:
            if (at := meant(chunk, defect)) is not None:
                message = f"{defect.path}:{defect.start_line}: {defect.description}"
                self.meant[message] = chunk.shown[at]
                findings.append(self._told(chunk, at, message))
        return json.dumps({"summary": "A change.", "findings": findings * (2 if self.way == "twice" else 1)})

    def _told(self, chunk: Chunk, at: int, message: str) -> dict[str, Any]:
        line = chunk.shown[at]
        mark, quote = line.mark, line.text
        if self.way == "own hash":
            mark = f"{line.mark[0]}{line.line.number + SHIFT}{line.mark[line.mark.index('#') :]}"
        elif self.way in ("other mark", "bare other mark"):
            mark = chunk.shown[min(at + SHIFT, len(chunk.shown) - 1)].mark
        return _finding(mark, "" if self.way == "bare other mark" else quote, message)


def _finding(anchor: str, quote: str, message: str) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "end_anchor": "",
        "quote": quote,
        "message": message,
        "scenario": "always",
        "severity": "major",
        "category": "bug",
        "confidence": 0.9,
    }


def meant(chunk: Chunk, defect: Defect) -> int | None:
    """Index of the shown line that the defect is at: an added one, or a deleted one nearest to where it was."""
    if chunk.file.path != defect.path:
        return None
    kind = "-" if defect.anchor == "deleted" else "+"
    last = max(defect.start_line, defect.end_line)
    near: list[tuple[int, int]] = []
    new = chunk.hunks[0].new_start if chunk.hunks else 1
    for at, shown in enumerate(chunk.shown):
        new = shown.line.new if shown.line.new is not None else new
        away = max(0, defect.start_line - new, new - last)
        if shown.line.kind == kind and (away == 0 if kind == "+" else away <= 3):
            near.append((away, at))
    return min(near)[1] if near else None
