"""A JSON schema in the part of the language that a vendor enforces. What is lost is checked by us afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contentkit.providers._wire.shapes import Json, items, obj, text

STRING_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
PLAIN = frozenset({"type", "enum", "const", "required", "$ref", "title", "description", "default"})
DROPPED = frozenset({"additionalProperties", "$schema", "$id"})


def closed(schema: Mapping[str, Any]) -> Json:
    """The schema in the subset that the API enforces: closed objects, no bounds on lengths and numbers.

    What is outside the subset is told to the model in the description (as Anthropic's own SDK does) and
    checked by us afterwards.
    """
    kept: Json = {}
    told: list[str] = []
    for key, value in schema.items():
        match key:
            case "properties" | "$defs":
                kept[key] = {name: closed(obj(child)) for name, child in obj(value).items()}
            case "items" if isinstance(value, dict):
                kept[key] = closed(value)
            case "anyOf" | "oneOf" | "allOf":
                kept["allOf" if key == "allOf" else "anyOf"] = [closed(obj(child)) for child in items(value)]
            case _ if (
                key in PLAIN or (key == "minItems" and value in (0, 1)) or (key == "format" and value in STRING_FORMATS)
            ):
                kept[key] = value
            case _ if key not in DROPPED:
                told.append(f"{key}: {value}")
    if "properties" in kept or kept.get("type") == "object":
        kept["additionalProperties"] = False
    if told:
        kept["description"] = " ".join(filter(None, (text(kept.get("description")), f"({', '.join(told)})")))
    return kept


def without_const(schema: Mapping[str, Any]) -> Json:
    """The schema with each ``const`` as an ``enum`` of one, for Gemini, which knows only the latter."""
    return {
        ("enum" if key == "const" else key): _plain(key, value) for key, value in schema.items() if key != "$schema"
    }


def _plain(key: str, value: Any) -> Any:
    if key == "const":
        return [value]
    if key in ("properties", "$defs"):
        return {name: without_const(obj(child)) for name, child in obj(value).items()}
    if key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        return [without_const(obj(child)) for child in items(value)]
    return without_const(value) if isinstance(value, dict) and key in ("items", "additionalProperties") else value
