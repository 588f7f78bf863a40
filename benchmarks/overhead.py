"""What contentkit costs beside a plain httpx client: 500 streamed completions, 32 at a time, from a loopback stub.

    python benchmarks/overhead.py            # a table of ratios
    python benchmarks/overhead.py --check    # exit code 1 when a bar is missed
    python benchmarks/overhead.py --quick    # fewer completions, for a look

Every measurement of a client is followed by one of the baseline in the same run, and the ratio of the two is what
counts: on a shared machine single figures move by half. The baseline only reads lines with httpx and throws them
away; "httpx, JSON too" does what anybody does who needs the answer.
Bars: throughput at least 1.0 x the baseline (less 2 %, by which two runs of one client differ), in a burst and with
5 ms between chunks; the first token at most 1 ms later at the median.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from multiprocessing.connection import Connection

import httpx

from contentkit.core.chat import Message, Request, TextDelta
from contentkit.core.model import Endpoint, Secret
from contentkit.providers.openai import connect

KEY = "sk-benchmark"
PIECES = 60
PIECE = " words of an answer"
WHOLE = PIECE * PIECES
NOISE = 0.02
MESSAGES = [{"role": "user", "content": "Write."}]

Ask = Callable[[str], AsyncIterator[str]]
"""A client: the stub's path ("burst" or "paced") -> the pieces of text."""


# -- the stub, in a process of its own ---------------------------------------------------------------------------------


