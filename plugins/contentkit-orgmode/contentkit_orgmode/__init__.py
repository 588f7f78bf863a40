"""Org mode for contentkit. This file is the whole plugin: what it brings, by the word the user types."""

from __future__ import annotations

from contentkit.kit.hookspecs import hookimpl


@hookimpl
def contentkit_shelf(shelf: str) -> dict[str, str]:
    """Modules by name; each is imported when it is first used."""
    things = {
        "reports": {"org": "contentkit_orgmode.report"},
        "sources": {"org": "contentkit_orgmode.source"},
    }
    return things.get(shelf, {})
