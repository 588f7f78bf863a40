"""The cases of an evaluation, each run to its outcome, side by side or within a bound of money."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from contentkit.core.errors import BudgetError, ContentkitError


class Outcome(Protocol):
    """A dataclass that tells how a case ended; it has ``seconds`` too, which are set here."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def cost(self) -> float | None:
        """US dollars; None is unknown."""


C = TypeVar("C")
O = TypeVar("O", bound=Outcome)  # noqa: E741


async def run(
    chosen: Sequence[C],
    one: Callable[[C, float | None], Awaitable[O]],
    failed: Callable[[C, str], O],
    *,
    at_once: int,
    max_cost: float | None,
    done: Callable[[O], None],
) -> tuple[O, ...]:
    """The outcome of each case, in their order. A case that fails never stops the others.

    Args:
        one: runs a case within so many US dollars (None: no bound).
        failed: the outcome of a case that could not be run, and why.
        max_cost: US dollars for all cases together; they then run one after another.
        done: is told of each case as it ends.
    """
    gate, spent = asyncio.Semaphore(1 if max_cost is not None else max(1, at_once)), 0.0

    async def timed(case: C) -> O:
        nonlocal spent
        async with gate:
            started = time.monotonic()
            try:
                outcome = await one(case, None if max_cost is None else max(0.0, max_cost - spent))
            except BudgetError as error:
                outcome = failed(case, f"over the bound of cost: {error}")
            except ContentkitError as error:
                outcome = failed(case, str(error))
            except Exception as error:  # a fault of ours in one case must not lose what the others cost
                outcome = failed(case, f"internal error ({type(error).__name__}: {error})")
            spent += outcome.cost or 0.0
            outcome = replace(outcome, seconds=round(time.monotonic() - started, 3))
            done(outcome)
            return outcome

    return tuple(await asyncio.gather(*map(timed, chosen)))
