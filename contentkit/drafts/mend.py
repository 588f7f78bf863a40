"""The checks after the model, and a repair where a check says how to mend what is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from contentkit.ask import silent
from contentkit.core.chat import Finish, Notice, Reply
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.drafts.prepare import Prepared
from contentkit.drafts.rewrite import Passage, passages, rewritten
from contentkit.steps.redact import conceal

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


def restored(kit: Kit, prepared: Prepared, reply: Reply) -> Piece:
    """The reply made whole again by the prompt's steps, the last one first, and laid out."""
    picked = prepared.target.endpoint.like == "offline"
    piece = replace(prepared.piece, output=reply.data, body=reply.text, picked=picked)
    for name in reversed(prepared.prompt.steps):
        step = kit.step(name)
        if hasattr(step, "after") and not (getattr(step, "CHECK", False) or getattr(step, "DERIVES", False)):
            piece = step.after(piece)
    return _laid_out(kit, prepared, piece)


def looked(kit: Kit, prepared: Prepared, piece: Piece) -> Piece:
    """The piece laid out, with what the checks find in it besides what it has."""
    return seen(kit, prepared, _laid_out(kit, prepared, piece))


def seen(kit: Kit, prepared: Prepared, piece: Piece) -> Piece:
    """A piece that is laid out, with what the checks find in it besides what it has."""
    for name in kit.checks():
        if name not in prepared.prompt.unchecked:
            piece = kit.step(name).after(piece)
    return piece


def _laid_out(kit: Kit, prepared: Prepared, piece: Piece) -> Piece:
    prompt = prepared.prompt
    for step in map(kit.step, prompt.steps):
        if getattr(step, "DERIVES", False):
            piece = step.after(piece)
    if piece.output is not None:
        piece = replace(piece, body=kit.prompts.lay_out(prompt, piece.output, prepared.fields))
    return piece


async def mended(kit: Kit, prepared: Prepared, piece: Piece, reply: Reply) -> tuple[Piece, Reply]:
    """The piece after at most one repair of its whole and one of its passages.

    What is wrong with its form (a post that is missing, another language) takes a new draft; what is wrong with single
    sentences or posts is written anew alone, and all else stays to the byte. A repair that fails or is no better leaves
    what was there.
    """
    if kit.config.check.rewrite == "never" or prepared.target.endpoint.like == "offline":
        return piece, reply
    bar = Severity(kit.config.check.rewrite)
    try:
        if any(not passages(piece, [fault]) for fault in _faults(piece)):
            piece, reply = await _redrafted(kit, prepared, piece, reply)
        if passages(piece, _faults(piece, bar)):
            # What is only unwise is mended on the way, where a question is asked anyway.
            piece = await _passages(kit, prepared, piece, passages(piece, _faults(piece, Severity.INFO)))
    except CancelledError:
        return piece.noticed("the repair was stopped; the draft stands"), replace(reply, finish=Finish.CANCELLED)
    except ContentkitError as error:
        return piece.noticed(f"the repair failed: {error}"), reply
    return piece, reply


def insisted(kit: Kit, prepared: Prepared, piece: Piece) -> Piece:
    """The piece with what checks put right themselves, where a repair did not: what is over a hard limit is cut."""
    changed = replace(piece, findings=())
    for name in kit.checks():
        insist = getattr(kit.step(name), "insist", None)
        if insist and name not in prepared.prompt.unchecked:
            changed = insist(changed)
    if not changed.findings:
        return piece
    return looked(kit, prepared, replace(changed, findings=_unchecked(kit, piece))).found(*changed.findings)


def _unchecked(kit: Kit, piece: Piece) -> tuple[Finding, ...]:
    """What was found otherwise than by a check, and is not found again by looking."""
    checks = kit.checks()
    return tuple(finding for finding in piece.findings if finding.rule.partition("/")[0] not in checks)


async def _redrafted(kit: Kit, prepared: Prepared, piece: Piece, reply: Reply) -> tuple[Piece, Reply]:
    faults = _faults(piece)
    _say(prepared, faults, "asking for a repair")
    prompt = kit.prompts.get("repair", folder="parts", language=piece.language)
    prompt = replace(prompt, schema=prepared.prompt.schema)
    fields = {**prepared.fields, "draft": reply.text, "findings": _hidden(faults, piece), "schema": prompt.schema}
    second = await prepared.asker.ask(prompt, fields, expected=prepared.expected, listen=silent)
    if second.finish is Finish.CANCELLED:
        raise CancelledError("stopped.")
    if second.finish is not Finish.STOP:
        return piece.noticed(f"the repair ended early ({second.finish}); the first draft stands"), reply
    better = seen(kit, prepared, restored(kit, prepared, second))
    if len(_faults(better)) >= len(faults):
        return piece.noticed("the repair was no better; the first draft stands"), reply
    return better.noticed("repaired once after the checks"), second


async def _passages(kit: Kit, prepared: Prepared, piece: Piece, wanted: Sequence[Passage]) -> Piece:
    many = "1 passage" if len(wanted) == 1 else f"{len(wanted)} passages"
    _say(prepared, [fault for one in wanted for fault in one.faults], f"having {many} written anew")
    kept = _unchecked(kit, piece)
    better = await rewritten(
        prepared.asker,
        kit.prompts.get("rewrite", folder="parts", language=piece.language),
        prepared.fields,
        piece,
        wanted,
        lambda changed: looked(kit, prepared, replace(changed, findings=kept, notices=piece.notices)),
    )
    if better is piece:
        return piece.noticed("what was written anew was no better; the draft stands")
    return better.noticed(f"{many} written anew after the checks; the rest is as it was")


def _say(prepared: Prepared, faults: Sequence[Finding], doing: str) -> None:
    worst = min(faults, key=lambda fault: fault.severity.rank)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    prepared.asker.listen(Notice(f"{worst.message.rstrip('.')}{more}; {doing}"))


def _faults(piece: Piece, bar: Severity = Severity.MAJOR) -> list[Finding]:
    """What is as grave as ``bar`` and says how to mend it."""
    return [finding for finding in piece.findings if finding.repair and finding.severity.rank <= bar.rank]


def _hidden(faults: Sequence[Finding], piece: Piece) -> tuple[Finding, ...]:
    """The faults as the vendor may see them: checks ran on the restored text, so they can quote a secret."""

    hide = partial(conceal, vault=piece.vault)
    return tuple(
        replace(
            fault,
            message=hide(fault.message),
            repair=hide(fault.repair),
            place=fault.place and replace(fault.place, quote=hide(fault.place.quote)),
        )
        for fault in faults
    )
