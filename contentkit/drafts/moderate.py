"""A model looks over texts for what no list of words can find: asked only where the user names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker
from contentkit.core.chat import Options
from contentkit.core.errors import ProviderError, UsageError
from contentkit.core.facts.tokens import tokens
from contentkit.core.parts import Part, parts
from contentkit.core.piece import Piece
from contentkit.core.report import Covered, Finding, Severity

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit
    from contentkit.models.engine import Engine, Target

_AT_ONCE = 12_000
"""Characters of one question."""
_TOKENS = 600
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Moderation:
    """What the model said of some pieces.

    Attributes:
        findings: of each piece, in their order.
        covered: the texts of which it gave no whole answer.
        target: who was asked.
    """

    findings: tuple[tuple[Finding, ...], ...]
    notices: tuple[str, ...]
    covered: tuple[Covered, ...]
    target: Target


async def moderate(kit: Kit, pieces: Sequence[Piece], engine: Engine) -> Moderation:
    """Ask the model of ``check.moderate`` what in the pieces should not be published. Secrets are kept from a host.

    Raises:
        UsageError: there is no such model.
        BudgetError: it would cost too much.
    """
    target = kit.target(kit.config.check.moderate)
    if target.endpoint.like == "offline":
        raise UsageError("The offline engine judges nothing.", hint="Name a model, such as ollama:gemma3:4b.")
    options = Options() if target.info.sampling is False else Options(temperature=0)
    asker = Asker(kit.prompts, target, engine, options, kit.config.deadline)
    found, failed, dropped = list[tuple[Finding, ...]](), list[Covered](), 0
    for piece in pieces:
        own: list[Finding] = []
        for part in parts(piece):
            try:
                seen, lost = await _looked(asker, piece, part)
            except ProviderError as error:
                failed.append(Covered(part.path, "failed", f"{target.id} did not look at it: {error.message}"))
                continue
            own += seen
            dropped += lost
        found.append(tuple(own))
    where = f"sent to {target.host}" if target.host else "on this machine"
    notices = [f"{target.id} was asked what should not be published ({where})."]
    if dropped:
        notices.append(f"{dropped} of its remarks are of words that do not stand in the text, and were dropped.")
    return Moderation(tuple(found), tuple(notices), tuple(failed), target)


async def with_moderation(kit: Kit, piece: Piece, target: Target, engine: Engine) -> Piece:
    """A draft with what the model of ``check.moderate`` says of it.

    Args:
        target: who wrote it: what stayed on this machine is sent to no moderator elsewhere.
    """
    if not kit.config.check.moderate or "unsafe" in kit.config.check.skip:
        return piece
    moderator = kit.target(kit.config.check.moderate)
    if moderator.hosted and not target.hosted:
        return piece.noticed(f"{moderator.id} was not asked what should not go out: the draft stays on this machine.")
    said = await moderate(kit, _as_read(piece), engine)
    found = (finding for findings in said.findings for finding in findings)
    return replace(piece.found(*found).noticed(*said.notices), covered=(*piece.covered, *said.covered))


def _as_read(piece: Piece) -> list[Piece]:
    """A free text as readers get it, and what search pages show of it; of an answer with a form each string."""
    if piece.asked or piece.output is None:
        return [piece]
    return [replace(piece, output=None), replace(piece, output={"seo": piece.output.get("seo", {})})]


async def _looked(asker: Asker, piece: Piece, part: Part) -> tuple[list[Finding], int]:
    """Findings for one text, and how many remarks had no place in it."""
    from contentkit.steps import redact

    found, lost = list[Finding](), 0
    prompt = asker.prompts.get("unsafe", folder="parts", language=part.document.language)
    listed = piece.settings.get("unsafe", {}).get("topics", ())
    topics = [one if isinstance(one, str) else one["name"] for one in listed]
    for start, end in _pieces(part):
        fields = {"draft": part.document.text[start:end], "topics": topics, "language": part.document.language or "en"}
        hidden = redact.before(Piece("unsafe", hosted=asker.target.hosted, fields=fields, host=asker.target.host))
        reply = await asker.whole(asker.request(prompt, hidden.fields), expected=_TOKENS)
        for remark in reply.data["remarks"]:
            finding = _finding(part, start, end, {**remark, "quote": redact.restore(remark["quote"], hidden.vault)})
            if finding is None:
                lost += 1
            else:
                found.append(finding)
    return found, lost


def _pieces(part: Part) -> Iterator[tuple[int, int]]:
    """The text in pieces that one question can hold, cut between blocks where that is possible."""
    text, start = part.document.text, 0
    while start < len(text):
        end = min(len(text), start + _AT_ONCE)
        cut = text.rfind("\n\n", start + _AT_ONCE // 2, end) if end < len(text) else -1
        end = cut if cut > start else end
        if text[start:end].strip():
            yield start, end
        start = end


def _finding(part: Part, start: int, end: int, remark: Mapping[str, Any]) -> Finding | None:
    """A remark at the words that it names; None where they do not stand there."""
    place = _place(part.document.text, start, end, remark["quote"])
    if place is None:
        return None
    why = " ".join(str(remark["why"]).split())
    finding = part.finding(
        f"unsafe/{remark['kind']}",
        why if why.endswith((".", "。")) else f"{why}.",
        *place,
        Severity(remark["severity"]),
        repair="Say it without harm to anybody, or leave it out.",
        confidence=_SURE,
    )
    return replace(finding, scenario="A model says so, and may be wrong.")


def _place(text: str, start: int, end: int, quote: str) -> tuple[int, int] | None:
    """Where a quotation stands, also where the model changed marks or spaces."""
    at = text.find(quote, start, end)
    if at >= 0:
        return at, at + len(quote)
    words, wanted = tokens(text[start:end]), list(tokens(quote).keys)
    for first in range(len(words.keys) - len(wanted) + 1) if wanted else ():
        if words.keys[first] == wanted[0] and list(words.keys[first : first + len(wanted)]) == wanted:
            return start + words.starts[first], start + words.ends[first + len(wanted) - 1]
    return None