def _chunk(event: str) -> bytes:
    data = f"data: {event}\n\n".encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _events() -> list[bytes]:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}

    def event(delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _chunk(json.dumps({**head, "choices": [choice], "usage": None}, separators=(",", ":")))

    usage = {"prompt_tokens": 9, "completion_tokens": PIECES, "total_tokens": PIECES + 9}
    return [
        event({"role": "assistant", "content": ""}),
        *[event({"content": PIECE}) for _ in range(PIECES)],
        event({}, "stop"),
        _chunk(json.dumps({**head, "choices": [], "usage": usage})),
        _chunk("[DONE]") + b"0\r\n\r\n",
    ]


async def _serve(pipe: Connection) -> None:
    events = _events()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in request.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.split(b":")[1]))
                if b"/paced/" in request.split(b"\r\n", 1)[0]:
                    writer.write(head)
                    for event in events:
                        writer.write(event)
                        await asyncio.sleep(0.005)
                else:
                    writer.write(head + b"".join(events))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _stub(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


# -- the clients -------------------------------------------------------------------------------------------------------


def plain(base: str, *, parse: bool) -> tuple[Ask, Callable[[], Awaitable[None]]]:
    client = httpx.AsyncClient(timeout=60)

    async def ask(path: str) -> AsyncIterator[str]:
        body = {"model": "stub", "messages": MESSAGES, "stream": True}
        headers = {"authorization": f"Bearer {KEY}"}
        async with client.stream("POST", f"{base}/{path}/v1/chat/completions", json=body, headers=headers) as response:
            async for line in response.aiter_lines():
                if not line.startswith("data: ") or line == "data: [DONE]":
                    continue
                if not parse:
                    yield PIECE
                    continue
                choices = json.loads(line[6:])["choices"]
                if choices and (text := choices[0]["delta"].get("content")):
                    yield text

    return ask, client.aclose


def ours(base: str) -> tuple[Ask, Callable[[], Awaitable[None]]]:
    providers = {
        path: connect(Endpoint("stub", "openai", f"{base}/{path}/v1", key=Secret(KEY), local=True))
        for path in ("burst", "paced")
    }
    request = Request("stub", (Message.of("user", "Write."),))

    async def ask(path: str) -> AsyncIterator[str]:
        async for event in providers[path].stream(request):
            if isinstance(event, TextDelta):
                yield event.text

    async def close() -> None:
        for provider in providers.values():
            await provider.aclose()

    return ask, close


def openai_sdk(base: str) -> tuple[Ask, Callable[[], Awaitable[None]]]:
    from openai import AsyncOpenAI

    clients = {path: AsyncOpenAI(api_key=KEY, base_url=f"{base}/{path}/v1") for path in ("burst", "paced")}

    async def ask(path: str) -> AsyncIterator[str]:
        stream = await clients[path].chat.completions.create(model="stub", messages=MESSAGES, stream=True)  # type: ignore[arg-type]
        async for chunk in stream:  # type: ignore[union-attr]
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    async def close() -> None:
        for client in clients.values():
            await client.close()

    return ask, close


def litellm_sdk(base: str) -> tuple[Ask, Callable[[], Awaitable[None]]]:
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else it asks the network for prices
    import litellm

    async def ask(path: str) -> AsyncIterator[str]:
        stream = await litellm.acompletion(
            model="openai/stub", messages=MESSAGES, stream=True, api_key=KEY, api_base=f"{base}/{path}/v1"
        )
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                yield chunk.choices[0].delta.content

    async def close() -> None:
        return None

    return ask, close


# -- measuring ---------------------------------------------------------------------------------------------------------


async def throughput(ask: Ask, path: str, completions: int, at_once: int) -> float:
    """Completions a second."""
    left = iter(range(completions))

    async def worker() -> None:
        for _ in left:
            text = "".join([piece async for piece in ask(path)])
            if len(text) < len(WHOLE):
                raise SystemExit(f"a client lost text: {len(text)} of {len(WHOLE)} characters")

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return completions / (time.perf_counter() - start)


async def first_token(ask: Ask) -> float:
    """Milliseconds from the question to the first text."""
    start = time.perf_counter()
    took = 0.0
    async for _ in ask("burst"):
        took = took or (time.perf_counter() - start) * 1000
    return took


async def pairs(first: Ask, second: Ask, path: str, args: argparse.Namespace) -> tuple[float, float, float]:
    """Medians of (first's throughput, second's throughput, ratio), measured in turn, the order changing."""
    rows = []
    for turn in range(args.pairs):
        order = (first, second) if turn % 2 == 0 else (second, first)
        found = {ask: await throughput(ask, path, args.completions, args.at_once) for ask in order}
        rows.append((found[first], found[second], found[first] / found[second]))
    return tuple(statistics.median(column) for column in zip(*rows, strict=True))  # type: ignore[return-value]


async def measure(base: str, args: argparse.Namespace) -> list[str]:
    """Prints the table; the bars that were missed."""
    baseline, close_baseline = plain(base, parse=False)
    clients = {"contentkit": ours(base), "httpx, JSON too": plain(base, parse=True)}
    for name, module, build in (("openai SDK", "openai", openai_sdk), ("litellm", "litellm", litellm_sdk)):
        if importlib.util.find_spec(module):
            clients[name] = build(base)
        else:
            print(f"{name}: not installed, skipped")
    missed = []
    print(f"{args.completions} completions of {PIECES} chunks, {args.at_once} at once, {args.pairs} pairs; medians")
    for path, what in (("burst", "in a burst"), ("paced", "5 ms between chunks")):
        for name, (ask, _) in clients.items():
            for warm in (ask, baseline):
                await throughput(warm, path, args.at_once, args.at_once)
            own, plain_httpx, ratio = await pairs(ask, baseline, path, args)
            print(f"{what:20} {name:18} {own:8.0f}/s  httpx {plain_httpx:8.0f}/s  ratio {ratio:.3f}")
            if name == "contentkit" and ratio < 1.0 - NOISE:
                missed.append(f"throughput {what}: {ratio:.3f} x plain httpx, the bar is 1.0")
    for name, (ask, _) in clients.items():
        rows = [(await first_token(ask), await first_token(baseline)) for _ in range(args.first_tokens)]
        added = statistics.median(own - other for own, other in rows)
        beside = statistics.median(other for _, other in rows)
        print(f"{'first token':20} {name:18} {added:+8.3f} ms beside httpx ({beside:.2f} ms)")
        if name == "contentkit" and added >= 1.0:
            missed.append(f"first token: {added:.2f} ms later, the bar is 1 ms")
    for _, close in clients.values():
        await close()
    await close_baseline()
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="exit code 1 when a bar is missed")
    parser.add_argument("--quick", action="store_true", help="100 completions, 2 pairs")
    parser.add_argument("--completions", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--first-tokens", type=int, default=200)
    args = parser.parse_args()
    if args.quick:
        args.completions, args.pairs, args.first_tokens = 100, 2, 50
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_stub, args=(there,), daemon=True)
    server.start()
    try:
        missed = asyncio.run(measure(f"http://127.0.0.1:{here.recv()}", args))
    finally:
        server.terminate()
    for line in missed:
        print(f"MISSED: {line}", file=sys.stderr)
    return int(args.check and bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
