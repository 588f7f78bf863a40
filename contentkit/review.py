"""Change -> Report: analyzers, then lenses where a model is wanted; merged, ranked, compared with what was known."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.chat import Event, Finish, Notice, Options, Usage
from contentkit.core.report import Covered, Finding, Report, Severity
from contentkit.core.secrets import mask
from contentkit.models.engine import Listen, Target
from contentkit.models.replay import REPLAYED
from contentkit.reviews.analyse import Analysis, analyse
from contentkit.reviews.compare import Known, known_before, repository
from contentkit.reviews.instruct import rules
from contentkit.reviews.quote import quoted, shown
from contentkit.reviews.rank import ranked

if TYPE_CHECKING:
    from contentkit.core.change import Change
    from contentkit.kit.config.review import ReviewSettings
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt
    from contentkit.reviews.judge import Verdict
    from contentkit.reviews.run import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions:
    """What one run asks for, over the configuration's ``[review]``; None and "" leave that as it is.

    Attributes:
        model: ``provider:name``; "offline" asks none.
        suggest: ask for a fix of every finding that held.
        cache: answer from the replay cache, and keep answers there.
        max_cost: US dollars by estimate; what would cost more is not reviewed and counts as failed.
        baseline: a JSON report; what stands in it is not shown again.
        since_last: the same with the last review of this repository in the history.
        sarif: files with findings of other tools.
        options: sampling wishes (temperature, seed, max_tokens).
    """

    model: str = ""
    lenses: tuple[str, ...] = ()
    fail_on: Severity | None = None
    samples: int | None = None
    verify: bool | None = None
    suggest: bool = False
    summary: bool | None = None
    cache: bool | None = None
    concurrency: int | None = None
    timeout: float | None = None
    on_timeout: str = ""
    suppressions: str = ""
    max_cost: float | None = None
    baseline: Path | None = None
    since_last: bool = False
    sarif: tuple[Path, ...] = ()
    options: Options = field(default_factory=Options)

    def over(self, settings: ReviewSettings) -> ReviewSettings:
        """The settings with what this run says of them."""
        said: dict[str, Any] = {
            "model": self.model,
            "lenses": self.lenses,
            "fail_on": self.fail_on and self.fail_on.value,
            "samples": self.samples,
            "verify": self.verify,
            "concurrency": self.concurrency,
            "timeout": self.timeout,
            "on_timeout": self.on_timeout,
            "suppressions": self.suppressions,
            "cache": self.cache,
            "summary": self.summary,
        }
        return replace(settings, **{name: value for name, value in said.items() if value not in (None, "", ())})


async def review(kit: Kit, change: Change, options: ReviewOptions | None = None, *, listen: Listen = silent) -> Report:
    """Review ``change``.

    Without a model (none asked for by name, none configured) analyzers look alone. What a model could not review is in
    the report's coverage as failed; analyzers' findings are there all the same.

    Args:
        listen: hears notices and the events of every question.

    Returns:
        A report of kind "review". It is in the history, unless the kit keeps none.

    Raises:
        UsageError: a setting, a lens, a baseline or the model's name is wrong.
    """
    options = options or ReviewOptions()
    settings = options.over(kit.config.review)
    started = time.monotonic()
    listen = _discreet(listen)
    for notice in (*kit.config.notices, *change.notices):
        listen(Notice(notice))
    known = known_before(kit.history, change, options.baseline, since_last=options.since_last)
    target = target_of(kit, settings, options)
    bench = bench_of(kit, change, settings, options, target, listen) if target else None
    analysis, stopped = await _analysed(change, settings, options.sarif)
    verdict = await _judged(bench, analysis) if bench and analysis.reviewed and not stopped else None
    report = _report(kit, change, settings, analysis, verdict, bench, known, stopped)
    report = replace(shown(report), seconds=round(time.monotonic() - started, 3))
    if bench and kit.cache and kit.cache.problem:
        listen(Notice(kit.cache.problem))
    return kit.history.keep(report) if kit.history else report


async def _analysed(change: Change, settings: ReviewSettings, sarif: Sequence[Path]) -> tuple[Analysis, bool]:
    """What analyzers find, and whether the user stopped them: then what they had found until then."""
    stop = threading.Event()
    looking = asyncio.ensure_future(asyncio.to_thread(analyse, change, settings, sarif=sarif, stopped=stop.is_set))
    try:
        return await asyncio.shield(looking), False
    except asyncio.CancelledError:
        stop.set()
        return await looking, True


def target_of(kit: Kit, settings: ReviewSettings, options: ReviewOptions) -> Target | None:
    """The model that reviews. Only one that was named: code is not sent to whoever's key is at hand."""
    name = settings.model or kit.config.model
    if not name or name.partition(":")[0] == "offline":
        if options.lenses:  # a slip in a name is told without a model too
            from contentkit.reviews.examine import lenses

            lenses(kit.prompts, options.lenses)
        return None
    return kit.target(name)


