"""The only caller of providers: looks before it asks, asks, validates, and counts what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

from contentkit.core.chat import Event, Finish, Notice, Reply, Request, TextDelta, Usage, fold
from contentkit.core.contracts import Provider
from contentkit.core.errors import BadReplyError, BudgetError, CancelledError, ContextTooLongError, ProviderError
from contentkit.core.model import Endpoint, ModelInfo
from contentkit.models import structured, tokens

Listen = Callable[[Event], None]

REPLAYED = "answered from the replay cache; nothing was sent"
"""The notice of an answer that was given before."""


class Cache(Protocol):
    """Replies that were given before (``kit/cache.py``)."""

    def key(self, target: str, request: Request) -> str: ...

    def get(self, key: str) -> Reply | None: ...

    def put(self, key: str, reply: Reply) -> None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """A model and the way to it."""

    provider: Provider
    info: ModelInfo

    @property
    def endpoint(self) -> Endpoint:
        return self.provider.endpoint

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def hosted(self) -> bool:
        """The text leaves this machine. Ollama passes its cloud models on to its own servers."""
        passed_on = self.endpoint.like == "ollama" and self.info.name.endswith(("-cloud", ":cloud"))
        return passed_on or not self.endpoint.local

    @property
    def host(self) -> str:
        """The machine that the text is sent to; "" when it stays here."""
        return (urlsplit(self.endpoint.url).hostname or self.endpoint.name) if self.hosted else ""

    @property
    def free(self) -> bool:
        """Runs in this process or in a well-known local server: nobody sends a bill."""
        return not self.hosted and (not self.endpoint.url or bool(self.endpoint.settings.get("probe")))


@dataclass(frozen=True, slots=True)
class Preflight:
    """What one or more questions will take, before they are sent. All numbers are estimates.

    Attributes:
        input_tokens, output_tokens: expected of the largest question.
        error: relative error of the input estimate (0.2 is +-20 %).
        window: the model's window in tokens, or None when unknown.
        cost: US dollars for all questions, or None when the price is unknown.
        questions: how many there will be.
    """

    input_tokens: int
    output_tokens: int
    error: float
    window: int | None
    cost: float | None
    questions: int = 1

    @property
    def fits(self) -> bool:
        """Whether every question fits the model's window, as far as that is known."""
        return self.window is None or self.fits_in(self.window)

    def fits_in(self, window: int) -> bool:
        """Whether it fits ``window`` tokens even if the estimate is as low as its error allows."""
        return self.input_tokens * (1 + self.error) + self.output_tokens <= window


