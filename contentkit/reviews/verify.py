"""Each finding again, in a fresh question that sees only the code it is about."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker
from contentkit.code.chunks import Chunk
from contentkit.code.facts import around, claim, facts
from contentkit.core.report import Finding, Severity

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt

EXPECTED = 300


async def verify(
    asker: Asker,
    prompt: Prompt,
    finding: Finding,
    chunk: Chunk,
    *,
    language: str = "en",
    instructions: str = "",
    gate: asyncio.Semaphore | None = None,
) -> Finding | None:
    """The finding after a second look: verified, perhaps corrected; None when it was refuted.

    The question holds the finding's hunk with its context and the claim; no title, message or description of the
    change, and not the severity that was claimed.

    Raises:
        BudgetError, ProviderError: there is no answer.
        CancelledError: stopped by the user.
        UsageError: the prompt file is wrong.
    """
    fields = {**facts(around(chunk, finding.place)), **claim(chunk, finding)}
    fields |= {"instructions": instructions, "language": language, "lens": finding.rule.partition("/")[0]}
    request = asker.request(prompt, fields, {"chunk": chunk, "finding": finding})
    reply = await asker.whole(request, expected=EXPECTED, gate=gate)
    return judged(finding, reply.data)


def judged(finding: Finding, answer: dict[str, Any]) -> Finding | None:
    """The finding by the verdict. Its severity may fall as low as the second look says, and rise by one step."""
    if answer["verdict"] == "drop":
        return None
    seen = Severity(answer["severity"])
    severity = list(Severity)[max(seen.rank, finding.severity.rank - 1)]
    finding = replace(finding, severity=severity, verified=True)
    if answer["verdict"] == "revise":
        message, scenario = answer["message"].strip(), answer["scenario"].strip()
        finding = replace(finding, message=message or finding.message, scenario=scenario or finding.scenario)
    return finding
