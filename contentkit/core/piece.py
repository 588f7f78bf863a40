"""A text on its way: what was asked (Brief), and its state between the steps (Piece)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contentkit.core.chat import Image
from contentkit.core.report import Covered, Finding

STDIN = "standard input"
"""The origin of what was piped in."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """Material to write from.

    Attributes:
        origin: what the user named, made exact: a path, a URL, "git:v1..HEAD", or ``STDIN``.
        text: the words, as Markdown where the original had structure.
        title: the document's own title, or "".
        language: ISO 639-1 code, or "" when not yet known.
        licence: where the source states one, else "".
        picture: what is to be looked at, where the source is a picture; ``text`` then only says which one it is.
    """

    origin: str
    text: str
    title: str = ""
    language: str = ""
    licence: str = ""
    picture: Image | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What references gave: the texts, and every input that was named with what became of it.

    Attributes:
        notices: what the user should know of the reading ("notes.txt was read as Shift_JIS").
    """

    texts: tuple[SourceText, ...] = ()
    covered: tuple[Covered, ...] = ()
    notices: tuple[str, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.texts + other.texts, self.covered + other.covered, self.notices + other.notices)

    @classmethod
    def of(cls, text: SourceText, *notices: str) -> Reading:
        """One input that was read whole."""
        return cls((text,), (Covered(text.origin, "read"),), notices)


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds on reading sources.

    Attributes:
        max_bytes: most that one reference may hold (a file, a page, or all files of a folder together).
        timeout: seconds for one page to arrive.
        allow_private: read pages of private and loopback addresses.
        as_written: text and Markdown to the character, front matter included, so that places hold in the file.
    """

    max_bytes: int = 64_000_000
    timeout: float = 30.0
    allow_private: bool = False
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """What the user wants written.

    Attributes:
        kind: name of a prompt in ``prompts/write/``.
        sources: references as the user gave them (``--from``).
        language: ISO 639-1 code of the result; "" takes the language of the material.
        fields: values for the kind's own inputs, by name.
        model: ``provider:name``; "" lets the kit choose.
        options: sampling wishes by name (temperature, seed, max_tokens ...).
        manner: the files that were named to say how to write (``kit/manner.py``), to be remembered with the draft.
    """

    kind: str
    topic: str = ""
    sources: tuple[str, ...] = ()
    language: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    manner: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """The state of a text between steps. Steps return a changed copy.

    Before the model, steps work on ``fields`` and ``sources``; after it on ``output`` (structured) and
    ``body`` (free text, or the laid-out form of the output).

    Attributes:
        kind: name of the content kind.
        language: ISO 639-1 code of the result.
        hosted: the text leaves this machine.
        fields: values that the prompt is rendered from.
        limits: path in the output -> name of a limit rule (see ``steps/limits.py``).
        output: the answer by the kind's schema, or None for free text.
        vault: placeholder -> secret that it hides.
        covered: what was and was not read.
        host: where a hosted text goes, for notices; "" when not known.
        name: what places call ``body``: "body" of a draft, the path of a file that is checked.
        settings: name of a step -> what its file or the configuration says for it.
        originals: the sources as they were read, where ``sources`` were condensed.
        picked: the text is put together from sentences of the sources, as offline drafts are.
        asked: path of each value that the answer was to have ("posts[].text") -> the most characters that it may have,
            or None; what else is in the output was added by code. Empty when everything counts.
        plain: paths of the texts of the answer that hold no Markdown.
        needed: paths of those that may not be empty.
        missing: targets of relative links that lead nowhere, found out by whoever may look at files.
    """

    kind: str
    language: str = ""
    hosted: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[SourceText, ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    output: Any = None
    body: str = ""
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    vault: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[Covered, ...] = ()
    host: str = ""
    name: str = "body"
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    originals: tuple[SourceText, ...] = ()
    picked: bool = False
    asked: Mapping[str, int | None] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()

    def found(self, *findings: Finding) -> Piece:
        """This piece with more findings."""
        return replace(self, findings=self.findings + findings)

    def noticed(self, *notices: str) -> Piece:
        """This piece with more notices for the user."""
        return replace(self, notices=self.notices + notices)
