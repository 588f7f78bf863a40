"""What was written: every run in a SQLite file of the user's, with nothing secret in it."""

from __future__ import annotations

import json
import secrets as random_bytes
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.model import Secret
from contentkit.core.report import Report
from contentkit.kit.database import Database
from contentkit.kit.masking import masked

TRIGRAM = 3
"""Characters that the index needs; a shorter word (most Japanese ones) is looked for without it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the history. ``cost`` is None when unknown; ``created`` is ISO 8601 in UTC; ``topic`` is the text's
    first heading where no topic was given.

    Attributes:
        parent: id of the run that it continues.
        series, variant: what the variants of one call share, and its number among them.
        picked: it was chosen.
        masked: a secret was hidden when it was kept, so that it is not word for word what was written.
    """

    id: str
    created: str
    kind: str
    topic: str
    model: str
    finish: str
    findings: int
    cost: float | None
    parent: str = ""
    series: str = ""
    variant: int = 0
    picked: bool = False
    masked: bool = False


_COLUMNS = "id, created, kind, topic, model, finish, findings, cost, parent, series, variant, picked, masked"


class History:
    """The runs of this user. The file is opened at the first use, and made when something is added.

    Args:
        hide: keys that must not be stored, whatever they look like; patterns of keys are found besides.
    """

    def __init__(self, path: Path, hide: Sequence[Secret] = ()) -> None:
        self.path = path
        self._hide = tuple(hide)
        self._database = Database(
            path, "history", (_first, _second), "go on without it: --no-history, or history = false in the user file"
        )

    def add(self, report: Report, hide: Sequence[Secret] = ()) -> str:
        """Keep a report. Returns its id.

        Args:
            hide: what must not be stored of this report, besides.

        Raises:
            UsageError: the file can't be used; the sentence says the way out.
        """
        from contentkit.reports.json import to_dict

        created = report.created or datetime.now(UTC).isoformat(timespec="seconds")
        whole = to_dict(replace(report, created=created))
        data = masked(whole, (*self._hide, *hide))  # slow for long texts: others may write
        hidden = data != whole
        with self._database.writing() as connection:
            name = data["id"] = _free_id(connection)
            connection.execute(
                f"INSERT INTO runs ({_COLUMNS}, words, report) VALUES ({', '.join('?' * 15)})",  # noqa: S608
                (
                    name,
                    created,
                    data["kind"],
                    data["topic"] or _title(data),
                    data["model"],
                    data["finish"],
                    len(report.findings),
                    report.cost,
                    data["parent"],
                    data["series"],
                    report.variant,
                    False,
                    hidden,
                    _words(data),
                    json.dumps(data, ensure_ascii=False),
                ),
            )
        return name

    def keep(self, report: Report, hide: Sequence[Secret] = ()) -> Report:
        """The report with its id once it is kept; with a notice when it could not be. Never raises for the history,
        and waits once at most for another process, however many reports come."""
        try:
            return replace(report, id=self.add(report, hide))
        except UsageError as error:
            self._database = self._database.hurried()
            return replace(report, notices=(*report.notices, f"This run is not in the history: {error}"))

    def list(self, limit: int = 20, kind: str | None = None) -> tuple[Run, ...]:
        """The newest runs first. A ``limit`` of 0 lists all."""
        where = "WHERE kind = ?" if kind else ""
        return self._runs(f"{where} ORDER BY number DESC LIMIT ?", (*([_storable(kind)] if kind else []), limit or -1))

    def search(self, words: Sequence[str], limit: int = 20) -> tuple[Run, ...]:
        """Runs in which every one of the words stands (any part of a word will do), the newest first."""
        asked = [unicodedata.normalize("NFC", word) for text in words for word in _storable(text).split()]
        if not asked:
            return ()
        if not self.path.exists():
            return ()
        with self._database.reading() as connection:
            indexed = _has_index(connection)
        clauses: list[str] = []
        values: list[str] = []
        for word in asked:
            if indexed and len(word) >= TRIGRAM:
                clauses.append("number IN (SELECT rowid FROM runs_index WHERE runs_index MATCH ?)")
                values.append('"' + word.replace('"', '""') + '"')
            else:
                clauses.append(r"words LIKE ? ESCAPE '\'")
                values.append("%" + "".join("\\" + sign if sign in r"\%_" else sign for sign in word) + "%")
        return self._runs(f"WHERE {' AND '.join(clauses)} ORDER BY number DESC LIMIT ?", (*values, limit or -1))

    def show(self, id: str) -> Report:
        """The report whose id begins with ``id``.

        Raises:
            UsageError: no run has such an id, or several have.
        """
        from contentkit.reports.json import from_dict

        if not self.path.exists():
            raise _no_run(id)
        with self._database.reading() as connection:
            name = _whole_id(connection, id)
            return from_dict(
                json.loads(connection.execute("SELECT report FROM runs WHERE id = ?", (name,)).fetchone()[0])
            )

    def run(self, id: str) -> Run:
        """The line of the run whose id begins with ``id``.

        Raises:
            UsageError: no run has such an id, or several have.
        """
        if not self.path.exists():
            raise _no_run(id)
        with self._database.reading() as connection:
            name = _whole_id(connection, id)
        return self._runs("WHERE id = ?", (name,))[0]

    def last_series(self) -> tuple[Run, ...]:
        """The variants of the last call that made several, by their number; () without any."""
        last = self._runs("WHERE series != '' ORDER BY number DESC LIMIT 1", ())
        return self._runs("WHERE series = ? ORDER BY variant", (last[0].series,)) if last else ()

    def pick(self, ids: Sequence[str]) -> tuple[Run, ...]:
        """Mark runs as chosen. The other variants of the same calls are chosen no more. Returns the runs.

        Raises:
            UsageError: an id is unknown or begins several.
        """
        runs = tuple({run.id: run for run in map(self.run, ids)}.values())
        with self._database.writing() as connection:
            for run in runs:
                if run.series:
                    connection.execute("UPDATE runs SET picked = 0 WHERE series = ?", (run.series,))
            connection.executemany("UPDATE runs SET picked = 1 WHERE id = ?", [(run.id,) for run in runs])
        return tuple(replace(run, picked=True) for run in runs)

    def rm(self, ids: Sequence[str]) -> int:
        """Remove runs for good; all or none. Returns how many.

        Raises:
            UsageError: an id is unknown or begins several.
        """
        if not self.path.exists():
            raise _no_run(ids[0] if ids else "")
        with self._database.writing() as connection:
            names = {_whole_id(connection, id) for id in ids}
            connection.executemany("DELETE FROM runs WHERE id = ?", [(name,) for name in names])
            if _has_index(connection):  # the index keeps pieces of what was removed until it is merged
                connection.execute("INSERT INTO runs_index(runs_index) VALUES ('optimize')")
        with self._database.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(names)

    def export(self) -> Iterator[str]:
        """Every report as one line of JSON, the oldest first."""
        if not self.path.exists():
            return
        with self._database.reading() as connection:
            for (report,) in connection.execute("SELECT report FROM runs ORDER BY number"):
                yield report

    def _runs(self, tail: str, values: Sequence[object]) -> tuple[Run, ...]:
        if not self.path.exists():
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM runs {tail}", values)  # noqa: S608  (our own words)
            return tuple(Run(*row[:-2], *map(bool, row[-2:])) for row in rows)


