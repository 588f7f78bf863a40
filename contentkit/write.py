"""Brief -> Report: read the sources, ask for a draft, check it, and have it mended once where a check says how."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from contentkit.ask import silent
from contentkit.core.chat import Finish, Notice, Reply
from contentkit.core.disclosure import visible_line
from contentkit.core.errors import CancelledError, ContextTooLongError
from contentkit.core.model import Secret
from contentkit.core.piece import Brief, Piece
from contentkit.core.report import Finding, Report, Severity
from contentkit.drafts.condense import condense
from contentkit.drafts.draft import write_draft
from contentkit.drafts.finish import finished
from contentkit.drafts.mend import insisted, mended, restored, seen
from contentkit.drafts.moderate import with_moderation
from contentkit.drafts.prepare import Prepared, prepare
from contentkit.models.engine import Listen

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

# Of a vendor that does not tell its window: the smallest that current models have.
_SAFE_WINDOW = 8_000
# Of a known window, when our estimate of the tokens was too low for it.
_SAFE_SHARE = 0.5
_NOT_KEPT = ("voice", "topic", "language")


async def write(kit: Kit, brief: Brief, *, max_cost: float | None = None, listen: Listen = silent) -> Report:
    """Write what the brief asks for.

    Args:
        max_cost: US dollars by estimate; nothing is sent when it would cost more.
        listen: hears every event of every question (text, usage, notices) as it comes.

    Returns:
        A report, also when the answer broke off or the user stopped it (see ``finish``). It is in the history, unless
        the kit keeps none.

    Raises:
        UsageError: the brief, a source, a prompt or a setting is wrong.
        BudgetError: it would cost too much.
        ProviderError: no model answered.
    """
    async with aclosing(write_variants(kit, brief, 1, max_cost=max_cost, listen=listen)) as reports:
        return await anext(reports)


async def write_variants(
    kit: Kit, brief: Brief, number: int, *, max_cost: float | None = None, listen: Listen = silent
) -> AsyncGenerator[Report, None]:
    """Write it ``number`` times, one after another, from sources that are read once.

    ``max_cost`` bounds all of them together. A variant that was stopped is the last. See ``write``.
    """
    prepared = await prepare(kit, brief, max_cost=max_cost, listen=listen)
    target, engine = prepared.target, prepared.asker.engine
    listen(Notice(f"{target.id}: {prepared.choice.why}"))
    if number > 1 and (same := _same_again(prepared)):
        listen(Notice(f"{same}, so one is written"))
        number = 1
    if engine.max_cost is not None and not (engine.record and engine.record.answered):
        engine.check_budget(target, prepared.cost(number))
    secrets = secrets_to_hide(kit, prepared.piece)
    started = time.monotonic()
    prepared = await _fitted(prepared)
    series = token_hex(5) if number > 1 else ""
    for turn in range(number):
        report = await _written(kit, _variant(prepared, turn))
        report = replace(report, seconds=round(time.monotonic() - started, 3))
        report = replace(report, series=series, variant=turn + 1 if series else 0)
        if kit.cache and kit.cache.problem:
            listen(Notice(kit.cache.problem))
        yield kit.history.keep(report, secrets) if kit.history else report
        if report.finish is Finish.CANCELLED:
            return
        started = time.monotonic()
        prepared = replace(prepared, asker=replace(prepared.asker, engine=prepared.asker.engine.next()))


def _same_again(prepared: Prepared) -> str:
    """Why a second variant would be the same as the first; "" when it would not."""
    if prepared.target.endpoint.like == "offline":
        return "offline drafts do not vary"
    return "at temperature 0 variants do not vary" if prepared.asker.options.temperature == 0 else ""


def _variant(prepared: Prepared, turn: int) -> Prepared:
    """The question of variant ``turn``, from 0: another seed where one was given, or where the replay cache would give
    the first answer again."""
    asker = prepared.asker
    if turn == 0 or (asker.options.seed is None and asker.engine.cache is None):
        return prepared
    options = replace(asker.options, seed=(asker.options.seed or 0) + turn)
    return replace(prepared, asker=replace(asker, options=options))


def secrets_to_hide(kit: Kit, piece: Piece) -> tuple[Secret, ...]:
    """What this run may store nowhere, wherever the model puts it."""
    from contentkit.steps.redact import secrets_of

    secrets = tuple(map(Secret, secrets_of(piece))) if kit.history or kit.cache else ()
    if kit.cache:
        kit.cache.hide(secrets)
    return secrets


async def _fitted(prepared: Prepared) -> Prepared:
    """The same, with sources condensed where they are longer than the window."""
    look = prepared.preflight()
    if look.fits or not _condensable(prepared) or look.window is None:
        return prepared
    cost = prepared.cost()
    price = "at an unknown price" if cost is None else f"for about ${cost:.2f} in all (estimate)"
    where = "" if prepared.target.free else f", {price}"
    prepared.asker.listen(Notice(f"the sources do not fit {look.window:,} tokens and are condensed first{where}"))
    return await _condensed(prepared, look.window)


def _condensable(prepared: Prepared) -> bool:
    """Whether the sources may be shortened: what a text is made *of* may, what is itself worked on (a text to be
    translated, a picture) may not."""
    worked_on = prepared.prompt.by_parts is not None or "images" in prepared.prompt.requires
    return bool(prepared.piece.sources) and not worked_on


async def _condensed(prepared: Prepared, window: int) -> Prepared:
    piece = prepared.piece
    shorter = await condense(
        prepared.asker,
        prepared.fields["sources"],
        topic=prepared.brief.topic,
        language=piece.language,
        window=window,
        fits=lambda texts: prepared.preflight(texts).fits_in(window),
    )
    # The names that the user gave come back: a vendor may have seen other ones.
    sources = tuple(replace(named, text=short.text) for named, short in zip(piece.sources, shorter, strict=True))
    covered = tuple(
        replace(unit, reason=unit.reason or "condensed to fit the window") if unit.state == "read" else unit
        for unit in piece.covered
    )
    originals = piece.originals or piece.sources
    return replace(prepared, piece=replace(piece, sources=sources, covered=covered, originals=originals))


async def _written(kit: Kit, prepared: Prepared) -> Report:
    try:
        reply = await write_draft(prepared.asker, prepared.prompt, prepared.fields)
    except ContextTooLongError:
        # Who runs the model counts its tokens better than our estimate; once more with less, in the open.
        if not _condensable(prepared):
            raise
        window = prepared.target.info.context_window
        prepared = await _condensed(prepared, int(window * _SAFE_SHARE) if window else _SAFE_WINDOW)
        reply = await write_draft(prepared.asker, prepared.prompt, prepared.fields)
    return await completed(kit, prepared, reply)


async def completed(kit: Kit, prepared: Prepared, reply: Reply) -> Report:
    """The reply checked, mended where a check says how, and told as a report."""
    piece = restored(kit, prepared, reply)
    try:
        piece = seen(kit, prepared, piece)
        if reply.finish is Finish.STOP:
            piece, reply = await mended(kit, prepared, piece, reply)
        piece = insisted(kit, prepared, piece)
        if reply.finish is Finish.STOP:
            piece, reply = await _finished(kit, prepared, piece, reply)
        if reply.finish is Finish.STOP:
            piece = await with_moderation(kit, piece, prepared.target, prepared.asker.engine)
    except KeyboardInterrupt:  # a check of a large text was stopped; the answer is paid for
        if kit.record:  # and kept: a batch that is told to end at once does
            raise
        piece, reply = piece.noticed("stopped before all checks were made"), replace(reply, finish=Finish.CANCELLED)
    report = _report(prepared, piece, reply)
    return _disclosed(replace(report, disclosure=kit.config.disclosure, given=_given(kit, prepared)))


async def _finished(kit: Kit, prepared: Prepared, piece: Piece, reply: Reply) -> tuple[Piece, Reply]:
    try:
        return await finished(kit, prepared, piece), reply
    except CancelledError:
        stopped = piece.noticed("stopped before the parts around the text were made")
        return stopped, replace(reply, finish=Finish.CANCELLED)


def _disclosed(report: Report) -> Report:
    """The report with the line for readers under its text, where that is wanted."""
    line = visible_line(report)
    return replace(report, body=f"{report.body.rstrip()}\n\n*{line}*\n") if line and report.body.strip() else report


def _report(prepared: Prepared, piece: Piece, reply: Reply) -> Report:
    target, engine = prepared.target, prepared.asker.engine
    findings = piece.findings + _ended(reply)
    notices = tuple(dict.fromkeys((*reply.notices, *piece.notices)))
    return Report(
        kind=piece.kind,
        body=piece.body,
        fields=piece.output if isinstance(piece.output, Mapping) else {},
        findings=tuple(sorted(findings, key=lambda finding: finding.severity.rank)),
        coverage=piece.covered,
        notices=notices,
        usage=engine.usage,
        cost=engine.cost,
        cost_estimated=engine.cost_estimated,
        model=target.id,
        answered_by=reply.model,
        sent_to=piece.host,
        finish=reply.finish,
        language=piece.language,
        topic=prepared.brief.topic,
        sources=tuple(source.origin for source in piece.sources),
        digests=prepared.digests,
        manner=prepared.brief.manner,
        prompt=f"{prepared.prompt.name}@{prepared.prompt.version}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _given(kit: Kit, prepared: Prepared) -> dict[str, Any]:
    """What the user gave for the inputs, typed; without a voice, which may be a book."""
    given = {**prepared.brief.fields, "topic": prepared.brief.topic, "language": prepared.piece.language}
    values = kit.prompts.values(prepared.prompt, given)
    return {name: values[name] for name in prepared.brief.fields if name in values and name not in _NOT_KEPT}


def _ended(reply: Reply) -> tuple[Finding, ...]:
    """A finding where the answer did not come to its end."""
    said = {
        Finish.LENGTH: "The answer was cut off at the model's limit of output tokens.",
        Finish.REFUSAL: "The model refused to answer.",
        Finish.FILTERED: "The vendor's filter stopped the answer.",
        Finish.CANCELLED: "Stopped by the user; this is a partial result.",
        Finish.ERROR: "The answer broke off; this is a partial result.",
    }.get(reply.finish)
    if said is None:
        return ()
    return (Finding(f"answer/{reply.finish}", f"{said} {reply.detail}".strip(), Severity.MAJOR, category="answer"),)
