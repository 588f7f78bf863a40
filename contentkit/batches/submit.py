"""Rows -> a vendor's batch -> replies in the journal: for half the price, within a day. ``batch`` makes pieces of them.

Only pieces of one question go this way. What is put down when: the questions before they are handed over, the vendor's
id as soon as it is known, each reply before the next is read. So a killed run finds its batches again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contentkit.core.chat import Event, Notice, Reply, Request
from contentkit.core.contracts import Batches, Provider
from contentkit.core.errors import BadReplyError, BudgetError, ContentkitError, ProviderError, UsageError
from contentkit.drafts import draft
from contentkit.drafts.prepare import prepare
from contentkit.kit.cache import key
from contentkit.kit.journal import Entry, Journal, Outcome, RowRecord, Upload

if TYPE_CHECKING:
    from contentkit.batches.enrol import Order
    from contentkit.kit.kit import Kit
    from contentkit.models.engine import Target

SHARE = 0.5
"""Of the usual price: what OpenAI and Anthropic ask of a batch (2026-11)."""

MOST_BYTES = 16_000_000
MOST_QUESTIONS = 10_000
"""Of one upload: vendors take more, but it is held in memory."""

FIRST_LOOK, LAST_LOOK, SLOWER = 5.0, 120.0, 1.5
"""Seconds between two looks at a batch, at first and at most, and by what they grow."""

_PATIENCE = 20
"""Looks that may fail one after the other."""

Say = Callable[[str], None]


@dataclass(slots=True)
class _Load:
    """An upload as it grows."""

    tag: str = field(default_factory=lambda: f"ck{secrets.token_hex(6)}")
    lines: list[bytes] = field(default_factory=list)
    asked: list[tuple[RowRecord, str, float | None]] = field(default_factory=list)
    size: int = 0
    cost: float = 0.0


class Submission:
    """The batches of one order at a vendor.

    Args:
        say: is told what happens at the vendor.
        told: hears of every row that failed there.

    Raises:
        UsageError: the vendor has none.
    """

    def __init__(self, kit: Kit, order: Order, journal: Journal, say: Say, told: Callable[[Outcome], None]) -> None:
        self._kit, self._order, self._journal, self._say, self._told = kit, order, journal, say, told
        self._engine = kit.engine()
        self._target: Target = kit.target(order.model)
        self._batches = batches_of(self._target)

    async def ask(self, most: int | None = None) -> None:
        """Hand over the questions of all rows that are left, or of ``most``. Rows that can't go this way have failed.

        Raises:
            BudgetError: they would cost too much; what was handed over before is.
        """
        load, last, taken = _Load(), 0, 0
        while (claims := await self._journal.next(last)) and taken != most:
            for entry, record in claims:
                last = entry.number
                if taken == most or record.out or record.answered:
                    continue
                taken += 1
                try:
                    load = await self._add(load, entry, record)
                except BudgetError:
                    await self._hand_over(load)
                    raise
                except ContentkitError as error:
                    await self._fail(entry.number, entry.id, entry.name, error)
        await self._hand_over(load)

    async def fetch(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Wait for all that was handed over, and put down the replies.

        Args:
            ready: is called whenever more of them are down.

        Raises:
            ProviderError: the vendor was not reached for long.
        """
        for upload in self._journal.uploads():
            if (found := await self._found(upload)) is not None and await self._ended(found):
                await self._results(found)
                await ready()

    # -- handing over -------------------------------------------------------------------------------------------------

    async def _add(self, load: _Load, entry: Entry, record: RowRecord) -> _Load:
        prepared = await prepare(self._kit, self._order.brief(entry.given))
        asker, engine = prepared.asker, prepared.asker.engine
        look = prepared.preflight()
        if look.questions > 1 or not look.fits:
            raise UsageError(
                "it takes several questions (long, or from much material), and a vendor's batch asks one.",
                hint="Go on with --resume, without --vendor-batch.",
            )
        cost = None if look.cost is None else look.cost * SHARE
        engine.check_budget(self._target, None if cost is None else cost + load.cost)
        if load.size > MOST_BYTES or len(load.lines) >= min(MOST_QUESTIONS, self._batches.most):
            await self._hand_over(load)
            load = _Load()
        request = asker.request(draft.first_prompt(asker, prepared.prompt, prepared.fields), prepared.fields)
        bound = engine.bound(self._target, replace(request, info=self._target.info))
        line = self._batches.line(f"{load.tag}-{entry.number}", bound)
        load.lines.append(line)
        load.asked.append((record, key(self._target.id, bound), cost))
        load.size += len(line)
        load.cost += cost or 0.0
        return load

    async def _hand_over(self, load: _Load) -> None:
        if not load.lines:
            return
        upload = Upload(load.tag, "", time.time(), len(load.lines))
        await self._journal.uploading(upload, load.asked)
        self._spend(load.cost)
        id = await self._batches.submit(load.tag, load.lines)
        await self._journal.uploaded(upload, id)
        many = f"{len(load.lines):,} questions were" if len(load.lines) > 1 else "1 question was"
        self._say(f"{many} handed over to {self._target.endpoint.name} as {id}")

    async def _found(self, upload: Upload) -> Upload | None:
        """The upload with its id. One whose id was lost is looked for; None where it never came there, so that its
        questions are asked again."""
        if upload.id:
            return upload
        if id := await self._batches.find(upload.tag, upload.created, upload.total):
            await self._journal.uploaded(upload, id)
            self._say(f"the batch that was cut off while it was handed over is there: {id}")
            return replace(upload, id=id)
        self._say("a batch was cut off while it was handed over, and is not there: its questions are asked again")
        for one in await self._journal.fetched(upload):
            self._spend(-one.held)
        return None

    # -- fetching -----------------------------------------------------------------------------------------------------

    async def _ended(self, upload: Upload) -> bool:
        """Wait for the end; False where the vendor did none of it, and its rows have failed."""
        wait, failures, told = FIRST_LOOK, 0, ""
        while True:
            try:
                state = await self._batches.look(upload.id)
            except ProviderError as error:
                failures += 1
                if not error.retryable or failures >= _PATIENCE:
                    raise
            else:
                failures = 0
                if state.state == "failed":
                    why = f"the vendor did not take the batch: {state.detail or 'it does not say why'}"
                    await self._close(upload, {}, why)
                    return False
                if state.state == "ended":
                    return True
                said = f"{upload.id}: {state.answered:,} of {state.total or upload.total:,} answered"
                if said != told:
                    self._say(said)
                told = said
            await asyncio.sleep(wait)
            wait = min(wait * SLOWER, LAST_LOOK)

    async def _results(self, upload: Upload) -> None:
        errors: dict[int, ProviderError] = {}
        foreign = 0
        async with aclosing(self._batches.results(upload.id)) as results:
            async for name, result in results:
                tag, _, row = name.rpartition("-")
                if tag != upload.tag or not row.isdecimal():
                    foreign += 1
                elif isinstance(result, Reply):
                    await self._put_down(upload, int(row), result)
                else:
                    errors[int(row)] = result
        if foreign:
            raise UsageError(
                f"{upload.id} holds {foreign} results of somebody else: it was taken for the batch whose id was lost.",
                hint="Look at the vendor's page which batch is yours. Nothing was asked again.",
            )
        await self._close(upload, errors, "the vendor gave no result for it")
        self._say(f"{upload.id}: its results are here")

    async def _put_down(self, upload: Upload, row: int, reply: Reply) -> None:
        price = None if reply.usage is None else self._engine.price(self._target, reply.usage)
        cost = None if price is None else price * SHARE
        held = await self._journal.result(upload, row, reply, cost)
        if held is not None:
            self._spend((cost or 0.0) - held)

    async def _close(self, upload: Upload, errors: Mapping[int, ProviderError], otherwise: str) -> None:
        """The rows of an upload that got no reply have failed; what was held for them is free again."""
        for one in await self._journal.fetched(upload):
            self._spend(-one.held)
            error = errors.get(one.number) or ProviderError(otherwise, vendor=self._target.endpoint.name)
            await self._fail(one.number, one.id, one.name, error)

    async def _fail(self, number: int, id: str, name: str, error: ContentkitError) -> None:
        outcome = Outcome(number, id, name, "failed", error.exit_code, str(error), afresh=True)
        await self._journal.settle(outcome)
        self._told(outcome)

    def _spend(self, dollars: float) -> None:
        if self._kit.purse is not None:
            self._kit.purse.spent += dollars


class Answered:
    """The provider where every question has its reply in the journal: a new one, such as a repair, is refused."""

    def __init__(self, provider: Provider) -> None:
        self.endpoint = provider.endpoint
        self._provider = provider

    def takes_schema(self, request: Request) -> bool:
        return self._provider.takes_schema(request)

    async def models(self) -> Sequence[str]:
        return await self._provider.models()

    async def stream(self, request: Request) -> AsyncGenerator[Event]:
        error = BadReplyError("a vendor's batch asks one question a piece, and this would be another one")
        error.unsent = True
        raise error
        yield Notice("")  # what makes it a generator

    async def aclose(self) -> None:
        """Whose provider it is closes it."""


def batches_of(target: Target) -> Batches:
    """How the target's vendor takes batches.

    Raises:
        UsageError: it takes none.
    """
    found: Batches | None = getattr(target.provider, "batches", None)
    if found is None:
        raise UsageError(
            f"{target.endpoint.name} takes no batches that are known here.",
            hint="openai and anthropic do. Leave --vendor-batch out, or choose such a --model.",
        )
    return found
