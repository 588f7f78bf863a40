"""YAML front matter, read safely and with the line of every key."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest

_DEEPEST = 30


class _Loader(yaml.SafeLoader):
    """Plain data only. Aliases are refused: a few of them, nested, unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not used here", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the ``---`` lines.

    Attributes:
        path: the file, as errors name it.
        data: the keys and values.
        lines: path of keys -> 1-based line of the file.
        text_lines: the same for the first line of a value that is a text block.
    """

    path: str
    data: dict[str, Any]
    lines: dict[tuple[str, ...], int]
    text_lines: dict[tuple[str, ...], int]

    def wrong(self, message: str, *keys: str, hint: str = "") -> UsageError:
        """The error for a value, naming file and line."""
        line = next((self.lines[keys[:n]] for n in range(len(keys), 0, -1) if keys[:n] in self.lines), 0)
        return UsageError(f"{self.path}{f', line {line}' if line else ''}: {message}", hint=hint)

    def known(self, mapping: dict[str, Any], names: Iterable[str], *keys: str, free: str = "") -> None:
        """Check the keys of ``mapping``, which stands at ``keys``.

        Args:
            free: keys that begin so may have any name.

        Raises:
            UsageError: an unknown key, with the nearest known one.
        """
        names = sorted(names)
        for key in mapping:
            if not isinstance(key, str):
                raise self.wrong(f"the key {key!r} must be text.", *keys)
            if key in names or (free and key.startswith(free)):
                continue
            near = nearest(key, names)
            hint = f"Did you mean {near!r}?" if near else f"Known: {', '.join(names)}."
            raise self.wrong(f"there is no key {key!r}{f' in {keys[-1]!r}' if keys else ''}.", *keys, key, hint=hint)

    def one_of(self, value: str | None, allowed: tuple[str, ...], *keys: str) -> None:
        """Check that the value at ``keys``, if there is one, is one of those allowed.

        Raises:
            UsageError: it is another.
        """
        if value is not None and value not in allowed:
            raise self.wrong(f"{keys[-1]!r} can't be {value!r}.", *keys, hint=f"One of: {', '.join(allowed)}.")

    def typed(self, value: Any, kind: type, *keys: str, many: bool = False) -> Any:
        """``value``, which must be a ``kind`` (or a list of them).

        Raises:
            UsageError: it is not.
        """
        items = value if many and isinstance(value, list) else [value]
        fits = all(isinstance(item, kind) and not (kind is not bool and isinstance(item, bool)) for item in items)
        if not fits or (many and not isinstance(value, list)):
            word = _WORDS[kind]
            raise self.wrong(f"{keys[-1]!r} must be {f'a list of {word}s' if many else _article(word)}.", *keys)
        return value


_WORDS: dict[type, str] = {str: "text", int: "whole number", dict: "mapping", bool: "truth value", list: "list"}


def _article(word: str) -> str:
    return f"a {word}"


def split(text: str, path: str) -> tuple[str, str, int]:
    """Front matter, body, and the 1-based line where the body starts.

    Raises:
        UsageError: the front matter has no end.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text, 1
    for at, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:at]), "\n".join(lines[at + 1 :]), at + 2
    raise UsageError(f"{path}, line 1: the front matter has no end.", hint="Close it with a line of three dashes.")


def parse(text: str, path: str) -> FrontMatter:
    """The front matter's YAML (without the dashes).

    Raises:
        UsageError: it is no YAML, or no mapping, with the line.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return FrontMatter(path, {}, {}, {})
        lines: dict[tuple[str, ...], int] = {}
        text_lines: dict[tuple[str, ...], int] = {}
        _note(node, (), lines, text_lines)
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 2}" if mark else ""
        raise UsageError(
            f"{path}{where}: the front matter is no valid YAML: {error.problem or error.context}."
        ) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: the front matter is no valid YAML: {str(error).splitlines()[0]}.") from error
    except RecursionError as error:
        raise UsageError(f"{path}: the front matter is nested too deeply.") from error
    finally:
        loader.dispose()
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise UsageError(f"{path}, line 2: the front matter must be keys and values.")
    return FrontMatter(path, data, lines, text_lines)


def _note(
    node: yaml.Node,
    keys: tuple[str, ...],
    lines: dict[tuple[str, ...], int],
    text_lines: dict[tuple[str, ...], int],
) -> None:
    if len(keys) > _DEEPEST:
        raise RecursionError
    if isinstance(node, yaml.SequenceNode):
        for at, item in enumerate(node.value):
            lines[(*keys, str(at))] = item.start_mark.line + 2
            _note(item, (*keys, str(at)), lines, text_lines)
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here = (*keys, str(key.value))
        lines[here] = key.start_mark.line + 2
        # The text of a block (| or >) begins on the line after its mark.
        block = isinstance(value, yaml.ScalarNode) and value.style in ("|", ">")
        text_lines[here] = value.start_mark.line + 2 + block
        _note(value, here, lines, text_lines)
