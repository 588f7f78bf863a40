"""Sources longer than the model's window: split, condensed part by part, in rounds. Nothing is cut silently."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from contentkit.ask import Asker, silent
from contentkit.core.chat import Finish, Notice
from contentkit.core.errors import BadReplyError, CancelledError, ContextTooLongError
from contentkit.core.piece import SourceText
from contentkit.models import tokens

# A condensed part is asked to have a fifth of the words; one round that saves less than a tenth is no progress.
_SHARE, _LEAST_GAIN, _MOST_ROUNDS, _AT_ONCE = 5, 0.9, 6, 4


async def condense(
    asker: Asker,
    sources: Sequence[SourceText],
    *,
    topic: str,
    language: str,
    window: int,
    fits: Callable[[Sequence[SourceText]], bool],
) -> tuple[SourceText, ...]:
    """The sources, shortened by the model until ``fits`` says yes.

    Args:
        window: tokens of the model's window.
        fits: whether the question fits with these sources.

    Raises:
        ContextTooLongError: the rounds stopped helping, or the window is too small for any part.
    """
    texts = tuple(sources)
    density = asker.target.info.bytes_per_token
    # Room for the instructions around a part and for what is written about it.
    part_tokens = window // 2 - 500
    if part_tokens < 200:
        raise _too_long(asker, window)
    for turn in range(1, _MOST_ROUNDS + 1):
        if fits(texts):
            return texts
        before = _size(texts)
        parts = [(at, part) for at, text in enumerate(texts) for part in split(text.text, part_tokens, density)]
        asker.listen(Notice(f"the sources are longer than the window; condensing {len(parts)} parts (round {turn})"))
        shorter = await _round(asker, texts, parts, topic, language, part_tokens)
        texts = tuple(
            replace(text, text="\n\n".join(short for (at, _), short in zip(parts, shorter, strict=True) if at == place))
            for place, text in enumerate(texts)
        )
        if _size(texts) > before * _LEAST_GAIN:
            break
    if fits(texts):
        return texts
    raise _too_long(asker, window)


def split(text: str, most: int, bytes_per_token: float | None = None) -> list[str]:
    """``text`` in parts of at most about ``most`` tokens, cut between paragraphs, else lines, else anywhere.

    The parts joined are the text, to the character.
    """
    parts: list[str] = []
    current = ""
    size = 0

    def measure(part: str) -> int:
        return tokens.estimate(part, bytes_per_token).tokens

    for piece in _pieces(text, most, measure):
        added = measure(piece)
        if current and size + added > most:
            parts.append(current)
            current, size = "", 0
        current += piece
        size += added
    return [*parts, current] if current else parts


def _pieces(text: str, most: int, measure: Callable[[str], int]) -> list[str]:
    pieces: list[str] = []
    for paragraph in _cut_after(text, "\n\n"):
        if measure(paragraph) <= most:
            pieces.append(paragraph)
            continue
        for line in _cut_after(paragraph, "\n"):
            if measure(line) <= most:
                pieces.append(line)
            else:
                # A token has at least one byte, and a character at most four.
                step = max(1, most // 2)
                pieces += [line[at : at + step] for at in range(0, len(line), step)]
    return pieces


def _cut_after(text: str, mark: str) -> list[str]:
    chunks = text.split(mark)
    return [chunk + mark for chunk in chunks[:-1]] + ([chunks[-1]] if chunks[-1] else [])


async def _round(
    asker: Asker,
    texts: Sequence[SourceText],
    parts: list[tuple[int, str]],
    topic: str,
    language: str,
    part_tokens: int,
) -> list[str]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def shorten(number: int, at: int, part: str) -> str:
        spoken = texts[at].language or language
        prompt = asker.prompts.get("condense", folder="parts", language=spoken)
        fields = {
            "source": replace(texts[at], text=part),
            "part": number,
            "parts": len(parts),
            "topic": topic,
            "language": spoken,
            "words": max(60, part_tokens // _SHARE),
        }
        async with gate:
            reply = await asker.ask(prompt, fields, expected=part_tokens // _SHARE * 2, listen=silent)
        if reply.finish is Finish.CANCELLED:
            raise CancelledError("stopped while condensing the sources.")
        if reply.finish is not Finish.STOP:
            raise BadReplyError(
                f"condensing part {number} of {len(parts)} ended early ({reply.finish}) {reply.detail}".strip(),
                vendor=asker.target.info.provider,
                model=asker.target.info.name,
                hint="Choose a model with a larger window, or fewer sources.",
            )
        asker.listen(Notice(f"condensed part {number} of {len(parts)}"))
        return reply.text

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(shorten(n, at, part)) for n, (at, part) in enumerate(parts, 1)]
    except ExceptionGroup as failures:
        # The first failure cancelled the others; it alone says what went wrong.
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


def _size(texts: Sequence[SourceText]) -> int:
    return sum(len(text.text.encode()) for text in texts)


def _too_long(asker: Asker, window: int) -> ContextTooLongError:
    return ContextTooLongError(
        f"the sources do not fit the window of {window:,} tokens, also after condensing.",
        vendor=asker.target.info.provider,
        model=asker.target.info.name,
        hint="Give fewer sources, or choose a model with a larger window: contentkit models --min-context N",
    )
