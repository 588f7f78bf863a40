"""Events on their way from a thread to the event loop: all of them, in order, and then the error."""

from __future__ import annotations

import asyncio
import threading

import pytest

from contentkit.core.chat import Event, Notice, TextDelta
from contentkit.core.errors import ProviderError
from contentkit.providers._transformers.mailbox import Mailbox


async def test_what_came_before_an_error_arrives_before_it() -> None:
    mailbox = Mailbox(asyncio.get_running_loop())
    mailbox.put(TextDelta("almost"))
    mailbox.close(ProviderError("broken"))
    assert await mailbox.take() == [TextDelta("almost")]
    with pytest.raises(ProviderError, match="broken"):
        await mailbox.take()


async def test_pieces_of_text_that_wait_together_become_one() -> None:
    mailbox = Mailbox(asyncio.get_running_loop())
    for event in (TextDelta("a"), TextDelta("b"), Notice("n"), TextDelta("c")):
        mailbox.put(event)
    mailbox.close()
    assert await mailbox.take() == [TextDelta("ab"), Notice("n"), TextDelta("c")]
    assert await mailbox.take() == []


async def test_nothing_is_lost_between_the_threads() -> None:
    mailbox = Mailbox(asyncio.get_running_loop())

    def speak() -> None:
        for number in range(20_000):
            mailbox.put(TextDelta(f"{number} "))
        mailbox.close()

    threading.Thread(target=speak).start()
    got: list[Event] = []
    while taken := await asyncio.wait_for(mailbox.take(), 10):
        got += taken
    text = "".join(event.text for event in got if isinstance(event, TextDelta))
    assert text.split() == [str(number) for number in range(20_000)]


async def test_a_thread_whose_listener_is_gone_does_not_fail() -> None:
    loop = asyncio.new_event_loop()
    mailbox = Mailbox(loop)
    loop.close()
    mailbox.put(TextDelta("nobody hears"))
    mailbox.close()
