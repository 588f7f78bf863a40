"""A small SQLite file that several processes share: opened late, migrated once, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from contentkit.core.errors import UsageError

Migration = Callable[[sqlite3.Connection], None]

WAIT = 5.0
"""Seconds to wait for another process that writes. Ours take milliseconds, so that many may stand in line; somebody
who waits for a text shall not take it for hung."""


@dataclass(frozen=True, slots=True)
class Database:
    """One file and its migrations; ``PRAGMA user_version`` counts those done.

    Attributes:
        what: how sentences call it ("history").
        way_out: how to go on without it.
        stays: keep a connection open for each thread until ``close``, for many small uses. What a killed process had
            written is there; a machine that loses its power may lose the last of it.
        alone: no other process may use the file before ``close``; it fails at once, and is told so.
        wait: seconds to wait for another process that writes.
    """

    path: Path
    what: str
    migrations: Sequence[Migration]
    way_out: str
    stays: bool = False
    alone: bool = False
    wait: float = WAIT
    _standing: dict[int, sqlite3.Connection] = field(default_factory=dict, repr=False, compare=False)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with.

        Raises:
            UsageError: the file is damaged, newer than this version, or can't be used.
        """
        with self._translated():
            connection = self._connection()
            try:
                yield connection
            except sqlite3.Error:
                self.close()
                raise
            finally:
                if not self.stays:
                    connection.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction that is kept at the end, or undone when anything fails.

        Raises:
            UsageError: as ``reading``.
        """
        with self.reading() as connection, _transaction(connection):
            yield connection

    def hurried(self) -> Database:
        """The same file for one who has waited once in vain: whatever keeps it locked is waited for no more."""
        return replace(self, wait=0.0)

    def close(self) -> None:
        """Close what stays open. It is opened again when it is used again."""
        while self._standing:
            self._standing.popitem()[1].close()

    def _connection(self) -> sqlite3.Connection:
        if not self.stays:
            return self._open()
        thread = threading.get_ident()
        if thread not in self._standing:
            self._standing[thread] = self._open()
        return self._standing[thread]

    def _open(self) -> sqlite3.Connection:
        self._create()
        connection = sqlite3.connect(self.path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA secure_delete = ON")  # what is removed is gone, not only unlisted
            if self.alone:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            if self.stays:
                connection.execute("PRAGMA synchronous = NORMAL")
            self._migrate(connection)
            if self.alone:  # the lock is taken with the first writing, and kept
                with _transaction(connection):
                    pass
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        """An empty file of mode 0600 where there is none; SQLite gives its -wal and -shm files the same mode."""
        if not self.path.exists():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))

    def _migrate(self, connection: sqlite3.Connection) -> None:
        newest = len(self.migrations)
        done = _version(connection)
        if done == newest:
            return
        if done > newest:
            raise UsageError(
                f"The {self.what} {self.path} was written by a newer contentkit (format {done}, not {newest}).",
                hint=f"Upgrade contentkit, or {self.way_out}.",
            )
        _write_ahead(connection, patience=self._patience)
        with _transaction(connection):
            done = _version(connection)  # another process may have been faster
            for migration in self.migrations[done:]:
                migration(connection)
            connection.execute(f"PRAGMA user_version = {newest}")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            waited = f" for more than {self.wait:g} s" if self._patience else ""
            why = f"another process keeps it locked{waited}" if "locked" in str(error) else str(error)
            raise UsageError(f"The {self.what} {self.path} can't be used ({why}).", hint=f"{self._way_out}.") from None
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"The {self.what} {self.path} is damaged ({error}).",
                hint=f"Move the file away and a new one is begun, or {self.way_out}.",
            ) from None
        except OSError as error:
            raise UsageError(
                f"The {self.what} {self.path} can't be opened ({error.strerror or error}).", hint=f"{self._way_out}."
            ) from None

    @property
    def _patience(self) -> float:
        return 0.0 if self.alone else self.wait

    @property
    def _way_out(self) -> str:
        return self.way_out[0].upper() + self.way_out[1:]


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _write_ahead(connection: sqlite3.Connection, *, patience: float) -> None:
    """Readers and one writer at once. The switch itself does not wait for a lock, so we do."""
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Take the write lock now, so that two writers queue and neither fails half-way."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
