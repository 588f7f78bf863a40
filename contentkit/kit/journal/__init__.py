"""The journal of a batch: what was asked, what was answered, what became of every row. A killed run goes on from it.

A question is put down before it is sent, its reply before anything is made of it, and a row is done when its file
stands. So ``kill -9`` loses nothing that had come, and no answer that had come is asked for again. One window can't be
closed from here: a question that was sent, and whose answer was on its way, may have been answered and billed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from contentkit.core.chat import Reply
from contentkit.core.errors import UsageError
from contentkit.kit import cache
from contentkit.kit.database import Database
from contentkit.kit.journal import tables
from contentkit.kit.journal.record import RowRecord, Statement, sound
from contentkit.kit.journal.values import Entry, Outcome, Standing, Unanswered, Upload

__all__ = ["FILE", "Entry", "Journal", "JournalError", "Outcome", "RowRecord", "Standing", "Unanswered", "Upload"]

FILE = "journal.db"
"""Its name in the folder of the results."""

_PAGE, _LARGE = 50, 1_000_000  # rows, and characters in them, that are held at a time
_AT_ONCE = 500  # statements in one commit

T = TypeVar("T")


class JournalError(UsageError):
    """The journal can't be written, so nothing more may be asked."""


class Journal:
    """One file in the folder of the results; no other process may have it open."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        way_out = "wait for the other run to end, or choose another folder with -o"
        self._database = Database(self.path, "journal", (tables.first, tables.second), way_out, stays=True, alone=True)
        # SQLite's connections stay with a thread, and this one has all of them: its own, which is one.
        self._thread = ThreadPoolExecutor(1, "journal")
        self._waiting: list[tuple[list[Statement], bool, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._again = False

    @property
    def begun(self) -> bool:
        """There is a batch in it. (A run that was killed while it enrolled its rows left none.)"""
        return self.path.exists() and bool(self._do(self._rows, "SELECT 1 FROM facts"))

    def close(self) -> None:
        """Close the file and let others have it."""
        self._do(self._database.close)
        self._thread.shutdown()

    # -- before and after the run -------------------------------------------------------------------------------------

    def begin(self, order: Mapping[str, Any], entries: Iterable[Entry]) -> None:
        """Enrol the rows of a new batch: all, or none.

        Raises:
            UsageError: two rows have one id, or the file can't be used; also whatever ``entries`` raises.
        """
        self._do(self._begin, order, entries)

    def order(self) -> dict[str, Any]:
        """What was ordered, as ``begin`` was told.

        Raises:
            UsageError: the file is in use, damaged, or of another version.
        """
        found: dict[str, Any] = json.loads(self._do(self._rows, "SELECT value FROM facts WHERE name = 'order'")[0][0])
        return found

    def standing(self) -> Standing:
        """Where the batch stands."""
        return self._do(self._read_standing)

    def discard(self) -> None:
        """Take the file away: nothing was begun."""
        self._do(self._database.close)
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def again(self, numbers: Iterable[int]) -> None:
        """From now on a question that is not the same as then is asked anew. So are the rows that were done with an
        answer to an earlier one, and those of the numbers."""
        self._again = True
        self._do(self._ask_again, tuple(numbers))

    def reopen(self) -> Standing:
        """Take up a batch that was begun: what failed is to be tried again, and what no answer came to is asked again.

        Returns:
            where it stood, before that.
        """
        return self._do(self._reopen)

    def outcomes(self) -> Iterator[Outcome]:
        """Every row, in its order, a page at a time."""
        query = "SELECT number, id, name, state, code, error, stale, report FROM rows WHERE number > ? ORDER BY number"
        after = 0
        while page := self._do(self._page, query, after):
            after = page[-1][0]
            for number, id, name, state, code, error, stale, report in page:
                report = None if report is None else json.loads(report)
                yield Outcome(number, id, name, state, code, error, report, stale=bool(stale))

    # -- at a vendor -------------------------------------------------------------------------------------------------

    def uploads(self) -> list[Upload]:
        """Those whose results were not fetched yet, the oldest first."""
        query = "SELECT tag, id, created, total FROM uploads WHERE NOT fetched ORDER BY created, tag"
        return [Upload(*row) for row in self._do(self._rows, query)]

    async def uploading(self, upload: Upload, asked: Sequence[tuple[RowRecord, str, float | None]]) -> None:
        """Put down what is handed over next: each row's record, the key of its question, and the estimate."""
        row = (
            "INSERT INTO uploads (tag, id, created, total) VALUES (?, ?, ?, ?)",
            (upload.tag, upload.id, upload.created, upload.total),
        )
        await self.put(row, *(record.handed_over(key, cost, upload.tag) for record, key, cost in asked))

    async def uploaded(self, upload: Upload, id: str) -> None:
        """It came there, and has an id."""
        await self.put(("UPDATE uploads SET id = ? WHERE tag = ?", (id, upload.tag)))

    async def fetched(self, upload: Upload) -> list[Unanswered]:
        """All its results were put down, or it never came there. Returns the questions that got none."""
        without = await self._async(
            self._rows,
            "SELECT rows.number, rows.id, rows.name, coalesce(held, 0.0) FROM questions "
            "JOIN rows ON rows.number = questions.row WHERE upload = ? AND reply IS NULL",
            upload.tag,
        )
        await self.put(
            ("DELETE FROM questions WHERE upload = ? AND reply IS NULL", (upload.tag,)),
            ("UPDATE uploads SET fetched = 1 WHERE tag = ?", (upload.tag,)),
        )
        return [Unanswered(*one) for one in without]

    async def result(self, upload: Upload, row: int, reply: Reply, cost: float | None) -> float | None:
        """Put down the reply to a row's question. Returns the estimate that was held for it; None if it was put down
        before, or was never asked."""
        held = await self._async(
            self._rows,
            "SELECT coalesce(held, 0) FROM questions WHERE row = ? AND upload = ? AND reply IS NULL",
            row,
            upload.tag,
        )
        if not held:
            return None
        await self.put(
            (
                "UPDATE questions SET reply = ?, cost = ?, sound = ? WHERE row = ? AND upload = ?",
                (cache.to_json(reply), cost, sound(reply), row, upload.tag),
            )
        )
        return float(held[0][0])

    # -- while it runs ------------------------------------------------------------------------------------------------

    async def next(self, after: int) -> list[tuple[Entry, RowRecord]]:
        """Some of the rows behind number ``after`` that are left, each with its record; [] when there are none."""
        return await self._async(self._next, after)

    async def settle(self, outcome: Outcome) -> None:
        """Keep what became of a row. Its file stands already; should this be lost, the replies make it again."""
        report = None if outcome.report is None else json.dumps(outcome.report)
        values = (outcome.state, outcome.code, outcome.error, report, outcome.afresh, outcome.stale, outcome.number)
        statement = "UPDATE rows SET state = ?, code = ?, error = ?, report = ?, afresh = ?, stale = ? WHERE number = ?"
        await self.put((statement, values), lasting=False)

    async def put(self, *statements: Statement, lasting: bool = True) -> None:
        """Have the statements in the file when this returns. Those that wait together are written together.

        Args:
            lasting: on the disk, and not only safe from the death of this process.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((list(statements), lasting, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(done)

    async def rest(self) -> None:
        """Wait until all that was put is written."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            statements = [statement for some, _, _ in group for statement in some]
            failure: JournalError | None = None
            try:
                await self._async(self._commit, statements, any(lasting for _, lasting, _ in group))
            except UsageError as error:
                failure = JournalError(error.message, hint=error.hint)
            for _, _, done in group:
                if done.done():  # who waited for it was stopped
                    continue
                done.set_exception(failure) if failure else done.set_result(None)

    # -- in the journal's own thread ----------------------------------------------------------------------------------

    def _do(self, what: Callable[..., T], *arguments: object) -> T:
        return self._thread.submit(what, *arguments).result()

    async def _async(self, what: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, what, *arguments)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()

    def _read_standing(self) -> Standing:
        with self._database.reading() as connection:
            return tables.standing(connection)

    def _page(self, query: str, after: int) -> list[tuple[Any, ...]]:
        """The first rows of a query whose last column is a text: as many as are no burden to hold."""
        page: list[tuple[Any, ...]] = []
        size = 0
        with self._database.reading() as connection:
            for row in connection.execute(query, (after,)):
                page.append(row)
                size += len(row[-1] or "")
                if len(page) == _PAGE or size > _LARGE:
                    break
        return page

    def _commit(self, statements: list[Statement], lasting: bool) -> None:
        with self._database.reading() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
        with self._database.writing() as connection:
            for statement, values in statements:
                connection.execute(statement, values)

    def _begin(self, order: Mapping[str, Any], entries: Iterable[Entry]) -> None:
        with self._database.writing() as connection:
            connection.execute("INSERT INTO facts (name, value) VALUES ('order', ?)", (json.dumps(order),))
            for entry in entries:
                tables.enrol(connection, entry)

    def _ask_again(self, numbers: tuple[int, ...]) -> None:
        with self._database.writing() as connection:
            tables.again(connection, numbers)

    def _reopen(self) -> Standing:
        with self._database.writing() as connection:
            standing = tables.standing(connection)
            unanswered = "reply IS NULL AND NOT aside AND upload IS NULL"
            connection.execute(f"UPDATE questions SET aside = 1, cost = held WHERE {unanswered}")  # noqa: S608
            connection.execute(
                "UPDATE questions SET aside = 1 "
                "WHERE reply IS NOT NULL AND NOT sound AND row IN (SELECT number FROM rows WHERE state <> 'done')"
            )
            connection.execute("UPDATE questions SET aside = 1 WHERE row IN (SELECT number FROM rows WHERE afresh)")
            connection.execute(
                "UPDATE rows SET state = 'left', code = 0, error = '', report = NULL, afresh = 0 WHERE state = 'failed'"
            )
        return standing

    def _next(self, after: int) -> list[tuple[Entry, RowRecord]]:
        rows = self._page(
            "SELECT number, id, name, given FROM rows WHERE state = 'left' AND number > ? ORDER BY number", after
        )
        if not rows:
            return []
        records = {number: RowRecord(self, number, again=self._again) for number, *_ in rows}
        asked = (
            "SELECT row, number, key, reply, cost, aside FROM questions WHERE row IN "
            "(SELECT number FROM rows WHERE state = 'left' AND number BETWEEN ? AND ?) ORDER BY row, number"
        )
        for row, number, key, reply, cost, aside in self._rows(asked, rows[0][0], rows[-1][0]):
            kept = None if aside or reply is None else (key, cache.from_json(reply), cost)
            records[row].known(number, kept, out=reply is None and not aside)
        return [(Entry(number, id, name, json.loads(given)), records[number]) for number, id, name, given in rows]
