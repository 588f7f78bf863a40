"""The rows of a batch, read one by one from CSV or JSON Lines, however long the file is."""

from __future__ import annotations

import codecs
import contextlib
import csv
import hashlib
import io
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self

from contentkit.core.errors import UsageError
from contentkit.core.text.decode import decode, looks_binary

MOST_CELL = 10_000_000
"""Characters of one cell, or of one line of JSON."""

_CHUNK = 1 << 20
_SAMPLE = 200_000
_JSON_LINES = (".jsonl", ".ndjson")
_ESCAPE = b"\x1b$"
_CODECS = {"Shift_JIS": "cp932"}  # as decode() calls it, and the superset that Windows writes
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: its place among the rows, from 1.
        line: the line of the file where it begins, from 1.
        cells: column -> value, as the file has them; empty ones are left out.
    """

    number: int
    line: int
    cells: Mapping[str, Any]


class Rows:
    """A file of rows; ``with Rows.open(path) as rows: for row in rows: ...``, as often as you like.

    Attributes:
        name: as sentences call it.
        digest: SHA-256 of its bytes.
        encoding: as it was told from the bytes.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._file = file
        self.digest, self.encoding = _survey(file, name)
        self._json = name.lower().endswith(_JSON_LINES) or (
            not name.lower().endswith((".csv", ".tsv")) and self._braced
        )

    @classmethod
    def open(cls, path: str) -> Self:
        """The rows of a file, or of standard input for "-" (which is copied, to be read twice).

        Raises:
            UsageError: it can't be read, or is no text.
        """
        if path == "-":
            copy = tempfile.TemporaryFile()  # noqa: SIM115  closed by the block that the rows are used in
            shutil.copyfileobj(sys.stdin.buffer, copy, _CHUNK)
            return cls("standard input", copy)
        try:
            number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise UsageError(
                f"The rows {path} can't be read: {why}.", hint="Name a .csv or .jsonl file, or -."
            ) from None
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise UsageError(f"{path} is no file of rows.", hint="Name a .csv or .jsonl file, or - for a pipe.")
        return cls(path, os.fdopen(number, "rb"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Row]:
        """Every row.

        Raises:
            UsageError: the file is broken; the sentence names the line.
        """
        line = 1
        text = self._text()
        try:
            for row in _json_rows(text, self.name) if self._json else _csv_rows(text, self.name):
                line = row.line
                yield row
        except UnicodeError:
            raise UsageError(
                f"{self.name}: behind line {line} it is not {self.encoding.upper()}.", hint="Save it as UTF-8."
            ) from None
        finally:
            with contextlib.suppress(ValueError):  # who reads no further may have closed the file
                text.detach()

    @property
    def _braced(self) -> bool:
        """The first sign is that of a JSON object."""
        text = self._text()
        try:
            return text.read(1000).lstrip()[:1] == "{"
        except UnicodeError:
            return False
        finally:
            text.detach()

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(self._file, self.encoding, newline="")


def _survey(file: BinaryIO, name: str) -> tuple[str, str]:
    """The digest and the encoding of a file: UTF-8 if all of it is, else what is told from where it is not.

    Raises:
        UsageError: it is no text.
    """
    digest, decoder, wrong, at = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), -1, 0
    file.seek(0)
    head = b""
    while chunk := file.read(_CHUNK):
        head = head or chunk[:8192]
        digest.update(chunk)
        if wrong < 0:
            try:
                decoder.decode(chunk)
                if _ESCAPE in chunk:  # ISO-2022-JP is valid UTF-8, byte for byte
                    wrong = max(at + chunk.find(_ESCAPE), 0)
            except UnicodeDecodeError as error:
                wrong = max(at + error.start - 8, 0)
        at += len(chunk)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    if not marked and looks_binary(head):
        raise UsageError(f"{name} is not text.", hint="Save the table as CSV (UTF-8) or JSON Lines.")
    if wrong < 0 or marked:
        return digest.hexdigest(), marked or "utf-8"
    file.seek(max(wrong - _SAMPLE // 2, 0))
    sample = file.read(_SAMPLE)
    whole_lines = sample[sample.find(b"\n") + 1 if wrong > _SAMPLE // 2 else 0 : sample.rfind(b"\n") + 1 or None]
    encoding = decode(whole_lines or sample, name=name).encoding
    return digest.hexdigest(), _CODECS.get(encoding, encoding)


def _lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    """Line by line, none longer than a cell may be: a file without line ends is not read whole."""
    number = 0
    while line := text.readline(MOST_CELL + 2):
        number += 1
        if len(line) > MOST_CELL:
            raise UsageError(f"{name}, line {number}: it is longer than {MOST_CELL:,} characters.")
        yield line


def _csv_rows(text: io.TextIOWrapper, name: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_CELL)
    lines = _lines(text, name)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise UsageError(f"{name} is empty.", hint="Its first line names the columns.")
    reader = csv.reader(_again(first, lines), delimiter=_delimiter(first), strict=True)
    number, line = 0, 1
    try:
        columns = _columns(next(reader), name)
        line = reader.line_num + 1
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            number += 1
            yield Row(number, begins, _by_column(columns, cells, f"{name}, line {begins}"))
    except csv.Error as error:
        why = "a quoted cell has no end" if "unexpected end" in str(error) else str(error)
        raise UsageError(f"{name}, line {line}: {why}.", hint='In quotes, a quote is written twice: "".') from None


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(header: str) -> str:
    """What parts the columns: comma, semicolon (Excel where the comma is decimal) or tab."""
    bare = "".join(header.split('"')[::2])
    return max(",;\t", key=bare.count)


def _columns(header: list[str], name: str) -> list[str]:
    columns = [column.strip() for column in header]
    while columns and not columns[-1]:  # spreadsheets leave empty columns behind
        columns.pop()
    for place, column in enumerate(columns, 1):
        if not column:
            raise UsageError(f"{name}: column {place} has no name.", hint="The first line names the columns.")
        if column in columns[: place - 1]:
            raise UsageError(f"{name}: two columns are called {column!r}.", hint="Rename or remove one.")
    return columns


def _by_column(columns: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
        raise UsageError(
            f"{where}: it has {len(cells)} cells, and there are {len(columns)} columns.",
            hint="A cell with a comma or a line end in it stands in quotes.",
        )
    row = {column: cell for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    _check_signs(row, where)
    return row


def _json_rows(text: io.TextIOWrapper, name: str) -> Iterator[Row]:
    number = 0
    for place, line in enumerate(_lines(text, name), 1):
        if not line.strip():
            continue
        number += 1
        yield Row(number, place, _object(line, f"{name}, line {place}"))
    if not number:
        raise UsageError(f"{name} is empty.", hint="Each line is a JSON object with the fields of a row.")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line, object_pairs_hook=lambda pairs: _once(pairs, where), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "nested too deep"
        raise UsageError(f"{where}: it is no JSON: {why}.", hint="Each line is one JSON object.") from None
    if not isinstance(found, dict):
        raise UsageError(f"{where}: it is no JSON object.", hint='Write {"topic": "..."}, one object a line.')
    for column, value in found.items():
        items = value if isinstance(value, list) else [value]
        if not all(item is None or isinstance(item, str | int | float | bool) for item in items):
            raise UsageError(f"{where}: {column!r} must be text, a number, true, false or a list of these.")
    row = {column: value for column, value in found.items() if value not in (None, "", [])}
    _check_signs(row, where)
    return row


def _once(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise UsageError(f"{where}: {next(name for name in names if names.count(name) > 1)!r} stands twice.")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _check_signs(row: Mapping[str, Any], where: str) -> None:
    """Refuse what no text has: NUL, and halves of characters."""
    for column, value in row.items():
        text = column + "".join(map(str, value if isinstance(value, list) else [value]))
        if "\0" in text:
            raise UsageError(f"{where}: {column!r} holds a NUL character.", hint="Was it saved as text?")
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise UsageError(f"{where}: {column!r} holds half of a character (a lone surrogate).")
