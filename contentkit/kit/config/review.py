"""What ``[review]`` may say: the settings of ``contentkit review``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMATS = ("sarif", "rdjson", "rdjsonl")


@dataclass(frozen=True, slots=True)
class PathRule:
    """Instructions of the project for some of its files. ``paths`` are patterns as in .gitignore."""

    paths: tuple[str, ...]
    instructions: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A command that prints findings as ``format``, one of ``FORMATS``, within ``timeout`` seconds."""

    command: tuple[str, ...]
    format: str = "sarif"
    timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """``[review]``.

    Attributes:
        model: ``provider:name``; "" takes the general one.
        lenses: prompts of ``prompts/review/`` that look at each part.
        fail_on: lowest severity that fails a run.
        instructions: the project's own rules in words; ``instruction_files`` names files of the repository with more.
        ignore: patterns of files that are not reviewed.
        ignore_rules: rules that are not reported, such as "debug/*".
        max_file_bytes: larger files are skipped.
        samples: answers asked of each lens.
        summary: a model sums up a change of several files.
        verify: every finding of a model is looked at again.
        chunk_tokens, context_tokens: most tokens of one part, and of the code around it.
        concurrency: questions at a time.
        timeout: seconds for the questions to models together; None for no bound.
        on_timeout: "fail" leaves what was not reviewed as failed, "pass" as skipped.
        max_findings: findings shown to a person; files and machines get all.
        suppressions: where ``contentkit: ignore[...]`` counts: "base" (it stood there before), "head" (also where the
            change brings it), "" (head for one's own work, base else).
        cache: answer the same question from the replay cache.
        rules: instructions by path.
        analyzers: settings of analyzers by name; ``enabled = false`` turns one off.
        tools: commands that print SARIF or rdjson.
    """

    model: str = ""
    lenses: tuple[str, ...] = ("bugs", "security")
    fail_on: str = "major"
    instructions: str = ""
    instruction_files: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_rules: tuple[str, ...] = ()
    max_file_bytes: int = 1_000_000
    samples: int = 1
    summary: bool = True
    verify: bool = True
    chunk_tokens: int = 6_000
    context_tokens: int = 1_500
    concurrency: int = 8
    timeout: float | None = None
    on_timeout: str = "fail"
    max_findings: int = 20
    suppressions: str = ""
    cache: bool = True
    rules: tuple[PathRule, ...] = ()
    analyzers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tools: Mapping[str, Tool] = field(default_factory=dict)


def tables(value: Any) -> dict[str, dict[str, Any]] | None:
    """A table of tables, or None when it is something else."""
    if not isinstance(value, Mapping) or not all(isinstance(inner, Mapping) for inner in value.values()):
        return None
    return {name: dict(inner) for name, inner in value.items()}


def path_rules(value: Any) -> tuple[PathRule, ...] | None:
    """``[[review.rules]]``, or None when it is something else."""
    rules = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, Mapping) or set(item) != {"paths", "instructions"}:
            return None
        paths, instructions = _texts(item["paths"]), item["instructions"]
        if not paths or not isinstance(instructions, str):
            return None
        rules.append(PathRule(paths, instructions))
    return tuple(rules)


def tools(value: Any) -> dict[str, Tool] | None:
    """``[review.tools.NAME]``, or None when it is something else."""
    stanzas = tables(value)
    if stanzas is None:
        return None
    found = {}
    for name, item in stanzas.items():
        command, form, timeout = _texts(item.get("command")), item.get("format", "sarif"), item.get("timeout", 120.0)
        number = isinstance(timeout, int | float) and not isinstance(timeout, bool) and 0 < timeout < math.inf
        if not command or form not in FORMATS or not number or set(item) - {"command", "format", "timeout"}:
            return None
        found[name] = Tool(command, form, float(timeout))
    return found


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return ()
    return tuple(value)
