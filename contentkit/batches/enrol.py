"""Rows -> entries of a batch: columns become the kind's inputs. All of them are looked at before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import UsageError
from contentkit.core.filenames import file_name
from contentkit.core.nearest import unknown
from contentkit.core.piece import Brief
from contentkit.core.text.languages import language_code
from contentkit.kit.journal import Entry

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Prompts
    from contentkit.kit.rows import Row

_ALIASES = {"from": "sources", "source": "sources", "lang": "language"}
_OWN = ("id", "topic", "sources", "language")
_LONGEST_ID = 200
_RESERVED = ("results", "journal")
"""Names of our own files in the folder of the results."""


@dataclass(frozen=True, slots=True)
class Order:
    """What holds for all rows of a batch; what a row says itself goes before it.

    Attributes:
        form: format of the result files.
        fields: inputs of the kind by name.
        options: sampling wishes by name.
        prompt: name, version and digest of the kind's file.
        rows: digest of the file of rows.
    """

    kind: str
    model: str
    form: str = "markdown"
    topic: str = ""
    language: str = ""
    sources: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    prompt: str = ""
    rows: str = ""

    def brief(self, given: Mapping[str, Any]) -> Brief:
        """The brief of a row, from what ``entries`` kept of it."""
        return Brief(
            self.kind,
            given.get("topic") or self.topic,
            (*self.sources, *given.get("sources", ())),
            given.get("language") or self.language,
            {**self.fields, **given.get("fields", {})},
            self.model,
            self.options,
        )


def entries(
    prompts: Prompts,
    prompt: Prompt,
    order: Order,
    rows: Iterable[Row],
    *,
    name: str,
    folders: Sequence[Path] | None,
    ignore: bool = False,
) -> Iterator[Entry]:
    """Every row as an entry.

    Args:
        name: of the file, for sentences.
        folders: a row may name files below these; None lets it name any. A table may come from a stranger, and what it
            names is sent to a model.
        ignore: leave unread the columns that the kind does not know.

    Raises:
        UsageError: a column or a value is wrong; the sentence names the row.
    """
    known = {entry.name for entry in (*prompt.inputs, *prompt.common)}
    columns: dict[str, str] = {}
    for row in rows:
        where = f"{name}, row {row.number} (line {row.line})"
        try:
            for column in row.cells:
                if column not in columns:
                    columns[column] = _input(column, prompt.name, known, ignore=ignore)
            given = _given(row, columns)
            prompts.values(prompt, _values(order, given))
            language_code(given["language"])
            for source in given["sources"]:
                _check_source(source, folders)
        except UsageError as error:
            raise UsageError(f"{where}: {error.message}", hint=error.hint) from None
        yield _entry(row.number, given)


def _input(column: str, kind: str, known: set[str], *, ignore: bool) -> str:
    """The input that a column is; "" for one to leave unread.

    Raises:
        UsageError: there is none.
    """
    plain = column.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in known or plain in _OWN:
        return plain
    if plain in _ALIASES:
        return _ALIASES[plain]
    if ignore:
        return ""
    error = unknown(f"input of {kind}", column, {*known, *_OWN, "from"} - {"sources"})
    raise UsageError(error.message, hint=f"{error.hint} Columns can be left unread with --ignore-columns.")


def _given(row: Row, columns: Mapping[str, str]) -> dict[str, Any]:
    """What a row says, by input."""
    given: dict[str, Any] = {"id": "", "topic": "", "language": "", "sources": [], "fields": {}}
    told: dict[str, str] = {}
    for column, value in row.cells.items():
        word = columns[column]
        if not word:
            continue
        if word in told:
            raise UsageError(f"the columns {told[word]!r} and {column!r} both are {word!r}.", hint="Remove one.")
        told[word] = column
        if word == "sources":
            given["sources"] = _references(value)
        elif word in _OWN:
            if isinstance(value, list):
                raise UsageError(f"{column!r} can't be a list.")
            given[word] = str(value).strip()
            if word == "id" and len(given[word]) > _LONGEST_ID:
                raise UsageError(f"its id has more than {_LONGEST_ID} characters.", hint="Give a short one.")
        else:
            given["fields"][word] = value
    return given


def _references(value: Any) -> list[str]:
    """Sources of a cell: a list, or a text with "|" or line ends between them (a comma may stand in a file's name)."""
    parts = value if isinstance(value, list) else str(value).replace("|", "\n").split("\n")
    return [text for part in parts if (text := str(part).strip())]


def _values(order: Order, given: Mapping[str, Any]) -> dict[str, Any]:
    brief = order.brief(given)
    return {**brief.fields, "topic": brief.topic, "language": brief.language or "en"}


def _entry(number: int, given: dict[str, Any]) -> Entry:
    """The row with its id, and the name of its result."""
    own = given.pop("id")
    name = file_name(own, f"row-{number:06}")
    return Entry(number, own or f"row-{number}", f"{name}-1" if name.casefold() in _RESERVED else name, given)


def _check_source(reference: str, folders: Sequence[Path] | None) -> None:
    """Refuse what a row should not name.

    Raises:
        UsageError: standard input, or a file outside of the folders.
    """
    if reference == "-":
        raise UsageError("a row can't name standard input.", hint="Give it to all rows, as a file: --from FILE.")
    if folders is None or reference.startswith(("http://", "https://", "git:", "diff:")):
        return
    try:
        path = Path(reference).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise UsageError(f"{reference!r} is no name of a file.") from None
    if not any(path.is_relative_to(folder.resolve()) for folder in folders):
        raise UsageError(
            f"it names {reference!r}, a file outside of this folder and of the rows' own.",
            hint="If you trust the rows, add --any-source.",
        )
