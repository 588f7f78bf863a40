"""Templates from files that nobody vouches for: plain data in, text out, with an end.

A prompt file in a checkout may be hostile. It sees data and no object behind it, calls a short list of methods and
filters, and has a bounded number of turns and characters, so that it can neither reach the machine nor fill it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2.environment import Template, TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from contentkit.kit.prompts.filters import (
    cell,
    clock,
    inline,
    narration,
    pace,
    rounded,
    scalar,
    upload,
    verbatim,
    wrapped,
)

_TURNS = 200_000
_CHARACTERS = 4_000_000
_ITEMS = 100_000
_DEEPEST = 50


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILTERS = _words(
    "abs capitalize count d default dictsort first float groupby int items last length list lower map max min reject "
    "rejectattr reverse select selectattr sort sum title trim truncate unique upper wordcount"
)
_METHODS: dict[type, frozenset[str]] = {
    str: _words("count endswith find isdigit lower lstrip rstrip split splitlines startswith strip title upper"),
    dict: _words("get items keys values"),
    LoopContext: _words(
        "index index0 revindex revindex0 first last length depth depth0 previtem nextitem cycle changed"
    ),
    Macro: _words("name arguments caller"),
}
_GLOBALS = frozenset({"range", "dict", "namespace"})


class Sandbox(ImmutableSandboxedEnvironment):
    """One render's environment; make a fresh one for each, since it counts.

    Args:
        given: characters of all values, which the text may hold several times over.
        edge: put around values whose ends are white space, so that trimming a message leaves them alone.
    """

    intercepted_binops = frozenset({"+", "*", "%", "**"})

    def __init__(self, loader: BaseLoader, *, given: int = 0, edge: str = "") -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,
            finalize=self._printed,
            cache_size=50,
        )
        self._turns = _TURNS
        self._depth = 0
        self._room = _CHARACTERS + 20 * given
        self._edge = edge
        self.globals = {name: value for name, value in self.globals.items() if name in _GLOBALS}
        self.filters = {name: value for name, value in self.filters.items() if name in _FILTERS}
        self.filters |= {
            "cell": cell,
            "clock": clock,
            "indent": self._indent,
            "inline": inline,
            "join": self._join,
            "narration": narration,
            "pace": pace,
            "replace": self._replace,
            "round": rounded,
            "string": scalar,
            "tojson": self._json,
            "upload": upload,
            "verbatim": verbatim,
            "wrapped": self._wrapped,
            "_concat": self._concat,
            "_turns": self._each,
        }

    def turn(self) -> None:
        """One more step of the render.

        Raises:
            SecurityError: there were too many.
        """
        self._turns -= 1
        if self._turns < 0:
            raise SecurityError("the template takes too many turns")

    def _fits(self, characters: int) -> None:
        if characters > self._room:
            raise SecurityError("the template makes too much text")

    # -- what a template may touch

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if attr.startswith("_"):
            return False
        if isinstance(obj, (Namespace, TemplateModule)):
            return True
        if dataclasses.is_dataclass(obj) and not isinstance(obj, type):
            return attr in {field.name for field in dataclasses.fields(obj)}
        # A template's own blocks: {{ self.name() }}.
        if type(obj).__name__ == "TemplateReference":
            return True
        return any(attr in names for kind, names in _METHODS.items() if isinstance(obj, kind))

    def wrap_str_format(self, value: Any) -> None:
        """str.format is not offered at all: one field can be asked to be a gigabyte wide."""

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.turn()
        if self._depth > _DEEPEST:
            raise SecurityError("the template's macros call each other without end")
        self._depth += 1
        try:
            return super().call(context, obj, *args, **kwargs)
        finally:
            self._depth -= 1

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        self.turn()
        return super().get_template(*args, **kwargs)

    def select_template(self, *args: Any, **kwargs: Any) -> Template:
        self.turn()
        return super().select_template(*args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        self.turn()
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if operator == "**" or (operator == "%" and not numbers):
            raise SecurityError(f"the operator {operator} is not for templates")
        if operator == "*" and not (numbers and abs(left) < 1e18 and abs(right) < 1e18):
            raise SecurityError("the operator * is for numbers of a reasonable size")
        if operator == "+" and not numbers:
            text = isinstance(left, str)
            if len(left) + len(right) > (self._room if text else _ITEMS):
                raise SecurityError("the template makes too much text")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Bounds().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    # -- what it may say

    def _printed(self, value: Any) -> Any:
        """What ``{{ value }}`` becomes."""
        text = scalar(value)
        self._fits(len(text))
        self._room -= len(text)
        spaced = bool(text) and (text[0].isspace() or text[-1].isspace())
        return f"{self._edge}{text}{self._edge}" if spaced else text

    def _each(self, items: Iterable[Any]) -> Any:
        # A sized list stays one, so that loop.length and loop.last need no look ahead.
        if isinstance(items, (list, tuple, str)):
            self._turns -= len(items)
            self.turn()
            return items
        return self._counted(items)

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.turn()
            yield item

    def _concat(self, parts: Iterable[Any]) -> str:
        return self._join(parts)

    def _join(self, items: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
        if attribute is not None:
            items = [self.getitem(item, attribute) for item in items]
        texts = [scalar(item) for item in items]
        self._fits(sum(map(len, texts)) + len(texts) * len(d))
        return d.join(texts)

    def _replace(self, text: str, old: str, new: str) -> str:
        text = scalar(text)
        self._fits(len(text) + text.count(old) * len(new))
        return text.replace(old, new)

    def _indent(self, text: str, width: int = 4, first: bool = False) -> str:
        lines = scalar(text).split("\n")
        pad = " " * max(0, min(width, 40))
        self._fits(len(text) + len(lines) * len(pad))
        return ("\n" + pad).join(["", *lines])[1:] if first else ("\n" + pad).join(lines)

    def _wrapped(self, text: str, columns: int = 72) -> str:
        text = wrapped(text, columns)
        self._fits(len(text))
        return text

    def _json(self, value: Any, indent: int | None = None) -> str:
        text: list[str] = []
        size = 0
        deep = None if indent is None else min(indent, 8)
        for chunk in json.JSONEncoder(ensure_ascii=False, indent=deep, default=_plain).iterencode(value):
            self.turn()
            size += len(chunk)
            self._fits(size)
            text.append(chunk)
        return "".join(text)


class _Bounds(NodeTransformer):
    """Loops and joined texts are counted."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        if node.recursive:
            raise SecurityError("recursive loops are not for templates")
        node.iter = nodes.Filter(node.iter, "_turns", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "_concat", [], [], None, None, lineno=node.lineno)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise SecurityError(f"{type(value).__name__} can't stand in a prompt")
