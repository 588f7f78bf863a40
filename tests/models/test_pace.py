"""Rates by a clock of our own, and money that is held back for those who wait for it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.models.pace import Pace
from contentkit.models.purse import Purse


class Clock:
    """Time that only passes where somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def leave(pace: Pace, clock: Clock, sizes: list[int]) -> list[float]:
    times = []
    for size in sizes:
        async with pace.turn(size):
            times.append(clock.now)
    return times


@given(rate=st.integers(1, 600), number=st.integers(1, 40))
def test_no_minute_has_more_questions_than_allowed(rate: int, number: int) -> None:
    clock = Clock()
    times = asyncio.run(leave(Pace(requests=rate, clock=clock, sleep=clock.sleep), clock, [1] * number))
    for start in times:
        assert sum(start <= time < start + 59.999 for time in times) <= rate
    assert times[-1] == pytest.approx((number - 1) * 60 / rate)


@given(rate=st.integers(100, 100_000), sizes=st.lists(st.integers(1, 5_000), min_size=1, max_size=30))
def test_tokens_take_their_time(rate: int, sizes: list[int]) -> None:
    clock = Clock()
    times = asyncio.run(leave(Pace(tokens=rate, clock=clock, sleep=clock.sleep), clock, sizes))
    for place, time in enumerate(times):
        assert time == pytest.approx(sum(sizes[:place]) * 60 / rate)


async def test_what_the_vendor_counted_goes_before_the_estimate() -> None:
    clock = Clock()
    pace = Pace(tokens=600, clock=clock, sleep=clock.sleep)  # ten a second
    await leave(pace, clock, [100])
    pace.spent(100, 300)
    assert await leave(pace, clock, [1]) == [pytest.approx(30.0)]


async def test_so_many_at_a_time_and_no_more() -> None:
    pace, inside, most = Pace(at_once=3), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with pace.turn(1):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert most == 3


async def test_a_patient_purse_waits_for_money_that_is_only_held_back() -> None:
    purse, done = Purse(1.0, patient=True), []

    async def ask(estimate: float, real: float) -> None:
        await purse.room(estimate)
        if purse.promised + estimate > 1.0:
            done.append("refused")
            return
        with purse.holding(estimate):
            await asyncio.sleep(0.001)
            purse.spent += real
        done.append("asked")

    await asyncio.gather(*(ask(0.4, 0.1) for _ in range(9)))
    assert done.count("asked") == 7  # six and a bit fit by what they cost; by estimate alone it were two
    assert purse.spent == pytest.approx(0.7)
