"""Running an analyzer as ``contentkit review`` does: every file, then the end, kept where the change touches."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from changes import Made, changed, touches

from contentkit.core.change import Change, FileChange, Side
from contentkit.core.report import Finding


def look(name: str, *files: FileChange, change: Change | None = None, **settings: Any) -> list[Finding]:
    """What the analyzer finds on changed lines."""
    change = change or Made(*files)
    run = importlib.import_module(f"contentkit.analyzers.{name}").begin(change, settings)
    found = [finding for file in change for finding in run.file(file)]
    found += run.end()
    touched = {file.path: file for file in change}
    return [one for one in found if _kept(one, touched)]


def rules(name: str, path: str, before: str | None, after: str | None) -> list[str]:
    """Rules of what is found in one changed file."""
    return [finding.rule for finding in look(name, changed(path, before, after))]


def _kept(finding: Finding, touched: Mapping[str, FileChange]) -> bool:
    place = finding.place
    if place is None or place.line is None:
        return True
    return touches(touched[place.path], place.side, place.line, place.end_line or place.line)


class FromOthers(Made):
    """A change of somebody else: configuration is the base's, given as ``tree``."""

    own = False
    base = "base"

    def text(self, path: str, side: Side = "RIGHT") -> str | None:
        if side == "RIGHT":
            return super().text(path, side)
        self.read.append(path)
        old = {file.old_path: file.old_text for file in self.files}
        return old.get(path) if path in old else self.base_tree.get(path)

    def __init__(self, *files: FileChange, tree: Mapping[str, str] | None = None) -> None:
        super().__init__(*files, tree=tree)
        self.base_tree = dict(tree or {})
