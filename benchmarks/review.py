"""What a review costs of our own time and memory, beside git and beside the model that it waits for.

    python benchmarks/review.py            # a table of ratios
    python benchmarks/review.py --check    # exit code 1 when a bar is missed
    python benchmarks/review.py --only reading,hook

Every measurement of ours is followed by one of the baseline in the same run, and the median ratio of the pairs is what
counts (of asking the best times): on a shared machine single figures move by half. Bars:

reading   a change of 640 files and 40,000 lines, read hunk by hunk: at most 2 x ``git diff`` of the same
hook      ``contentkit hook run pre-commit`` with nothing staged: at most 3 x ``python -c "import pygit2, click"``
asking    200 hunks asked about, 16 at a time, of a server that takes 50 ms for an answer: at most 1.3 x a plain httpx
          client with 200 questions of the same size
ideal     the same beside 13 rounds of 50 ms, in which nothing but the waiting takes time: at most 1.3 x. It is shown
          and not checked, since it can't tell a busy machine from slow code: there the plain client misses it too
memory    peak of a review by analyzers alone of 1,000 files, each with 60 changed lines: at most 1.25 x that of 100
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

BARS = {"reading": 2.0, "hook": 3.0, "asking": 1.3, "memory": 1.25}
IDEAL = 1.3
FILES, LINES = 640, 40_000
QUESTIONS, LATENCY, AT_ONCE, PROMPT = 200, 0.05, 16, 8_000
WORDS = [
    "total",
    "row",
    "index",
    "name",
    "value",
    "path",
    "line",
    "count",
    "item",
    "left",
    "begin",
    "mark",
    "text",
    "size",
]
GIT = ["git", "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--runs", type=int, default=7, help="pairs of each measurement")
    parser.add_argument("--only", default=",".join(BARS), help="which of them, with commas between")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return _child(options.child)
    measures = {"reading": reading, "hook": hook, "asking": asking, "memory": memory}
    missed = False
    print(f"{'':10}{'ours':>12}{'baseline':>12}{'ratio':>9}{'bar':>8}")
    for name in options.only.split(","):
        ours, base, ratio, unit = measures[name](options.runs)
        missed |= ratio > BARS[name]
        print(f"{name:10}{ours:9.1f} {unit}{base:9.1f} {unit}{ratio:9.2f}{BARS[name]:8.2f}", flush=True)
        if name == "asking":
            ideal = math.ceil(QUESTIONS / AT_ONCE) * LATENCY * 1000
            print(
                f"{'ideal':10}{ours:9.1f} ms{ideal:9.1f} ms{ours / ideal:9.2f}{IDEAL:8.2f}  (not checked)", flush=True
            )
    return int(missed and options.check)


Row = tuple[float, float, float, str]
"""Ours, baseline, ratio, unit."""


def pairs(ours: Callable[[], float], base: Callable[[], float], runs: int) -> Row:
    """Medians of both in milliseconds, and of the ratio of each pair; the first pair warms up."""
    rows = [(ours(), base()) for _ in range(runs + 1)][1:]
    each, other = zip(*rows, strict=True)
    return (
        statistics.median(each) * 1000,
        statistics.median(other) * 1000,
        statistics.median(one / two for one, two in rows),
        "ms",
    )


# -- repositories ------------------------------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, env=env)


def code(rng: random.Random, lines: int) -> list[str]:
    """Python of functions of seven lines."""
    made: list[str] = []
    while len(made) < lines:
        name, one, two = (rng.choice(WORDS) for _ in range(3))
        made += [f"def {name}_{len(made)}({one}, {two}):", f"    if not {one}:", f"        return {two}"]
        made += [f"    {name} = {one} + {rng.randrange(999)}", f"    return {name} * {two}", "", ""]
    return made[:lines]


def repository(folder: Path, files: int, changed: int, length: int = 40) -> None:
    """A commit of ``files`` files, and one that puts ``changed`` lines in or out of them, in hunks all over.

    ``length`` is how many lines a file has at least.
    """
    rng = random.Random(1)
    git(folder, "init", "-q", "-b", "main")
    each = changed // files
    texts = {}
    for number in range(files):
        path = folder / f"package{number % 20}" / f"module{number}.py"
        path.parent.mkdir(exist_ok=True)
        texts[path] = code(rng, max(length, each * 4))
        path.write_text("\n".join(texts[path]) + "\n", encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "before")
    for path, lines in texts.items():
        for _ in range(each // 2):  # each changed line is one taken out and one put in
            at = rng.randrange(len(lines))
            lines[at] = f"{lines[at].rstrip() or 'pass'}  # {rng.randrange(10_000)}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    git(folder, "commit", "-q", "-a", "-m", "after")


# -- reading -----------------------------------------------------------------------------------------------------------


def reading(runs: int) -> Row:
    from contentkit.code.diff import open_change
    from contentkit.core.change import Selection

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder, FILES, LINES)

        def ours() -> float:
            started = time.perf_counter()
            change = open_change(Selection(range="HEAD~1..HEAD"), cwd=folder)
            seen = sum(len(hunk.lines) for file in change for hunk in file.hunks)
            took = time.perf_counter() - started
            if seen < LINES:
                raise SystemExit(f"only {seen} lines were read")
            return took

        def base() -> float:
            started = time.perf_counter()
            subprocess.run(["git", "diff", "HEAD~1", "HEAD"], cwd=folder, check=True, capture_output=True)
            return time.perf_counter() - started

        return pairs(ours, base, runs)


# -- hook --------------------------------------------------------------------------------------------------------------


def hook(runs: int) -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder, 2, 8)
        env = {**os.environ, "HOME": name, "GIT_CONFIG_GLOBAL": os.devnull}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode, as pygit2 and click have

        def timed(*words: str) -> float:
            started = time.perf_counter()
            subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True, env=env)
            return time.perf_counter() - started

        return pairs(
            lambda: timed("-m", "contentkit", "hook", "run", "pre-commit"),
            lambda: timed("-c", "import pygit2, click"),
            2 * runs,
        )


# -- asking ------------------------------------------------------------------------------------------------------------


def _answer() -> bytes:
    """OpenAI's dialect: an empty list of findings."""
    events = [
        {"choices": [{"index": 0, "delta": {"content": '{"summary": "", "findings": []}'}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 10}},
    ]
    body = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events) + b"data: [DONE]\n\n"
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Stub:
    """A server that answers every question after ``LATENCY``. One thread and no framework: a thread for each question
    makes the answers late by as much again."""

    def __init__(self) -> None:
        self.questions = 0
        self.port = 0
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=lambda: self.loop.run_until_complete(self._serve(started)), daemon=True).start()
        started.wait()

    async def _serve(self, started: threading.Event) -> None:
        server = await self.loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await server.serve_forever()


