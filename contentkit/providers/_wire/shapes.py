"""Values from the wire, whatever a server sent in their place: the border where JSON becomes typed."""

from __future__ import annotations

from typing import Any

from contentkit.core.errors import BadReplyError

Json = dict[str, Any]


def obj(value: object) -> Json:
    """The JSON object, or an empty one when it is something else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The JSON array, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The words, or ""."""
    return value if isinstance(value, str) else ""


def batch_id(batch: Json) -> str:
    """What the vendor calls a batch.

    Raises:
        BadReplyError: it gave none, so nothing could be fetched.
    """
    if name := text(batch.get("id")):
        return name
    raise BadReplyError("the vendor gave the batch no id")


def count(value: object) -> int:
    """A number of tokens; 0 for null, a missing field or nonsense."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return 0
    return max(int(value), 0)
