"""Vendors' batches: what is handed over, and what is read of them, as the vendors' types and recordings have it."""

from __future__ import annotations

import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest
from questions import QUESTIONS
from replay import Answer, Vendor, whole

from contentkit.core.chat import BatchState, Finish, Message, Reply, Request
from contentkit.core.contracts import Batches
from contentkit.core.errors import BadReplyError, BadRequestError, OverloadedError, ProviderError, RateLimitError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers import anthropic, openai
from contentkit.providers._wire import HttpProvider

HELLO = Request("a-model", (Message.of("system", "Be brief."), Message.of("user", "Hello 京都")))


def batches(vendor: Vendor) -> Batches:
    assert isinstance(vendor.provider, HttpProvider)
    found = vendor.provider.batches
    assert found is not None
    return found


async def read(vendor: Vendor, id: str = "b1") -> dict[str, Reply | ProviderError]:
    async with aclosing(batches(vendor).results(id)) as results:
        return {name: result async for name, result in results}


def lines(*rows: dict[str, Any]) -> Answer:
    return Answer("\n".join(map(json.dumps, rows)) + "\n", "application/octet-stream")


def chat(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 7, "completion_tokens": 2}
    return {"object": "chat.completion", "model": "gpt-x", "choices": [choice], "usage": usage}


@pytest.mark.parametrize("request_", QUESTIONS.values(), ids=QUESTIONS)
def test_lines_are_questions_without_a_stream(request_: Request) -> None:
    for vendor in (Vendor(openai, Answer("{}")), Vendor(anthropic, Answer("{}"))):
        line = json.loads(batches(vendor).line("ck1-7", request_))
        assert line["custom_id"] == "ck1-7"
        asked = line.get("body") or line["params"]
        whole_body = vendor.provider.dialect.build(request_, vendor.endpoint).body  # type: ignore[attr-defined]
        assert asked == {name: value for name, value in whole_body.items() if not name.startswith("stream")}


def test_lines_are_of_the_vendors_types() -> None:
    pydantic = pytest.importorskip("pydantic", reason="the vendors' SDKs are not installed")
    types = pytest.importorskip("anthropic.types.messages.batch_create_params", reason="anthropic is not installed")
    line = json.loads(batches(Vendor(anthropic, Answer("{}"))).line("ck1-7", HELLO))
    read = pydantic.TypeAdapter(types.Request).validate_python(line)
    assert read["params"]["messages"]


async def test_openai_takes_a_file_and_an_order_with_our_tag() -> None:
    vendor = Vendor(openai, whole({"id": "file-1"}), whole({"id": "batch_1"}))
    found = batches(vendor)
    asked = [found.line(f"ck1-{row}", HELLO) for row in (1, 2)]
    assert await found.submit("ck1", asked) == "batch_1"
    form, order = vendor.asked
    assert form.url.path == "/files"
    assert form.headers["content-type"] == "multipart/form-data; boundary=contentkit-ck1"
    assert b'filename="ck1.jsonl"' in form.content
    assert b"\n".join(asked) in form.content
    assert json.loads(order.content) == {
        "input_file_id": "file-1",
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "metadata": {"contentkit": "ck1"},
    }


async def test_openai_results_and_errors() -> None:
    batch = {"id": "b1", "status": "completed", "output_file_id": "f1", "error_file_id": "f2"}
    answers = [
        {"custom_id": "ck1-2", "response": {"status_code": 200, "body": chat("two")}, "error": None},
        {"custom_id": "ck1-1", "response": {"status_code": 200, "body": chat("one")}, "error": None},
    ]
    told = {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}
    failed = [
        {"custom_id": "ck1-3", "response": {"status_code": 429, "body": told}, "error": None},
        {"custom_id": "ck1-4", "response": None, "error": {"code": "batch_expired", "message": "too late"}},
    ]
    found = await read(Vendor(openai, whole(batch), lines(*answers), lines(*failed)))
    one, two, three, four = (found[f"ck1-{row}"] for row in (1, 2, 3, 4))
    assert isinstance(one, Reply)
    assert isinstance(two, Reply)
    assert (one.text, two.text, one.finish) == ("one", "two", Finish.STOP)
    assert one.usage is not None
    assert (one.usage.input_tokens, one.usage.output_tokens) == (7, 2)
    assert isinstance(three, RateLimitError)
    assert isinstance(four, OverloadedError)
    assert "too late" in str(four)


