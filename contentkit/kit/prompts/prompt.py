"""What a prompt file says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from contentkit.core.chat import Schema
from contentkit.core.piece import SourceText

InputType = Literal["string", "integer", "number", "boolean", "list"]
INPUT_TYPES: tuple[InputType, ...] = ("string", "integer", "number", "boolean", "list")

# From the outermost to the innermost: what goes out passes them in this order, what comes back in reverse. Secrets are
# hidden last and restored first, so that the others see the text that the reader will see.
STEPS = ("limits", "language", "normalise", "redact")

NOT_LENSES = ("verify", "suggest", "summary")
"""Prompts of ``prompts/review/`` that look for nothing: they are asked at other steps of a review."""


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a prompt is rendered from.

    Attributes:
        name: what templates call it; on the command line "_" becomes "-".
        enum: the values allowed (of each item, for a list); empty allows any.
        minimum, maximum: bounds of a number, or of the length of a list.
        file: on the command line it may be the name of a file that holds the text.
    """

    name: str
    type: InputType = "string"
    required: bool = False
    default: Any = None
    enum: tuple[Any, ...] = ()
    example: Any = None
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None
    file: bool = False


# What every kind knows without declaring it. A file may change default, description, bounds, and ``required``.
COMMON: tuple[Input, ...] = (
    Input("topic", description="What it is about.", default="", example="why our parser got twice as fast"),
    Input("tone", description="How it sounds.", default="", example="warm, plain, no jokes"),
    Input("audience", description="Who reads it.", default="", example="developers who have never heard of us"),
    Input("length", "integer", description="Words; characters in Japanese and Chinese.", example=800, minimum=1),
    Input("voice", description="A text whose voice is to be matched.", default=""),
    Input("language", description="Language of the result, as an ISO 639-1 code.", default="en", example="ja"),
)


@dataclass(frozen=True, slots=True)
class Long:
    """How a long text is written: an outline first, then section after section.

    Attributes:
        over: from more words than this.
        outline, section: names of prompts in ``prompts/parts/``.
    """

    over: int
    outline: str
    section: str


@dataclass(frozen=True, slots=True)
class Series:
    """How several pieces are written in one run: a plan first, then piece after piece.

    Attributes:
        count: the input that says how many, and the key of the pieces in the answer.
        plan, part: names of prompts in ``prompts/parts/``.
    """

    count: str
    plan: str
    part: str


@dataclass(frozen=True, slots=True)
class Case:
    """A test that travels in the file: what is given, and what the messages must and must not hold."""

    given: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[SourceText, ...] = ()
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file, read and checked; see docs/prompts.md for what each key means.

    Attributes:
        path: the file.
        origin: "project", "user", "built-in" or a plugin's name.
        folder: "write", "parts" ...
        language: of the file itself; "" for one that writes in any.
        inputs: the kind's own; ``common`` has those that every kind knows, as this file refines them.
        schema: of the answer; None for free text.
        layout: template that turns the structured answer into Markdown; "" for free text.
        limits: path in the answer -> rule name, or "$key" for a rule named by a sibling key.
        plain: paths in the answer of texts without Markdown, which ``steps/tidy.py`` keeps to it.
        unchecked: checks that run on every text and make no sense for this kind.
        form: which arrangement ``offline`` uses.
        by_parts: words of a source that one question takes; a longer one is given part after part. None gives it whole.
        sources: references that are the material where the user names none.
        language_of: the input in whose language the result is written, where nobody says another; "" for none.
        model: preferred models, best first.
        requires: abilities that a model must have.
        options: sampling wishes by name.
        extra: the ``x-*`` keys.
        body, body_line: the template, and the 1-based line of the file where it starts; ``body_path`` names the file it
            stands in, which is another one when a file inherits its body. So for ``layout``.
    """

    name: str
    path: Path
    origin: str
    folder: str = "write"
    language: str = ""
    version: str = "1"
    description: str = ""
    inputs: tuple[Input, ...] = ()
    common: tuple[Input, ...] = COMMON
    schema: Schema | None = None
    layout: str = ""
    steps: tuple[str, ...] = STEPS
    unchecked: tuple[str, ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    form: str = ""
    long: Long | None = None
    by_parts: int | None = None
    series: Series | None = None
    sources: tuple[str, ...] = ()
    language_of: str = ""
    model: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    tests: tuple[Case, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    body_path: Path = Path()
    body_line: int = 1
    layout_path: Path = Path()
    layout_line: int = 1
