"""Framing: any chunking of the same bytes gives the same frames, and the frames are what the standard says."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contentkit.core.errors import BadReplyError
from contentkit.providers._wire import frames as _frames
from contentkit.providers._wire.frames import Frame, Ndjson, Sse, record

ALPHABET = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b"\n\n", b"data: ", b"data:", b"event: ", b":", b"id: 1", b"x", "é世👋".encode()]
)
STREAMS = st.lists(ALPHABET, max_size=40).map(b"".join)
BOM = b"\xef\xbb\xbf"


def chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    borders = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(borders)]


def frames(decoder: Sse | Ndjson, chunks: list[bytes]) -> list[Frame]:
    return [frame for chunk in chunks for frame in decoder.feed(chunk)] + decoder.close()


def by_the_standard(data: bytes) -> list[Frame]:
    """WHATWG's algorithm line by line, with our one liberty: the end of the stream ends an open event."""
    found, event, lines = [], "", []
    for line in [*re.split(r"\r\n|\r|\n", data.decode("utf-8", "replace").removeprefix("\ufeff")), ""]:
        name, _, value = line.partition(":")
        if not line:
            if lines:
                found.append(Frame(event, "\n".join(lines)))
            event, lines = "", []
        elif name == "data":
            lines.append(value.removeprefix(" "))
        elif name == "event":
            event = value.removeprefix(" ")
    return found


@given(STREAMS, st.lists(st.integers(0, 10_000), max_size=30), st.booleans())
@example(b"data: a\r\n\r\ndata: b\r\n\r\n", [8, 9, 10], False)
@example(b"\n\ndata: a\n\n", [1], True)
def test_sse_is_read_by_the_standard_however_it_is_cut(stream: bytes, cuts: list[int], bom: bool) -> None:
    data = BOM * bom + stream
    assert frames(Sse(), chunked(data, cuts)) == by_the_standard(data)


@given(st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=20))
def test_no_bytes_break_sse(stream: bytes, cuts: list[int]) -> None:
    assert frames(Sse(), chunked(stream, cuts)) == frames(Sse(), [stream])


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)
EVENTS = st.lists(st.tuples(TEXTS.filter(lambda name: name == name.strip()), st.lists(TEXTS, min_size=1, max_size=3)))


@given(EVENTS, st.sampled_from(["\n", "\r", "\r\n"]), st.booleans())
def test_what_is_written_is_read_byte_by_byte(events: list[tuple[str, list[str]]], end: str, bom: bool) -> None:
    written = "".join(
        f"event: {name}{end}: a comment{end}" + "".join(f"data: {line}{end}" for line in lines) + end
        for name, lines in events
    )
    data = BOM * bom + written.encode()
    assert frames(Sse(), [bytes([byte]) for byte in data]) == [Frame(name, "\n".join(lines)) for name, lines in events]


def test_a_frame_is_given_as_soon_as_it_is_whole() -> None:
    decoder = Sse()
    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == [Frame("", "a")]
    assert decoder.feed(b"data: b\r\n\r") == [Frame("", "b")]
    assert decoder.feed(b"\ndata: c\n\n") == [Frame("", "c")]
    assert Ndjson().feed(b'{"a": 1}\n{') == [Frame("", '{"a": 1}')]


LINES = st.lists(st.one_of(st.just(""), TEXTS.map(str.strip)), max_size=8)


@given(
    LINES, st.lists(st.integers(0, 10_000), max_size=20), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()
)
def test_ndjson_gives_every_line_however_it_is_cut(
    lines: list[str], cuts: list[int], end: str, bom: bool, closed: bool
) -> None:
    data = BOM * bom + end.join(lines).encode() + end.encode() * closed
    found = frames(Ndjson(), chunked(data, cuts))
    # Bytes are stripped of ASCII white space only, so the words are compared the same way.
    wanted = [line.encode().strip().decode() for line in lines]
    assert found == [Frame("", line) for line in wanted if line]


@pytest.mark.parametrize("decoder", [Sse, Ndjson])
def test_a_frame_without_an_end_is_refused(decoder: type[Sse | Ndjson], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_frames, "MAX_FRAME", 1000)
    reading = decoder()
    for _ in range(9):
        reading.feed(b"data: " + b"x" * 100)
    with pytest.raises(BadReplyError, match="without an end") as caught:
        reading.feed(b"data: " + b"x" * 100)
    assert not caught.value.retryable


@pytest.mark.parametrize("decoder", [Sse, Ndjson])
def test_a_large_frame_in_small_chunks_takes_linear_time(decoder: type[Sse | Ndjson]) -> None:
    reading = decoder()
    began = time.perf_counter()
    for _ in range(20_000):
        assert reading.feed(b"x" * 100) == []
    reading.feed(b"\n\n")
    assert time.perf_counter() - began < 5  # quadratic: 20 GB copied


def test_record_tells_keep_alives_from_lost_words() -> None:
    assert record(Frame("", '{"a": 1}')) == {"a": 1}
    for junk in ("[DONE]", "", "ping", "7", "[1]", "null"):
        assert record(Frame("", junk)) is None
    with pytest.raises(BadReplyError):
        record(Frame("", '{"choices": [{"del'))
