"""Posts a review where the change is discussed. This file is the whole plugin: what it brings, by the user's word."""

from __future__ import annotations

from contentkit.kit.hookspecs import hookimpl


@hookimpl
def contentkit_shelf(shelf: str) -> dict[str, str]:
    """The command ``post``, imported when it is first used."""
    return {"post": "contentkit_post.cli"} if shelf == "commands" else {}
