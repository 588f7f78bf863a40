"""Every question is asked from this process, many at a time: right for servers, which do the work elsewhere."""

from __future__ import annotations

from contentkit.core.contracts import Provider


def place(provider: Provider, at_once: int) -> Provider:
    """The provider itself."""
    return provider
