"""A long source given to the model part after part, each in sight of how the result so far ends: for translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker
from contentkit.core.chat import Finish, Notice, Reply, TextDelta
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.text.parted import parted
from contentkit.core.text.prose import detect
from contentkit.models import tokens

if TYPE_CHECKING:
    from contentkit.core.piece import SourceText
    from contentkit.kit.prompts import Prompt

# Of the result so far, what the next part is shown, in characters.
_TAIL = 800
# A part and its translation, of up to half as many tokens more, stand in the window beside the prompt itself.
_PROMPT_TOKENS, _GROWTH, _SHARE, _LEAST = 1_800, 1.5, 0.3, 60


def parts_of(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of each question; none where the kind does not divide or there is no source."""
    sources: Sequence[SourceText] = fields.get("sources") or ()
    if prompt.by_parts is None or not sources:
        return []
    most = _most(asker, prompt.by_parts)
    pieces = [replace(source, text=text) for source in sources for text in _texts(source, most)]
    return [
        {**fields, "sources": (piece,), "part": number, "parts": len(pieces), "before": ""}
        for number, piece in enumerate(pieces, 1)
    ]


def expected_tokens(asker: Asker, fields: Mapping[str, Any]) -> int:
    """About how many tokens the answer to one part has."""
    text = "\n".join(source.text for source in fields["sources"]) or str(fields.get("topic") or "")
    return 100 + int(tokens.estimate(text, asker.target.info.bytes_per_token).tokens * _GROWTH)


async def write_by_parts(asker: Asker, prompt: Prompt, parts: Sequence[Mapping[str, Any]]) -> Reply:
    """The answers to all parts as one. A failure after some were written gives those back, marked as partial.

    Raises:
        ProviderError, BudgetError: see ``Engine.ask``.
    """
    whole, last = "", None
    for number, fields in enumerate(parts, 1):
        if len(parts) > 1:
            asker.listen(Notice(f"part {number} of {len(parts)}"))
        try:
            asked = {**fields, "before": whole[-_TAIL:]}
            reply = await asker.ask(prompt, asked, expected=expected_tokens(asker, fields))
        except ContentkitError as error:
            if last is None:
                raise
            finish = Finish.CANCELLED if isinstance(error, CancelledError) else Finish.ERROR
            return replace(last, text=whole, data=None, finish=finish, detail=f"part {number}: {error}")
        whole = "\n\n".join(text for text in (whole, reply.text.strip("\n")) if text)
        last = replace(reply, text=whole)
        if reply.finish is not Finish.STOP:
            return last
        if number < len(parts):
            asker.listen(TextDelta("\n\n"))
    assert last is not None
    return last


def _texts(source: SourceText, most: int) -> list[str]:
    return parted(source.text, most, source.language or detect(source.text[:20_000])) or [source.text]


def _most(asker: Asker, wished: int) -> int:
    """Words of one part: as the kind says, less where the window is small."""
    window = asker.target.info.context_window
    if window is None:
        return wished
    return max(_LEAST, min(wished, int((window - _PROMPT_TOKENS) * _SHARE)))
