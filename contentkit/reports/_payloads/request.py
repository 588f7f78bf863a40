"""A call of a platform's API, and what in it only the owner of the account can fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Fill:
    """A value that is not known here.

    Attributes:
        name: what stands for it, as ``${NAME}``.
        what: where it comes from, in words.
        around: the text that it stands in, with "{}" for it.
    """

    name: str
    what: str
    around: str = "{}"

    def __str__(self) -> str:
        return self.around.replace("{}", f"${{{self.name}}}")


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request.

    Attributes:
        name: what later calls name it by ("post 1").
        sent_as: "json"; "form" is multipart/form-data, where a file goes with it; "body" is the file alone.
    """

    name: str
    url: str | Fill
    body: Mapping[str, Any] | Fill
    headers: Mapping[str, str | Fill] = field(default_factory=dict)
    sent_as: Literal["json", "form", "body"] = "json"

    def told(self) -> dict[str, Any]:
        """The call as plain values, and under ``fill`` a JSON pointer to each value that is still to be put in.

        Nothing else is to be replaced: a text that says "${...}" is the user's.
        """
        call = {
            "name": self.name,
            "method": "POST",
            "url": self.url,
            "headers": dict(self.headers),
            self.sent_as: self.body,
        }
        fills = [{"at": at, "put": str(fill), "what": fill.what} for at, fill in _fills(call, "")]
        return {**_plain(call), "fill": fills}


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a report, read once for all platforms.

    Attributes:
        texts: of the thread, or the one.
        alt: what its picture shows; "" where it has none.
        language: ISO 639-1 code; "" when not known.
        created: ISO 8601 time, UTC; "" when not known.
    """

    platform: str
    texts: tuple[str, ...]
    alt: str = ""
    language: str = ""
    created: str = ""


def bearer(name: str, what: str) -> dict[str, str | Fill]:
    """The header that names the account."""
    return {"Authorization": Fill(name, what, "Bearer {}")}


def _fills(value: Any, at: str) -> Iterator[tuple[str, Fill]]:
    if isinstance(value, Fill):
        yield at, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _fills(inner, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _fills(inner, f"{at}/{number}")


def _plain(value: Any) -> Any:
    if isinstance(value, Fill):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
