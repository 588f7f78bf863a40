"""Brief -> Report: read the sources, ask for a draft, check it, and have it mended once where a check says how."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contentkit.ask import Asker, silent
from contentkit.condense import condense
from contentkit.core.chat import Finish, Notice, Options, Reply
from contentkit.core.errors import CancelledError, ContextTooLongError, ProviderError, UsageError
from contentkit.core.model import Secret
from contentkit.core.piece import Brief, Piece, SourceText
from contentkit.core.report import Covered, Finding, Report, Severity
from contentkit.draft import expected_tokens, write_draft
from contentkit.models.engine import Listen, Preflight, Target

if TYPE_CHECKING:
    from contentkit.core.chat import Message
    from contentkit.kit.choose import Choice
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt

# Of a vendor that does not tell its window: the smallest that current models have.
_SAFE_WINDOW = 8_000
# Of a known window, when our estimate of the tokens was too low for it.
_SAFE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """A brief with everything read and nothing sent."""

    brief: Brief
    prompt: Prompt
    piece: Piece
    asker: Asker
    choice: Choice

    @property
    def target(self) -> Target:
        return self.asker.target

    @property
    def fields(self) -> dict[str, Any]:
        """What the prompt is rendered from."""
        return {**self.piece.fields, "sources": self.piece.sources}

    @property
    def expected(self) -> int:
        return expected_tokens(self.fields, self.target.info)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The exact messages of the (first) question."""
        return self.asker.request(self.prompt, self.fields).messages

    def preflight(self) -> Preflight:
        """Tokens, fit and price of the question, estimated."""
        return self.asker.preflight(self.prompt, self.fields, expected=self.expected)


async def write(kit: Kit, brief: Brief, *, max_cost: float | None = None, listen: Listen = silent) -> Report:
    """Write what the brief asks for.

    Args:
        max_cost: US dollars by estimate; the question is not sent when it would cost more.
        listen: hears every event of every question (text, usage, notices) as it comes.

    Returns:
        A report, also when the answer broke off or the user stopped it (see ``finish``). It is in the history, unless
        the kit keeps none.

    Raises:
        UsageError: the brief, a source, a prompt or a setting is wrong.
        BudgetError: it would cost too much.
        ProviderError: no model answered.
    """
    started = time.monotonic()
    prepared = await prepare(kit, brief, max_cost=max_cost, listen=listen)
    listen(Notice(f"{prepared.target.id}: {prepared.choice.why}"))
    secrets = _secrets(kit, prepared.piece)
    report = replace(await _written(kit, await _fitted(prepared)), seconds=round(time.monotonic() - started, 3))
    if kit.cache and kit.cache.problem:
        listen(Notice(kit.cache.problem))
    return kit.history.keep(report, secrets) if kit.history else report


def _secrets(kit: Kit, piece: Piece) -> tuple[Secret, ...]:
    """What this run may store nowhere, wherever the model puts it."""
    from contentkit.steps.redact import secrets_of

    secrets = tuple(map(Secret, secrets_of(piece))) if kit.history or kit.cache else ()
    if kit.cache:
        kit.cache.hide(secrets)
    return secrets


async def prepare(kit: Kit, brief: Brief, *, max_cost: float | None = None, listen: Listen = silent) -> Prepared:
    """Read and check everything that can be read and checked without asking a model.

    Raises:
        UsageError: the brief, a source, a prompt or a setting is wrong.
    """
    from contentkit.kit.reading import read_all

    for notice in kit.config.notices:
        listen(Notice(notice))
    base = kit.prompts.get(brief.kind)
    reading = await read_all(brief.sources, kit.config.read)
    language = _code(brief.language) or kit.config.language or _language(brief.topic, reading.texts)
    prompt = kit.prompts.get(brief.kind, language=language) if language else base
    choice = await kit.choose(brief.model, prompt.model)
    target = await _learned(kit.target(choice.model))
    _check_abilities(prompt, target)
    fields = kit.prompts.values(prompt, {**brief.fields, "topic": brief.topic, "language": language or "en"})
    piece = Piece(
        brief.kind,
        language or "en",
        target.hosted,
        {**fields, "rules": kit.rules()},
        reading.texts,
        prompt.limits,
        covered=reading.covered,
        notices=reading.notices,
        host=_host(target),
    )
    for name in prompt.steps:
        step = kit.step(name)
        if hasattr(step, "before"):
            piece = step.before(piece)
    asker = Asker(
        kit.prompts, target, kit.engine(max_cost=max_cost), Options(**brief.options), kit.config.deadline, listen
    )
    return Prepared(brief, prompt, piece, asker, choice)


async def _learned(target: Target) -> Target:
    """The target with what its server tells of the model, where the provider can ask (Ollama: the window)."""
    learn = getattr(target.provider, "learn", None)
    return replace(target, info=await learn(target.info)) if learn else target


def _check_abilities(prompt: Prompt, target: Target) -> None:
    """Refuse a model that is known to lack what the kind requires; one of which nothing is known is tried."""
    for ability in prompt.requires:
        if getattr(target.info, ability) is False:
            raise UsageError(
                f"{prompt.name} needs a model with the ability {ability!r}, which {target.id} does not have.",
                hint="See contentkit models list, and choose another with --model.",
            )


async def _fitted(prepared: Prepared) -> Prepared:
    """The same, with sources condensed where they are longer than the window."""
    look = prepared.preflight()
    if look.fits or not prepared.piece.sources or look.window is None:
        return prepared
    return await _condensed(prepared, look.window)


