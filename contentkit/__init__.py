"""contentkit writes from your own material and reviews git changes, with any model or none.

The nouns can be imported from here (``from contentkit import Brief, Kit``), the verbs from their own files
(``from contentkit.write import write``). See docs/api.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contentkit.core.change import Change, FileChange, Selection
    from contentkit.core.errors import ContentkitError, ProviderError, UsageError
    from contentkit.core.piece import Brief
    from contentkit.core.report import Finding, Place, Report, Severity
    from contentkit.kit.kit import Kit

__version__ = "0.1.0"

__all__ = [
    "Brief",
    "Change",
    "ContentkitError",
    "FileChange",
    "Finding",
    "Kit",
    "Place",
    "ProviderError",
    "Report",
    "Selection",
    "Severity",
    "UsageError",
    "__version__",
]

_HOMES = {
    "contentkit.core.change": ("Change", "FileChange", "Selection"),
    "contentkit.core.errors": ("ContentkitError", "ProviderError", "UsageError"),
    "contentkit.core.piece": ("Brief",),
    "contentkit.core.report": ("Finding", "Place", "Report", "Severity"),
    "contentkit.kit.kit": ("Kit",),
}


def __getattr__(name: str) -> Any:
    """Imported at first use, so that ``contentkit --help`` loads none of it."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
