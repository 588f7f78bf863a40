"""The only caller of providers: looks before it asks, asks, validates, and counts what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from contentkit.core.chat import Event, Finish, Notice, Reply, Request, TextDelta, Usage, fold
from contentkit.core.errors import (
    BadReplyError,
    BudgetError,
    CancelledError,
    ContextTooLongError,
    ProviderError,
    UnreachableError,
)
from contentkit.core.money import total
from contentkit.models import structured, tokens
from contentkit.models.answers import read
from contentkit.models.pace import Pace
from contentkit.models.purse import Purse
from contentkit.models.record import Noted, Record
from contentkit.models.replay import REPLAYED, Cache
from contentkit.models.target import Preflight as Preflight
from contentkit.models.target import Target as Target

Listen = Callable[[Event], None]


class Engine:
    """Asks one target at a time and keeps the account of a run.

    Args:
        max_cost: US dollars that this run may cost by estimate; None for no bound.
        cache: replies are looked up and kept there; None asks every time.
        spent: US dollars that earlier pieces of the same run cost.
        purse: shared with other pieces of the run, instead of ``max_cost`` and ``spent``.
        record: where questions and replies are put down; None keeps none.
        pace: provider -> how fast it may be asked; None knows no bound.
    """

    def __init__(
        self,
        *,
        max_cost: float | None = None,
        cache: Cache | None = None,
        spent: float = 0.0,
        purse: Purse | None = None,
        record: Record | None = None,
        pace: Callable[[Target], Pace] | None = None,
    ) -> None:
        self.purse = purse or Purse(max_cost, spent)
        self.cache = cache
        self.record = record
        self._pace = pace or (lambda _: Pace())
        self._asking: dict[str, asyncio.Lock] = {}  # by key: the same question at the same time is asked once
        self.usage: Usage | None = None
        self.cost: float | None = 0.0
        self.cost_estimated = False

    def preflight(self, target: Target, request: Request, *, expected: int) -> Preflight:
        """Estimate a question whose answer will have about ``expected`` tokens."""
        return self._look(target, self.bound(target, request), expected)

    def _look(self, target: Target, bound: Request, expected: int) -> Preflight:
        estimate = tokens.estimate_messages(bound.messages, target.info.bytes_per_token)
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
        return Engine(purse=self.purse, cache=self.cache, record=self.record, pace=self._pace)

    @property
    def max_cost(self) -> float | None:
        """US dollars that the run may cost by estimate; None for no bound."""
        return self.purse.most

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
        total = self.purse.promised + cost
        if total > self.max_cost:
            already = f"; ${self.purse.spent:.4f} of it was spent before" if self.purse.spent else ""
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
            return read(target, request, replace(kept, usage=None))
        except structured.SchemaMismatch:
            return None

    async def _asked(self, target: Target, request: Request, expected: int, listen: Listen) -> Reply:
        reply = await self._answer(target, self.bound(target, request), expected, listen)
        if reply.finish is Finish.STOP and not reply.text.strip():
            raise BadReplyError(
                "the answer is empty.",
                vendor=target.info.provider,
                model=target.info.name,
                hint="Try again, or choose another --model.",
            )
        if request.schema:
            stopped = reply.finish is Finish.STOP
            return await self._obey(target, request, reply, expected, listen) if stopped else reply
        answer = read(target, request, reply)
        if answer.text != reply.text:
            listen(Notice("the model's talk around the text was taken off"))
        return answer

    async def _answer(self, target: Target, bound: Request, expected: int, listen: Listen) -> Reply:
        """The reply to one question: the one that the record holds, or a new one within money and pace."""
        noted = await self.record.note(target.id, bound) if self.record else Noted(0)
        if noted.reply is not None:  # its price is in the purse since the run began again
            self._count(target, self._usage(target, bound, noted.reply), noted.cost)
            return noted.reply
        look = self._look(target, bound, expected)
        cost = look.cost or 0.0
        await self.purse.room(cost)
        self.check(target, look)
        with self.purse.holding(cost):
            reply = await self._paced(target, bound, look, noted.number, listen)
            usage = self._usage(target, bound, reply)
            spent = self._spent(target, usage)
            self._count(target, usage, spent)
            self.purse.spent += spent or 0.0
        if self.record:
            await self.record.replied(noted.number, reply, spent)
        return reply

    async def _paced(self, target: Target, bound: Request, look: Preflight, number: int, listen: Listen) -> Reply:
        """Ask when it is its turn. The record knows of it before the vendor does."""
        estimated, pace = look.input_tokens + look.output_tokens, self._pace(target)
        async with pace.next:
            if self.record:
                await self.record.sent(number, look.cost)
            try:
                async with pace.turn(estimated):
                    reply = await self._once(target, bound, listen)
            except ProviderError as error:
                if self.record and _surely_unanswered(error):
                    await self.record.refused(number)
                raise
        if reply.usage:
            pace.spent(estimated, reply.usage.input_tokens + reply.usage.output_tokens)
        return reply

    def bound(self, target: Target, request: Request) -> Request:
        """The request with its schema in words where the provider can't enforce it."""
        if request.schema is None or target.provider.takes_schema(request):
            return request
        return replace(request, messages=(structured.instruction(request.schema), *request.messages))

    async def _obey(self, target: Target, request: Request, reply: Reply, expected: int, listen: Listen) -> Reply:
        """The reply with its data; asks once more, in the open, when the first one breaks the schema."""
        try:
            return read(target, request, reply)
        except structured.SchemaMismatch as mismatch:
            problems = mismatch.problems
        listen(Notice(f"the answer did not obey the schema ({problems[0]}); asking once more"))
        bound = self.bound(target, request)
        again = replace(bound, messages=bound.messages + structured.repair(reply.text, problems))
        second = await self._answer(target, again, expected, listen)
        if second.finish is not Finish.STOP:
            return second
        try:
            return read(target, request, second)
        except structured.SchemaMismatch as mismatch:
            raise BadReplyError(
                f"the answer does not obey the schema, also after one repair: {mismatch.problems[0]}",
                vendor=target.info.provider,
                model=target.info.name,
                hint="Choose a model that keeps to schemas (contentkit models list), or try again.",
            ) from None

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
        return reply if finish is None else replace(reply, finish=finish, detail=detail)

    def _usage(self, target: Target, request: Request, reply: Reply) -> Usage | None:
        """Tokens as the vendor counted them, else estimated; None where no model answered."""
        if reply.usage is not None or target.endpoint.like == "offline":
            return reply.usage
        sent = tokens.estimate_messages(request.messages, target.info.bytes_per_token)
        got = tokens.estimate(reply.text + reply.reasoning, target.info.bytes_per_token)
        return Usage(sent.tokens, got.tokens, estimated=True)

    def _spent(self, target: Target, usage: Usage | None) -> float | None:
        """US dollars of an answer; None when the price is unknown."""
        if usage is None or target.free:
            return 0.0
        return usage.cost if usage.cost is not None else tokens.cost(usage, target.info.price)

    def _count(self, target: Target, usage: Usage | None, cost: float | None) -> None:
        """Add an answer to the account of the piece."""
        if usage is None:
            return  # no model, no tokens
        self.usage = usage if self.usage is None else self.usage + usage
        if target.free:
            return
        self.cost_estimated |= usage.cost is None
        self.cost = total([self.cost, cost])


def _surely_unanswered(error: ProviderError) -> bool:
    """Whether the vendor neither answered nor can bill; of a connection that broke nobody knows."""
    unclear = isinstance(error, UnreachableError | BadReplyError | CancelledError)
    return error.status is not None or error.unsent or not unclear


def _has_text(events: list[Event]) -> bool:
    return any(isinstance(event, TextDelta) and event.text for event in events)
