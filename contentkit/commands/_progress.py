"""What the user sees while a model answers: notices and a running count, and on a terminal the text itself."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from contentkit.core.chat import Done, Event, Notice, ReasoningDelta, TextDelta

if TYPE_CHECKING:
    from contentkit.core.report import Report

_GET_A_MODEL = (
    "for a written text, use a model: set a key such as OPENAI_API_KEY, start a local server such as Ollama, or "
    "pip install 'contentkit[local]'; then see contentkit models and contentkit doctor"
)
_EVERY = 0.1  # seconds between two updates of the running count

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Unicode's embeddings, overrides and isolates: they make a line read otherwise than it is."""


class Progress:
    """A listener for ``write``.

    Args:
        quiet: say nothing.
        stream: the answer is free text for the terminal; show it as it comes, where standard output is one.
        advise: tell below an offline draft how to get a model; no news to one who asked for no model.
    """

    def __init__(self, *, quiet: bool, stream: bool, advise: bool = True) -> None:
        self.quiet = quiet
        self._advise = advise
        self._parts: list[str] = []
        self._stream = stream and sys.stdout.isatty()
        self._count = not quiet and not self._stream and sys.stderr.isatty()
        self._started = self._shown = time.monotonic()
        self._bytes = 0
        self._answers = 0
        self._line = False
        self._said: set[str] = set()

    @property
    def streamed(self) -> str:
        """The text shown so far."""
        return "".join(self._parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()
        self._end_line()

    def __call__(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                self._bytes += len(text.encode("utf-8", "replace"))
                if self._stream and text:
                    self._parts.append(text)
                    sys.stdout.write(_printable(text))
                    sys.stdout.flush()
            case ReasoningDelta(text):
                self._bytes += len(text.encode("utf-8", "replace"))
            case Done():
                self._answers += 1
            case Notice(message):
                self._say(message)
        if self._count:
            self._tick()

    def close(self, report: Report) -> None:
        """The closing lines: who answered, what it took, what was not read, what is wrong. A review tells it itself."""
        from contentkit.reports._wording import judges

        if self.quiet or judges(report):
            return
        from contentkit.reports._facts import account
        from contentkit.reports.text import findings

        for line in account(report):
            if line.removeprefix("note: ") not in self._said:
                self._say(line)
        if self._advise and report.model.startswith("offline:"):
            self._say(_GET_A_MODEL)
        for line in findings(report):
            click.echo(line, err=True)

    def _say(self, message: str) -> None:
        if self.quiet:
            return
        self._said.add(message)
        self._clear()
        self._end_line()
        click.echo(f"contentkit: {_printable(message)}", err=True)

    def _end_line(self) -> None:
        """What comes next begins on a line of its own."""
        if self._parts and not self._parts[-1].endswith("\n"):
            click.echo()
            self._parts.append("\n")

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._shown < _EVERY:
            return
        self._shown = now
        self._line = True
        tokens = self._bytes // 4
        answers = f"{self._answers:,} answers, " if self._answers > 1 else ""
        sys.stderr.write(f"\r{answers}about {tokens:,} tokens, {now - self._started:.0f} s ")
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._line:
            sys.stderr.write("\r\033[K")
            self._line = False


def _printable(text: str) -> str:
    """Text from a model or a vendor can't move the cursor, set the window's title or turn the direction of writing;
    halves of characters (lone surrogates), which no terminal takes, become signs that stand for them."""
    shown = (char for char in text if char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f"))
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in shown if char not in _TURNING)