async def _condensed(prepared: Prepared, window: int) -> Prepared:
    def fits(sources: Sequence[SourceText]) -> bool:
        fields = {**prepared.fields, "sources": tuple(sources)}
        look = prepared.asker.preflight(prepared.prompt, fields, expected=prepared.expected)
        return look.input_tokens * (1 + look.error) + look.output_tokens <= window

    piece = prepared.piece
    sources = await condense(
        prepared.asker,
        piece.sources,
        topic=prepared.brief.topic,
        language=piece.language,
        window=window,
        fits=fits,
    )
    covered = tuple(
        replace(unit, reason=unit.reason or "condensed to fit the window") if unit.state == "read" else unit
        for unit in piece.covered
    )
    return replace(prepared, piece=replace(piece, sources=sources, covered=covered))


async def _written(kit: Kit, prepared: Prepared) -> Report:
    try:
        reply = await write_draft(prepared.asker, prepared.prompt, prepared.fields)
    except ContextTooLongError:
        # Who runs the model counts its tokens better than our estimate; once more with less, in the open.
        if not prepared.piece.sources:
            raise
        window = prepared.target.info.context_window
        prepared = await _condensed(prepared, int(window * _SAFE_SHARE) if window else _SAFE_WINDOW)
        reply = await write_draft(prepared.asker, prepared.prompt, prepared.fields)
    piece = _checked(kit, prepared, reply)
    if reply.finish is Finish.STOP:
        piece, reply = await _mended(kit, prepared, piece, reply)
    return _report(prepared, piece, reply)


def _checked(kit: Kit, prepared: Prepared, reply: Reply) -> Piece:
    """The reply laid out and seen by every step, the last step first."""
    prompt, fields = prepared.prompt, prepared.fields
    piece = replace(prepared.piece, output=reply.data, body=reply.text)
    for name in reversed(prompt.steps):
        step = kit.step(name)
        if hasattr(step, "after"):
            piece = step.after(piece)
    if piece.output is not None:
        piece = replace(piece, body=kit.prompts.lay_out(prompt, piece.output, fields))
    return piece


async def _mended(kit: Kit, prepared: Prepared, piece: Piece, reply: Reply) -> tuple[Piece, Reply]:
    """One repair round where a check broke the piece and says how to mend it; kept only if it is better."""
    faults = [finding for finding in piece.findings if finding.repair and _breaks(finding)]
    if not faults or prepared.target.endpoint.like == "offline":
        return piece, reply
    listen = prepared.asker.listen
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    listen(Notice(f"{faults[0].message.rstrip('.')}{more}; asking for a repair"))
    prompt = kit.prompts.get("repair", folder="parts", language=piece.language)
    prompt = replace(prompt, schema=prepared.prompt.schema)
    fields = {**prepared.fields, "draft": reply.text, "findings": _hidden(faults, piece), "schema": prompt.schema}
    try:
        second = await prepared.asker.ask(prompt, fields, expected=prepared.expected, listen=silent)
    except CancelledError:
        return piece.noticed("the repair was stopped; the first draft stands"), replace(reply, finish=Finish.CANCELLED)
    except ProviderError as error:
        return piece.noticed(f"the repair failed: {error}"), reply
    if second.finish is Finish.CANCELLED:
        return piece.noticed("the repair was stopped; the first draft stands"), replace(reply, finish=Finish.CANCELLED)
    if second.finish is not Finish.STOP:
        return piece.noticed(f"the repair ended early ({second.finish}); the first draft stands"), reply
    mended = _checked(kit, prepared, second)
    if _weight(mended) >= _weight(piece):
        return piece.noticed("the repair was no better; the first draft stands"), reply
    return mended.noticed("repaired once after the checks"), second


def _hidden(faults: Sequence[Finding], piece: Piece) -> tuple[Finding, ...]:
    """The faults as the vendor may see them: checks ran on the restored text, so they can quote a secret."""

    def hide(text: str) -> str:
        for placeholder, secret in piece.vault.items():
            text = text.replace(secret, placeholder)
        return text

    return tuple(
        replace(
            fault,
            message=hide(fault.message),
            repair=hide(fault.repair),
            place=fault.place and replace(fault.place, quote=hide(fault.place.quote)),
        )
        for fault in faults
    )


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
        prompt=f"{prepared.prompt.name}@{prepared.prompt.version}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _host(target: Target) -> str:
    """The machine that the text is sent to; "" when it stays here."""
    return (urlsplit(target.endpoint.url).hostname or target.endpoint.name) if target.hosted else ""


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


def _code(language: str) -> str:
    """A language as prompts name it: "pt-br" becomes "pt-BR".

    Raises:
        UsageError: it is no code of a language.
    """
    if language and not re.fullmatch(r"(?i)[a-z]{2,3}(-[a-z]{2,4})?", language):
        raise UsageError(
            f"{language!r} is no code of a language.", hint="Give an ISO 639 code, such as en, ja or pt-BR."
        )
    code, dash, region = language.partition("-")
    return code.lower() + dash + (region.upper() if len(region) == 2 else region.title())


def _language(topic: str, texts: Sequence[SourceText]) -> str:
    """The language of the topic, else of the material; "" when neither tells."""
    from contentkit.core.text.prose import detect

    return detect(topic) or next((code for text in texts if (code := text.language or detect(text.text[:20_000]))), "")


def _breaks(finding: Finding) -> bool:
    return finding.severity.rank <= Severity.MAJOR.rank


def _weight(piece: Piece) -> int:
    return sum(1 for finding in piece.findings if _breaks(finding))


def unread(covered: Sequence[Covered]) -> list[Covered]:
    """What was named and not read."""
    return [unit for unit in covered if unit.state != "read"]
