"""A vendor that takes batches, on loopback: OpenAI's files and batches, Anthropic's message batches.

Bodies have the shapes of recorded traffic. A batch ends after so many looks; the answer to a question is what the test
says, or an error.
"""

from __future__ import annotations

import email.parser
import email.policy
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from batches import topic

Say = Callable[[dict[str, Any]], str | dict[str, Any]]


class BatchServer(ThreadingHTTPServer):
    """Attributes:
    looks: how often a batch is looked at before it has ended. fail: the vendor takes no batch.
    slow: seconds before a new batch is told its id (it is there by then).
    asked: how often each row came in a batch; alone: how often in a question of its own.
    """

    daemon_threads = True

    def __init__(self, say: Say, *, looks: int = 1, fail: bool = False, slow: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.say, self.looks, self.fail, self.slow = say, looks, fail, slow
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.asked: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.questions: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: BatchServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        path = self.path.removeprefix("/v1")
        with self.server.lock:
            if path == "/files":
                self._send(self._file(content))
            elif path == "/batches":
                made = self._openai(json.loads(content))
            elif path == "/messages/batches":
                made = self._anthropic(json.loads(content))
            else:
                self.server.alone[topic(json.loads(content))] += 1
                self._send({"error": {"message": "one by one"}}, 400)
        if path.endswith("/batches"):
            time.sleep(self.server.slow)
            self._send(made)

    def do_GET(self) -> None:
        path, _, _ = self.path.removeprefix("/v1").partition("?")
        parts = path.strip("/").split("/")
        with self.server.lock:
            if parts[0] == "files":
                self._raw(self.server.files[parts[1]], "application/octet-stream")
            elif parts[-1] == "results":
                self._raw(self.server.batches[parts[-2]]["_results"], "application/x-jsonl")
            elif parts[-1] == "batches":
                rows = sorted(self.server.batches.values(), key=lambda row: -row["_number"])
                self._send({"object": "list", "data": [_shown(row) for row in rows], "has_more": False})
            else:
                self._send(_shown(self._looked_at(parts[-1])))

    # -- what happens at the vendor -------------------------------------------------------------------------------

    def _file(self, content: bytes) -> dict[str, Any]:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + content)
        parts = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
        assert parts["purpose"].get_payload() == "batch"
        name = f"file-{len(self.server.files)}"
        self.server.files[name] = parts["file"].get_payload(decode=True)
        return {"object": "file", "id": name, "purpose": "batch", "filename": parts["file"].get_filename()}

    def _openai(self, order: dict[str, Any]) -> dict[str, Any]:
        lines = [json.loads(line) for line in self.server.files[order["input_file_id"]].splitlines()]
        assert {line["url"] for line in lines} == {order["endpoint"]}
        answered, failed = [], []
        for line in lines:
            body = self._asked(line["body"])
            result: dict[str, Any] = {"id": "batch_req_1", "custom_id": line["custom_id"], "error": None}
            if isinstance(body, str):
                choice = {"index": 0, "message": {"role": "assistant", "content": body}, "finish_reason": "stop"}
                usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
                said = {"object": "chat.completion", "model": "stub-1", "choices": [choice], "usage": usage}
                answered.append({**result, "response": {"status_code": 200, "request_id": "r", "body": said}})
            elif "status" in body:
                said = {"error": {"message": body["message"], "code": body.get("code")}}
                response = {"status_code": body["status"], "request_id": "r", "body": said}
                failed.append({**result, "response": response})
            elif body:
                failed.append({**result, "response": None, "error": body})
        number = len(self.server.batches)
        batch = {
            "id": f"batch_{number}", "object": "batch", "endpoint": order["endpoint"], "errors": None,
            "input_file_id": order["input_file_id"], "status": "validating", "output_file_id": None,
            "error_file_id": None, "created_at": int(time.time()), "metadata": order.get("metadata"),
            "request_counts": {"total": 0, "completed": 0, "failed": 0}, "_number": number, "_looks": 0,
            "_total": len(lines), "_failed": len(failed),
        }  # fmt: skip
        for key, rows in (("_output", answered), ("_errors", failed)):
            batch[key] = f"file-{number}{key}" if rows else None
            self.server.files[f"file-{number}{key}"] = "\n".join(map(json.dumps, reversed(rows))).encode()
        self.server.batches[batch["id"]] = batch
        return _shown(batch)

    def _anthropic(self, order: dict[str, Any]) -> dict[str, Any]:
        results = []
        for request in order["requests"]:
            body = self._asked(request["params"])
            if isinstance(body, str):
                message = {"type": "message", "id": "msg_1", "role": "assistant", "model": "claude-stub",
                           "content": [{"type": "text", "text": body}], "stop_reason": "end_turn",
                           "usage": {"input_tokens": 1000, "output_tokens": 200}}  # fmt: skip
                result: dict[str, Any] = {"type": "succeeded", "message": message}
            elif "type" in body:
                result = body
            else:
                continue
            results.append({"custom_id": request["custom_id"], "result": result})
        number = len(self.server.batches)
        batch = {
            "id": f"msgbatch_{number}", "type": "message_batch", "processing_status": "in_progress",
            "request_counts": {"processing": len(order["requests"]), "succeeded": 0, "errored": 0, "canceled": 0,
                               "expired": 0},
            "created_at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "results_url": None,
            "_number": number, "_looks": 0, "_results": "\n".join(map(json.dumps, reversed(results))).encode(),
        }  # fmt: skip
        self.server.batches[batch["id"]] = batch
        return _shown(batch)

    def _asked(self, body: dict[str, Any]) -> str | dict[str, Any]:
        assert "stream" not in body
        self.server.questions.append(body)
        self.server.asked[topic(body)] += 1
        return self.server.say(body)

    def _looked_at(self, name: str) -> dict[str, Any]:
        batch = self.server.batches[name]
        batch["_looks"] += 1
        ended = batch["_looks"] > self.server.looks
        if "processing_status" in batch:
            if ended and batch["processing_status"] != "ended":
                counts = batch["request_counts"]
                batch |= {"processing_status": "ended"}
                batch["request_counts"] = {**counts, "succeeded": counts["processing"], "processing": 0}
        elif self.server.fail:
            batch |= {"status": "failed", "errors": {"object": "list", "data": [{"message": "the file is too odd"}]}}
        else:
            batch["status"] = "completed" if ended else "in_progress"
            done = batch["_total"] if ended else 0
            batch["request_counts"] = {"total": batch["_total"], "completed": done - batch["_failed"] * ended,
                                       "failed": batch["_failed"] * ended}  # fmt: skip
            if ended:
                batch |= {"output_file_id": batch["_output"], "error_file_id": batch["_errors"]}
        return batch

    def _send(self, data: dict[str, Any], status: int = 200) -> None:
        self._raw(json.dumps(data).encode(), "application/json", status)

    def _raw(self, content: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # who asked was killed
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


def _shown(batch: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in batch.items() if not key.startswith("_")}


@contextmanager
def batch_server(say: Say, **how: Any) -> Iterator[BatchServer]:
    """A running server; it stops with the block."""
    server = BatchServer(say, **how)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
