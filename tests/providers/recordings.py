"""Recorded vendor traffic: what each exchange is, and what it says, worked out from its raw JSON alone.

Nothing here uses the adapters: this is the second opinion that they are held against.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

UNSPOKEN = {
    r"/messages/batches|/batches|/batch/jobs": "batches",
    r"count_?[tT]okens": "counting tokens",
    r"embed": "embeddings",
    r"/files": "files",
    r"/moderations": "moderations",
    r"/realtime": "realtime",
    "/interactions": "Gemini's Interactions API",
    r"/v1/complete$": "Anthropic's old completions",
    r"(?<!chat)/completions": "OpenAI's old completions",
    r"/api/generate": "Ollama's /api/generate",
    r"huggingface\.cloud/$": "TGI's own API",
    r"ruby-lang\.org": "a web page",
}
SPOKEN = {
    r"/messages(\?|$)": "anthropic",
    r":(stream)?[gG]enerateContent": "gemini",
    r"/api/chat$": "ollama",
    r"chat/completions": "chat",
    r"services\.ai\.azure\.com/models": "chat",
    r"/responses(\?|$)": "responses",
}
DIALECTS = {"anthropic": "anthropic", "gemini": "gemini", "vertex": "gemini", "gemini-interactions": "gemini"}


@dataclass(frozen=True)
class Said:
    """What an answer says. ``usage`` is (input, output, cached, written to the cache, reasoning) or None."""

    text: str
    usage: tuple[int, int, int, int, int] | None
    finish: str


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer."""

    vendor: str
    id: str
    method: str
    url: str
    status: int
    headers: dict[str, str]
    body: str
    frames: bool  # a stream's payloads, a line each, without their framing

    @property
    def kind(self) -> str:
        """A dialect, "models" for a list of models, or "" for what we do not speak."""
        if re.search(r"/models(\?|$)", self.url) and self.method == "GET":
            return "models"
        if any(re.search(pattern, self.url) for pattern in UNSPOKEN):
            return ""
        found = next((kind for pattern, kind in SPOKEN.items() if re.search(pattern, self.url)), "")
        return found if self.url else _kind_of(self)

    @property
    def reason(self) -> str:
        """Why it is not replayed."""
        if self.vendor == "gemini-interactions":
            return UNSPOKEN["/interactions"]
        found = next((why for pattern, why in UNSPOKEN.items() if re.search(pattern, self.url)), "")
        return found or f"another API at {urlsplit(self.url).hostname}"

    @property
    def dialect(self) -> str:
        """Whose error format an error is in."""
        kind = self.kind
        if kind in ("anthropic", "gemini", "ollama", "chat", "responses"):
            return kind
        return DIALECTS.get(self.vendor, "chat")

    @property
    def parts(self) -> list[Any]:
        """The JSON values of the body: one, or those of a stream."""
        text = self.body.strip()
        if self.frames:
            lines = text.splitlines()
        elif re.match(r"(data|event|id|retry)?:", text):
            blocks = re.split(r"\n\n+", text.replace("\r\n", "\n"))
            lines = ["\n".join(re.findall(r"(?m)^data: ?(.*)$", block)) for block in blocks]
        else:
            try:
                whole = json.loads(text)
            except ValueError:
                lines = text.splitlines()
            else:
                return whole if isinstance(whole, list) else [whole]
        return [json.loads(line) for line in lines if line.strip() and line.strip() != "[DONE]"]

    @property
    def says_error(self) -> bool:
        """Whether it is an error by its status, or by what its body says under a 200."""
        return self.status >= 400 or (self.status == 200 and bool(self.kind) and _broken(self))


def load(folder: Path) -> dict[str, list[Exchange]]:
    """The exchanges by vendor."""
    files = sorted(folder.glob("*.jsonl"))
    return {path.stem: [one for line in _lines(path) for one in _apart(_exchange(path.stem, line))] for path in files}


