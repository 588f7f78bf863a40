"""``--engine ray``: each question goes to an actor, which holds the provider; the answer comes back as its events.

The process that runs the batch stays the only one that writes: the journal knows of a question before it leaves and of
the reply before anything is made of it, as without Ray. Actors are started at the first question and ended at the end.

    RAY_ADDRESS             the cluster to use; without it one is started on this machine, and ended with the batch
    CONTENTKIT_RAY_ACTORS   how many actors; else one for each CPU of the cluster, and no more than questions at a time
    CONTENTKIT_RAY_CPUS     CPUs that an actor takes (1); for actors that only wait for a server less will do
    CONTENTKIT_RAY_GPUS     GPUs that an actor takes (0); 1 gives each local model a card of its own
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

if not os.environ.get("RAY_ADDRESS"):
    # Nobody else may use what is started here. It is read once, by the import.
    os.environ.setdefault("RAY_AUTH_MODE", "token")
import ray

from contentkit.core.chat import Event, Request
from contentkit.core.contracts import Provider
from contentkit.core.errors import ContentkitError, UnreachableError, UsageError
from contentkit.core.model import Endpoint
from contentkit.kit.plugins import shelf


def place(provider: Provider, at_once: int) -> Provider:
    """The provider, answering on the cluster."""
    return RayProvider(provider, at_once)


@dataclass(frozen=True, slots=True)
class Said:
    """What an actor sends back: the events that came, and the error that they ended with, if they did."""

    events: tuple[Event, ...]
    error: ContentkitError | None = None


class Actor:
    """Holds a provider where the cluster has room for it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._provider = shelf("providers").get(endpoint.like).connect(endpoint)

    async def answer(self, request: Request) -> Said:
        events: list[Event] = []
        try:
            async for event in self._provider.stream(request):
                events.append(event)
        except ContentkitError as error:
            return Said(tuple(events), error)
        return Said(tuple(events))


class RayProvider:
    """A provider whose questions are answered by actors in turn. What else is asked of it the one here answers."""

    def __init__(self, here: Provider, at_once: int) -> None:
        self.endpoint = here.endpoint
        self._here = here
        self._at_once = at_once
        self._actors: list[Any] = []
        self._turn: Iterator[Any] = iter(())
        self._starting = asyncio.Lock()
        self._ours = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._here, name)  # what only some providers can, such as telling of a model

    def takes_schema(self, request: Request) -> bool:
        return self._here.takes_schema(request)

    async def models(self) -> Sequence[str]:
        return await self._here.models()

    async def stream(self, request: Request) -> AsyncGenerator[Event]:
        """Ask an actor, and yield its events.

        Raises:
            ContentkitError: what the provider raised there; ``UnreachableError`` where the actor was lost.
        """
        async with self._starting:
            if not self._actors:
                await asyncio.to_thread(self._start)
        answer = next(self._turn).answer.remote(request)
        try:
            said: Said = await answer
        except asyncio.CancelledError:
            ray.cancel(answer)
            raise
        except ray.exceptions.RayError as error:
            words = " ".join(str(error).split())[:200]
            raise UnreachableError(f"the cluster lost the question ({type(error).__name__}: {words})") from None
        for event in said.events:
            yield event
        if said.error is not None:
            raise said.error

    async def aclose(self) -> None:
        """End the actors, and the cluster if it was started here. Safe to call twice."""
        actors, self._actors = self._actors, []
        if actors and ray.is_initialized():
            for actor in actors:
                ray.kill(actor)
            if self._ours:
                await asyncio.to_thread(ray.shutdown)
        await self._here.aclose()

    def _start(self) -> None:
        if not ray.is_initialized():
            self._ours = True
            _connect()
        cpus, gpus = _number("CONTENTKIT_RAY_CPUS", 1.0), _number("CONTENTKIT_RAY_GPUS", 0.0)
        room = ray.cluster_resources()  # type: ignore[no-untyped-call]
        fit = math.inf if cpus == 0 else room.get("CPU", 0.0) // cpus
        fit = min(fit, room.get("GPU", 0.0) // gpus) if gpus else fit
        if fit < 1:
            raise UsageError(
                f"The Ray cluster has no room for an actor of {cpus:g} CPUs and {gpus:g} GPUs.",
                hint="Set CONTENTKIT_RAY_CPUS and CONTENTKIT_RAY_GPUS lower.",
            )
        number = int(min(_number("CONTENTKIT_RAY_ACTORS", fit), fit, self._at_once))
        many = max(1, math.ceil(self._at_once / number))
        remote = ray.remote(Actor).options(num_cpus=cpus, num_gpus=gpus, max_concurrency=many)
        self._actors = [remote.remote(self.endpoint) for _ in range(max(1, number))]
        self._turn = itertools.cycle(self._actors)


def _connect() -> None:
    """Join the cluster of RAY_ADDRESS, or start one on this machine.

    Raises:
        UsageError: it can't be had.
    """
    address = os.environ.get("RAY_ADDRESS")
    try:
        ray.init(
            address=address or "local",
            include_dashboard=False if not address else None,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        words = " ".join(str(error).split())[:300]
        raise UsageError(f"Ray can't be reached or started ({words}).", hint="Check RAY_ADDRESS.") from None


def _number(variable: str, otherwise: float) -> float:
    text = os.environ.get(variable, "").strip()
    try:
        number = float(text) if text else otherwise
    except ValueError:
        number = -1.0
    if not number >= 0:
        raise UsageError(f"{variable} must be a number, not {text!r}.")
    return number
