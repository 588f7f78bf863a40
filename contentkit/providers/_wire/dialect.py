"""What a dialect is: pure functions between our values and one vendor's wire format. ``_wire`` does the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from contentkit.core.chat import Event, Request
from contentkit.core.errors import ProviderError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers._wire.frames import Frame


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request of a dialect.

    Attributes:
        headers: what the dialect adds; keys stay inside ``Secret`` (see ``bearer``).
        body: sent as JSON, bytes as they are (their content type is among the headers); None sends no body.
        framing: how the answer is expected to come; what really comes is looked at.
        notices: what the user should know before the answer (an option was dropped).
    """

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str | Secret] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | bytes | None = field(default=None, repr=False)
    framing: Literal["sse", "ndjson", "json"] = "sse"
    notices: tuple[str, ...] = ()


class Reader(Protocol):
    """Turns what one answer consists of into events; made anew for every attempt. ``Done`` comes last, once.

    Each method may raise a ``ProviderError`` for an error that the server tells inside a 200.
    """

    def feed(self, frame: Frame) -> Iterable[Event]:
        """One frame of the stream. Junk and keep-alives give nothing."""
        ...

    def whole(self, body: dict[str, Any]) -> Iterable[Event]:
        """A complete answer that came as one JSON object."""
        ...

    def close(self) -> Iterable[Event]:
        """The stream ended without ``Done`` so far: the events still owed, ``Done`` last.

        Raises:
            BadReplyError: it ended early.
        """
        ...


class Dialect(Protocol):
    """What a file in ``providers/`` that speaks HTTP offers beside ``connect``."""

    def build(self, request: Request, endpoint: Endpoint) -> Call: ...

    def reader(self, request: Request, endpoint: Endpoint) -> Reader: ...

    def classify(self, status: int, headers: Mapping[str, str], body: str) -> ProviderError:
        """The error that an answer means. Vendor, model, request id, hint and scrubbing are filled in here;
        header names are lower case; ``body`` may be cut at 64 KiB, and an HTML page comes as its title."""
        ...

    def takes_schema(self, request: Request, endpoint: Endpoint) -> bool: ...

    def models_call(self, endpoint: Endpoint) -> Call: ...

    def model_names(self, body: dict[str, Any]) -> list[str]:
        """The names in the answer to ``models_call``; a bare list comes under "data"."""
        ...


def bearer(endpoint: Endpoint, header: str = "authorization", prefix: str = "Bearer ") -> dict[str, str | Secret]:
    """The header that carries the key ({} without one), and the extra headers of the endpoint's settings."""
    extra = endpoint.settings.get("headers") or {}
    headers: dict[str, str | Secret] = {str(name).lower(): value for name, value in extra.items()}
    if endpoint.key:
        headers[header] = Secret(prefix + endpoint.key.reveal().strip())
    return headers