def _apart(exchange: Exchange) -> list[Exchange]:
    """One answer each: a few recordings hold the streams of several requests, one after the other."""
    begin = '{"type":"response.created"'
    if not exchange.frames or exchange.body.count(begin) < 2:
        return [exchange]
    bodies = [begin + body for body in exchange.body.split(begin)[1:]]
    return [replace(exchange, id=f"{exchange.id}#{number}", body=body) for number, body in enumerate(bodies)]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def _exchange(vendor: str, line: str) -> Exchange:
    row = json.loads(line)
    headers = {name.lower(): value for name, value in (row.get("headers") or {}).items()}
    body = row.get("body") or ""
    status = row.get("status") or _status_of(body)
    method = (row.get("method") or "POST").upper()
    frames = bool(row.get("payload_lines"))
    return Exchange(vendor, row["id"], method, row.get("url") or "", status, headers, body, frames)


def _status_of(body: str) -> int:
    """The status of a body that is recorded without one."""
    try:
        error = json.loads(body).get("error")
    except ValueError:
        return 200
    if not error:
        return 200
    code = error.get("code")
    return code if isinstance(code, int) else 429 if error.get("type") == "insufficient_quota" else 400


def _kind_of(exchange: Exchange) -> str:
    """The dialect of a recording without a URL, by the shape of its body."""
    first = exchange.parts[0]
    if set(first) == {"error"}:
        return DIALECTS.get(exchange.vendor, "chat")
    if "candidates" in first:
        return "gemini"
    if str(first.get("type")).startswith("message"):
        return "anthropic"
    if first.get("object") == "response" or str(first.get("type")).startswith("response."):
        return "responses"
    if str(first.get("object")).startswith("chat.completion") or "choices" in first:
        return "chat"
    return ""


def _broken(exchange: Exchange) -> bool:
    parts = [part for part in exchange.parts if isinstance(part, dict)]
    if not parts:
        return True
    kinds = {part.get("type") for part in parts}
    if "response.failed" in kinds or "error" in kinds:
        return True
    return any(part.get("error") for part in parts)


def said(exchange: Exchange) -> Said:
    """What a successful answer says."""
    read = {"anthropic": _anthropic, "gemini": _gemini, "ollama": _ollama, "chat": _chat, "responses": _responses}
    return read[exchange.kind]([part for part in exchange.parts if isinstance(part, dict)])


