"""Peak memory of a 50 MB source and of a 2 MB reply, as a multiple of the text.

    python benchmarks/memory.py            # a table
    python benchmarks/memory.py --check    # exit code 1 when a bar is missed
    python benchmarks/memory.py --size 5   # megabytes of the source, for a look

Each case runs in a process of its own, beside the same case with a text of a few words: the difference of the two peaks
is what the text cost, imports and libraries being in both. The source is read, its secrets are hidden, and the offline
engine drafts from it; the reply is streamed by a loopback server in OpenAI's dialect, folded, and its secrets restored.
Bars: at most 6 x the text's bytes for the source, and 12 x for the reply (where a buffer of 1 MB weighs already).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BARS = {"source": 6.0, "Japanese source": 6.0, "reply": 12.0}
WORDS = ["the", "of", "a", "tea", "garden", "morning", "water", "leaf", "mountain", "river", "people", "story", "paper"]
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん茶葉山川水朝夕人日本"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--size", type=float, default=50, help="megabytes of the source")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        asyncio.run(from_source(options.target) if options.case == "source" else from_server(options.target))
        print(peak())
        return 0
    missed = False
    print(f"{'case':18}{'text':>10}{'baseline':>12}{'peak':>10}{'times the text':>16}{'seconds':>9}")
    for name, size, small, large, seconds in measured(options.size):
        ratio = (large - small) / size
        missed |= ratio > BARS[name]
        figures = f"{size / 1e6:7.1f} MB{small / 1e6:9.1f} MB{large / 1e6:7.1f} MB"
        print(f"{name:18}{figures}{ratio:10.2f} (<= {BARS[name]:g}){seconds:9.1f}")
    return int(missed and options.check)


def measured(megabytes: float) -> list[tuple[str, int, int, int, float]]:
    """(case, bytes of the text, peak with a few words, peak with the text, seconds) of each case."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, letters in (("source", WORDS), ("Japanese source", list(KANA))):
            paths = [Path(folder, f"{name}-{kind}.md") for kind in ("small", "large")]
            for path, size in zip(paths, (2_000, int(megabytes * 1e6)), strict=True):
                write_prose(path, size, letters)
            small, _ = child("source", str(paths[0]))
            large, seconds = child("source", str(paths[1]))
            rows.append((name, paths[1].stat().st_size, small, large, seconds))
    server = Stub()
    small, _ = child("reply", f"{server.url}/2000")
    large, seconds = child("reply", f"{server.url}/2000000")
    rows.append(("reply", 2_000_000, small, large, seconds))
    server.shutdown()
    return rows


def child(case: str, target: str) -> tuple[int, float]:
    started = time.monotonic()
    command = [sys.executable, __file__, "--case", case, "--target", target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{case} failed:\n{done.stderr}")
    return int(done.stdout.split()[-1]), time.monotonic() - started


def peak() -> int:
    """Bytes; Linux tells kilobytes, macOS bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def write_prose(path: Path, size: int, letters: list[str]) -> None:
    """Paragraphs of made-up sentences, with a password every megabyte; no two paragraphs alike."""
    rng = random.Random(1)
    gap, stop = (" ", ". ") if letters is WORDS else ("", "。")
    with path.open("w", encoding="utf-8") as file:
        file.write("# A long text\n\n")
        written = 0
        while written < size:
            sentences = [gap.join(rng.choices(letters, k=rng.randint(6, 20))) for _ in range(6)]
            block = stop.join(sentences) + stop + "\n\n"
            if written >> 20 != (written + len(block.encode())) >> 20:
                block += f'password = "Kx{rng.getrandbits(64):016x}"\n\n'
            file.write(block)
            written += len(block.encode())


async def from_source(path: str) -> None:
    """What ``contentkit write article --from FILE`` does with the text, up to the draft."""
    from contentkit.core.chat import Request, fold
    from contentkit.core.model import Endpoint
    from contentkit.core.piece import Piece, ReadLimits
    from contentkit.kit.reading import read_all
    from contentkit.providers.offline import connect
    from contentkit.steps import normalise, redact

    reading = await read_all([path], ReadLimits())
    piece = Piece("article", sources=reading.texts, fields={"topic": "tea"})
    del reading
    piece = redact.before(normalise.before(piece))
    fields = {**piece.fields, "sources": piece.sources, "kind": "article", "form": "article", "language": "en"}
    events = [event async for event in connect(Endpoint("offline", "offline")).stream(Request("", (), fields))]
    assert fold(events).text


async def from_server(url: str) -> None:
    """What any hosted model's answer goes through."""
    from dataclasses import replace

    from contentkit.core.chat import Event, Message, Request, fold
    from contentkit.core.model import Endpoint, Secret
    from contentkit.core.piece import Piece
    from contentkit.providers.openai import connect
    from contentkit.steps import redact

    provider = connect(Endpoint("stub", "openai", url, Secret("none"), local=True))
    events: list[Event] = []
    async for event in provider.stream(Request("stub", (Message.of("user", "Write."),))):
        events.append(event)
    await provider.aclose()
    reply = fold(events)
    piece = Piece("article", vault={"[secret-1:password]": "pass"}, body=reply.text)
    assert len(redact.after(replace(piece)).body) >= int(url.rpartition("/")[2])


class Stub(ThreadingHTTPServer):
    """Streams as many characters as the path asks for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}
        piece = "a few words of an answer. " * 2
        line = json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        for _ in range(int(self.path.split("/")[1]) // len(piece) + 1):
            self.wfile.write(f"data: {line}\n\n".encode())
        last = json.dumps({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(f"data: {last}\n\ndata: [DONE]\n\n".encode())

    def log_message(self, *_: object) -> None: ...


if __name__ == "__main__":
    sys.exit(main())
