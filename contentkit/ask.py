"""One question end to end: a prompt is rendered, a model answers, the answer is read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from contentkit.core.chat import Finish, Message, Options, Part, Reply, Request, Text
from contentkit.core.errors import BadReplyError, BudgetError, CancelledError, ProviderError, RefusedError
from contentkit.models.engine import Engine, Listen, Preflight, Target

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Prompts


def silent(_: object) -> None:
    """A listener that hears nothing."""


class Gate(asyncio.Semaphore):
    """Bounds how many questions are under way, and lets none through once there is no use in asking."""

    _closed: BaseException | None = None

    async def __aenter__(self) -> None:
        await super().__aenter__()
        if self._closed is not None:
            self.release()
            raise self._closed

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, BudgetError) or (isinstance(error, ProviderError) and error.lasting):
            self._closed = error
        await super().__aexit__(kind, error, trace)


@dataclass(frozen=True, slots=True)
class Asker:
    """What all questions of a run share.

    Attributes:
        deadline: seconds for one question, retries included.
        listen: hears every event as it comes.
    """

    prompts: Prompts
    target: Target
    engine: Engine
    options: Options = Options()
    deadline: float = 600.0
    listen: Listen = silent

    def request(self, prompt: Prompt, fields: Mapping[str, Any], unseen: Mapping[str, Any] | None = None) -> Request:
        """The question, rendered but not sent.

        Args:
            unseen: more ``Request.fields``, which templates do not see.
        """
        return Request(
            self.target.info.name,
            _pictured(self.prompts.render(prompt, fields), prompt, fields),
            {**fields, **(unseen or {}), "kind": prompt.name, "form": prompt.form},
            self._options(prompt),
            prompt.schema,
            self.deadline,
            self.target.info,
        )

    def preflight(self, prompt: Prompt, fields: Mapping[str, Any], *, expected: int) -> Preflight:
        """What the question would take."""
        return self.engine.preflight(self.target, self.request(prompt, fields), expected=expected)

    async def ask(
        self, prompt: Prompt, fields: Mapping[str, Any], *, expected: int, listen: Listen | None = None
    ) -> Reply:
        """Ask with ``prompt`` rendered from ``fields``.

        Raises:
            ProviderError, BudgetError: see ``Engine.ask``.
        """
        return await self.send(self.request(prompt, fields), expected=expected, listen=listen)

    async def send(self, request: Request, *, expected: int, listen: Listen | None = None) -> Reply:
        """Send a question that was rendered before.

        Raises:
            ProviderError, BudgetError: see ``Engine.ask``.
        """
        return await self.engine.ask(self.target, request, expected=expected, listen=listen or self.listen)

    async def whole(self, request: Request, *, expected: int, gate: asyncio.Semaphore | None = None) -> Reply:
        """The answer to one of many questions; one that is not whole is none.

        Args:
            gate: bounds how many questions are under way.

        Raises:
            ProviderError: there was none, or it was refused, cut off or stopped.
            BudgetError: see ``Engine.ask``.
        """
        async with gate or contextlib.nullcontext():
            try:
                reply = await self.send(request, expected=expected)
            except CancelledError:
                _let_go()
                raise
        if reply.finish is Finish.CANCELLED:
            _let_go()
            raise CancelledError("stopped before the answer was whole.")
        if reply.finish in (Finish.REFUSAL, Finish.FILTERED):
            raise RefusedError(f"the model did not answer ({reply.finish}) {reply.detail}".strip())
        if reply.finish is not Finish.STOP:
            raise BadReplyError(f"the answer was cut off ({reply.finish}) {reply.detail}".strip())
        return reply

    def _options(self, prompt: Prompt) -> Options:
        """The user's wishes over the prompt's own, without those of the prompt that the model is known not to take:
        nobody asked for them who would want to hear of it at every question."""
        fixed = ("temperature", "top_p") if self.target.info.sampling is False else ()
        wishes = {
            name: value
            for name, value in prompt.options.items()
            if getattr(self.options, name) in (None, ()) and name not in fixed
        }
        return replace(self.options, **wishes)


def _pictured(messages: tuple[Message, ...], prompt: Prompt, fields: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages, with the pictures of the sources before the words of the last one, each under its number."""
    if "images" not in prompt.requires:
        return messages
    parts: list[Part] = []
    for number, source in enumerate(fields.get("sources") or (), 1):
        if source.picture is not None:
            parts += [Text(f"{number}. {source.text}\n"), source.picture]
    last = messages[-1]
    return (*messages[:-1], replace(last, parts=(*parts, *last.parts)))


def _let_go() -> None:
    """A task that is cancelled from outside ends in asyncio's own way, or no timeout around it could."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
