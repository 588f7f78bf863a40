"""The sockets: what a thing on each shelf must offer. Modules and objects both fit; nothing is inherited."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from contentkit.core.change import Change, FileChange
from contentkit.core.chat import BatchState, Event, Reply, Request
from contentkit.core.errors import ProviderError
from contentkit.core.model import Endpoint
from contentkit.core.piece import Piece, Reading, ReadLimits
from contentkit.core.report import Finding, Report


@runtime_checkable
class Provider(Protocol):
    """A way to ask models."""

    endpoint: Endpoint

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask, and yield the answer as it comes; the last event is ``Done``.

        Raises:
            ProviderError: no answer could be had, or it broke off (what came before was yielded).
        """
        ...

    def takes_schema(self, request: Request) -> bool:
        """Whether ``request.schema`` is enforced by the server or by decoding; if not, the engine asks in words."""
        ...

    async def models(self) -> Sequence[str]:
        """Names of the models that can be asked here, as the server lists them."""
        ...

    async def aclose(self) -> None:
        """Close connections. Safe to call twice."""
        ...


class ProviderModule(Protocol):
    """A file in ``providers/``."""

    def connect(self, endpoint: Endpoint) -> Provider:
        """A provider for the endpoint. Does no I/O."""
        ...


class Batches(Protocol):
    """What a provider has as ``batches`` whose vendor takes many questions at once and answers within a day, for less.

    Every method may raise ``ProviderError``.
    """

    most: int
    """Questions that one batch may have."""

    def line(self, name: str, request: Request) -> bytes:
        """A question as the batch carries it.

        Args:
            name: finds its result again; at most 64 letters, digits, "-" and "_".
        """
        ...

    async def submit(self, tag: str, lines: Sequence[bytes]) -> str:
        """Hand the questions over. Returns the vendor's id of the batch; ``tag`` is ours."""
        ...

    async def find(self, tag: str, since: float, total: int) -> str:
        """The id of a batch that was handed over under ``tag`` after ``since`` (seconds since 1970) with ``total``
        questions, or "": it never came there."""
        ...

    async def look(self, id: str) -> BatchState:
        """Where the batch stands."""
        ...

    def results(self, id: str) -> AsyncGenerator[tuple[str, Reply | ProviderError], None]:
        """The results of an ended batch, in any order: the name of the question, and what came of it."""
        ...


class BatchEngine(Protocol):
    """A file in ``engines/``: where the questions of a batch are answered (``--engine NAME``).

    Only questions travel. The journal, the money, the checks and the results stay with the process that runs the batch,
    so that what holds for one engine holds for all.
    """

    def place(self, provider: Provider, at_once: int) -> Provider:
        """Who answers in the provider's place. Does no I/O before the first question.

        Its ``stream`` raises what the provider's would; its ``aclose`` ends what it began, and closes the provider.

        Args:
            at_once: most questions that will be out at a time.
        """
        ...


class Step(Protocol):
    """A file in ``steps/``: ``before(piece)`` and/or ``after(piece)``, each optional. Afters run in reverse.

    A step that only looks, and changes nothing, has ``CHECK = True``: it looks at every draft, and ``contentkit check``
    runs it on files. It may also have ``across(pieces)``, the findings that show only when several pieces lie side by
    side, ``insist(piece)``, which puts right itself what no repair of a draft did, with a finding on what was lost by
    it, ``settings(table)``, which reads what the user says for it and raises UsageError where that is wrong, and
    ``told(table, language)``, the lines in which a model hears of it before it writes.

    A step with ``DERIVES = True`` adds to an answer what follows from the rest of it (the posts of a thread): again
    whenever a part was written anew. Its ``answered(output)`` is the answer without that.
    """

    def before(self, piece: Piece) -> Piece: ...

    def after(self, piece: Piece) -> Piece: ...


class Source(Protocol):
    """A file in ``sources/``: what ``--from`` can name. The first that takes a reference reads it."""

    def takes(self, reference: str) -> bool: ...

    async def read(self, reference: str, limits: ReadLimits) -> Reading:
        """The texts behind the reference, and what of it was skipped or failed.

        Raises:
            UsageError: it can't be read; the sentence says why.
        """
        ...


class Look(Protocol):
    """One run of an analyzer over a change. Files come one by one, so that none has to be kept."""

    def file(self, file: FileChange) -> Iterable[Finding]:
        """What is wrong with this file. Findings off the changed lines are dropped by whoever asked.

        Raises:
            ContentkitError: the analyzer could not look; the file then counts as failed for it.
        """
        ...

    def end(self) -> Iterable[Finding]:
        """What shows only when every file was seen. Raises as ``file``."""
        ...


class Analyzer(Protocol):
    """A file in ``analyzers/``: finds faults in a change without a model.

    A module may also have ``takes``, the names of its settings (any other is an error), and ``skipped_too``: it also
    looks at files that are not reviewed (binary, generated, ignored ...).
    """

    def begin(self, change: Change, settings: Mapping[str, Any]) -> Look:
        """A fresh look at ``change``. Runs nothing yet.

        Args:
            settings: ``[review.analyzers.NAME]`` of the configuration.
        """
        ...


class Reporter(Protocol):
    """A file in ``reports/``: the file's name is ``--format NAME``.

    A module may also have ``join(pages)``, which puts variants together; ``together(reports)``, where several can't be
    joined afterwards; ``folder(reports)``, name -> text of each file where the reports do not go into one ({} where
    they do; then ``-o`` names a folder); ``notes(reports)``, what to know of what was written; ``encoded(text) ->
    bytes``, what stands in a file where that is more than the text in UTF-8; ``takes(properties) -> bool``, whether
    answers by a schema with these properties can be shown at all; ``require()``, which raises MissingExtra; and
    ``BINARY = True`` where ``render`` gives bytes, which no terminal shows.
    """

    def render(self, report: Report) -> str | bytes: ...
