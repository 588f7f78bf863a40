"""What a plugin can say: one page. A plugin is a distribution with an entry point in the group ``contentkit``.

::

    # pyproject.toml of the plugin
    [project.entry-points.contentkit]
    orgmode = "contentkit_orgmode"

    # contentkit_orgmode.py
    from contentkit.kit.hookspecs import hookimpl

    @hookimpl
    def contentkit_shelf(shelf):
        return {"org": "contentkit_orgmode.report"} if shelf == "reports" else {}
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pluggy

hookspec = pluggy.HookspecMarker("contentkit")
hookimpl = pluggy.HookimplMarker("contentkit")


@hookspec
def contentkit_shelf(shelf: str) -> Mapping[str, object | str]:  # type: ignore[empty-body]
    """Things for a shelf, by the word the user types.

    Args:
        shelf: "providers", "steps", "sources", "reports", "analyzers", "engines" or "commands"; answer others with {}.

    Returns:
        name -> the thing itself, or "module" or "module:attribute" that is imported at first use. A thing offers what
        ``core/contracts.py`` says for its shelf; a command is anything whose attribute ``command`` is a click command.
    """


@hookspec
def contentkit_prompts() -> Path:  # type: ignore[empty-body]
    """A folder of prompts (``write/NAME.md``, ``review/NAME.md``), searched after the project's and the user's."""
