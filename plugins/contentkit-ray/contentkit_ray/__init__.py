"""Questions of a batch, answered on a Ray cluster. This file is the whole plugin: what it brings, by its name."""

from __future__ import annotations

from contentkit.kit.hookspecs import hookimpl


@hookimpl
def contentkit_shelf(shelf: str) -> dict[str, str]:
    """The engine ``ray``, imported when it is first used."""
    return {"ray": "contentkit_ray.engine"} if shelf == "engines" else {}
