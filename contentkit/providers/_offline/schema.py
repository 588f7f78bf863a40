"""Filling a JSON schema honestly: with sentences, titles and terms of the sources, else with marks of what is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DEEPEST = 12
_TITLES = re.compile(r"title|headline|subject|name|heading|topic", re.IGNORECASE)
_TERMS = re.compile(r"tag|keyword|term|categor", re.IGNORECASE)
_BODIES = re.compile(r"body|text|content|article|markdown|draft", re.IGNORECASE)


@dataclass(slots=True)
class Stock:
    """What there is to fill with.

    Attributes:
        title: of the material, or "".
        sentences: best first; each is used once.
        terms: key terms, best first.
        body: the material arranged as Markdown.
        mark: makes the placeholder for what is open.
    """

    title: str
    sentences: list[str]
    terms: list[str]
    body: str
    mark: Callable[[str], str]

    def sentence(self, least: int, most: int | None, fits: Callable[[str], bool]) -> str:
        """The best unused sentence of a length that fits, or ""."""
        for text in self.sentences:
            if len(text) >= least and (most is None or len(text) <= most) and fits(text):
                self.sentences.remove(text)
                return text
        return ""


def fill(schema: Mapping[str, Any], stock: Stock, given: Any = None) -> Any:
    """A value that obeys the schema: ``given`` where it does, the rest from the stock."""
    return _value(schema, schema, stock, "", given, 0)


def _value(schema: Any, root: Mapping[str, Any], stock: Stock, name: str, given: Any, depth: int) -> Any:
    schema = _resolved(schema, root)
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return given
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return given if given in schema["enum"] else schema["enum"][0]
    match _type(schema, given):
        case "object":
            return _object(schema, root, stock, given, depth)
        case "array":
            return _array(schema, root, stock, name, given, depth)
        case "string":
            return _string(schema, stock, name, given)
        case "integer" | "number" as kind:
            return _number(schema, kind, given)
        case "boolean":
            return given if isinstance(given, bool) else bool(schema.get("default", False))
        case "null":
            return None
    return given


def _resolved(schema: Any, root: Mapping[str, Any]) -> Any:
    """The schema behind ``$ref``, ``allOf``, ``anyOf`` and ``oneOf`` (of a choice, the first)."""
    for _ in range(_DEEPEST):
        if not isinstance(schema, Mapping):
            return schema
        if "$ref" in schema:
            schema = _at(root, str(schema["$ref"]))
        elif "allOf" in schema:
            schema = _merged([{**schema, "allOf": ()}, *schema["allOf"]], root)
        elif choices := schema.get("anyOf") or schema.get("oneOf"):
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
            schema = _merged([rest, choices[0]], root)
        else:
            return schema
    return schema


def _at(root: Mapping[str, Any], reference: str) -> Any:
    found: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
    return found


def _merged(schemas: Sequence[Any], root: Mapping[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for schema in schemas:
        for key, value in (_at(root, schema["$ref"]) if "$ref" in schema else schema).items():
            if key == "properties":
                whole[key] = {**whole.get(key, {}), **value}
            elif key == "required":
                whole[key] = [*whole.get(key, []), *value]
            elif key != "allOf":
                whole[key] = value
    return whole


def _type(schema: Mapping[str, Any], given: Any) -> str:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        if given is None and "null" in kinds:
            return "null"
        return next((str(kind) for kind in kinds if kind != "null"), "null")
    if kinds:
        return str(kinds)
    return "object" if "properties" in schema else "array" if "items" in schema else "string"


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], stock: Stock, given: Any, depth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    required = set(schema.get("required", ()))
    known = dict(given) if isinstance(given, Mapping) else {}
    filled = {}
    # Titles and lists of terms first, so that the best sentences go where sentences are wanted.
    for name, part in properties.items():
        if name in known or name in required or _worth_filling(_resolved(part, root), stock):
            filled[name] = _value(part, root, stock, name, known.get(name), depth + 1)
    extra = schema.get("additionalProperties", True)
    if extra is not False:
        filled |= {name: value for name, value in known.items() if name not in properties}
    for name in required - set(filled):
        filled[name] = _value(extra if isinstance(extra, Mapping) else {}, root, stock, name, None, depth + 1)
    return filled


def _worth_filling(schema: Any, stock: Stock) -> bool:
    """Of what may be left out: text is filled; a number, a choice, a yes or a code would be made up."""
    if not isinstance(schema, Mapping) or "enum" in schema or _type(schema, "") not in ("string", "array", "object"):
        return False
    return "pattern" not in schema or _matches(schema["pattern"], stock.mark("text"))


def _array(
    schema: Mapping[str, Any], root: Mapping[str, Any], stock: Stock, name: str, given: Any, depth: int
) -> list[Any]:
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 1000))
    items = schema.get("items", {})
    if isinstance(given, list):
        filled = [_value(items, root, stock, name, item, depth + 1) for item in given[:most]]
    elif _TERMS.search(name) and _type(_resolved(items, root) or {}, "") == "string":
        filled = [_value(items, root, stock, name, term, depth + 1) for term in stock.terms[: min(most, 8)]]
    else:
        wanted = min(most, max(least, 4 if stock.sentences else 1))
        filled = [_value(items, root, stock, name, None, depth + 1) for _ in range(wanted)]
    while len(filled) < least:
        filled.append(_value(items, root, stock, name, None, depth + 1))
    return _distinct(filled) if schema.get("uniqueItems") else filled


def _distinct(values: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def _string(schema: Mapping[str, Any], stock: Stock, name: str, given: Any) -> str:
    least, most = int(schema.get("minLength", 0)), schema.get("maxLength")

    def fits(text: str) -> bool:
        return len(text) >= least and (most is None or len(text) <= most) and _matches(schema.get("pattern"), text)

    offered = [given] if isinstance(given, str) else []
    if given is None:
        offered += [str(schema["default"])] if "default" in schema else []
        offered += [stock.title] if _TITLES.search(name) else []
        offered += [stock.body] if _BODIES.search(name) else []
        offered += stock.terms[:1] if _TERMS.search(name) else []
    for text in offered:
        if text and fits(text):
            return text
    shorter = _whole_lines(offered[0], most) if offered and most is not None else ""
    if shorter and fits(shorter):
        return shorter
    if isinstance(given, str):
        return "" if not given and fits("") else _open(stock, name, schema, fits)
    found = stock.sentence(least, most, fits) or _open(stock, name, schema, fits)
    return found if fits(found) or "pattern" not in schema else example(str(schema["pattern"]))


def _matches(pattern: object, text: str) -> bool:
    try:
        return pattern is None or re.search(str(pattern), text) is not None
    except re.error:
        return True


def example(pattern: str) -> str:
    """The shortest text for a simple regular expression, for a field that must be there and can't be left open."""
    return "".join(_shortest(re._parser.parse(pattern)))  # type: ignore[attr-defined]