def _storable(text: str) -> str:
    """A word of the command line can hold bytes that are no UTF-8; SQLite takes none, and no run has any."""
    return text.encode("utf-8", "replace").decode()


def _title(data: Mapping[str, Any]) -> str:
    """What a run without a topic is listed as: the title or subject of what was written, else the first source, else
    the first line."""
    fields, lines = data["fields"], [line.strip() for line in data["body"][:10_000].splitlines()]
    named = (fields[name] for name in ("title", "subject") if isinstance(fields.get(name), str))
    headings = (line[2:] for line in lines if line.startswith("# "))
    candidates = (*named, *headings, *data["sources"], *lines)
    return next(filter(None, candidates), "")[:200]


def _words(data: Mapping[str, Any]) -> str:
    """What ``search`` looks through."""
    return unicodedata.normalize("NFC", "\n".join([data["kind"], data["topic"], *data["sources"], data["body"]]))


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created TEXT NOT NULL, "
        "kind TEXT NOT NULL, topic TEXT NOT NULL, model TEXT NOT NULL, finish TEXT NOT NULL, "
        "findings INTEGER NOT NULL, cost REAL, words TEXT NOT NULL, report TEXT NOT NULL)"
    )
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE runs_index "
            "USING fts5(words, content='runs', content_rowid='number', tokenize='trigram')"
        )
    except sqlite3.OperationalError:
        return  # an SQLite without FTS5 or older than 3.34: search reads everything instead
    connection.execute(
        "CREATE TRIGGER runs_added AFTER INSERT ON runs BEGIN "
        "INSERT INTO runs_index(rowid, words) VALUES (new.number, new.words); END"
    )
    connection.execute(
        "CREATE TRIGGER runs_removed AFTER DELETE ON runs BEGIN "
        "INSERT INTO runs_index(runs_index, rowid, words) VALUES ('delete', old.number, old.words); END"
    )


def _second(connection: sqlite3.Connection) -> None:
    """What belongs together, and what was chosen."""
    for column in ("parent TEXT NOT NULL DEFAULT ''", "series TEXT NOT NULL DEFAULT ''",
                   "variant INTEGER NOT NULL DEFAULT 0", "picked INTEGER NOT NULL DEFAULT 0",
                   "masked INTEGER NOT NULL DEFAULT 0"):  # fmt: skip
        connection.execute(f"ALTER TABLE runs ADD COLUMN {column}")


def _has_index(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs_index'").fetchone() is not None


def _free_id(connection: sqlite3.Connection) -> str:
    while True:
        name = random_bytes.token_hex(5)
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (name,)).fetchone() is None:
            return name


def _whole_id(connection: sqlite3.Connection, start: str) -> str:
    start = _storable(start)
    rows = connection.execute(
        "SELECT id FROM runs WHERE substr(id, 1, ?) = ? ORDER BY number DESC LIMIT 6", (len(start), start.lower())
    ).fetchall()
    names = [str(row[0]) for row in rows]
    if not names or not start:
        raise _no_run(start)
    if len(names) > 1:
        raise UsageError(f"Several runs begin with {start!r}: {', '.join(names[:5])}.", hint="Give more of the id.")
    return names[0]


def _no_run(id: str) -> UsageError:
    return UsageError(f"There is no run {id!r} in the history.", hint="See contentkit history list.")
