"""A question to a model and its answer, the same for every vendor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from contentkit.core.model import ModelInfo

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Text:
    """A part of a message in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A part of a message that is a picture: its bytes and media type ("image/png")."""

    data: bytes
    media_type: str


Part = Text | Image


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation."""

    role: Role
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, role: Role, text: str) -> Message:
        return cls(role, (Text(text),))

    @property
    def text(self) -> str:
        """The words of all text parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


@dataclass(frozen=True, slots=True)
class Options:
    """Wishes for the answer; None leaves the vendor's default.

    Attributes:
        max_tokens: upper bound of the answer, in the model's tokens.
        temperature: 0 to 2.
        effort: how hard a reasoning model thinks: "minimal", "low", "medium", "high".
    """

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON schema that the answer must obey."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A question, twice: as messages for a model to read, and as the fields they were rendered from.

    Attributes:
        model: the model's name at its provider (without the provider).
        fields: what the messages were rendered from; ``offline`` reads these.
        deadline: seconds for the whole question, retries and waits included.
        info: what the catalogue knows of the model.
    """

    model: str
    messages: tuple[Message, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    options: Options = Options()
    schema: Schema | None = None
    deadline: float = 600.0
    info: ModelInfo | None = None


class Finish(StrEnum):
    """Why an answer ended."""

    STOP = "stop"
    LENGTH = "length"
    REFUSAL = "refusal"
    FILTERED = "filtered"
    CANCELLED = "cancelled"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the model's thinking; never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more answers.

    Attributes:
        input_tokens: everything read, cached tokens included.
        output_tokens: everything written, reasoning included.
        cached_tokens: the part of the input read from the vendor's cache.
        cache_write_tokens: the part of the input written to the vendor's cache.
        reasoning_tokens: the part of the output that was thinking.
        cost: US dollars as the vendor itself says, or None.
        estimated: the numbers are ours, not the vendor's.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost: float | None = None
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            sum(costs) if costs else None,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know: a dropped option, a retry, a wait."""

    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the answer.

    Attributes:
        model: the model that answered, as the vendor names it, or "".
        detail: the vendor's own word for the end, where ours says less.
        request_id: the vendor's id, or "".
    """

    finish: Finish
    model: str = ""
    detail: str = ""
    request_id: str = ""


Event = TextDelta | ReasoningDelta | Usage | Notice | Done


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``data`` is the parsed JSON when a schema was asked and obeyed."""

    text: str
    finish: Finish
    usage: Usage | None = None
    reasoning: str = ""
    model: str = ""
    detail: str = ""
    request_id: str = ""
    notices: tuple[str, ...] = ()
    data: Any = None


@dataclass(frozen=True, slots=True)
class BatchState:
    """Where a batch stands that a vendor works through in its own time.

    Attributes:
        state: "running", "ended" (some of it may have failed) or "failed" (none of it was done).
        answered, total: questions; 0 while the vendor does not tell.
        detail: why it failed, in the vendor's words.
    """

    state: Literal["running", "ended", "failed"]
    answered: int = 0
    total: int = 0
    detail: str = ""


def fold(events: Iterable[Event]) -> Reply:
    """The answer that a stream of events tells.

    A later ``Usage`` replaces an earlier one, since vendors count cumulatively. A stream without ``Done``
    ended early: its finish is ``error``.
    """
    text: list[str] = []
    reasoning: list[str] = []
    notices: list[str] = []
    usage: Usage | None = None
    done = Done(Finish.ERROR, detail="the stream ended early")
    for event in events:
        match event:
            case TextDelta(chunk):
                text.append(chunk)
            case ReasoningDelta(chunk):
                reasoning.append(chunk)
            case Notice(message):
                notices.append(message)
            case Usage():
                usage = event
            case Done():
                done = event
    return Reply(
        "".join(text),
        done.finish,
        usage,
        "".join(reasoning),
        done.model,
        done.detail,
        done.request_id,
        tuple(notices),
    )
