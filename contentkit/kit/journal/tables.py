"""The tables of a journal, and what is asked of them as a whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from contentkit.core.errors import UsageError
from contentkit.kit.journal.values import Entry, Standing


def enrol(connection: sqlite3.Connection, entry: Entry) -> None:
    """Keep a row; its name gets a number where another one has it, whatever the case."""
    twin = connection.execute("SELECT number FROM rows WHERE id = ?", (entry.id,)).fetchone()
    if twin is not None:
        raise UsageError(
            f"Rows {twin[0]} and {entry.number} have the same id {entry.id!r}.",
            hint="An id names the result of its row: make each a different one.",
        )
    name, more = entry.name, 2
    while connection.execute("SELECT 1 FROM rows WHERE folded = ?", (name.casefold(),)).fetchone() is not None:
        name, more = f"{entry.name}-{more}", more + 1
    connection.execute(
        "INSERT INTO rows (number, id, name, folded, given) VALUES (?, ?, ?, ?, ?)",
        (entry.number, entry.id, name, name.casefold(), json.dumps(entry.given)),
    )


def standing(connection: sqlite3.Connection) -> Standing:
    states = dict(connection.execute("SELECT state, count(*) FROM rows GROUP BY state").fetchall())
    unknown, lost = connection.execute(
        "SELECT coalesce(sum(upload IS NULL), 0), total(held) FROM questions WHERE reply IS NULL AND NOT aside"
    ).fetchone()
    (spent,) = connection.execute("SELECT total(cost) FROM questions").fetchone()
    return Standing(sum(states.values()), states.get("done", 0), states.get("failed", 0), unknown, spent + lost)


def again(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Rows that have an answer to an earlier question, and those of the numbers, are asked anew."""
    connection.executemany("UPDATE rows SET stale = 1 WHERE number = ?", ((number,) for number in numbers))
    connection.execute("UPDATE questions SET aside = 1 WHERE row IN (SELECT number FROM rows WHERE stale)")
    connection.execute(
        "UPDATE rows SET state = 'left', code = 0, error = '', report = NULL, afresh = 0, stale = 0 WHERE stale"
    )


def second(connection: sqlite3.Connection) -> None:
    """Which rows have an answer to an earlier question."""
    connection.execute("ALTER TABLE rows ADD COLUMN stale INTEGER NOT NULL DEFAULT 0")


def first(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute(
        "CREATE TABLE rows (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "
        "folded TEXT NOT NULL UNIQUE, given TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'left', "
        "code INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', report TEXT, "
        "afresh INTEGER NOT NULL DEFAULT 0)"
    )
    connection.execute("CREATE INDEX rows_left ON rows (number) WHERE state = 'left'")
    connection.execute(
        "CREATE TABLE uploads (tag TEXT PRIMARY KEY, id TEXT NOT NULL, created REAL NOT NULL, total INTEGER NOT NULL, "
        "fetched INTEGER NOT NULL DEFAULT 0)"
    )
    # held: dollars by estimate; cost: of the reply; sound: the reply came to its end; aside: no use for another try;
    # upload: of which it is part, NULL for one asked alone.
    connection.execute(
        "CREATE TABLE questions (row INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, held REAL, "
        "reply TEXT, cost REAL, sound INTEGER NOT NULL DEFAULT 0, aside INTEGER NOT NULL DEFAULT 0, upload TEXT, "
        "PRIMARY KEY (row, number)) WITHOUT ROWID"
    )
