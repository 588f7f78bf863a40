"""Outlines by tree-sitter, where the grammar of the language is installed (``contentkit[code]``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from contentkit.code.around.definitions import Definition, words

_GRAMMARS = {
    ".js": ("javascript", "language"),
    ".jsx": ("javascript", "language"),
    ".mjs": ("javascript", "language"),
    ".cjs": ("javascript", "language"),
    ".ts": ("typescript", "language_typescript"),
    ".mts": ("typescript", "language_typescript"),
    ".cts": ("typescript", "language_typescript"),
    ".tsx": ("typescript", "language_tsx"),
    ".go": ("go", "language"),
    ".java": ("java", "language"),
    ".rs": ("rust", "language"),
    ".c": ("c", "language"),
    ".h": ("cpp", "language"),
    ".cc": ("cpp", "language"),
    ".cpp": ("cpp", "language"),
    ".hpp": ("cpp", "language"),
    ".cs": ("c_sharp", "language"),
    ".rb": ("ruby", "language"),
    ".php": ("php", "language_php"),
}
_CLASSES = words(
    "class_declaration abstract_class_declaration interface_declaration enum_declaration record_declaration type_spec"
    " struct_item enum_item trait_item impl_item mod_item class_specifier struct_specifier namespace_definition"
    " struct_declaration namespace_declaration trait_declaration class module class_definition"
)
_FUNCTIONS = words(
    "function_declaration generator_function_declaration method_definition method_declaration function_item"
    " constructor_declaration function_definition local_function_statement method singleton_method"
    " function_signature_item abstract_method_signature"
)
_VALUES = frozenset(("arrow_function", "function_expression", "generator_function", "func_literal"))
_HOLDERS = words("variable_declarator field_definition public_field_definition pair assignment_expression")
_WRAPPERS = words(
    "export_statement decorated_definition template_declaration lexical_declaration variable_declaration"
    " type_declaration expression_statement"
)


def definitions(suffix: str, text: str) -> list[Definition] | None:
    """Functions and classes of a file; None where no grammar for it is installed."""
    parser = _parser(suffix)
    if parser is None:
        return None
    return list(_found(parser.parse(text.encode("utf-8", "replace")).root_node))


@cache
def _parser(suffix: str) -> Any:
    """A parser for files of this suffix. ``Any``: tree-sitter is optional, and its types with it."""
    if suffix not in _GRAMMARS:
        return None
    name, function = _GRAMMARS[suffix]
    try:
        tree_sitter, grammar = import_module("tree_sitter"), import_module(f"tree_sitter_{name}")
        return tree_sitter.Parser(tree_sitter.Language(getattr(grammar, function)()))
    except (ImportError, AttributeError, ValueError, TypeError):
        return None  # not installed, or of an age that does not fit the other


def _found(root: Any) -> Iterator[Definition]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        kind = "class" if node.type in _CLASSES else "function" if node.type in _FUNCTIONS else ""
        holder = node
        if not kind and node.type in _HOLDERS:
            value = node.child_by_field_name("right" if node.type == "assignment_expression" else "value")
            if value is not None and value.type in _VALUES:
                kind, holder = "function", value
        if kind and (name := _name(node)):
            yield _definition(node, holder, name, kind)


def _name(node: Any) -> str:
    """The name; in C it stands inside the declarators, of a Rust ``impl`` it is the type."""
    for field in ("name", "property", "key", "left", "declarator", "type"):
        found = node.child_by_field_name(field)
        if found is not None and (field != "type" or node.type == "impl_item"):
            while (
                inner := found.child_by_field_name("declarator") or found.child_by_field_name("property")
            ) is not None:
                found = inner
            return str(found.text.decode("utf-8", "replace"))
    return ""


def _definition(node: Any, holder: Any, name: str, kind: str) -> Definition:
    outer = node
    while outer.parent is not None and outer.parent.type in _WRAPPERS:
        outer = outer.parent
    first, last = outer.start_point[0] + 1, outer.end_point[0] + 1
    body = holder.child_by_field_name("body")
    head = body.start_point[0] + 1 if body is not None else first
    return Definition(name, first, max(first, min(head, last)), last, kind)
