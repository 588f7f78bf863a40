"""What Python's own parser tells of a file."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache

from contentkit.code.around.definitions import Definition


@lru_cache(maxsize=1)
def parsed(text: str) -> ast.Module | None:
    """The tree, which is for reading only; None for what this Python does not take, or counts lines in otherwise than
    git: a lone carriage return ends one."""
    if "\r" in text.replace("\r\n", ""):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the code that is read, for those who wrote it
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def definitions(text: str) -> list[Definition] | None:
    """Its functions and classes; None where it can't be parsed."""
    tree = parsed(text)
    return None if tree is None else [_definition(node) for node in _statements(tree)]


_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = frozenset(("body", "orelse", "finalbody", "handlers", "cases"))


def _statements(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Definitions among the statements; expressions hold none, and are most of the tree."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFINING):
            yield node
        for block in node._fields:
            if block in _BLOCKS:
                waiting += getattr(node, block)


def _definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Definition:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    is_class = isinstance(node, ast.ClassDef)
    if isinstance(node, ast.ClassDef):
        parts: list[ast.expr | ast.arg | None] = [*node.bases, *(each.value for each in node.keywords)]
    else:
        given = node.args
        parts = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
        parts += [*given.defaults, *given.kw_defaults, node.returns]
    ends = [each.end_lineno or 0 for each in parts if each]
    head = max(node.lineno, min(max([node.lineno, *ends]) + 1, node.body[0].lineno - 1))
    return Definition(node.name, first, head, node.end_lineno or head, "class" if is_class else "function")
