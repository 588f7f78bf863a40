"""From tokens to what the reader sees: whole characters, thinking apart from the answer, no part of a stop string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contentkit.core.chat import ReasoningDelta, TextDelta
from contentkit.providers._transformers.local import library

OPEN, CLOSE = "<think>", "</think>"
_HALF = "�"


class Characters:
    """Tokens in, whole characters out. A character of several tokens appears when its last token is there."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._backend = getattr(tokenizer, "backend_tokenizer", None)
        self._begin()

    def feed(self, token: int) -> str:
        if self._backend is None:
            return self._decode(token)
        text: str | None = self._stream.step(self._backend, token)
        if text is None:
            self._waiting.append(token)
            return ""
        self._waiting.clear()
        return text

    def close(self) -> str:
        """What still waits, without the half of a character that will never be whole."""
        rest = self._words(self._waiting).rstrip(_HALF)
        self._begin()
        return rest

    def _begin(self) -> None:
        self._stream = library("tokenizers.decoders").DecodeStream(skip_special_tokens=True)
        self._shown: list[int] = []
        self._waiting: list[int] = []

    def _decode(self, token: int) -> str:
        """The same for tokenizers without a fast backend: decode again from the last whole character."""
        before = self._words(self._shown)
        self._waiting.append(token)
        text = self._words(self._shown + self._waiting)
        if text.endswith(_HALF) or len(text) <= len(before):
            return ""
        self._shown, self._waiting = self._waiting, []
        return text[len(before) :]

    def _words(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))


class Answer:
    """Sorts text into thinking and answer, and ends at the first stop string.

    Attributes:
        thinking: what comes now is thinking.
        stopped: the stop string that was met, or "".
    """

    def __init__(self, stops: Iterable[str], *, thinking: bool) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self.thinking = thinking
        self.stopped = ""
        self._undecided = not thinking  # an answer may begin with <think>; later ones are only words
        self._held = ""
        self._blank = False  # white space between the thinking and the answer belongs to neither

    @property
    def awaited(self) -> str:
        """The mark that would change what comes now, or ""."""
        return OPEN if self._undecided else CLOSE if self.thinking else ""

    def feed(self, text: str) -> list[TextDelta | ReasoningDelta]:
        self._held += text
        said: list[TextDelta | ReasoningDelta] = []
        if self._undecided and not self._decide():
            return said
        if self.thinking:
            said += self._think()
        if not self.thinking:
            said += self._answer()
        return said

    def close(self) -> list[TextDelta | ReasoningDelta]:
        """What was held back, now that nothing follows."""
        if self.thinking:
            return [ReasoningDelta(self._held)] if self._held else []
        said = self._answer()
        if self._held and not self.stopped:
            said.append(TextDelta(self._held))
        return said

    def _decide(self) -> bool:
        start = self._held.lstrip()
        if start.startswith(OPEN):
            self.thinking = True
            self._held = start[len(OPEN) :]
        elif OPEN.startswith(start):
            return False
        self._undecided = False
        return True

    def _think(self) -> list[TextDelta | ReasoningDelta]:
        thought, close, rest = self._held.partition(CLOSE)
        if close:
            self.thinking = False
            self._blank = True
            self._held = rest
        else:
            keep = _overlap(thought, (CLOSE,))
            thought, self._held = thought[: len(thought) - keep], thought[len(thought) - keep :]
        return [ReasoningDelta(thought)] if thought else []

    def _answer(self) -> list[TextDelta | ReasoningDelta]:
        if self._blank:
            self._held = self._held.lstrip()
            self._blank = not self._held
        if self.stopped:
            return []
        # The one that is whole first, since a model is stopped then: where the text is cut must make no difference.
        found = [(at + len(stop), at, stop) for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            _, end, self.stopped = min(found)
        else:
            end = len(self._held) - _overlap(self._held, self._stops)
        text, self._held = self._held[:end], self._held[end:]
        return [TextDelta(text)] if text else []


def _overlap(text: str, marks: tuple[str, ...]) -> int:
    """How many characters at the end of ``text`` may be the beginning of a mark."""
    longest = max((len(mark) for mark in marks), default=1) - 1
    for size in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-size:]) for mark in marks):
            return size
    return 0
