"""Release notes out of a git log: every commit that is no merge in one entry, in its own words, with its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.piece import SourceText
from contentkit.core.text.commits import GROUPS, Commit, commits
from contentkit.providers._offline.words import words_for

_LONGEST, _MOST_ENTRIES = 600, 300


def release_notes(sources: Sequence[SourceText], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The groups in their order, the newest commit first. Nothing is summed up: the log does not say what matters."""
    entries: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    seen: set[str] = set()
    for commit in (commit for source in sources for commit in commits(source.text)):
        if not commit.merges and commit.id not in seen:
            seen.add(commit.id)
            entries[commit.group].append(_entry(commit))
    groups = [{"kind": group, "entries": rows[:_MOST_ENTRIES]} for group, rows in entries.items() if rows]
    if not groups:
        mark = words_for(str(fields.get("language") or "")).mark("changes")
        groups = [{"kind": "other", "entries": [{"text": mark, "scope": "", "commits": []}]}]
    return {"summary": "", "groups": groups}


def _entry(commit: Commit) -> dict[str, Any]:
    broken = commit.breaks
    text = commit.text if broken in ("", commit.text) else f"{commit.text.rstrip('.。')}. {broken}"
    if len(text) > _LONGEST:
        text = commit.text[:_LONGEST]
    return {"text": text, "scope": commit.scope[:60], "commits": [commit.id]}