def _shortest(parts: Any) -> Iterator[str]:
    for kind, value in parts:
        match str(kind):
            case "LITERAL":
                yield chr(value)
            case "IN":
                yield _member(value)
            case "ANY" | "NOT_LITERAL":
                yield "x" if value != ord("x") else "y"
            case "MAX_REPEAT" | "MIN_REPEAT":
                yield "".join(_shortest(value[2])) * value[0]
            case "SUBPATTERN":
                yield from _shortest(value[-1])
            case "BRANCH":
                yield from _shortest(value[1][0])


def _member(choices: Any) -> str:
    """A character of a set: the first one named, or one of its class."""
    kind, value = choices[0]
    if str(kind) == "CATEGORY":
        return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "x")
    if str(kind) == "NEGATE":
        return "x"
    return chr(value[0] if str(kind) == "RANGE" else value)


def _whole_lines(text: str, most: int) -> str:
    """As many whole paragraphs from the start as have room: nothing is cut in half."""
    while len(text) > most and "\n\n" in text:
        text = text.rsplit("\n\n", 1)[0]
    return text


def _open(stock: Stock, name: str, schema: Mapping[str, Any], fits: Callable[[str], bool]) -> str:
    """The mark for what is open, in the longest form that the schema takes."""
    what = name.replace("_", " ") or "text"
    least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
    marks = [stock.mark(what), f"[{what}]", "[...]", "…", ""]
    marks += [stock.mark(what).ljust(least, "…"), "…" * least, "x" * least]
    for text in marks:
        if fits(text):
            return text
    return marks[0][:most] if most is not None else marks[0]


def _number(schema: Mapping[str, Any], kind: str, given: Any) -> int | float:
    """The number given, within its bounds; else the smallest that is allowed, since any other would be made up."""
    number = given if isinstance(given, int | float) and not isinstance(given, bool) else schema.get("default", 0)
    step = schema.get("multipleOf", 1 if kind == "integer" else 0)
    low = schema.get("minimum", schema.get("exclusiveMinimum", number))
    low = low + (step or 1) if "exclusiveMinimum" in schema and "minimum" not in schema else low
    number = max(number, low)
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if high is not None and number > high:
        number = high
    if step and number % step:
        number += step - number % step
    return int(number) if kind == "integer" else number