async def test_anthropic_results_and_errors() -> None:
    message = {"type": "message", "model": "claude-x", "content": [{"type": "text", "text": "one"}],
               "stop_reason": "max_tokens", "usage": {"input_tokens": 7, "output_tokens": 2}}  # fmt: skip
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": "odd"}}
    found = await read(
        Vendor(
            anthropic,
            lines(
                {"custom_id": "ck1-1", "result": {"type": "succeeded", "message": message}},
                {"custom_id": "ck1-2", "result": {"type": "errored", "error": error}},
                {"custom_id": "ck1-3", "result": {"type": "expired"}},
                {"custom_id": "ck1-4", "result": {"type": "canceled"}},
            ),
        )
    )
    assert isinstance(found["ck1-1"], Reply)
    assert found["ck1-1"].finish is Finish.LENGTH
    assert isinstance(found["ck1-2"], BadRequestError)
    assert isinstance(found["ck1-3"], OverloadedError)
    assert "expired" in str(found["ck1-3"])
    assert "canceled" in str(found["ck1-4"])


@pytest.mark.parametrize(
    ("status", "state"),
    [("validating", "running"), ("in_progress", "running"), ("finalizing", "running"), ("cancelling", "running"),
     ("completed", "ended"), ("expired", "ended"), ("cancelled", "ended"), ("failed", "failed")],
)  # fmt: skip
async def test_openai_states(status: str, state: str) -> None:
    told = {"errors": {"data": [{"message": "line 3 is odd"}]}} if status == "failed" else {"errors": None}
    body = {"id": "b1", "status": status, "request_counts": {"total": 9, "completed": 4, "failed": 1}, **told}
    seen = await batches(Vendor(openai, whole(body))).look("b1")
    assert (seen.state, seen.answered, seen.total) == (state, 5, 9)
    assert ("line 3" in seen.detail) is (status == "failed")


async def test_anthropic_states() -> None:
    counts = {"processing": 3, "succeeded": 4, "errored": 1, "canceled": 0, "expired": 0}
    body = {"id": "b1", "processing_status": "in_progress", "request_counts": counts}
    assert await batches(Vendor(anthropic, whole(body))).look("b1") == BatchState("running", 5, 8)
    ended = {**body, "processing_status": "ended", "request_counts": {**counts, "processing": 0}}
    assert (await batches(Vendor(anthropic, whole(ended))).look("b1")).state == "ended"


async def test_a_lost_id_is_found_by_the_tag_page_after_page() -> None:
    first = {"data": [{"id": "b9", "created_at": 2000, "metadata": None}], "has_more": True}
    second = {"data": [{"id": "b8", "created_at": 1990, "metadata": {"contentkit": "ck1"}}], "has_more": False}
    vendor = Vendor(openai, whole(first), whole(second))
    assert await batches(vendor).find("ck1", 1980.0, 3) == "b8"
    assert vendor.asked[1].url.params["after"] == "b9"
    gone = Vendor(openai, whole({**first, "has_more": True}), whole({"data": [], "has_more": False}))
    assert await batches(gone).find("ck1", 1980.0, 3) == ""
    long_ago = Vendor(openai, whole({"data": [{"id": "b1", "created_at": 5}], "has_more": True}))
    assert await batches(long_ago).find("ck1", 1980.0, 3) == ""
    assert len(long_ago.asked) == 1


