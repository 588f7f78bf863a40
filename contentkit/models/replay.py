"""Replies that were given before, as the engine asks for them."""

from __future__ import annotations

from typing import Protocol

from contentkit.core.chat import Reply, Request

REPLAYED = "answered from the replay cache; nothing was sent"
"""The notice of an answer that was given before."""


class Cache(Protocol):
    """Replies that were given before (``kit/cache.py``)."""

    def key(self, target: str, request: Request) -> str: ...

    def get(self, key: str) -> Reply | None: ...

    def put(self, key: str, reply: Reply) -> None: ...
