"""The checks after the model, and one repair round where a check says how to mend what is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from contentkit.ask import silent
from contentkit.core.chat import Finish, Notice, Reply
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.prepare import Prepared

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


def checked(kit: Kit, prepared: Prepared, reply: Reply) -> Piece:
    """The reply laid out and seen by every step, the last step first."""
    prompt = prepared.prompt
    piece = replace(prepared.piece, output=reply.data, body=reply.text)
    others = (name for name in kit.checks() if name not in (*prompt.steps, *prompt.unchecked))
    for name in reversed((*others, *prompt.steps)):
        step = kit.step(name)
        if hasattr(step, "after"):
            piece = step.after(piece)
    if piece.output is not None:
        piece = replace(piece, body=kit.prompts.lay_out(prompt, piece.output, prepared.fields))
    return piece


async def mended(kit: Kit, prepared: Prepared, piece: Piece, reply: Reply) -> tuple[Piece, Reply]:
    """The piece after at most one repair; a repair that fails or is no better leaves the first draft as it stands."""
    faults = [finding for finding in piece.findings if finding.repair and _breaks(finding)]
    if not faults or prepared.target.endpoint.like == "offline":
        return piece, reply
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    prepared.asker.listen(Notice(f"{faults[0].message.rstrip('.')}{more}; asking for a repair"))
    prompt = kit.prompts.get("repair", folder="parts", language=piece.language)
    prompt = replace(prompt, schema=prepared.prompt.schema)
    fields = {**prepared.fields, "draft": reply.text, "findings": _hidden(faults, piece), "schema": prompt.schema}
    stopped = replace(reply, finish=Finish.CANCELLED)
    try:
        second = await prepared.asker.ask(prompt, fields, expected=prepared.expected, listen=silent)
    except CancelledError:
        return piece.noticed("the repair was stopped; the first draft stands"), stopped
    except ContentkitError as error:
        return piece.noticed(f"the repair failed: {error}"), reply
    if second.finish is Finish.CANCELLED:
        return piece.noticed("the repair was stopped; the first draft stands"), stopped
    if second.finish is not Finish.STOP:
        return piece.noticed(f"the repair ended early ({second.finish}); the first draft stands"), reply
    better = checked(kit, prepared, second)
    if _weight(better) >= _weight(piece):
        return piece.noticed("the repair was no better; the first draft stands"), reply
    return better.noticed("repaired once after the checks"), second


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


def _breaks(finding: Finding) -> bool:
    return finding.severity.rank <= Severity.MAJOR.rank


def _weight(piece: Piece) -> int:
    return sum(1 for finding in piece.findings if _breaks(finding))