async def test_anthropics_lost_id_is_found_by_its_results() -> None:
    def row(id: str, status: str, number: int) -> dict[str, Any]:
        counts = {"processing": 0, "succeeded": number, "errored": 0, "canceled": 0, "expired": 0}
        when = "2026-11-20T10:00:00+00:00"
        return {"id": id, "processing_status": status, "created_at": when, "request_counts": counts}

    page = {"data": [row("other", "ended", 3), row("few", "ended", 2), row("ours", "ended", 3)], "has_more": False}
    theirs = lines({"custom_id": "mine-1", "result": {"type": "expired"}})
    ours = lines({"custom_id": "ck1-1", "result": {"type": "expired"}})
    assert await batches(Vendor(anthropic, whole(page), theirs, ours)).find("ck1", 1_700_000_000.0, 3) == "ours"
    running = {"data": [row("running", "in_progress", 3)], "has_more": False}
    assert await batches(Vendor(anthropic, whole(running))).find("ck1", 1_700_000_000.0, 3) == "running"
    assert await batches(Vendor(anthropic, whole(page))).find("ck1", 2_000_000_000.0, 3) == ""


@pytest.mark.parametrize("module", [openai, anthropic])
@pytest.mark.parametrize("body", [{}, {"data": 3}, {"id": 7}, {"status": None, "request_counts": "x"}])
async def test_odd_answers_are_no_worse_than_an_error(module: Any, body: dict[str, Any]) -> None:
    with pytest.raises(BadReplyError):
        await batches(Vendor(module, whole(body))).submit("ck1", [b'{"url": "/v1/x"}'])
    assert (await batches(Vendor(module, whole(body))).look("b1")).total == 0
    assert await batches(Vendor(module, whole(body))).find("ck1", 0.0, 1) == ""


def test_azure_is_not_spoken() -> None:
    endpoint = Endpoint("azure", "openai", "https://x.example", Secret("k"), settings={"azure": True})
    provider = openai.connect(endpoint)
    assert isinstance(provider, HttpProvider)
    assert provider.batches is None


async def test_recorded_batches_are_read(shared: Path) -> None:
    exchanges = [
        json.loads(line) for line in (shared / "data" / "traffic" / "openai-other.jsonl").read_text().splitlines()
    ]
    taken = [one for one in exchanges if "/batches" in one["url"] or "/content" in one["url"]]
    looked = [one for one in taken if one["method"].lower() == "get" and "/batches/" in one["url"]]
    states = []
    for exchange in looked:
        states.append(await batches(Vendor(openai, Answer(exchange["body"]))).look("b1"))
    assert {state.state for state in states} == {"running", "ended"}
    contents = {one["url"].split("/files/")[1].split("/")[0]: one["body"] for one in taken if "/content" in one["url"]}
    bodies = [json.loads(one["body"]) for one in looked if "/v1/responses" in one["body"]]
    batch = next(body for body in bodies if body["output_file_id"] in contents)
    content = contents[batch["output_file_id"]]
    found = await read(Vendor(openai, whole(batch), Answer(content, "application/octet-stream")))
    assert found
    assert all(isinstance(result, Reply) and result.text and result.usage for result in found.values())


async def test_a_cut_file_of_results_is_an_error() -> None:
    class Cut(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield json.dumps({"custom_id": "ck1-1", "result": {"type": "expired"}}).encode() + b'\n{"custom_id": "ck'

    vendor = Vendor(anthropic, Answer("{}"))
    answer = httpx.Response(200, headers={"content-type": "application/x-jsonl"}, stream=Cut())
    vendor._answer = lambda request: answer  # type: ignore[method-assign]
    from contentkit.providers._wire.connections import Http

    assert isinstance(vendor.provider, HttpProvider)
    vendor.provider._http = Http(vendor.endpoint, httpx.MockTransport(lambda request: answer))
    with pytest.raises(BadReplyError):
        await read(vendor)
