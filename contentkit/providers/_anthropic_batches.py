"""Anthropic's message batches: questions are handed over together and answered within a day, at half the price.

``/v1/messages/batches`` (2023-06-01). A batch can't carry a tag of ours; the names of its questions do, and are told
with its results only.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from urllib.parse import quote, urlencode

from contentkit.core.chat import BatchState, Reply, Request, fold
from contentkit.core.errors import BadReplyError, OverloadedError, ProviderError
from contentkit.core.model import Endpoint, Secret
from contentkit.providers import _anthropic_reader
from contentkit.providers._wire import Call, HttpProvider
from contentkit.providers._wire.shapes import Json, batch_id, count, items, obj, text

MINUTES = 600.0
"""Seconds for the questions to go or the answers to come."""

_CLOCKS_DIFFER = 600.0


class AnthropicBatches:
    """See ``Batches`` in ``core/contracts.py``."""

    most = 100_000

    def __init__(
        self,
        http: HttpProvider,
        build: Callable[[Request, Endpoint], Call],
        headers: Mapping[str, str | Secret],
        base: str,
    ) -> None:
        self._http, self._build, self._headers = http, build, dict(headers)
        self._url = f"{base}/messages/batches"

    def line(self, name: str, request: Request) -> bytes:
        body = self._build(request, self._http.endpoint).body
        if not isinstance(body, Mapping):
            raise BadReplyError("the question is no JSON object")
        params = {key: value for key, value in body.items() if key != "stream"}
        question = {"custom_id": name, "params": params}
        return json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    async def submit(self, tag: str, lines: Sequence[bytes]) -> str:
        content = b'{"requests":[' + b",".join(lines) + b"]}"
        headers = {**self._headers, "content-type": "application/json"}
        return batch_id(await self._http.fetch(Call("POST", self._url, headers, content, "json"), MINUTES))

    async def find(self, tag: str, since: float, total: int) -> str:
        after = ""
        while True:
            query = urlencode({"limit": 100, **({"after_id": after} if after else {})})
            page = await self._http.fetch(self._get(f"?{query}"))
            rows = [obj(row) for row in items(page.get("data"))]
            for row in rows:
                if _when(row) < since - _CLOCKS_DIFFER:
                    return ""
                if _state(row).total == total and await self._is_ours(row, tag):
                    return batch_id(row)
            if not rows or not page.get("has_more"):
                return ""
            after = text(rows[-1].get("id"))

    async def look(self, id: str) -> BatchState:
        return _state(await self._http.fetch(self._get(f"/{quote(id, safe='')}")))

    async def results(self, id: str) -> AsyncGenerator[tuple[str, Reply | ProviderError], None]:
        async for line in self._http.lines(self._get(f"/{quote(id, safe='')}/results"), MINUTES):
            yield text(line.get("custom_id")), _result(obj(line.get("result")))

    async def _is_ours(self, row: Json, tag: str) -> bool:
        """By the first of its results. One that still runs has none: as many questions at the same time are taken for
        ours, and its results, which are looked at one by one, will tell."""
        if text(row.get("processing_status")) != "ended":
            return True
        async with aclosing(self.results(batch_id(row))) as results:
            name, _ = await anext(results, ("", None))
        return name.startswith(tag)

    def _get(self, path: str) -> Call:
        return Call("GET", self._url + path, self._headers, framing="json")


def _result(result: Json) -> Reply | ProviderError:
    if result.get("type") == "succeeded":
        try:
            return fold(_anthropic_reader.Reader().whole(obj(result.get("message"))))
        except ProviderError as error:
            return error
    if result.get("type") == "errored":
        return _anthropic_reader.classify(400, {}, json.dumps(result.get("error")))
    return OverloadedError(f"the vendor did not answer: the question is {text(result.get('type')) or 'lost'}")


def _when(batch: Json) -> float:
    try:
        return datetime.fromisoformat(text(batch.get("created_at"))).timestamp()
    except ValueError:
        return 0.0


def _state(batch: Json) -> BatchState:
    counts = {name: count(value) for name, value in obj(batch.get("request_counts")).items()}
    total = sum(counts.values())
    ended = text(batch.get("processing_status")) == "ended"
    return BatchState("ended" if ended else "running", total - counts.get("processing", 0), total)
