"""Structured answers: asked for in words where the server can't be bound, and always validated here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from contentkit.core.chat import Message, Schema
from contentkit.core.text.answer import fenced, without_thought

_OBJECT = re.compile(r"^[ \t]*(?=\{)", re.MULTILINE)
_MOST_OBJECTS = 20


class SchemaMismatch(ValueError):
    """The answer is not JSON, or not JSON of the schema. ``problems`` are sentences for the model and the user."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def instruction(schema: Schema) -> Message:
    """The schema in words, for a model that nothing else binds to it."""
    body = json.dumps(schema.body, ensure_ascii=False, separators=(",", ":"))
    return Message.of(
        "system",
        "Answer with one JSON object and nothing else: no Markdown fence, no word before or after it. "
        f"It must obey this JSON Schema:\n{body}",
    )


def parse(text: str, schema: Schema) -> Any:
    """The answer as data.

    Many models put thoughts, a fence or words around it against all instructions: those are taken off. Of the data
    itself nothing is mended.

    Raises:
        SchemaMismatch: with at most five problems, each naming its place.
    """
    text = without_thought(text)
    try:
        return _read(text, schema)
    except SchemaMismatch as whole:
        mismatch = whole
        for inner in _inner(text):
            try:
                return _read(inner, schema)
            except SchemaMismatch as part:
                mismatch = part
        raise mismatch from None


def _read(text: str, schema: Schema) -> Any:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise SchemaMismatch(["the answer is nested too deeply"]) from None
    except ValueError as error:
        raise SchemaMismatch([f"the answer is not JSON: {error}"]) from None
    problems = check(data, schema)
    if problems:
        raise SchemaMismatch(problems)
    return data


def _inner(text: str) -> Iterator[str]:
    """What may be the answer within words: each fence, and each object that begins a line."""
    yield from fenced(text)
    decoder, end = json.JSONDecoder(), 0
    for found in list(_OBJECT.finditer(text))[:_MOST_OBJECTS]:
        if found.end() >= end:
            try:
                _, end = decoder.raw_decode(text, found.end())
            except (ValueError, RecursionError):
                continue
            yield text[found.end() : end]


def check(data: Any, schema: Schema) -> list[str]:
    """What is wrong with ``data``; [] when it obeys the schema."""
    import jsonschema

    validator = jsonschema.validators.validator_for(schema.body)(schema.body)
    errors = sorted(validator.iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{error.json_path}: {error.message[:300]}" for error in errors[:5]]


def repair(answer: str, problems: list[str]) -> tuple[Message, Message]:
    """The two turns that ask for the same answer in the right form, once."""
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        Message.of("assistant", answer),
        Message.of(
            "user",
            f"That answer does not obey the schema:\n{listed}\n"
            "Give the whole answer again with only these problems mended, as one JSON object and nothing else.",
        ),
    )


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
