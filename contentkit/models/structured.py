"""Structured answers: asked for in words where the server can't be bound, and always validated here."""

from __future__ import annotations

import json
import re
from typing import Any

from contentkit.core.chat import Message, Schema

_FENCE = re.compile(r"\A\s*```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```\s*\Z", re.DOTALL)


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

    A Markdown fence around the whole answer is taken off, since many models add one against all instructions; nothing
    else is mended.

    Raises:
        SchemaMismatch: with at most five problems, each naming its place.
    """
    fenced = _FENCE.match(text)
    try:
        data = json.loads(fenced.group(1) if fenced else text, parse_constant=_no_constant)
    except RecursionError:
        raise SchemaMismatch(["the answer is nested too deeply"]) from None
    except ValueError as error:
        raise SchemaMismatch([f"the answer is not JSON: {error}"]) from None
    problems = check(data, schema)
    if problems:
        raise SchemaMismatch(problems)
    return data


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
