"""Whether every entry of release notes goes back to a commit of the log, and which commits stand in no entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.commits import Commit, commits, same_commit
from contentkit.core.text.outline import rows

CHECK = True

_MOST_NAMED = 12


def after(piece: Piece) -> Piece:
    """Findings for entries without a commit or with one that is not in the log; one to know, of what is not covered."""
    entries = list(_entries(piece.output)) if isinstance(piece.output, Mapping) else []
    if not any("commits" in entry for _, entry in entries):
        return piece
    known = [commit for source in piece.sources for commit in commits(source.text)]
    if not known:
        return _untraced(piece)
    named = [str(name) for _, entry in entries for name in entry.get("commits") or ()]
    missing = [commit for commit in known if not any(same_commit(commit.id, name) for name in named)]
    piece = piece.found(*(finding for path, entry in entries for finding in _faults(path, entry, known)))
    return piece.found(_uncovered(missing, len(known))) if missing else piece


def _untraced(piece: Piece) -> Piece:
    said = "No git log is among the sources, so no entry can be traced to a commit."
    return piece if said in piece.notices else piece.noticed(said)


def _entries(output: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every entry of every group, with its path."""
    for at, group in enumerate(rows(output.get("groups"))):
        for number, entry in enumerate(rows(group.get("entries"))):
            yield f"groups[{at}].entries[{number}]", entry


def _faults(path: str, entry: Mapping[str, Any], known: Sequence[Commit]) -> Iterator[Finding]:
    names = [str(name) for name in entry.get("commits") or ()]
    said = str(entry.get("text", ""))[:80]
    if not names:
        repair = f"Name in {path}.commits the ids of the log that the entry tells of, or leave the entry out."
        yield _finding("none", f"An entry names no commit: {said!r}.", f"{path}.commits", repair)
    for name in names:
        if not any(same_commit(commit.id, name) for commit in known):
            repair = (
                f"Name in {path}.commits only ids that the log has, copied from it; leave the entry out without one."
            )
            yield _finding("unknown", f"There is no commit {name[:40]!r} in the log.", f"{path}.commits", repair)


def _uncovered(missing: Sequence[Commit], number: int) -> Finding:
    merges = sum(commit.merges for commit in missing)
    named = ", ".join(commit.id[:10] for commit in missing[:_MOST_NAMED])
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    only = f", of which {merges} only merge" if merges else ""
    message = f"{len(missing)} of {number} commits stand in no entry{only}: {named}{more}."
    return Finding("trace/uncovered", message, Severity.INFO, Place("groups"), "trace")


def _finding(rule: str, message: str, path: str, repair: str) -> Finding:
    return Finding(f"trace/{rule}", message, Severity.MAJOR, Place(path), "trace", repair)
