"""Replies that were given before, for ``--cache``: keyed by everything that went into the question."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contentkit.core.chat import Finish, Image, Message, Reply, Request, Usage
from contentkit.core.errors import UsageError
from contentkit.core.model import Secret
from contentkit.kit.database import Database
from contentkit.kit.masking import masked

FORMAT = 1
"""Part of every key: rises when replies are stored in another way, and old ones are no longer found."""

MAX_BYTES = 256_000_000


def key(target: str, request: Request) -> str:
    """The key of a question: a hash of the target's id, the messages, the options and the schema. No text can be read
    from it. Whom it was rendered from (``fields``), deadlines and prices do not matter."""
    question = {
        "format": FORMAT,
        "target": target,
        "messages": [_message(message) for message in request.messages],
        "options": asdict(request.options),
        "schema": request.schema and {"name": request.schema.name, "body": request.schema.body},
    }
    canonical = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _message(message: Message) -> list[Any]:
    parts: list[dict[str, str]] = []
    for part in message.parts:
        if isinstance(part, Image):
            parts.append({"image": hashlib.sha256(part.data).hexdigest(), "type": part.media_type})
        else:
            parts.append({"text": part.text})
    return [message.role, parts]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} can't be part of a question")


class ReplyCache:
    """A bounded store of replies; the ones not used for longest go first. It never stops a run: a file that can't be
    used is a store without replies, and ``problem`` says why.

    Args:
        max_bytes: of replies kept.
        hide: keys that must not be stored, whatever they look like; patterns of keys are found besides.
    """

    key = staticmethod(key)

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES, hide: Sequence[Secret] = ()) -> None:
        self.max_bytes = max_bytes
        self._hide = tuple(hide)
        self.problem = ""
        self._database = Database(path, "reply cache", (_first,), "go on without --cache", stays=True)
        self._uncounted = max_bytes  # bytes put since the whole was last looked at

    def hide(self, secrets: Sequence[Secret]) -> None:
        """Keep no reply with one of these from now on."""
        self._hide += tuple(secrets)

    def get(self, key: str) -> Reply | None:
        """The reply kept under ``key``, or None."""
        try:
            with self._database.reading() as connection:
                row = connection.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
                if row is None:
                    return None
                connection.execute("UPDATE replies SET used = ? WHERE key = ?", (time.time_ns(), key))
            return from_json(row[0])
        except (UsageError, ValueError, TypeError, KeyError) as error:
            self._failed(error)
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply, if it came to its end (a cut or broken one is not worth repeating) and holds no secret."""
        if reply.finish is not Finish.STOP:
            return
        kept = [reply.text, reply.reasoning]
        if masked(kept, self._hide) != kept:
            return
        text = to_json(reply)
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > self.max_bytes:
            return
        try:
            with self._database.writing() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO replies (key, used, size, reply) VALUES (?, ?, ?, ?)",
                    (key, time.time_ns(), size, text),
                )
                self._make_room(connection, size)
        except UsageError as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.problem = str(error)
        self._database = self._database.hurried()

    def close(self) -> None:
        """Close the file, which the next use opens again."""
        self._database.close()

    def _make_room(self, connection: sqlite3.Connection, size: int) -> None:
        """Drop what is over the bound. The whole is counted when a sixteenth of it may have come since the last time:
        that takes the longer, the more is kept."""
        self._uncounted += size
        if self._uncounted < self.max_bytes / 16:
            return
        self._uncounted = 0
        (total,) = connection.execute("SELECT coalesce(sum(size), 0) FROM replies").fetchone()
        oldest = connection.execute("SELECT key, size FROM replies ORDER BY used")
        dropped = []
        while total > self.max_bytes and (row := oldest.fetchone()):
            dropped.append(row[:1])
            total -= row[1]
        connection.executemany("DELETE FROM replies WHERE key = ?", dropped)


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE replies (key TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, reply TEXT NOT NULL)"
    )
    connection.execute("CREATE INDEX replies_by_use ON replies (used, size)")


def to_json(reply: Reply) -> str:
    """A reply as it is stored; ``from_json`` is the way back. ASCII only, for lone surrogates of a broken reply."""
    return json.dumps({**asdict(reply), "finish": reply.finish.value})


def from_json(text: str) -> Reply:
    """The reply that ``to_json`` wrote."""
    data = json.loads(text)
    usage = data.pop("usage")
    finish = Finish(data.pop("finish"))
    notices = tuple(data.pop("notices"))
    return Reply(**data, finish=finish, usage=usage and Usage(**usage), notices=notices)
