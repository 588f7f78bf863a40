"""What every provider promises, whatever its dialect: each file in ``contentkit/providers`` is picked up by itself.

Dialects that speak HTTP are asked through a server of ours that fails in every way vendors do (``faultserver``); a
new dialect needs a voice in ``voices.py`` and nothing here.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
import socket
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from faultserver import STATUSES, Fault, FaultServer
from voices import INPUT_TOKENS, MODEL, OUTPUT_TOKENS, PIECES, TEXT, VOICES, Voice

import contentkit.providers
from contentkit.core.chat import (
    Done,
    Event,
    Finish,
    Image,
    Message,
    Notice,
    Options,
    Reply,
    Request,
    Text,
    TextDelta,
    fold,
)
from contentkit.core.contracts import Provider
from contentkit.core.errors import (
    AuthenticationError,
    BadReplyError,
    BadRequestError,
    ContentkitError,
    ContextTooLongError,
    ModelNotFoundError,
    OverloadedError,
    ProviderError,
    QuotaError,
    RateLimitError,
    UnreachableError,
    UsageError,
)
from contentkit.core.model import Endpoint, ModelInfo, Secret
from contentkit.providers._wire import HttpProvider

SHELF = sorted(
    path.stem for path in Path(contentkit.providers.__file__ or "").parent.glob("*.py") if not path.stem.startswith("_")
)
CANARY = "sk-canary/4f1d+9e7c=a2"  # every form of it that a server may echo must vanish
FORMS = (CANARY, quote(CANARY, safe=""), quote(CANARY), quote_plus(CANARY), "canary")
REQUEST = Request(MODEL, (Message.of("system", "Be brief."), Message.of("user", "Hello.")))

ONE = VOICES[0]

every_voice = pytest.mark.parametrize("voice", VOICES, ids=repr)


def endpoint(voice: Voice, server: str, **settings: object) -> Endpoint:
    return Endpoint(
        name="vendor",
        like=voice.provider,
        url=server + voice.base,
        key=Secret(CANARY),
        key_env=("VENDOR_API_KEY",),
        needs_key=True,
        settings={**voice.settings, **settings},
    )


class Asked:
    """A provider that waits no time before another try, and remembers how long it would have waited."""

    def __init__(self, voice: Voice, server: FaultServer | str, **settings: object) -> None:
        url = server if isinstance(server, str) else server.url
        module = importlib.import_module(f"contentkit.providers.{voice.provider}")
        self.provider: HttpProvider = module.connect(endpoint(voice, url, **settings))
        self.provider.sleep = self._sleep
        self.waits: list[float] = []
        self.events: list[Event] = []

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def stream(self, request: Request = REQUEST) -> AsyncIterator[Event]:
        try:
            async with aclosing(self.provider.stream(request)) as events:
                async for event in events:
                    self.events.append(event)
                    yield event
        finally:
            await self.provider.aclose()

    async def reply(self, request: Request = REQUEST) -> Reply:
        return fold([event async for event in self.stream(request)])

    async def error(self, request: Request = REQUEST) -> ContentkitError:
        with pytest.raises(ContentkitError) as caught:
            await self.reply(request)
        return caught.value

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))


# -- the shelf ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHELF)
async def test_connect_gives_a_provider_and_does_no_io(name: str) -> None:
    module = importlib.import_module(f"contentkit.providers.{name}")
    where = Endpoint(name=name, like=name, url="http://192.0.2.1:9")  # documentation's address: asking it would fail
    provider = module.connect(where)
    assert isinstance(provider, Provider)
    assert provider.endpoint is where
    await provider.aclose()
    await provider.aclose()


@pytest.mark.parametrize("name", SHELF)
def test_every_http_dialect_has_a_voice(name: str) -> None:
    module = importlib.import_module(f"contentkit.providers.{name}")
    if hasattr(module, "classify"):
        assert name in {voice.provider for voice in VOICES}, f"give {name} a Voice in tests/voices.py"


# -- answers -----------------------------------------------------------------------------------------------------------


@every_voice
async def test_streams_piece_by_piece(voice: Voice) -> None:
    async with FaultServer() as server:
        asked = Asked(voice, server)
        reply = await asked.reply()
    assert [event.text for event in asked.events if isinstance(event, TextDelta)] == list(PIECES)
    assert [isinstance(event, Done) for event in asked.events] == [False] * (len(asked.events) - 1) + [True]
    assert (reply.text, reply.finish, reply.model) == (TEXT, Finish.STOP, MODEL)
    assert reply.usage is not None
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (INPUT_TOKENS, OUTPUT_TOKENS)
    assert reply.request_id
    assert reply.notices == ()


GOOD = [
    *("whole", "whole-labelled-stream", "labelled-text", "labelled-json", "drip", "lump", "crlf", "bom"),
    *("gzip", "keep-alive", "junk", "duplicate-start", "no-last-border"),
]


@every_voice
@pytest.mark.parametrize("kind", GOOD)
async def test_reads_the_same_answer_in_other_clothes(voice: Voice, kind: str) -> None:
    async with FaultServer([kind]) as server:
        asked = Asked(voice, server)
        if kind == "labelled-json" and voice.content_type.startswith("text/event-stream"):
            kind = "a stream under the label of JSON is recognised by its first bytes"
        reply = await asked.reply()
    assert (reply.text, reply.finish) == (TEXT, Finish.STOP), kind
    assert reply.usage is not None
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (INPUT_TOKENS, OUTPUT_TOKENS)
    assert len(server.questions) == 1


@every_voice
@pytest.mark.parametrize("kind", ["ok", "whole"])
@pytest.mark.parametrize(
    ("word", "finishes"), [("length", {Finish.LENGTH}), ("filtered", {Finish.FILTERED, Finish.REFUSAL})]
)
async def test_says_why_the_answer_ended(voice: Voice, kind: str, word: str, finishes: set[Finish]) -> None:
    if word not in voice.words:
        pytest.skip(f"{voice} has no word for {word}")
    async with FaultServer([Fault(kind, word=word)]) as server:
        reply = await Asked(voice, server).reply()
    assert reply.finish in finishes
    assert reply.text == TEXT


@every_voice
async def test_an_option_that_can_not_be_taken_is_named(voice: Voice) -> None:
    """Whatever a dialect leaves out of a full set of wishes, it says so, and the answer comes."""
    wishes = Options(max_tokens=50, temperature=0.5, top_p=0.9, seed=3, stop=("END",), effort="low")
    request = Request(MODEL, REQUEST.messages, options=wishes)
    async with FaultServer() as server:
        asked = Asked(voice, server)
        reply = await asked.reply(request)
    sent = str(server.questions[0].body)
    assert reply.text == TEXT
    for name, value in (("temperature", "0.5"), ("top_p", "0.9"), ("stop", "END"), ("max_tokens", "50")):
        assert value in sent or any(name in notice for notice in reply.notices), f"{name} is lost without a word"


@every_voice
async def test_what_a_dialect_refuses_to_ask_names_the_model(voice: Voice) -> None:
    picture = Message("user", (Text("What is it?"), Image(b"\x89PNG", "image/png")))
    blind = Request(MODEL, (picture,), info=ModelInfo("vendor", MODEL, images=False))
    async with FaultServer() as server:
        error = await Asked(voice, server).error(blind)
    assert isinstance(error, BadRequestError)
    assert str(error).startswith(f"vendor:{MODEL}: ")
    assert server.questions == []


@every_voice
async def test_one_connection_serves_one_question_after_the_other(voice: Voice) -> None:
    async with FaultServer() as server:
        asked = Asked(voice, server)
        for _ in range(3):
            async with aclosing(asked.provider.stream(REQUEST)) as events:
                assert fold([event async for event in events]).text == TEXT
        await asked.provider.aclose()
        assert server.connections == 1


@every_voice
async def test_lists_the_models(voice: Voice) -> None:
    async with FaultServer() as server:
        provider = Asked(voice, server).provider
        assert sorted(await provider.models()) == [MODEL, "m-2"]
        await provider.aclose()


def test_a_provider_outlives_an_event_loop() -> None:
    """``asyncio.run`` called twice, as a script may do with one kit."""
    url = _closed_port()
    provider = Asked(ONE, url).provider

    async def once() -> str:
        async with FaultServer(port=int(url.rpartition(":")[2])), aclosing(provider.stream(REQUEST)) as events:
            return fold([event async for event in events]).text

    assert asyncio.run(once()) == TEXT
    assert asyncio.run(once()) == TEXT
    asyncio.run(provider.aclose())


# -- errors ------------------------------------------------------------------------------------------------------------

CLASSES: dict[str, type[ProviderError]] = {
    "400": BadRequestError,
    "401": AuthenticationError,
    "403": AuthenticationError,
    "404": ModelNotFoundError,
    "408": OverloadedError,
    "413": ContextTooLongError,
    "429": RateLimitError,
    "429-quota": QuotaError,
    "500": OverloadedError,
    "502": OverloadedError,
    "503": OverloadedError,
    "529": OverloadedError,
    "too-long": ContextTooLongError,
}


def test_every_status_has_its_class() -> None:
    assert CLASSES.keys() == STATUSES.keys()


@every_voice
@pytest.mark.parametrize("kind", CLASSES)
async def test_a_status_becomes_its_class(voice: Voice, kind: str) -> None:
    async with FaultServer([kind]) as server:
        asked = Asked(voice, server)
        error = await asked.error()
    assert type(error) is CLASSES[kind]
    assert isinstance(error, ProviderError)
    assert (error.vendor, error.model, error.status) == ("vendor", MODEL, STATUSES[kind][0])
    assert "this is the reason" in str(error)
    assert error.request_id
    assert error.exit_code == CLASSES[kind].exit_code
    tries = 3 if CLASSES[kind] in (RateLimitError, OverloadedError) else 1
    assert len(server.questions) == tries
    assert len(asked.waits) == tries - 1
    assert sum(isinstance(event, Notice) for event in asked.events) == tries - 1


@every_voice
async def test_a_wrong_key_is_said_so_with_the_way_out(voice: Voice) -> None:
    async with FaultServer(["401"]) as server:
        error = await Asked(voice, server).error()
    assert "VENDOR_API_KEY" in error.hint
    assert "--model offline" in error.hint


@every_voice
async def test_without_a_key_nothing_is_sent(voice: Voice) -> None:
    async with FaultServer() as server:
        asked = Asked(voice, server)
        where = asked.provider.endpoint
        bare = Endpoint(where.name, where.like, where.url, None, where.key_env, needs_key=True, settings=where.settings)
        module = importlib.import_module(f"contentkit.providers.{voice.provider}")
        with pytest.raises(AuthenticationError) as caught:
            await anext(aiter(module.connect(bare).stream(REQUEST)))
    assert "VENDOR_API_KEY" in str(caught.value)
    assert "--model offline" in str(caught.value)
    assert server.questions + server.others == []


@every_voice
@pytest.mark.parametrize("key", ["line\nbreak-1234", "schlüssel-1234"])
async def test_a_key_that_can_not_be_sent_is_an_authentication_error(voice: Voice, key: str) -> None:
    async with FaultServer() as server:
        where = endpoint(voice, server.url)
        odd = Endpoint(where.name, where.like, where.url, Secret(key), where.key_env, settings=where.settings)
        module = importlib.import_module(f"contentkit.providers.{voice.provider}")
        with pytest.raises(AuthenticationError) as caught:
            await anext(aiter(module.connect(odd).stream(REQUEST)))
    assert "1234" not in "".join(traceback.format_exception(caught.value))


BROKEN: dict[str, type[ProviderError]] = {
    "html": BadReplyError,
    "html-502": OverloadedError,
    "empty": BadReplyError,
    "garbage": BadReplyError,
    "half-json": BadReplyError,
    "json-number": BadReplyError,
    "odd-shapes": BadReplyError,
    "cut-at-once": BadReplyError,
    "hang-up": BadReplyError,
    "huge-error": OverloadedError,
    "early-error": OverloadedError,
    "error-in-200": OverloadedError,
}


@every_voice
@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_answer_is_tried_again_and_then_named(voice: Voice, kind: str) -> None:
    async with FaultServer([kind]) as server:
        asked = Asked(voice, server)
        error = await asked.error()
    assert type(error) is BROKEN[kind]
    assert len(str(error)) < 1000
    assert asked.text == ""
    assert len(server.questions) == 3


@every_voice
@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_answer_is_healed_by_a_good_one(voice: Voice, kind: str) -> None:
    async with FaultServer([kind, "ok"]) as server:
        asked = Asked(voice, server)
        reply = await asked.reply()
    assert (reply.text, reply.finish) == (TEXT, Finish.STOP)
    assert len(reply.notices) == 1
    assert "trying again" in reply.notices[0]


async def test_a_web_page_is_named_by_its_title() -> None:
    async with FaultServer(["html", "html-502"]) as server:
        asked = Asked(VOICES[0], server, retries=1)
        error = await asked.error()
    assert "502 Bad Gateway" in str(error)
    assert "Please log in" in asked.events[0].message  # type: ignore[union-attr]


BREAKS: dict[str, type[ProviderError]] = {
    "mid-error": OverloadedError,
    "mid-error-lump": OverloadedError,
    "cut": BadReplyError,
    "cut-politely": BadReplyError,
    "broken-frame": BadReplyError,
    "stall": UnreachableError,
}


@every_voice
@pytest.mark.parametrize("kind", BREAKS)
async def test_an_answer_that_breaks_off_is_kept_and_not_tried_again(voice: Voice, kind: str) -> None:
    async with FaultServer([kind, "ok"]) as server:
        asked = Asked(voice, server, read_timeout=0.3)
        error = await asked.error()
    assert type(error) is BREAKS[kind]
    assert asked.text
    assert TEXT.startswith(asked.text)
    assert len(server.questions) == 1


# -- another try -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({}, 0.375, 0.5),
        ({"retry-after": "3"}, 3, 3),
        ({"retry-after": "0"}, 0.375, 0.5),
        ({"retry-after": "-4"}, 0.375, 0.5),
        ({"retry-after": "soon"}, 0.375, 0.5),
        ({"retry-after": "nan"}, 0.375, 0.5),
        ({"retry-after-ms": "1500"}, 1.5, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5, 1.5),
        ({"retry-after-ms": "0", "retry-after": "1"}, 1, 1),
        ({"retry-after-ms": "0"}, 0.375, 0.5),
        ({"retry-after": "Fri, 01 Jan 2010 00:00:00 GMT"}, 0.375, 0.5),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2s"}, 62, 62),
        ({"x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "1m2s"}, 0.375, 0.5),
    ],
)
async def test_waits_as_long_as_the_vendor_asks(headers: dict[str, str], least: float, most: float) -> None:
    async with FaultServer([Fault("429", headers), "ok"]) as server:
        asked = Asked(ONE, server)
        await asked.reply()
    assert least <= asked.waits[0] <= most


async def test_a_date_to_wait_for_is_understood() -> None:
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    async with FaultServer([Fault("503", {"retry-after": date}), "ok"]) as server:
        asked = Asked(ONE, server)
        await asked.reply()
    assert 17 <= asked.waits[0] <= 20


async def test_backs_off_twice_as_long_each_time() -> None:
    async with FaultServer(["503"]) as server:
        asked = Asked(ONE, server, retries=6)
        await asked.error()
    full = [0.5, 1, 2, 4, 8, 8]
    assert len(asked.waits) == len(full)
    assert all(0.75 * most <= wait <= most for wait, most in zip(asked.waits, full, strict=True))


@every_voice
@pytest.mark.parametrize(
    ("kind", "should", "tries"),
    [("503", "false", 1), ("400", "true", 2), ("429-quota", "true", 1), ("401", "true", 1), ("too-long", "true", 1)],
)
async def test_the_vendor_may_say_whether_to_try_again(voice: Voice, kind: str, should: str, tries: int) -> None:
    async with FaultServer([Fault(kind, {"x-should-retry": should}), "ok"]) as server:
        asked = Asked(voice, server)
        if tries == 1:
            await asked.error()
        else:
            assert (await asked.reply()).text == TEXT
    assert len(server.questions) == tries


async def test_no_try_when_the_wait_is_longer_than_the_deadline() -> None:
    async with FaultServer([Fault("429", {"retry-after": "30"})]) as server:
        asked = Asked(ONE, server)
        error = await asked.error(Request(MODEL, REQUEST.messages, deadline=10))
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 30
    assert "30 s" in error.hint
    assert asked.waits == []


async def test_no_waiting_for_minutes() -> None:
    async with FaultServer([Fault("429", {"retry-after": "500"})]) as server:
        asked = Asked(ONE, server)
        await asked.error()
    assert asked.waits == []


async def test_retries_are_a_setting() -> None:
    async with FaultServer(["503"]) as server:
        await Asked(ONE, server, retries=0).error()
        assert len(server.questions) == 1


# -- time --------------------------------------------------------------------------------------------------------------


@every_voice
@pytest.mark.parametrize("kind", ["silent", "for-ever", "stall"])
async def test_the_deadline_ends_everything(voice: Voice, kind: str) -> None:
    async with FaultServer([Fault(kind, pause=0.02)]) as server:
        began = time.monotonic()
        error = await Asked(voice, server).error(Request(MODEL, REQUEST.messages, deadline=0.4))
        took = time.monotonic() - began
    assert isinstance(error, UnreachableError)
    assert "0.4 s" in str(error)
    assert took < 2
    assert len(server.questions) == 1


async def test_the_deadline_holds_for_all_tries_together() -> None:
    async with FaultServer(["silent"]) as server:
        began = time.monotonic()
        error = await Asked(ONE, server, read_timeout=0.2).error(Request(MODEL, REQUEST.messages, deadline=0.9))
        took = time.monotonic() - began
    assert isinstance(error, UnreachableError)
    assert took < 5
    assert len(server.questions) == 2, "a third try after a wait of a second would come too late"


async def test_a_slow_answer_is_not_a_silent_one() -> None:
    async with FaultServer([Fault("ok", pause=0.15)]) as server:
        reply = await Asked(ONE, server, read_timeout=0.4).reply()
    assert reply.text == TEXT


@every_voice
@pytest.mark.parametrize("kind", ["stall", "silent"])
async def test_cancelling_drops_the_connection_at_once(voice: Voice, kind: str) -> None:
    async with FaultServer([kind, "ok"]) as server:
        asked = Asked(voice, server)
        task = asyncio.create_task(asked.reply())
        await _until(lambda: bool(asked.text if kind == "stall" else server.questions))
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 3
        await _until(lambda: server.dropped == 1)
    assert len(server.questions) == 1
    assert kind == "silent" or (asked.text and TEXT.startswith(asked.text))


@every_voice
async def test_leaving_early_drops_the_connection(voice: Voice) -> None:
    async with FaultServer(["stall", "ok"]) as server:
        asked = Asked(voice, server)
        async with aclosing(asked.stream()) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break
        await _until(lambda: server.dropped == 1)
        assert (await Asked(voice, server).reply()).text == TEXT


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not true():  # noqa: ASYNC110  what is waited for happens in a server or a provider
            await asyncio.sleep(0.01)


# -- reaching a server -------------------------------------------------------------------------------------------------


def _closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@every_voice
async def test_nobody_listens(voice: Voice) -> None:
    module = importlib.import_module(f"contentkit.providers.{voice.provider}")
    settings = {**voice.settings, "start": "vendor serve"}
    provider = module.connect(
        Endpoint("vendor", voice.provider, _closed_port() + voice.base, local=True, settings=settings)
    )

    async def never(_: float) -> None:
        raise AssertionError("a server on this machine that is not there is not waited for")

    provider.sleep = never
    with pytest.raises(UnreachableError) as caught:
        async for _ in provider.stream(REQUEST):
            pass
    assert "Is it running? Start it with: vendor serve" in caught.value.hint
    await provider.aclose()


@pytest.mark.parametrize("url", ["", "localhost", "ftp://127.0.0.1/v1", "http://[::1", "http://127.0.0.1:99999/v1"])
async def test_an_address_that_is_none_is_a_usage_error(url: str) -> None:
    error = await Asked(ONE, url).error()
    assert isinstance(error, UsageError | UnreachableError)
    assert "vendor" in str(error)


@every_voice
async def test_a_redirect_is_not_followed_with_the_key(voice: Voice) -> None:
    async with FaultServer(["redirect"]) as server:
        error = await Asked(voice, server).error()
    assert isinstance(error, BadRequestError)
    assert "/elsewhere" in str(error)
    assert len(server.questions) == 1


async def test_loopback_is_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, _closed_port())
    async with FaultServer() as server:
        assert (await Asked(ONE, server).reply()).text == TEXT


async def test_others_are_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FaultServer() as server:
        monkeypatch.setenv("http_proxy", server.url)
        reply = await Asked(ONE, "http://model.example").reply()
    assert reply.text == TEXT
    assert server.questions[0].path == "http://model.example/v1/chat/completions"


async def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", _closed_port())
    error = await Asked(ONE, "http://model.example", retries=0).error()
    assert "through the proxy" in str(error)
    assert "NO_PROXY" in error.hint


# -- keys --------------------------------------------------------------------------------------------------------------

ECHO = "your key {key} ({quoted}) is no good"
LEAKS = [
    *(Fault(kind, {"x-echo": CANARY}, message=ECHO) for kind in STATUSES),
    *(Fault(kind, message=ECHO) for kind in ("mid-error", "early-error", "error-in-200")),
    *(Fault(kind) for kind in ("html", "garbage", "half-json", "cut", "hang-up", "redirect", "odd-shapes")),
    Fault("401", {"x-request-id": CANARY}),
]


@every_voice
@pytest.mark.parametrize("fault", LEAKS, ids=lambda fault: fault.kind)
async def test_the_key_is_shown_nowhere(voice: Voice, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FaultServer([fault]) as server:
        asked = Asked(voice, server)
        error = await asked.error()
        sent = server.questions[0].headers
    assert CANARY in " ".join(sent.values()), "the key was sent, so there is something to leak"
    shown = [
        str(error),
        repr(error),
        repr(vars(error)),
        repr(asked.events),
        repr(asked.provider.endpoint),
        # what rich and other pretty tracebacks print: every local variable of every frame, causes included
        "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()),
        *(record.getMessage() for record in caplog.records if not _our_own_echo(record, fault)),
    ]
    for text in shown:
        for form in FORMS:
            assert form not in _without_this_test(text), text


def _our_own_echo(record: logging.LogRecord, fault: Fault) -> bool:
    """httpcore's debug log of the answer's headers, in which this test's server put the key."""
    return (
        record.name.startswith("httpcore") and bool(fault.headers) and "receive_response_headers" in record.getMessage()
    )


def _without_this_test(text: str) -> str:
    """The text without the lines that show local variables of this file, which knows the key."""
    blocks = re.split(r"(?m)^(?=  File )", text)
    return "".join(block for block in blocks if Path(__file__).name not in block.split("\n", 1)[0])


async def test_a_key_with_a_line_end_around_it_is_sent_without() -> None:
    async with FaultServer() as server:
        where = endpoint(ONE, server.url)
        module = importlib.import_module("contentkit.providers.openai")
        padded = Endpoint(where.name, where.like, where.url, Secret(f" {CANARY}\n"), settings=where.settings)
        provider = module.connect(padded)
        assert fold([event async for event in provider.stream(REQUEST)]).text == TEXT
        await provider.aclose()
        assert server.questions[0].headers["authorization"] == f"Bearer {CANARY}"
