"""A change -> findings of a model: every part is examined by every lens, every finding is looked at again.

All of it stays within the bounds of time and money. What no model saw, and why, is told unit by unit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contentkit.core.chat import Finish, Notice
from contentkit.core.report import Covered, Finding
from contentkit.reviews.run import WAITING, Bench, Run


@dataclass(slots=True)
class Verdict:
    """What the model found, and what it saw.

    Attributes:
        covered: one for each unit that was to be reviewed.
        summary: what the change does, as Markdown; "" where no answer told it.
        dropped, demoted, relocated: anchors that named nothing, only the file, or another line than meant.
        rejected: findings that the second look did not keep.
        finish: CANCELLED when the user stopped it.
    """

    findings: list[Finding] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    summary: str = ""
    dropped: int = 0
    demoted: int = 0
    relocated: int = 0
    rejected: int = 0
    finish: Finish = Finish.STOP


async def judge(bench: Bench, units: Mapping[str, Sequence[str]], told: Mapping[str, Sequence[Finding]]) -> Verdict:
    """Have files reviewed. Never raises for what a model or the clock does: the verdict tells it.

    Args:
        units: path -> what of it is to be reviewed, as the ledger names it.
        told: path -> what analyzers found there.
    """
    run = Run(bench, told)
    verdict = Verdict()
    late = ""
    try:
        async with asyncio.timeout(bench.settings.timeout):
            await run.prepare()
            await run.all(list(units))
            verdict.summary = await run.summary()
    except TimeoutError:
        late = f"no time was left after {bench.settings.timeout:g} s"
        bench.asker.listen(Notice(late))
    except asyncio.CancelledError:
        verdict.finish = Finish.CANCELLED
        late = "stopped before it was reviewed"
    verdict.summary = verdict.summary or run.files_summed_up()
    _settle(run, units, verdict, late)
    return verdict


def _settle(run: Run, units: Mapping[str, Sequence[str]], verdict: Verdict, late: str) -> None:
    """Everything that the parts brought, in the order of the change, whatever order they came in."""
    seen: set[str] = set()
    failed: dict[str, str] = {}
    for part in run.parts:
        verdict.findings += part.findings.values()
        verdict.rejected += part.rejected
        if part.examined:
            verdict.dropped += part.examined.dropped
            verdict.demoted += part.examined.demoted
            verdict.relocated += part.examined.relocated
        seen.update(part.chunk_units)
        failed |= dict(part.gaps(late))
    pardoned = bool(late) and verdict.finish is Finish.STOP and run.bench.settings.on_timeout == "pass"
    for unit in (unit for of_file in units.values() for unit in of_file):
        why = failed.get(unit, "") if unit in seen else late or WAITING
        if why:
            verdict.covered.append(Covered(unit, "skipped" if pardoned and why == late else "failed", why))
        else:
            verdict.covered.append(Covered(unit, "read"))
