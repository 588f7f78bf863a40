"""Many at once: rows a second as a share of what the server allows; the memory of 100,000 rows beside that of 1,000.

    python benchmarks/batch.py                 # a table
    python benchmarks/batch.py --check         # exit code 1 when a bar is missed
    python benchmarks/batch.py --rows 10000    # fewer rows for the memory, for a look

The stub is a server in OpenAI's dialect in a process of its own. It answers at most so many questions at a time, each
after a fixed time: so its limit is known, questions at a time / seconds for each. ``contentkit batch`` runs as a user
runs it, with its journal and a file for each row. The time that it takes to start is measured with a batch of one row
and taken off; a plain httpx client that asks the same stub as often, and writes nothing, stands beside it.
Bars: throughput at least 0.9 x the limit; the peak memory of the long table at most 1.15 x that of the short one. Where
the plain client itself gets less than 0.9 x the limit, the machine is too busy to tell, and that is said instead. The
time of the processor for each row tells how much a free core could do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

BAR, MEMORY_BAR = 0.9, 1.15
SECONDS, AT_ONCE = 0.05, 4
TEXT = "The ferry leaves the old harbour every morning and carries many people over the water. " * 6


# -- the stub, in a process of its own --------------------------------------------------------------------------------


def _event(data: str) -> bytes:
    chunk = f"data: {data}\n\n".encode()
    return f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n"


def _answer() -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}
    delta = {"index": 0, "delta": {"content": f"# The ferry\n\n{TEXT}"}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020}
    return b"".join(
        [
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
            _event(json.dumps({**head, "choices": [delta]})),
            _event(json.dumps({**head, "choices": [end]})),
            _event(json.dumps({**head, "choices": [], "usage": usage})),
            _event("[DONE]"),
            b"0\r\n\r\n",
        ]
    )


async def _serve(pipe: Connection, seconds: float) -> None:
    gate, answer = asyncio.Semaphore(AT_ONCE), _answer()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.split(b":")[1]))
                async with gate:
                    await asyncio.sleep(seconds)
                    writer.write(answer)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=512)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _stub(pipe: Connection, seconds: float) -> None:
    asyncio.run(_serve(pipe, seconds))


class Stub:
    """A running stub. ``seconds``: for each answer."""

    def __init__(self, seconds: float) -> None:
        ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_stub, args=(theirs, seconds), daemon=True)
        self._process.start()
        self.url = f"http://127.0.0.1:{ours.recv()}/v1"

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()


# -- measuring --------------------------------------------------------------------------------------------------------


def table(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id,topic\n")
        for row in range(rows):
            file.write(f'n{row},"The ferry to the old harbour, part {row}"\n')


def batch(folder: Path, url: str, rows: int, at_once: int = AT_ONCE) -> tuple[float, int, float]:
    """Seconds, peak bytes, and seconds of the processor of a batch."""
    path, out = folder / f"{rows}.csv", folder / f"out-{rows}-{time.monotonic_ns()}"
    table(path, rows)
    words = ["batch", str(path), "--kind", "article", "--lang", "en", "--model", "openai:stub"]
    words += ["--concurrency", str(at_once), "-o", str(out), "-q"]
    env = {**os.environ, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none", "CONTENTKIT_PROBE": "0"}
    command = [sys.executable, "-m", "contentkit", *words]
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, env=env)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the batch of {rows} rows failed")
    if sum(1 for _ in out.glob("*.md")) != rows:
        raise SystemExit(f"the batch of {rows} rows has lost some")
    return seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024), used.ru_utime + used.ru_stime


async def plain(url: str, questions: int) -> float:
    """Seconds of a client that only asks and reads."""
    left = iter(range(questions))
    body = {"model": "stub", "messages": [{"role": "user", "content": TEXT * 8}], "stream": True}
    started = time.monotonic()
    async with httpx.AsyncClient(timeout=60) as client:

        async def worker() -> None:
            for _ in left:
                (await client.post(f"{url}/chat/completions", json=body)).raise_for_status()

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return time.monotonic() - started


def throughput(folder: Path, rows: int) -> tuple[float, float]:
    """Rows a second as a share of the stub's limit, and the plain client's: the best of three each, since a shared
    machine only takes away."""
    limit = AT_ONCE / SECONDS
    stub = Stub(SECONDS)
    shares, others = [], []
    for _ in range(3):
        alone, _, started = batch(folder, stub.url, 1)
        seconds, _, worked = batch(folder, stub.url, rows)
        shares.append((rows - 1) / (seconds - alone) / limit)
        others.append(rows / asyncio.run(plain(stub.url, rows)) / limit)
        each = (worked - started) / (rows - 1)
        print(f"{rows} rows, {AT_ONCE} at a time, {SECONDS * 1000:.0f} ms each: limit {limit:.0f} rows/s, "
              f"batch {shares[-1]:.3f} x, plain httpx {others[-1]:.3f} x, start {alone:.2f} s, "
              f"processor {each * 1000:.1f} ms a row ({1 / each:.0f} rows/s of a free core)")  # fmt: skip
    stub.stop()
    return max(shares), max(others)


def memory(folder: Path, rows: int) -> float:
    """Peak of the long table / peak of the short one."""
    stub = Stub(0.0)
    peaks = []
    for count in (1_000, rows):
        seconds, peak, _ = batch(folder, stub.url, count)
        peaks.append(peak)
        print(f"{count:,} rows: peak {peak / 1e6:.1f} MB, {seconds:.1f} s, {count / seconds:.0f} rows/s")
    stub.stop()
    return peaks[1] / peaks[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--rows", type=int, default=100_000, help="of the long table")
    parser.add_argument("--only", choices=["throughput", "memory"], help="measure this alone")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as name:
        if options.only != "memory":
            share, other = throughput(Path(name), 1_200)
            busy = other < BAR
            missed |= share < BAR and not busy
            print(
                f"throughput: {share:.3f} x the limit (>= {BAR}){'; the machine is too busy to tell' if busy else ''}"
            )
        if options.only != "throughput":
            ratio = memory(Path(name), options.rows)
            missed |= ratio > MEMORY_BAR
            print(f"memory: {ratio:.3f} x (<= {MEMORY_BAR})")
    return int(missed and options.check)


if __name__ == "__main__":
    sys.exit(main())
