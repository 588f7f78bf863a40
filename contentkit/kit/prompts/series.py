"""A kind that writes several pieces in one run (the emails of a campaign): its prompt, made for so many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contentkit.core.chat import Schema
from contentkit.kit.prompts.prompt import Prompt

DAY = "day"
_DAY_SCHEMA = {"type": "integer", "minimum": 0, "maximum": 730, "description": "days after the first one, which has 0"}


def pieces(prompt: Prompt, values: Mapping[str, Any]) -> int:
    """How many pieces are asked for; 1 of a kind that writes no series."""
    return int(values.get(prompt.series.count) or 1) if prompt.series else 1


def shaped(prompt: Prompt, number: int) -> Prompt:
    """The prompt whose answer is ``{COUNT: [piece, ...]}`` of at most ``number`` pieces, each with its day; the prompt
    itself for one."""
    if prompt.series is None or prompt.schema is None or number < 2:
        return prompt
    key, body = prompt.series.count, prompt.schema.body
    piece = {
        **body,
        "properties": {DAY: _DAY_SCHEMA, **body.get("properties", {})},
        "required": [DAY, *body.get("required", ())],
    }
    whole = {
        "type": "object",
        "properties": {key: {"type": "array", "minItems": 1, "maxItems": number, "items": piece}},
        "required": [key],
        "additionalProperties": False,
    }
    limits = {f"{key}[].{path}": rule for path, rule in prompt.limits.items()}
    plain = tuple(f"{key}[].{path}" for path in prompt.plain)
    return replace(prompt, schema=Schema(f"{prompt.schema.name}_series", whole), limits=limits, plain=plain)


def shaped_as(prompt: Prompt, data: Mapping[str, Any]) -> Prompt:
    """The prompt of an answer that is there already."""
    rows = data.get(prompt.series.count) if prompt.series else None
    return shaped(prompt, max(2, len(rows))) if isinstance(rows, list) else prompt
