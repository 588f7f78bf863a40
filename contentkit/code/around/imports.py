"""The imports of a source file, and where in the repository what they name may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath

from contentkit.code.around.pysource import parsed
from contentkit.code.around.tree import Tree

_SCRIPTS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte")
_PYTHON = (".py", ".pyi")
_MOST = 300_000


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement.

    Attributes:
        first, last: its lines.
        module: as it is written, without quotes; of Python's relative ones with the dots.
        names: what the file calls it -> what it is called there; "" for the module itself.
    """

    first: int
    last: int
    module: str
    names: dict[str, str] = field(default_factory=dict)


def imports(path: str, text: str) -> list[Import]:
    """The imports of a file of Python, JavaScript, TypeScript, Go, Java, Kotlin, Scala, C#, Rust or PHP."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _PYTHON:
        tree = parsed(text) if len(text) <= _MOST else None
        return [] if tree is None else [found for node in tree.body for found in _python(node)]
    if suffix in _SCRIPTS:
        return list(_script(text))
    if suffix == ".go":
        return list(_go(text))
    if suffix in (".java", ".kt", ".scala", ".cs", ".rs", ".php"):
        return list(_dotted(text))
    return []


def _python(node: ast.stmt) -> Iterator[Import]:
    if isinstance(node, ast.If | ast.Try):
        for below in [*node.body, *node.orelse]:
            yield from _python(below)
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.Import):
        for each in node.names:
            yield Import(node.lineno, last, each.name, {each.asname or each.name.partition(".")[0]: ""})
    elif isinstance(node, ast.ImportFrom):
        names = {each.asname or each.name: each.name for each in node.names}
        yield Import(node.lineno, last, "." * node.level + (node.module or ""), names)


_SCRIPT = re.compile(
    r"^(?:import|export)\s(?P<names>[^'\";]{0,2000}?)\bfrom\s*(?P<quote>['\"])(?P<module>[^'\"\n]{1,300})(?P=quote)"
    r"|^(?:const|let|var)\s+(?P<bound>[^=;]{1,2000}?)=\s*require\(\s*['\"](?P<required>[^'\"\n]{1,300})['\"]\s*\)",
    re.MULTILINE,
)
_BOUND = re.compile(r"(?:(?P<there>[\w$*]+)\s*(?:\bas\b|:)\s*)?(?P<here>[\w$]+)")


def _script(text: str) -> Iterator[Import]:
    for found in _SCRIPT.finditer(text):
        first, last = _lines(text, found)
        names = {}
        said = found["names"] or found["bound"] or ""
        inner = "{" in said
        for each in _BOUND.finditer(re.sub(r"\btype\s", " ", said)):
            there = each["there"] or (each["here"] if inner else "")
            names[each["here"]] = "" if there == "*" else there
        yield Import(first, last, found["module"] or found["required"], names)


_GO = re.compile(r'^[ \t]*(?:import[ \t]+)?(?P<name>[\w.]+[ \t]+)?"(?P<module>[^"\n]{1,300})"[ \t]*\r?$', re.MULTILINE)


def _go(text: str) -> Iterator[Import]:
    stop = re.search(r"^(?:func|type|var|const)\b", text, re.MULTILINE)
    for found in _GO.finditer(text, 0, stop.start() if stop else len(text)):
        first, last = _lines(text, found)
        tail = [part for part in found["module"].split("/") if not re.fullmatch(r"v\d+", part)]
        name = (found["name"] or "").strip() or (tail[-1] if tail else "")
        yield Import(first, last, found["module"], {name: ""})


_DOTTED = re.compile(
    r"^[ \t]*(?:pub[ \t]+)?(?:import|using|use)[ \t]+(?:static[ \t]+)?(?P<module>[\w.:\\{}, *]{1,300}?)"
    r"(?:[ \t]+as[ \t]+(?P<name>\w+))?[ \t]*;?[ \t]*\r?$",
    re.MULTILINE,
)


def _dotted(text: str) -> Iterator[Import]:
    for found in _DOTTED.finditer(text):
        first, last = _lines(text, found)
        words = re.findall(r"\w+", found["module"])
        names = {name: name for name in ([found["name"]] if found["name"] else words[-8:])}
        yield Import(first, last, found["module"], names)


def _lines(text: str, found: re.Match[str]) -> tuple[int, int]:
    first = text.count("\n", 0, found.start()) + 1
    return first, first + found[0].strip("\r\n").count("\n")


def paths(path: str, found: Import, name: str, tree: Tree) -> list[str]:
    """Files of ``tree`` where what ``name`` stands for may be defined, likeliest first."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _PYTHON:
        return _python_paths(path, found.module, found.names.get(name, ""), tree)
    if suffix in _SCRIPTS:
        return _script_paths(path, found.module, tree)
    if suffix == ".go":
        return _folder(found.module, tree)
    if suffix in (".java", ".kt", ".scala", ".cs"):
        return tree.ending(f"{name}{suffix}")[:1]
    return []


def _python_paths(path: str, module: str, name: str, tree: Tree) -> list[str]:
    dots = len(module) - len(module.lstrip("."))
    start = module.lstrip(".").replace(".", "/")
    if dots:
        ends = _modules("/".join([*PurePosixPath(path).parts[:-dots], *start.split("/")]).strip("/"), name)
        return [end for end in ends if end in tree][:2]
    return sorted((each for end in _modules(start, name) for each in tree.ending(end)), key=len)[:2]


def _modules(start: str, name: str) -> list[str]:
    folder = f"{start}/" if start else ""
    inner = [f"{folder}{name}.py", f"{folder}{name}/__init__.py"] if name else []
    return [*([f"{start}.py"] if start else []), *inner, f"{folder}__init__.py"]


def _script_paths(path: str, module: str, tree: Tree) -> list[str]:
    if not module.startswith("."):
        return []
    start = normpath(str(PurePosixPath(path).parent / module))
    bare = re.sub(r"\.[cm]?jsx?$", "", start)
    tries = [start, *(f"{bare}{end}" for end in _SCRIPTS), *(f"{start}/index{end}" for end in _SCRIPTS)]
    return [each for each in tries if each in tree][:1]


def _folder(module: str, tree: Tree) -> list[str]:
    """Go's imports name folders below a module's name, which only go.mod tells: the longest tail that is a folder."""
    parts = module.split("/")
    for start in range(len(parts)):
        if files := tree.folder("/".join(parts[start:]), ".go"):
            return [each for each in files if not each.endswith("_test.go")]
    return []
