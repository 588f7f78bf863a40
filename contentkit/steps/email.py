"""Whether an email may go out: subject, one call, links, merge fields, what bulk mail must have, both parts alike.

Of a sequence also that no mail says again what another said. Looks at drafts of emails, and at ``.eml`` files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.mail.letter import envelope, placed_letters
from contentkit.core.nearest import unknown
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place
from contentkit.core.text.mergefields import is_field, written
from contentkit.steps._email_file import EmailFile, is_email_file, opened
from contentkit.steps._email_rules import Asked, letter_faults, unused_fields
from contentkit.steps._email_series import series_faults

CHECK = True
_SETTINGS = ("merge_fields", "bulk")


def settings(table: Mapping[str, Any]) -> None:
    """Check ``[check.settings.email]``: ``merge_fields`` (a list of names) and ``bulk`` (true or false).

    Raises:
        UsageError: it says something else.
    """
    for name, value in table.items():
        if name not in _SETTINGS:
            raise unknown("setting of the check 'email'", name, _SETTINGS)
        fits = isinstance(value, bool) if name == "bulk" else isinstance(value, list) and all(map(_named, value))
        if not fits:
            raise UsageError(
                f"The check 'email' can't take {value!r} for {name!r}.",
                hint='For example: merge_fields = ["first_name"] and bulk = true',
            )


def before(piece: Piece) -> Piece:
    """Look at the envelope before anything is asked, and write the merge fields as the mail will have them.

    Raises:
        UsageError: an address, a link or a merge field is none.
    """
    envelope(piece.fields)
    fields = [str(item).strip() for item in piece.fields.get("merge_fields") or ()]
    if wrong := [item for item in fields if not _named(item)]:
        raise UsageError(
            f"--merge-fields takes names, not {wrong[0][:60]!r}.",
            hint="For example: --merge-fields first_name,company, or as your service writes them: '*|FNAME|*'.",
        )
    return replace(piece, fields={**piece.fields, "merge_fields": tuple(written(fields).values())})


def _named(item: object) -> bool:
    return isinstance(item, str) and is_field(item)


def after(piece: Piece) -> Piece:
    """Findings of a draft's letters, or of an email in a file."""
    if is_email_file(piece):
        return piece.found(*opened(piece, _asked(piece)).faults())
    placed = placed_letters(piece.output)
    if not placed:
        return piece
    asked = _asked(piece)
    found = [fault for path, letter in placed for fault in letter_faults(path, letter, asked)]
    return piece.found(*found, *unused_fields([letter for _, letter in placed], asked), *series_faults(placed, asked))


def across(pieces: Sequence[Piece]) -> Iterator[Finding]:
    """What the email files of a folder say twice."""
    files = [opened(piece, _asked(piece)) for piece in pieces if is_email_file(piece)]
    folders = dict.fromkeys(PurePath(file.piece.name).parent for file in files)
    for folder in folders:
        yield from _side_by_side([file for file in files if PurePath(file.piece.name).parent == folder])


def _side_by_side(files: Sequence[EmailFile]) -> Iterator[Finding]:
    """The emails of one folder, which belong together, in the order in which they are sent."""
    if len(files) > 1:
        files = sorted(files, key=lambda file: (file.letter.day or 0, file.piece.name))
        placed = [(f"{file.piece.name}\0", file.letter) for file in files]
        for found in series_faults(placed, files[0].asked):
            place = found.place and Place(found.place.path.partition("\0")[0], quote=found.place.quote)
            yield replace(found, place=place, repair="")


def _asked(piece: Piece) -> Asked:
    """What holds for this piece: its own inputs, else the configuration's."""
    said = {**piece.settings.get("email", {}), **{name: value for name, value in piece.fields.items() if value}}
    return Asked(
        envelope(said),
        written(str(item) for item in said.get("merge_fields") or ()),
        " ".join(str(said.get("link") or "").split()),
        " ".join(str(said.get("goal") or "").split()),
        int(said.get("emails") or 1),
        piece.language,
    )