def bench_of(
    kit: Kit, change: Change, settings: ReviewSettings, options: ReviewOptions, target: Target, listen: Listen
) -> Bench:
    from contentkit.reviews.examine import lenses
    from contentkit.reviews.run import Bench

    language = kit.config.language or "en"
    engine = kit.engine(max_cost=options.max_cost)
    if not settings.cache:
        engine.cache = None
    elif engine.cache is None:
        engine.cache = kit.replies()
    if engine.max_cost is not None:
        engine.check_budget(target, engine.price(target, Usage(1, 1)))  # a bound needs a price
    where = f"sent to {target.host}" if target.hosted else "on this machine"
    listen(Notice(f"{target.id} reviews, {where}"))

    def prompt(name: str, wanted: bool) -> Prompt | None:
        return kit.prompts.get(name, "review", language) if wanted else None

    return Bench(
        change,
        Asker(kit.prompts, target, engine, options.options, kit.config.deadline, _once(listen)),
        settings,
        lenses(kit.prompts, settings.lenses, language),
        prompt("verify", settings.verify),
        prompt("suggest", options.suggest),
        prompt("summary", settings.summary),
        rules(change, settings, listen),
        language,
    )


def _discreet(listen: Listen) -> Listen:
    """The listener without a secret in a notice, whoever worded it: a model's answer or a file's name may hold one."""

    def hear(event: Event) -> None:
        listen(Notice(mask(event.message)) if isinstance(event, Notice) else event)

    return hear


def _once(listen: Listen) -> Listen:
    """The listener without what every question says again, nor that an answer was replayed: the bill shows that."""
    heard = {Notice(REPLAYED)}

    def hear(event: Event) -> None:
        if isinstance(event, Notice):
            if event in heard:
                return
            heard.add(event)
        listen(event)

    return hear


async def _judged(bench: Bench, analysis: Analysis) -> Verdict:
    from contentkit.reviews.judge import judge

    told: dict[str, list[Finding]] = {}
    for finding in analysis.findings:
        if finding.place is not None:
            told.setdefault(finding.place.path, []).append(finding)
    return await judge(bench, analysis.reviewed, told)


def _report(
    kit: Kit,
    change: Change,
    settings: ReviewSettings,
    analysis: Analysis,
    verdict: Verdict | None,
    bench: Bench | None,
    known: Known,
    stopped: bool,
) -> Report:
    lost = "stopped before it was reviewed" if stopped and bench else ""
    covered = (
        verdict.covered
        if verdict
        else [Covered(unit, "failed" if lost else "read", lost) for of in analysis.reviewed.values() for unit in of]
    )
    found = quoted([*analysis.findings, *(verdict.findings if verdict else ())], change, settings)
    findings, hidden = known.parted(ranked(found.findings))
    engine = bench.asker.engine if bench else None
    target = bench.asker.target if bench else None
    facts = {
        **_facts(change, settings, analysis, verdict, bench),
        "suppressed": found.suppressed,
        "hidden": {"suppressed": len(found.suppressed), **hidden},
        "known": known.all(findings),
    }
    return Report(
        kind="review",
        body=verdict.summary if verdict else "",
        fields=facts,
        findings=findings,
        coverage=(*covered, *analysis.skipped, *analysis.failed),
        notices=(*kit.config.notices, *change.notices, *analysis.notices, *known.notices, *found.notices),
        usage=engine.usage if engine else None,
        cost=engine.cost if engine else 0.0,
        cost_estimated=engine.cost_estimated if engine else False,
        model=target.id if target else "",
        sent_to=target.host if target else "",
        finish=verdict.finish if verdict else Finish.CANCELLED if stopped else Finish.STOP,
        language=bench.language if bench else "",
        topic=change.title,
        prompt=", ".join(f"{prompt.name}@{prompt.version}" for prompt in bench.prompts) if bench else "",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _facts(
    change: Change, settings: ReviewSettings, analysis: Analysis, verdict: Verdict | None, bench: Bench | None
) -> dict[str, Any]:
    """What was reviewed, by whom, and what became of the places that the model named."""
    facts: dict[str, Any] = {
        "change": change.title,
        "base": change.base,
        "head": change.head,
        "repository": repository(change),
        "files": analysis.files,
        "added": analysis.added,
        "deleted": analysis.deleted,
        "analyzers": list(analysis.used),
        "lenses": [lens.name for lens in bench.lenses] if bench else [],
        "fail_on": settings.fail_on,
        "shown": settings.max_findings,
    }
    if verdict:
        facts["anchors"] = {
            "dropped": verdict.dropped,
            "demoted": verdict.demoted,
            "relocated": verdict.relocated,
        }
        facts["rejected"] = verdict.rejected
    return facts
