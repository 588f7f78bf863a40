"""The answer of a model in what a report keeps of it: without what steps added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contentkit.kit.plugins import Shelf
    from contentkit.kit.prompts import Prompt


def answered(prompt: Prompt, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """``fields`` by the schema of ``prompt``: steps with ``DERIVES`` take out what they put in."""
    from contentkit.kit.plugins import shelf

    steps: Shelf[Any] = shelf("steps")
    for name in prompt.steps:
        if getattr(step := steps.get(name), "DERIVES", False):
            fields = step.answered(fields)
    return fields
