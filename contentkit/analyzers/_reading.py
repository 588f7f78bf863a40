"""What the readers of other tools' findings share: JSON from anybody, paths of anywhere, names of rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from contentkit.core.errors import UsageError

Texts = Callable[[str], str | None]
_MOST = 10**7


def parsed(text: str, what: str) -> Any:
    """The JSON in a text, perhaps after a byte order mark.

    Raises:
        UsageError: it is none.
    """
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise UsageError(
            f"This is not {what}: it does not parse as JSON.", hint=f"Have the tool print {what}."
        ) from None


def table(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """The value if it is a number from 1 on, as lines and columns are."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST else None


def slug(name: str, default: str) -> str:
    """A name as a part of a rule's id: "CodeQL command-line" -> "codeql-command-line"."""
    return re.sub(r"[^a-z0-9._]+", "-", name[:200].lower()).strip("-")[:60] or default


def rule_id(tool: str, rule: str) -> str:
    """``family/name`` of another tool's rule, whatever signs that holds."""
    name = re.sub(r"[^\w./:@+-]+", "-", rule[:300]).strip("-/") or "finding"
    return f"{tool}/{name.removeprefix(f'{tool}/')}"


@dataclass(frozen=True, slots=True)
class Files:
    """The files that findings speak of.

    Attributes:
        root: absolute folder that relative paths start from; "" when unknown.
        text: a file's text, for columns and fixes; None where it is not known.
    """

    root: str = ""
    text: Texts = field(default=lambda path: None)

    def path(self, uri: str) -> str:
        """A path or address as a path from the root with "/" between folders; "" when it leads out of it."""
        name = uri.partition("#")[0]
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", name):
            if not name.lower().startswith("file:"):
                return ""
            name = re.sub(r"^file:(?://[^/]*)?", "", name, flags=re.IGNORECASE)
            name = unquote(name)
        elif "%" in name:
            name = unquote(name)
        return self._inside(name)

    def native(self, name: str) -> str:
        """A path as a program prints it (nothing in it is an escape), as ``path`` gives it."""
        return self.path(name) if name.lower().startswith("file:") else self._inside(name)

    def _inside(self, name: str) -> str:
        name, root = name.replace("\\", "/"), self.root.replace("\\", "/").rstrip("/")
        name = re.sub(r"^/(?=[A-Za-z]:/)", "", name)
        if root and (name.startswith(f"{root}/") or (":" in root[:3] and name.lower().startswith(f"{root.lower()}/"))):
            name = name[len(root) + 1 :]
        elif name.startswith("/") or re.match(r"[A-Za-z]:/", name):
            return ""
        parts: list[str] = []
        for part in name.split("/"):
            if part == ".." and not parts:
                return ""
            if part == "..":
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        return "/".join(parts)


def code_point(line: str, column: int, unit: str) -> int:
    """A 1-based column in code points, from one in units of "utf-8" bytes or "utf-16-le" code units."""
    if line.isascii() or unit == "":
        return column
    size = 1 if unit == "utf-8" else 2
    seen = 0
    for place, char in enumerate(line, 1):
        if seen >= (column - 1) * size:
            return place
        seen += len(char.encode(unit, "surrogatepass"))
    return len(line) + 1
