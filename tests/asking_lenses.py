"""Lenses asked of a provider that says what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from changes import Made, changed
from fakes import Answer, FakeProvider

from contentkit.ask import Asker, silent
from contentkit.code.chunks import Chunk, chunks
from contentkit.code.masking import hider
from contentkit.core.chat import Options, Request
from contentkit.core.model import ModelInfo, Price
from contentkit.kit.prompts import Prompts, builtin_dir
from contentkit.models.engine import Engine, Listen, Target

PROMPTS = Prompts([("built-in", builtin_dir())])

BEFORE = """def total(prices):
    if not prices:
        return 0
    return sum(prices)


def mean(prices):
    if not prices:
        return 0
    return total(prices) / len(prices)


def label(price):
    return f"{price:.2f}"


def receipt(prices):
    lines = [label(price) for price in prices]
    return "\\n".join(lines)


def first(prices):
    return prices[0]


def last(prices):
    return prices[-1]
"""
AFTER = (
    BEFORE.replace("    if not prices:\n        return 0\n    return total", "    return total")
    .replace('f"{price:.2f}"', 'f"{price:.1f}"')
    .replace("    return prices[-1]\n", "    # the last one\n    return prices[len(prices)]\n")
)


def part(before: str = BEFORE, after: str = AFTER, path: str = "till.py", around: int = 3) -> Chunk:
    """A change in one chunk."""
    file = changed(path, before, after, around)
    (chunk,) = chunks(file, Made(file), size=len, budget=100_000, context=0, hide=hider(file))
    return chunk


def mark(chunk: Chunk, code: str, kind: str = "+") -> str:
    """The mark of the one line of that kind that holds ``code``."""
    (found,) = (shown.mark for shown in chunk.shown if shown.line.kind == kind and code in shown.text)
    return found


def fault(anchor: str, quote: str = "", **more: Any) -> dict[str, Any]:
    """One finding as a model gives it."""
    plain = {
        "anchor": anchor,
        "quote": quote,
        "end_anchor": anchor,
        "category": "bounds",
        "scenario": "last([1]) raises IndexError.",
        "message": "The index is one past the end.",
        "severity": "major",
        "confidence": 0.8,
    }
    return plain | more


def answer(*faults: dict[str, Any], summary: str = "Changes the till.") -> str:
    return json.dumps({"summary": summary, "findings": list(faults)})


def asker(
    *answers: Answer | Callable[[Request], Answer],
    listen: Listen = silent,
    max_cost: float | None = None,
    options: Options | None = None,
    provider: FakeProvider | None = None,
    **settings: Any,
) -> tuple[Asker, FakeProvider]:
    provider = provider or FakeProvider(*answers, **settings)
    info = ModelInfo(provider.endpoint.name, "one", price=Price(1.0, 1.0) if max_cost else None)
    engine = Engine(max_cost=max_cost)
    return Asker(PROMPTS, Target(provider, info), engine, options or Options(), listen=listen), provider


def by_lens(**answers: Answer) -> Callable[[Request], Answer]:
    """An answer for each lens, whatever order they are asked in."""
    return lambda request: answers[request.fields["lens"]]
