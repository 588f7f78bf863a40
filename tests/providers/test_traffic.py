"""Recorded traffic of all vendors, replayed through the whole provider, against what the recordings say.

``python tests/providers/test_traffic.py [FOLDER]`` prints the table alone.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import recordings
from recordings import Exchange
from replay import Chunks

from contentkit.core.chat import Message, Reply, Request, fold
from contentkit.core.errors import ContentkitError
from contentkit.core.model import Endpoint
from contentkit.providers._wire import HttpProvider

FOLDER = Path(__file__).parents[2] / "../shared/data/traffic"
LEFT_OUT = ("content-encoding", "content-length", "transfer-encoding")


@dataclass
class Score:
    """How one vendor's recordings fared."""

    answers: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    unspoken: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def count(self, kind: Counter[str], exchange: Exchange, problem: str) -> None:
        kind["all"] += 1
        kind["good"] += not problem
        if problem:
            self.failures.append(f"{exchange.id}: {problem}")

    @property
    def cells(self) -> list[str]:
        rows = (self.answers, self.errors, self.lists)
        return [f"{row['good']}/{row['all']}" if row["all"] else "-" for row in rows]


def provider(exchange: Exchange) -> HttpProvider:
    """The provider that a recording's vendor takes, answered by the recording."""
    name = {"chat": "openai", "responses": "openai"}.get(exchange.dialect, exchange.dialect)
    settings = {"retries": 0, "api": exchange.dialect}
    endpoint = Endpoint(exchange.vendor, name, "http://127.0.0.1:9/v1", settings=settings)
    dialect = importlib.import_module(f"contentkit.providers.{name}")
    return HttpProvider(endpoint, dialect, transport=httpx.MockTransport(lambda request: response(exchange)))


def response(exchange: Exchange) -> httpx.Response:
    headers = {name: value for name, value in exchange.headers.items() if name not in LEFT_OUT}
    body = exchange.body
    if exchange.frames:
        body = "".join(f"data: {line}\n\n" for line in body.splitlines())
    return httpx.Response(exchange.status, headers=headers, stream=Chunks(body.encode(), 997))


async def answer(exchange: Exchange) -> Reply | ContentkitError:
    request = Request("a-model", (Message.of("user", "Hello"),))
    asked = provider(exchange)
    try:
        async with aclosing(asked.stream(request)) as events:
            return fold([event async for event in events])
    except ContentkitError as error:
        return error
    finally:
        await asked.aclose()


async def problem_of_answer(exchange: Exchange) -> str:
    """What is wrong with our reading of a good answer, or ""."""
    reply = await answer(exchange)
    if isinstance(reply, ContentkitError):
        return f"raised {reply!r}"
    usage = reply.usage
    counts = usage and (
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_tokens,
        usage.cache_write_tokens,
        usage.reasoning_tokens,
    )
    ours, theirs = recordings.Said(reply.text, counts, str(reply.finish)), recordings.said(exchange)
    return "" if ours == theirs else f"read {ours}, and it says {theirs}"


async def problem_of_error(exchange: Exchange) -> str:
    """What is wrong with our reading of an error, or ""."""
    error = await answer(exchange)
    if isinstance(error, Reply):
        return f"was taken for an answer: {error}"
    ours, theirs = type(error).__name__, recordings.error_name(exchange)
    return "" if exchange.status < 400 or ours == theirs else f"is {ours} ({error}), and should be {theirs}"


async def problem_of_list(exchange: Exchange) -> str:
    """What is wrong with our reading of a list of models, or ""."""
    asked = provider(exchange)
    try:
        names = await asked.models()
    finally:
        await asked.aclose()
    return (
        ""
        if names and all(f'"{name}"' in exchange.body or f"/{name}" in exchange.body for name in names)
        else "no names"
    )


async def score(exchanges: list[Exchange]) -> Score:
    result = Score()
    for exchange in exchanges:
        if exchange.says_error:
            result.count(result.errors, exchange, await problem_of_error(exchange))
        elif exchange.kind == "models":
            result.count(result.lists, exchange, await problem_of_list(exchange))
        elif exchange.kind:
            result.count(result.answers, exchange, await problem_of_answer(exchange))
        else:
            result.unspoken[exchange.reason] += 1
    return result


def table(scores: dict[str, Score]) -> str:
    lines = [f"{'vendor':20}{'answers':>9}{'errors':>9}{'lists':>7}  not spoken"]
    for vendor, row in scores.items():
        unspoken = ", ".join(f"{number} {why}" for why, number in row.unspoken.items())
        answers, errors, lists = row.cells
        lines.append(f"{vendor:20}{answers:>9}{errors:>9}{lists:>7}  {unspoken}")
    return "\n".join(lines)


VENDORS = recordings.load(FOLDER) if FOLDER.is_dir() else {}


@pytest.mark.skipif(not VENDORS, reason="the recorded traffic in ../shared is not here")
@pytest.mark.parametrize("vendor", VENDORS or [""])
async def test_every_recording_is_read_as_it_says(vendor: str) -> None:
    result = await score(VENDORS[vendor])
    print(table({vendor: result}))
    counted = sum(row["all"] for row in (result.answers, result.errors, result.lists)) + result.unspoken.total()
    assert counted == len(VENDORS[vendor])
    assert not result.failures, "\n".join(result.failures)


async def main(folder: Path) -> None:
    scores = {vendor: await score(exchanges) for vendor, exchanges in recordings.load(folder).items()}
    print(table(scores))
    for vendor, result in scores.items():
        for failure in result.failures:
            print(f"\n{vendor} {failure[:1500]}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