def _anthropic(parts: list[Any]) -> Said:
    texts, usage, stop = [], {}, ""
    for part in parts:
        if part["type"] == "message":
            texts = [block["text"] for block in part["content"] if block["type"] == "text"]
            usage, stop = part["usage"], part["stop_reason"]
        elif part["type"] == "message_start":
            usage = {**usage, **part["message"]["usage"]}
        elif part["type"] == "content_block_start" and part["content_block"]["type"] == "text":
            texts.append(part["content_block"]["text"])
        elif part["type"] == "content_block_delta" and part["delta"]["type"] == "text_delta":
            texts.append(part["delta"]["text"])
        elif part["type"] == "message_delta":
            usage = {**usage, **{name: value for name, value in part["usage"].items() if value is not None}}
            stop = part["delta"]["stop_reason"]
    written, cached = usage.get("cache_creation_input_tokens") or 0, usage.get("cache_read_input_tokens") or 0
    thinking = (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0
    counts = (usage["input_tokens"] + written + cached, usage["output_tokens"], cached, written, thinking)
    finish = {"max_tokens": "length", "model_context_window_exceeded": "length", "pause_turn": "length"}
    return Said("".join(texts), counts, "refusal" if stop == "refusal" else finish.get(stop, "stop"))


def _gemini(parts: list[Any]) -> Said:
    texts, usage, reason = [], None, ""
    for part in parts:
        for candidate in part.get("candidates", ())[:1]:
            pieces = candidate.get("content", {}).get("parts", ())
            texts += [piece["text"] for piece in pieces if "text" in piece and not piece.get("thought")]
            reason = candidate.get("finishReason", reason)
        usage = part.get("usageMetadata", usage)
    counts = None
    if usage is not None:
        thinking = usage.get("thoughtsTokenCount", 0)
        read = usage.get("promptTokenCount", 0) + usage.get("toolUsePromptTokenCount", 0)
        written = usage.get("candidatesTokenCount", 0) + thinking
        counts = (read, written, usage.get("cachedContentTokenCount", 0), 0, thinking)
    finish = {"STOP": "stop", 1: "stop", "MAX_TOKENS": "length", 2: "length", "OTHER": "error", 5: "error"}
    return Said("".join(texts), counts, finish.get(reason, "filtered"))


def _ollama(parts: list[Any]) -> Said:
    last = parts[-1]
    text = "".join(part["message"]["content"] for part in parts)
    counts = (last.get("prompt_eval_count", 0), last.get("eval_count", 0), 0, 0, 0)
    return Said(text, counts, "length" if last.get("done_reason") == "length" else "stop")


def _chat(parts: list[Any]) -> Said:
    texts, usage, finish, refused = [], None, "", False
    for part in parts:
        for choice in (part.get("choices") or ())[:1]:
            piece = choice.get("message" if len(parts) == 1 and "message" in choice else "delta") or {}
            content = piece.get("content") or ""
            if isinstance(content, list):
                content = "".join(item.get("text", "") for item in content if item["type"] == "text")
            texts.append(content)
            refused = refused or bool(piece.get("refusal"))
            finish = choice.get("finish_reason") or finish
        usage = part.get("usage") or (part.get("x_groq") or {}).get("usage") or usage
    names = {"length": "length", "content_filter": "filtered"}
    return Said("".join(texts), _counts(usage), "refusal" if refused else names.get(finish, "stop"))


def _responses(parts: list[Any]) -> Said:
    last = parts[-1].get("response", parts[-1])
    texts, refused = [], False
    for item in last.get("output", ()):
        for piece in (item.get("content") or ()) if item["type"] == "message" else ():
            texts.append(piece.get("text", ""))
            refused = refused or piece["type"] == "refusal"
    deltas = [part["delta"] for part in parts if part.get("type") == "response.output_text.delta"]
    reason = (last.get("incomplete_details") or {}).get("reason")
    finish = {"max_output_tokens": "length", "content_filter": "filtered", None: "stop"}[reason]
    return Said("".join(deltas or texts), _counts(last.get("usage")), "refusal" if refused else finish)


def _counts(usage: dict[str, Any] | None) -> tuple[int, int, int, int, int] | None:
    if not usage:
        return None
    read = usage.get("prompt_tokens", usage.get("input_tokens"))
    written = usage.get("completion_tokens", usage.get("output_tokens"))
    before = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    after = usage.get("completion_tokens_details") or usage.get("output_tokens_details") or {}
    thinking = after.get("reasoning_tokens") or 0
    if thinking and usage.get("total_tokens") == read + written + thinking:  # xAI: thinking comes on top
        written += thinking
    cached = before.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0
    return read, written, cached, before.get("cache_write_tokens") or 0, thinking


def error_name(exchange: Exchange) -> str:
    """The class that an error should have, by its status first and its words last."""
    words = exchange.body.lower()
    by_words = {
        "QuotaError": "insufficient_quota|credit_balance|spend_limit|insufficient balance|billing_error|perday",
        "ContextTooLongError": "context_length_exceeded|too long|maximum context|count .* exceeds|too_many_prompt",
        "AuthenticationError": "api_key_invalid|invalid_api_key|api key",
        "ModelNotFoundError": "model_not_found|deploymentnotfound|model: ",
        "RefusedError": "content_filter|content management policy",
    }
    by_status = {401: "AuthenticationError", 402: "QuotaError", 403: "AuthenticationError", 404: "ModelNotFoundError"}
    by_status |= {413: "ContextTooLongError"}
    if exchange.status in by_status:
        return by_status[exchange.status]
    if exchange.status == 429:
        return "QuotaError" if re.search(by_words["QuotaError"], words) else "RateLimitError"
    if exchange.status >= 500:
        return "OverloadedError"
    return next((name for name, pattern in by_words.items() if re.search(pattern, words)), "BadRequestError")
