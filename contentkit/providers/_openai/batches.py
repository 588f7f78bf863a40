"""OpenAI's batches: a file of questions is handed over, and a file of answers fetched within a day, at half the price.

``POST /files`` and ``POST /batches``, as the vendor's OpenAPI document describes them (2026-11). A batch carries our
tag as metadata, so that it is found again when its id was lost.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from contentkit.core.chat import BatchState, Reply, Request, fold
from contentkit.core.errors import BadReplyError, OverloadedError, ProviderError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers._openai import errors
from contentkit.providers._openai.chat import ChatReader
from contentkit.providers._openai.responses import ResponsesReader
from contentkit.providers._wire import Call, HttpProvider
from contentkit.providers._wire.shapes import Json, batch_id, count, items, obj, text

MINUTES = 600.0
"""Seconds for a file to go or come."""

_RUNNING = ("validating", "in_progress", "finalizing", "cancelling")
_CLOCKS_DIFFER = 600.0
_ONLY_STREAMED = ("stream", "stream_options")


class OpenAIBatches:
    """See ``Batches`` in ``core/contracts.py``."""

    most = 50_000

    def __init__(
        self,
        http: HttpProvider,
        build: Callable[[Request, Endpoint], Call],
        headers: Mapping[str, str | Secret],
    ) -> None:
        self._http, self._build, self._headers = http, build, dict(headers)
        self._base = http.endpoint.url.rstrip("/")

    def line(self, name: str, request: Request) -> bytes:
        call = self._build(request, self._http.endpoint)
        body = {key: value for key, value in _object(call).items() if key not in _ONLY_STREAMED}
        path = "/v1" + call.url.removeprefix(self._base)
        question = {"custom_id": name, "method": "POST", "url": path, "body": body}
        return json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    async def submit(self, tag: str, lines: Sequence[bytes]) -> str:
        kind, content = _form(tag, lines)
        headers = {**self._headers, "content-type": kind}
        file = await self._http.fetch(Call("POST", f"{self._base}/files", headers, content, "json"), MINUTES)
        order = {
            "input_file_id": text(file.get("id")),
            "endpoint": json.loads(lines[0])["url"],
            "completion_window": "24h",
            "metadata": {"contentkit": tag},
        }
        return batch_id(
            await self._http.fetch(Call("POST", f"{self._base}/batches", self._headers, order, "json"), 60.0)
        )

    async def find(self, tag: str, since: float, total: int) -> str:
        after = ""
        while True:
            query = urlencode({"limit": 100, **({"after": after} if after else {})})
            page = await self._http.fetch(self._get(f"/batches?{query}"))
            rows = [obj(row) for row in items(page.get("data"))]
            for row in rows:
                if obj(row.get("metadata")).get("contentkit") == tag:
                    return batch_id(row)
            if not rows or not page.get("has_more") or count(rows[-1].get("created_at")) < since - _CLOCKS_DIFFER:
                return ""
            after = text(rows[-1].get("id"))

    async def look(self, id: str) -> BatchState:
        return _state(await self._http.fetch(self._get(f"/batches/{quote(id, safe='')}")))

    async def results(self, id: str) -> AsyncGenerator[tuple[str, Reply | ProviderError], None]:
        batch = await self._http.fetch(self._get(f"/batches/{quote(id, safe='')}"))
        for key in ("output_file_id", "error_file_id"):
            if file := text(batch.get(key)):
                async for line in self._http.lines(self._get(f"/files/{quote(file, safe='')}/content"), MINUTES):
                    yield text(line.get("custom_id")), self._result(line)

    def _get(self, path: str) -> Call:
        return Call("GET", self._base + path, self._headers, framing="json")

    def _result(self, line: Json) -> Reply | ProviderError:
        response = obj(line.get("response"))
        status, body = count(response.get("status_code")), obj(response.get("body"))
        if status == 200:
            try:
                return fold((ResponsesReader() if body.get("object") == "response" else ChatReader()).whole(body))
            except ProviderError as error:
                return error
        told = obj(line.get("error"))
        if status:
            return errors.classify(status, {}, json.dumps(body))
        return OverloadedError(text(told.get("message")) or "the vendor did not answer", code=text(told.get("code")))


def _object(call: Call) -> Mapping[str, Any]:
    if not isinstance(call.body, Mapping):
        raise BadReplyError("the question is no JSON object")
    return call.body


def _form(tag: str, lines: Sequence[bytes]) -> tuple[str, bytes]:
    """The form that hands a file over, and its content type."""
    border = f"contentkit-{tag}"
    head = (
        f'--{border}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        f'--{border}\r\ncontent-disposition: form-data; name="file"; filename="{tag}.jsonl"\r\n'
        "content-type: application/jsonl\r\n\r\n"
    )
    content = b"".join([head.encode(), b"\n".join(lines), f"\r\n--{border}--\r\n".encode()])
    return f"multipart/form-data; boundary={border}", content


def _state(batch: Json) -> BatchState:
    counts = obj(batch.get("request_counts"))
    total = count(counts.get("total"))
    answered = count(counts.get("completed")) + count(counts.get("failed"))
    status = text(batch.get("status"))
    if status in _RUNNING:
        return BatchState("running", answered, total)
    told = [text(obj(row).get("message")) for row in items(obj(batch.get("errors")).get("data"))]
    return BatchState("failed" if status == "failed" else "ended", answered, total, "; ".join(filter(None, told))[:500])
