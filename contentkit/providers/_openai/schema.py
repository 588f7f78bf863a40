"""What an OpenAI-like host does with a JSON schema, and the schema in the form it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from contentkit.core.chat import Request
from contentkit.core.model import Endpoint

_STRINGS = ("minLength", "maxLength")
_ARRAYS = ("uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems")
_OBJECTS = ("minProperties", "maxProperties", "patternProperties", "propertyNames", "unevaluatedProperties")
_NOT_TAKEN = frozenset(("$schema", "$id", "$comment", "default", "examples", *_STRINGS, *_ARRAYS, *_OBJECTS))
"""Keywords that strict mode refuses. They are left out: the answer is validated here against the whole schema."""

_NO_STRICT = frozenset(("allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas"))


def schema_mode(request: Request, endpoint: Endpoint) -> Literal["native", "json", "none"]:
    """What the host does with the request's schema: holds the answer to it, gives any JSON object, or nothing."""
    mode = endpoint.settings.get("schema", "none")
    if request.schema is None or mode not in ("native", "json"):
        return "none"
    if mode == "json" or (request.info is not None and request.info.schema is False):
        return "json" if mode == "json" and request.schema.body.get("type") == "object" else "none"
    if endpoint.settings.get("strict") and strict(request.schema.body) is None:
        return "none"
    return "native"


def sent(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    """The schema as the host takes it. Only for mode "native"."""
    body: Mapping[str, Any] = request.schema.body if request.schema else {}
    return (strict(body) if endpoint.settings.get("strict") else None) or dict(body)


def strict(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema as strict mode takes it, or None when that would change its meaning (an optional property, an open
    object). Source: OpenAI's guide to structured outputs."""
    if schema.get("type") != "object":
        return None
    result = _strict(schema)
    return result if isinstance(result, dict) else None


def _strict(node: Any) -> Any:
    """The node in strict form; None where there is none."""
    if isinstance(node, list):
        items = [_strict(item) for item in node]
        return None if any(item is None for item in items) else items
    if not isinstance(node, Mapping):
        return node
    if _NO_STRICT & node.keys() or not _closed(node):
        return None
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key in _NOT_TAKEN:
            continue
        if key in ("properties", "$defs", "definitions"):
            value = {name: _strict(child) for name, child in value.items()}
            if None in value.values():
                return None
        elif key in ("items", "anyOf", "prefixItems"):
            value = _strict(value)
            if value is None:
                return None
        result[key] = value
    if "properties" in result:
        result["additionalProperties"] = False
    return result


def _closed(node: Mapping[str, Any]) -> bool:
    """An object whose properties are all named and all required; true of everything else."""
    if "properties" not in node:
        return node.get("type") != "object"
    return set(node.get("required", ())) >= set(node["properties"]) and node.get("additionalProperties") in (
        None,
        False,
    )