class Engine:
    """Asks one target at a time and keeps the account of a run.

    Args:
        max_cost: US dollars that this run may cost by estimate; None for no bound.
        cache: replies are looked up and kept there; None asks every time.
        spent: US dollars that earlier pieces of the same run cost.
    """

    def __init__(self, *, max_cost: float | None = None, cache: Cache | None = None, spent: float = 0.0) -> None:
        self.max_cost = max_cost
        self.cache = cache
        self.spent = spent
        self._under_way = 0.0  # dollars that questions being answered will cost, by estimate
        self._asking: dict[str, asyncio.Lock] = {}  # by key: the same question at the same time is asked once
        self.usage: Usage | None = None
        self.cost: float | None = 0.0
        self.cost_estimated = False

    def preflight(self, target: Target, request: Request, *, expected: int) -> Preflight:
        """Estimate a question whose answer will have about ``expected`` tokens."""
        estimate = tokens.estimate_messages(self._bound(target, request).messages, target.info.bytes_per_token)
        usage = Usage(estimate.tokens, expected, estimated=True)
        return Preflight(
            estimate.tokens,
            expected,
            estimate.error,
            target.info.context_window,
            self.price(target, usage),
        )

    def next(self) -> Engine:
        """A fresh account for the next piece of the same run; what was spent counts on."""
        return Engine(max_cost=self.max_cost, cache=self.cache, spent=self.spent + (self.cost or 0.0))

    def price(self, target: Target, usage: Usage) -> float | None:
        """US dollars for the tokens of one question, or None when the price is unknown."""
        return 0.0 if target.free else tokens.cost(usage, target.info.price)

    def check(self, target: Target, look: Preflight) -> None:
        """Refuse what can't work or costs too much, before anything is sent.

        Raises:
            ContextTooLongError: it does not fit the window.
            BudgetError: it would go over ``max_cost``, or its price is unknown while there is a bound.
        """
        if not look.fits:
            raise ContextTooLongError(
                f"the question has about {look.input_tokens:,} tokens (estimate) and the answer about "
                f"{look.output_tokens:,}; the window has {look.window:,}.",
                vendor=target.info.provider,
                model=target.info.name,
                hint="Choose a model with a larger window: contentkit models --min-context N",
            )
        self.check_budget(target, look.cost)

    def check_budget(self, target: Target, cost: float | None) -> None:
        """Refuse what would cost ``cost`` US dollars more than is left, or what is unknown while there is a bound.

        Raises:
            BudgetError: nothing of it was sent.
        """
        if self.max_cost is None or target.free:
            return
        if cost is None or self.cost is None:
            raise BudgetError(
                f"The price of {target.id} is unknown, so a bound of ${self.max_cost:g} can't be kept.",
                hint="Add its price to your catalogue (see docs/models.md), or leave --max-cost out.",
            )
        total = self.spent + self.cost + self._under_way + cost
        if total > self.max_cost:
            already = f"; ${self.spent + self.cost:.4f} of it was spent before" if self.spent + self.cost else ""
            raise BudgetError(
                f"{target.id} would cost about ${total:.4f} (estimate{already}), over the bound of "
                f"${self.max_cost:g}. {'No more' if already else 'Nothing'} was sent.",
                hint="Raise --max-cost, or choose a cheaper model: contentkit models --max-price N",
            )

    async def ask(self, target: Target, request: Request, *, expected: int, listen: Listen) -> Reply:
        """Ask, and validate the answer against ``request.schema``.

        An answer that broke off after text had come is returned with finish ``cancelled`` or ``error``, so that
        nothing is lost.

        Raises:
            ProviderError: no answer, or one that does not obey the schema after one repair.
            BudgetError: see ``check``.
        """
        request = replace(request, info=target.info)
        if self.cache is None:
            return await self._asked(target, request, expected, listen)
        key = self.cache.key(target.id, request)
        async with self._asking.setdefault(key, asyncio.Lock()):
            if (kept := self._kept(target, request, key)) is not None:
                listen(Notice(REPLAYED))
                listen(TextDelta(kept.text))
                return kept
            reply = await self._asked(target, request, expected, listen)
            if reply.finish is Finish.STOP:
                self.cache.put(key, reply)
            return reply

    def _kept(self, target: Target, request: Request, key: str) -> Reply | None:
        """The reply of the cache; None also where its file was damaged, so that it is asked again."""
        if self.cache is None or (kept := self.cache.get(key)) is None:
            return None
        try:
            return self._read(target, request, replace(kept, usage=None))
        except structured.SchemaMismatch:
            return None

    async def _asked(self, target: Target, request: Request, expected: int, listen: Listen) -> Reply:
        look = self.preflight(target, request, expected=expected)
        self.check(target, look)
        with self._reserved(look.cost):
            reply = await self._once(target, self._bound(target, request), listen)
        if reply.finish is Finish.STOP and not reply.text.strip():
            raise BadReplyError(
                "the answer is empty.",
                vendor=target.info.provider,
                model=target.info.name,
                hint="Try again, or choose another --model.",
            )
        if request.schema and reply.finish is Finish.STOP:
            reply = await self._obey(target, request, reply, expected, listen)
        return reply

    @contextmanager
    def _reserved(self, cost: float | None) -> Iterator[None]:
        """Holds money back while a question is answered, so that questions side by side keep the bound together."""
        self._under_way += cost or 0.0
        try:
            yield
        finally:
            self._under_way -= cost or 0.0

    def _bound(self, target: Target, request: Request) -> Request:
        """The request with its schema in words where the provider can't enforce it."""
        if request.schema is None or target.provider.takes_schema(request):
            return request
        return replace(request, messages=(structured.instruction(request.schema), *request.messages))

    async def _obey(self, target: Target, request: Request, reply: Reply, expected: int, listen: Listen) -> Reply:
        """The reply with its data; asks once more, in the open, when the first one breaks the schema."""
        try:
            return self._read(target, request, reply)
        except structured.SchemaMismatch as mismatch:
            problems = mismatch.problems
        listen(Notice(f"the answer did not obey the schema ({problems[0]}); asking once more"))
        bound = self._bound(target, request)
        again = replace(bound, messages=bound.messages + structured.repair(reply.text, problems))
        look = self.preflight(target, again, expected=expected)
        self.check(target, look)
        with self._reserved(look.cost):
            second = await self._once(target, again, listen)
        if second.finish is not Finish.STOP:
            return second
        try:
            return self._read(target, request, second)
        except structured.SchemaMismatch as mismatch:
            raise BadReplyError(
                f"the answer does not obey the schema, also after one repair: {mismatch.problems[0]}",
                vendor=target.info.provider,
                model=target.info.name,
                hint="Choose a model that keeps to schemas (contentkit models list), or try again.",
            ) from None

    def _read(self, target: Target, request: Request, reply: Reply) -> Reply:
        if request.schema is None:
            return reply
        return replace(reply, data=structured.parse(reply.text, request.schema))

    async def _once(self, target: Target, request: Request, listen: Listen) -> Reply:
        events: list[Event] = []
        finish, detail = None, ""
        try:
            async with aclosing(target.provider.stream(request)) as stream:
                async for event in stream:
                    events.append(event)
                    listen(event)
        except asyncio.CancelledError:
            if not _has_text(events):
                raise CancelledError("stopped before an answer came.") from None
            finish, detail = Finish.CANCELLED, "stopped by the user"
        except ProviderError as error:
            if not _has_text(events):
                raise
            finish, detail = Finish.ERROR, str(error)
        reply = fold(events)
        if finish is not None:
            reply = replace(reply, finish=finish, detail=detail)
        self._account(target, request, reply)
        return reply

    def _account(self, target: Target, request: Request, reply: Reply) -> None:
        usage = reply.usage
        if usage is None and target.endpoint.like == "offline":
            return  # no model, no tokens
        if usage is None:
            sent = tokens.estimate_messages(request.messages, target.info.bytes_per_token)
            got = tokens.estimate(reply.text + reply.reasoning, target.info.bytes_per_token)
            usage = Usage(sent.tokens, got.tokens, estimated=True)
        self.usage = usage if self.usage is None else self.usage + usage
        if target.free:
            return
        cost = usage.cost if usage.cost is not None else tokens.cost(usage, target.info.price)
        self.cost_estimated |= usage.cost is None
        self.cost = None if cost is None or self.cost is None else self.cost + cost


def _has_text(events: list[Event]) -> bool:
    return any(isinstance(event, TextDelta) and event.text for event in events)
