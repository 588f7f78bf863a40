"""The inputs of a kind, as its prompt file names them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Literal

from contentkit.kit.prompts.front_matter import FrontMatter
from contentkit.kit.prompts.prompt import INPUT_TYPES, Input
from contentkit.kit.prompts.values import converted

_INPUT_KEYS = [item.name for item in fields(Input) if item.name != "name"]
# The rest of the common inputs every kind is given.
_DISPENSABLE = ("tone", "audience", "length", "voice")


def inputs_of(front: FrontMatter) -> dict[str, dict[str, Any] | Literal[False]]:
    """What a file says of each input; False takes a common one away that the kind has no use for."""
    inputs: dict[str, dict[str, Any] | Literal[False]] = front.typed(front.data.get("inputs", {}), dict, "inputs")
    for name, attributes in inputs.items():
        if not isinstance(name, str) or not name.isidentifier() or not name.islower():
            raise front.wrong(f"an input can't be called {name!r}.", "inputs", str(name), hint="Use a-z, 0-9 and _.")
        if attributes is False:
            if name not in _DISPENSABLE:
                raise front.wrong(f"{name!r} can't be taken away.", "inputs", name)
            continue
        front.typed(attributes, dict, "inputs", name)
        front.known(attributes, _INPUT_KEYS, "inputs", name)
        for key, kind in (("type", str), ("description", str), ("required", bool), ("enum", list), ("file", bool)):
            if key in attributes:
                front.typed(attributes[key], kind, "inputs", name, key)
        for key in ("minimum", "maximum"):
            if isinstance(attributes.get(key, 0), bool) or not isinstance(attributes.get(key, 0), (int, float)):
                raise front.wrong(f"{key!r} must be a number.", "inputs", name, key)
        front.one_of(attributes.get("type"), INPUT_TYPES, "inputs", name, "type")
    return inputs


def whole(front: FrontMatter, name: str, attributes: dict[str, Any], common: Input | None) -> Input:
    """The input with all its attributes, its default and example of its own type."""
    if common and attributes.get("type", common.type) != common.type:
        raise front.wrong(f"{name!r} is known to every kind, as a {common.type}.", "inputs", name, "type")
    if name in ("rules", "house", "sources", "fence", "language_name", "data"):
        raise front.wrong(f"{name!r} is there already, for every kind.", "inputs", name)
    made = replace(
        common or Input(name), **{**attributes, "enum": tuple(attributes.get("enum", common.enum if common else ()))}
    )
    if made.required and attributes.get("default") is not None:
        raise front.wrong(f"{name!r} is required, so it can't have a default.", "inputs", name)
    if common and made.required:
        made = replace(made, default=None)
    for key in ("default", "example"):
        value = getattr(made, key)
        if value is not None and value != "":
            try:
                made = replace(made, **{key: converted(made, value)})
            except ValueError as error:
                raise front.wrong(f"the {key} of {name!r} {error}.", "inputs", name, key) from error
    return made
