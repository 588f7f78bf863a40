"""Open models in this process: ``transformers:ORG/NAME`` from the hub's cache, or ``transformers:FOLDER``.

Settings, under ``[providers.transformers]``:

- ``device``: auto, cpu, cuda, cuda:1, mps
- ``dtype``: auto (as stored; float32 on a CPU), float32, bfloat16, float16
- ``threads``: of a CPU; unset leaves torch's choice
- ``constrain``: false asks for JSON in words instead of holding the decoding to the schema
- ``max_string``, ``max_items``: bounds for schemas that have none, for models too small to end a string
- ``prefix_cache``: false reads every question from its first token
- ``trust_remote_code``: true runs code that comes with a model
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from contentkit.core.chat import Event, Image, Notice, Request
from contentkit.core.errors import BadRequestError, CancelledError, ContentkitError, ProviderError, UnreachableError
from contentkit.core.model import Endpoint
from contentkit.providers._transformers.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contentkit.providers._transformers.local import LocalModel

_POLL = 0.1  # seconds between two looks at the cancellation while another answer is made
_at_work: set[_Work] = set()


class TransformersProvider:
    """Models in this process. Questions to one device wait for one another."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._works: set[_Work] = set()

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """Ask; closing or cancelling the iterator stops the model before its next token."""
        if any(isinstance(part, Image) for message in request.messages for part in message.parts):
            raise BadRequestError(
                "models in this process read text only; the question has an image",
                vendor=self.endpoint.name,
                model=request.model,
                hint="Leave the image out, or choose a hosted model or a local server that takes images.",
            )
        work = _Work(self.endpoint, request)
        self._works.add(work)
        try:
            while events := await work.mailbox.take():
                for event in events:
                    yield event
        finally:
            work.stop.set()
            self._works.discard(work)

    def takes_schema(self, request: Request) -> bool:
        """Whether decoding can be held to the request's schema."""
        if (
            request.schema is None
            or self.endpoint.settings.get("constrain") is False
            or find_spec("llguidance") is None
        ):
            return False
        from contentkit.providers._transformers.constrain import problem

        return not problem(request.schema.body)

    async def models(self) -> Sequence[str]:
        """The text-writing models in the hub's cache."""
        from contentkit.providers._transformers.hubcache import cached_models

        return await asyncio.to_thread(cached_models)

    async def aclose(self) -> None:
        """Stop the answers that are being made; their streams end as cancelled. Loaded models stay for the process."""
        for work in self._works:
            work.stop.set()


class _Work:
    """One answer in its own thread."""

    def __init__(self, endpoint: Endpoint, request: Request) -> None:
        self.endpoint, self.request = endpoint, request
        self.mailbox = Mailbox(asyncio.get_running_loop())
        self.stop = threading.Event()
        self.until = time.monotonic() + request.deadline
        # A daemon: loading can't be broken off, and Ctrl-C must not wait for it.
        self.thread = threading.Thread(target=self._run, name="contentkit-transformers", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        _at_work.add(self)
        try:
            self._answer()
        except ContentkitError as error:
            self.mailbox.close(self._signed(error))
        except Exception as error:  # whatever torch throws must reach the asker, or the stream never ends
            self.mailbox.close(self._signed(_strange(error)))
        else:
            self.mailbox.close()
        finally:
            _at_work.discard(self)

    def _answer(self) -> None:
        from contentkit.providers._transformers.generate import answer
        from contentkit.providers._transformers.local import load

        settings = self.endpoint.settings
        local = load(self.request.model, settings, lambda words: self.mailbox.put(Notice(words)))
        with self._turn(local):
            answer(local, self.request, settings, say=self.mailbox.put, check=self._check)

    @contextmanager
    def _turn(self, local: LocalModel) -> Iterator[None]:
        while not local.busy.acquire(timeout=_POLL):
            if self._check():
                raise CancelledError("stopped before the answer began")
        try:
            yield
        finally:
            local.busy.release()

    def _check(self) -> bool:
        """Whether to stop as cancelled."""
        if time.monotonic() > self.until:
            raise UnreachableError(
                f"the answer was not complete after {self.request.deadline:g} s",
                hint="Allow more time, ask for less, or choose a smaller model.",
            )
        return self.stop.is_set()

    def _signed(self, error: ContentkitError) -> ContentkitError:
        if isinstance(error, ProviderError):
            error.vendor = self.endpoint.name
            error.model = self.request.model
        return error


def _strange(error: Exception) -> ProviderError:
    first = (str(error).strip() or "no reason given").splitlines()[0]
    memory = isinstance(error, MemoryError) or "out of memory" in first.lower() or "can't allocate memory" in first
    hint = 'Choose a smaller model, a shorter question, or device = "cpu".' if memory else ""
    return ProviderError(f"the model failed: {type(error).__name__}: {first}", hint=hint)


@atexit.register
def _finish() -> None:
    """Threads inside torch must not outlive the interpreter."""
    works = list(_at_work)
    for work in works:
        work.stop.set()
    for work in works:
        work.thread.join(timeout=2)


def connect(endpoint: Endpoint) -> TransformersProvider:
    return TransformersProvider(endpoint)