class _Connection(asyncio.Protocol):
    """One question after the other."""

    ANSWER = _answer()

    def __init__(self, server: Stub) -> None:
        self.server = server
        self.got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, end, body = self.got.partition(b"\r\n\r\n")
        size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if end and size and len(body) >= int(size[1]):
            self.got = body[int(size[1]) :]
            self.server.questions += 1
            self.server.loop.call_later(LATENCY, self.transport.write, self.ANSWER)


def asking(runs: int) -> Row:
    """Both clients in processes of their own, so that the stub does not take their time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder, QUESTIONS, QUESTIONS * 2)
        server = Stub()
        url = f"http://127.0.0.1:{server.port}/v1"

        def timed(name: str) -> Callable[[], float]:
            def run() -> float:
                server.questions = 0
                took = _measured(name, folder, OPENAI_BASE_URL=url)
                if server.questions != QUESTIONS + 1:  # one warms up
                    raise SystemExit(f"{server.questions} questions were asked, not {QUESTIONS + 1}")
                return took

            return run

        ours, base = timed("asking"), timed("plain")
        rows = [(ours(), base()) for _ in range(runs)]
    # The best of each, not the middle: whoever else is at work here adds to both, and most to what has more to do.
    best, plain = (min(times) * 1000 for times in zip(*rows, strict=True))
    return best, plain, best / plain, "ms"


async def _asking() -> float:
    """Seconds of a review from the open change to the report, without analyzers: these are no questions.

    The replay cache is on, as by default, and empty.
    """
    from contentkit.code.diff import open_change
    from contentkit.core.change import Selection
    from contentkit.kit.kit import Kit
    from contentkit.kit.plugins import shelf
    from contentkit.review import ReviewOptions, review

    off = [f"[review.analyzers.{name}]\nenabled = false\n" for name in shelf("analyzers").names()]
    Path("contentkit.toml").write_text("\n".join(off), encoding="utf-8")
    async with Kit.load(history=False) as kit:
        for left in kit.config.cache_path.parent.glob(f"{kit.config.cache_path.name}*"):  # nothing is replayed
            left.unlink()
        options = ReviewOptions(model="openai:stub", lenses=("bugs",), concurrency=AT_ONCE)
        whole = open_change(Selection(range="HEAD~1..HEAD"))
        one = open_change(Selection(range="HEAD~1..HEAD", paths=(whole.paths()[0],)))
        await review(kit, one, replace(options, cache=False))
        started = time.perf_counter()
        report = await review(kit, whole, options)
        took = time.perf_counter() - started
    if report.exit_code() != 0 or report.fields["analyzers"]:
        raise SystemExit(f"the review failed: {report.coverage[0]}, {report.fields['analyzers']}")
    return took


async def _plain() -> float:
    """The same number of questions with httpx alone."""
    import httpx

    body = {"model": "stub", "messages": [{"role": "user", "content": "x" * PROMPT}], "stream": True}
    url = f"{os.environ['OPENAI_BASE_URL']}/chat/completions"
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def ask() -> None:
            async with client.stream("POST", url, json=body) as response:
                async for _ in response.aiter_lines():
                    pass

        async def worker(turns: Iterator[int]) -> None:
            for _ in turns:
                await ask()

        await ask()
        turns = iter(range(QUESTIONS))
        started = time.perf_counter()
        await asyncio.gather(*(worker(turns) for _ in range(AT_ONCE)))
        return time.perf_counter() - started


# -- memory ------------------------------------------------------------------------------------------------------------


def memory(_: int) -> Row:
    """Peak of a whole process."""
    peaks = []
    for files in (1_000, 100):
        with tempfile.TemporaryDirectory() as name:
            repository(Path(name), files, files * 60, length=300)
            peaks.append(_measured("memory", Path(name)) / 1e6)
    return peaks[0], peaks[1], peaks[0] / peaks[1], "MB"


async def _memory() -> float:
    from contentkit.code.diff import open_change
    from contentkit.core.change import Selection
    from contentkit.kit.kit import Kit
    from contentkit.review import ReviewOptions, review

    async with Kit.load(history=False) as kit:
        report = await review(kit, open_change(Selection(range="HEAD~1..HEAD")), ReviewOptions(model="offline"))
    if report.incomplete:
        raise SystemExit("the review is not whole")
    return float(_peak())


def _peak() -> int:
    """Bytes. What Linux tells of the peak by rusage begins with that of the process which started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(line for line in status.read_text(encoding="ascii").split("\n") if line.startswith("VmHWM"))
        return int(kilobytes.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _child(name: str) -> int:
    print(asyncio.run({"asking": _asking, "plain": _plain, "memory": _memory}[name]()))
    return 0


def _measured(name: str, folder: Path, **more: str) -> float:
    config = folder / ".bench"
    config.mkdir(exist_ok=True)
    env = {**os.environ, "HOME": str(config), "OPENAI_API_KEY": "sk-benchmark", "GIT_CONFIG_GLOBAL": os.devnull, **more}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--child", name],
        cwd=folder, env=env, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    raise SystemExit(main())
