"""The replay cache: what makes two questions the same, and how it stays small."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from contentkit.core.chat import Finish, Image, Message, Options, Reply, Request, Schema, Text, Usage
from contentkit.kit.cache import ReplyCache

ASKED = Request(
    "m",
    (Message.of("system", "Be brief."), Message("user", (Text("Hi"), Image(b"\x89PNG", "image/png")))),
    options=Options(temperature=0.5, stop=("END",)),
    schema=Schema("post", {"type": "object", "properties": {"a": {}, "b": {}}}),
)
REPLY = Reply(
    "あ \ud83d text",
    Finish.STOP,
    Usage(1, 2, 3, 4, 5, 0.5, True),
    "thinking",
    "m-1",
    "d",
    "req",
    ("a notice",),
    {"a": [1, None]},
)


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "replies.db")


def test_a_reply_comes_back_whole(cache: ReplyCache) -> None:
    key = cache.key("openai:m", ASKED)
    assert cache.get(key) is None
    cache.put(key, REPLY)
    assert cache.get(key) == REPLY
    assert ReplyCache(cache._database.path).get(key) == REPLY
    assert cache.problem == ""


def test_what_makes_two_questions_the_same() -> None:
    same = replace(
        ASKED,
        fields={"kind": "x"},
        deadline=1.0,
        schema=Schema("post", {"properties": {"b": {}, "a": {}}, "type": "object"}),
    )
    assert ReplyCache.key("t", same) == ReplyCache.key("t", ASKED)
    others = [
        replace(ASKED, messages=ASKED.messages[::-1]),
        replace(ASKED, messages=(Message.of("user", "Be brief."), *ASKED.messages[1:])),
        replace(ASKED, messages=(Message.of("system", "Be brief.Hi"),)),
        replace(ASKED, messages=(ASKED.messages[0], Message("user", (Text("Hi"), Image(b"\x89PNH", "image/png"))))),
        replace(ASKED, options=Options(temperature=0.6, stop=("END",))),
        replace(ASKED, options=Options(temperature=0.5, stop=("END",), seed=1)),
        replace(ASKED, schema=None),
        replace(ASKED, schema=Schema("post", {"type": "array"})),
    ]
    keys = {ReplyCache.key("t", request) for request in (ASKED, *others)} | {ReplyCache.key("u", ASKED)}
    assert len(keys) == len(others) + 2


@pytest.mark.parametrize("finish", [finish for finish in Finish if finish is not Finish.STOP])
def test_only_whole_answers_are_kept(cache: ReplyCache, finish: Finish) -> None:
    cache.put("k", replace(REPLY, finish=finish))
    assert cache.get("k") is None


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies.db", max_bytes=5_000)
    for name in "abcd":
        cache.put(name, Reply("x" * 1_000, Finish.STOP))
    assert cache.get("a")
    cache.put("e", Reply("x" * 1_000, Finish.STOP))
    assert [name for name in "abcde" if cache.get(name)] == ["a", "c", "d", "e"]
    cache.put("huge", Reply("x" * 9_000, Finish.STOP))
    assert cache.get("huge") is None
    assert [name for name in "abcde" if cache.get(name)] == ["a", "c", "d", "e"]


def test_what_a_killed_process_kept_is_there(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from contentkit.kit.cache import ReplyCache\n"
        "from contentkit.core.chat import Finish, Reply\n"
        "cache = ReplyCache(Path(sys.argv[1]))\n"
        "for number in range(50): cache.put(str(number), Reply('kept', Finish.STOP))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "replies.db"
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    cache = ReplyCache(path)
    assert all(cache.get(str(number)) for number in range(50))
    assert cache.problem == ""


def test_two_that_share_a_file_see_each_other_and_the_bound(tmp_path: Path) -> None:
    one, other = (ReplyCache(tmp_path / "replies.db", max_bytes=5_000) for _ in range(2))
    for name in "abc":
        one.put(name, Reply("x" * 1_000, Finish.STOP))
    for name in "def":
        other.put(name, Reply("x" * 1_000, Finish.STOP))
    assert [name for name in "abcdef" if one.get(name)] == ["c", "d", "e", "f"]
    one.close()
    assert one.get("f")
    assert (one.problem, other.problem) == ("", "")


def test_a_reply_costs_no_time_that_a_server_would_notice(cache: ReplyCache) -> None:
    for number in range(20):  # opened, and the file laid out
        cache.put(str(number), REPLY)
    started = time.process_time()
    for number in range(200):
        cache.get(str(number))
        cache.put(str(number), REPLY)
    assert time.process_time() - started < 0.3


def test_a_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    path = tmp_path / "replies.db"
    path.write_bytes(b"not a database" * 100)
    cache = ReplyCache(path)
    cache.put("k", REPLY)
    assert cache.get("k") is None
    assert "damaged" in cache.problem
    assert path.read_bytes().startswith(b"not a database")
