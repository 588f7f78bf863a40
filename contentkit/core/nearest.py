"""An unknown name answers with the nearest known one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from contentkit.core.errors import UsageError


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or ""."""
    matches = get_close_matches(name.lower(), list(known), n=1, cutoff=0.5)
    return matches[0] if matches else ""


def unknown(what: str, name: str, known: Iterable[str], *, listing: str = "") -> UsageError:
    """The error for a name that nothing has.

    Args:
        what: the kind of thing ("model", "format").
        listing: the command that lists the known names; without it up to a dozen are named in the hint.
    """
    names = sorted(known)
    near = nearest(name, names)
    if near:
        hint = f"Did you mean {near!r}?"
    elif listing:
        hint = f"See {listing}."
    else:
        hint = f"Known: {', '.join(names[:12])}{' ...' if len(names) > 12 else ''}." if names else ""
    return UsageError(f"There is no {what} called {name!r}.", hint=hint)
