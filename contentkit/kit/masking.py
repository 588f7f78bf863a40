"""What is kept on disk holds no secret: neither one that looks like one, nor a key of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentkit.core.model import Secret
from contentkit.core.secrets import mask


def masked(value: Any, hide: Sequence[Secret] = ()) -> Any:
    """The same tree of JSON values with every secret in its texts hidden."""
    if isinstance(value, str):
        return _masked_text(value, hide)
    if isinstance(value, Mapping):
        return {_masked_text(str(name), hide): masked(inner, hide) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner, hide) for inner in value]
    return value


def _masked_text(text: str, hide: Sequence[Secret]) -> str:
    for secret in hide:
        text = text.replace(secret.reveal(), "[key]")
    return mask(text)
