"""Reaching into a structured answer by paths such as "posts[].text"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DEEPEST = 20
_INDEX = re.compile(r"\[\d+\]")
_KEY = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value inside an answer.

    Attributes:
        path: where it stands, with numbers: "posts[0].text".
        parent: what holds it.
        root: the whole answer.
    """

    path: str
    value: Any
    parent: Any
    root: Any


def spots(tree: Any, path: str) -> Iterator[Spot]:
    """Every value that the path reaches; "[]" stands for each item of a list. A path that leads nowhere gives none."""
    found = [Spot("", tree, None, tree)]
    for part in path.split("."):
        name, each = part.removesuffix("[]"), part.endswith("[]")
        found = [
            Spot(f"{spot.path}.{name}".lstrip("."), spot.value[name], spot.value, tree)
            for spot in found
            if isinstance(spot.value, Mapping) and name in spot.value
        ]
        if each:
            found = [
                Spot(f"{spot.path}[{index}]", item, spot.value, tree)
                for spot in found
                if isinstance(spot.value, list)
                for index, item in enumerate(spot.value)
            ]
    yield from found


def fields_of(schema: Mapping[str, Any]) -> dict[str, int | None]:
    """The path of each value that a schema asks for ("title", "posts[].text"), with the most characters it may have."""
    found: dict[str, int | None] = {}
    for path, most in _fields(schema, "", 0):
        found[path] = most if most is not None else found.get(path)
    return found


def _fields(schema: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, int | None]]:
    if depth > _DEEPEST:
        return
    yield path, schema.get("maxLength")
    for name, inner in (schema.get("properties") or {}).items():
        yield from _fields(inner, f"{path}.{name}".lstrip("."), depth + 1)
    if isinstance(items := schema.get("items"), Mapping):
        yield from _fields(items, f"{path}[]", depth + 1)
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _fields(choice, path, depth + 1)


def rows(value: object) -> list[Mapping[str, Any]]:
    """The items of a list that have fields; none of what is no list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []


def needed_of(schema: Mapping[str, Any], path: str = "") -> frozenset[str]:
    """The path of each string that a schema wants to have a character at least."""
    found = {path} if schema.get("minLength") else set()
    inner = [(f"{path}.{name}".lstrip("."), part) for name, part in (schema.get("properties") or {}).items()]
    if isinstance(items := schema.get("items"), Mapping):
        inner.append((f"{path}[]", items))
    return frozenset(found).union(*(needed_of(part, place) for place, part in inner))


def bare(path: str) -> str:
    """A path without numbers: "posts[].text" of "posts[0].text"."""
    return _INDEX.sub("[]", path)


def strings(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a tree of dicts and lists, with its path."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from strings(value, f"{path}.{name}".lstrip("."))
    elif isinstance(tree, list | tuple):
        for index, item in enumerate(tree):
            yield from strings(item, f"{path}[{index}]")


def mapped(tree: Any, change: Callable[[str], str]) -> Any:
    """The same tree with every string changed; keys stay."""
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, Mapping):
        return {name: mapped(value, change) for name, value in tree.items()}
    if isinstance(tree, list):
        return [mapped(item, change) for item in tree]
    return tree


def put(tree: Any, path: str, value: Any) -> Any:
    """The same tree with another value at a path with numbers ("posts[0].text"); as it is where that leads nowhere."""
    return _put(tree, _KEY.findall(path), value)


def _put(tree: Any, keys: Sequence[str], value: Any) -> Any:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(tree, Mapping):
        return {name: _put(old, rest, value) if name == key else old for name, old in tree.items()}
    if isinstance(tree, list):
        return [_put(old, rest, value) if number == int(key) else old for number, old in enumerate(tree)]
    return tree
