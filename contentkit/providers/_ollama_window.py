"""How large a window to ask of a server that cuts what does not fit, and whether it did cut (Ollama's ``num_ctx``).

Tokens are estimated from bytes, twice: ``most`` is what a tokenizer that suits the language badly makes of them, and
decides how much room to ask for; ``likely`` decides whether asking makes sense at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from contentkit.core.chat import Image, Request, Text
from contentkit.core.errors import ContextTooLongError

LIKELY_BYTES, FEWEST_BYTES, MOST_BYTES = 4.0, 2.5, 8.0
"""Bytes of a token: what is usual, and about the fewest and the most that natural text has."""

TURN, IMAGE = 16, 1_500
"""Tokens of a turn's markers, and of a picture."""

ANSWER, THINKING, SHORT = 4_096, 8_192, 256
"""Tokens kept free for an answer of unknown length, for the thinking before it, and the least that makes sense."""

SMALLEST = 4_096


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens: what is asked for the question and the answer together, and the bound of the answer."""

    size: int
    answer: int


def plan(request: Request) -> Window:
    """The window for a question: a power of two, since every other size makes the server load the model anew, and
    never more than the model has.

    Raises:
        ContextTooLongError: the question and its answer can't fit.
    """
    known = request.info.context_window if request.info else None
    usual = (request.info.bytes_per_token if request.info else None) or LIKELY_BYTES
    likely, most = _tokens(request, usual), _tokens(request, min(usual, FEWEST_BYTES))
    asked = request.options.max_tokens
    if known and likely + (asked or SHORT) > known:
        raise ContextTooLongError(
            f"about {likely:,} tokens and an answer of {asked or SHORT:,} do not fit a window of {known:,}"
        )
    thinking = THINKING if request.info and request.info.reasoning else 0
    size = max(SMALLEST, 1 << (most + (asked or ANSWER + thinking) - 1).bit_length())
    size = min(size, known) if known else size
    return Window(size, asked or max(size - most, SHORT))


def fewest(request: Request) -> int:
    """The least number of tokens that the question can have; a server that read fewer has left something out."""
    return round(sum(len(part.text.encode()) for part in _texts(request)) / MOST_BYTES)


def _tokens(request: Request, bytes_per_token: float) -> int:
    pictures = sum(isinstance(part, Image) for message in request.messages for part in message.parts)
    size = sum(len(part.text.encode()) for part in _texts(request))
    return round(size / bytes_per_token) + pictures * IMAGE + len(request.messages) * TURN


def _texts(request: Request) -> list[Text]:
    return [part for message in request.messages for part in message.parts if isinstance(part, Text)]
