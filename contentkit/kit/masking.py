"""What is kept on disk holds no secret: neither one that looks like one, nor a key of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.model import Secret
from contentkit.core.secrets import mask


def masked(value: Any, hide: Sequence[Secret] = ()) -> Any:
    """The same tree of JSON values with every secret in its texts hidden. A tree has its names and most of its short
    texts many times; each is looked through once."""
    known: dict[str, str] = {}

    def text(said: str) -> str:
        if said not in known:
            known[said] = _masked_text(said, hide)
        return known[said]

    def tree(value: Any) -> Any:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, Mapping):
            return {text(str(name)): tree(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [tree(inner) for inner in value]
        return value

    return tree(value)


def _masked_text(text: str, hide: Sequence[Secret]) -> str:
    for secret in hide:
        text = text.replace(secret.reveal(), "[key]")
    return mask(text)
