"""The question as the model's own chat template writes it, in tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from contentkit.core.chat import Message, Request
from contentkit.core.errors import BadRequestError
from contentkit.providers._transformers.spoken import OPEN

_PRIVATE = 0xF0000  # code points that no text uses stand in for a role marker until it is made harmless
_TURN = "\n\n### {role}\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads.

    Attributes:
        thinking: the template already opened a block of thinking.
        stops: what must end the answer beside the user's own stop strings.
    """

    ids: list[int]
    thinking: bool = False
    stops: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def prompt(tokenizer: Any, request: Request) -> Prompt:
    """The tokens of the request's messages, up to where the answer begins.

    A role marker inside a message ("<|im_end|>") stays plain text: it is cut into characters before it becomes
    tokens, so it forges nothing. All other text gives the tokens that the template's author meant.

    Raises:
        BadRequestError: the template takes no such conversation.
    """
    markers = _markers(tokenizer, request.messages)
    messages = [Message.of(message.role, _hide(message.text, markers)) for message in request.messages]
    if not getattr(tokenizer, "chat_template", None):
        text = _transcript(messages)
        notice = "this model has no chat template (a base model?); the messages were written as a plain transcript"
        ids = _encode(tokenizer, text, markers, special=True)
        return Prompt(ids, stops=("\n### User", "\n### System"), notices=(notice,))
    settings, notices = _effort(tokenizer, request)
    text = _render(tokenizer, messages, settings)
    ids = _encode(tokenizer, text, markers, special=False)
    return Prompt(ids, thinking=text.rstrip().endswith(OPEN), notices=notices)


def _effort(tokenizer: Any, request: Request) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Template variables for ``effort``; an answer bound by a schema skips optional thinking."""
    template, effort = str(tokenizer.chat_template), request.options.effort
    if request.schema is not None and effort is None:
        return {"enable_thinking": False}, ()
    if effort is None:
        return {}, ()
    if "enable_thinking" not in template and "reasoning_effort" not in template:
        return {}, ("this model's template knows no effort; the option was dropped",)
    return {"enable_thinking": effort != "minimal", "reasoning_effort": effort.replace("minimal", "low")}, ()


def _render(tokenizer: Any, messages: list[Message], settings: dict[str, Any]) -> str:
    from jinja2 import TemplateError

    try:
        text = _apply(tokenizer, messages, settings)
        system = next((message.text.strip() for message in messages if message.role == "system"), "")
        if system in text:
            return text
    except TemplateError:
        pass
    # Some models know no system role: their template refuses it, or leaves it out without a word.
    try:
        return _apply(tokenizer, _without_system(messages), settings)
    except TemplateError as error:
        raise BadRequestError(f"the model's chat template does not take this conversation: {error}") from None


def _apply(tokenizer: Any, messages: list[Message], settings: dict[str, Any]) -> str:
    turns = [{"role": message.role, "content": message.text} for message in messages]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True, **settings))


def _without_system(messages: list[Message]) -> list[Message]:
    system = "\n\n".join(message.text for message in messages if message.role == "system")
    turns = [message for message in messages if message.role != "system"]
    if not turns or turns[0].role != "user":
        return [Message.of("user", system), *turns]
    return [Message.of("user", f"{system}\n\n{turns[0].text}" if system else turns[0].text), *turns[1:]]


def _transcript(messages: list[Message]) -> str:
    turns = [_TURN.format(role=message.role.capitalize()) + message.text.strip() for message in messages]
    return "".join(turns).lstrip() + _TURN.format(role="Assistant")


def _markers(tokenizer: Any, messages: tuple[Message, ...]) -> list[str]:
    """Texts of the tokenizer's own marks that stand in a message, longest first."""
    marks = {token.content for token in tokenizer.added_tokens_decoder.values() if len(token.content) > 1}
    words = "\n".join(message.text for message in messages)
    return sorted((mark for mark in marks if mark in words), key=len, reverse=True)


def _hide(text: str, markers: list[str]) -> str:
    for number, mark in enumerate(markers):
        text = text.replace(mark, chr(_PRIVATE + number))
    return text


def _encode(tokenizer: Any, text: str, markers: list[str], *, special: bool) -> list[int]:
    hidden = "".join(chr(_PRIVATE + number) for number in range(len(markers)))
    pieces = re.split(f"([{hidden}])", text) if markers else [text]
    ids = _tokens(tokenizer, pieces[0], special=special)
    for piece in pieces[1:]:
        mark = markers[ord(piece) - _PRIVATE] if piece and piece in hidden else ""
        for part in mark or (piece,):
            ids += _tokens(tokenizer, part, special=False)
    return ids


def _tokens(tokenizer: Any, text: str, *, special: bool) -> list[int]:
    return list(tokenizer(text, add_special_tokens=special, verbose=False)["input_ids"]) if text else []
