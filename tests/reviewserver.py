"""GitHub and GitLab on loopback, as far as comments on a change go: they enforce the vendors' rules and keep state.

A rule that is broken is answered in the vendor's own words (collected from public reports of the errors), a batch of
GitHub's fails as a whole, lists come in pages with a Link header. ``faults`` is what happens to coming requests.

    with ReviewServer(Change(files, head="...")) as server:
        ...  # ask server.github or server.gitlab
        assert server.comments
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "tok-5f1d0c7a9b3e"
REPO = "acme/shop"
PROJECT = "acme%2Fsub.group%2Fshop"


@dataclass
class Changed:
    """One file of the change; ``patch`` is git's text from the first ``@@`` on, "" where the vendor shows none."""

    path: str
    patch: str = ""
    old_path: str = ""
    status: str = "modified"

    def rows(self) -> Iterator[tuple[int, str, int, int]]:
        """(hunk, sign, old number, new number) of each line, counted without the plugin's own reader."""
        hunk = old = new = 0
        for row in filter(None, self.patch.split("\n")):
            if row.startswith("@@ "):
                hunk += 1
                old, new = (int(number.split(",")[0]) for number in re.findall(r"[-+](\d+(?:,\d+)?)", row)[:2])
            elif row[0] != "\\":
                yield hunk, row[0], old, new
                old, new = old + (row[0] != "+"), new + (row[0] != "-")

    def hunk_of(self, side: str, line: int) -> int:
        """The hunk of a line on a side; 0 where it is in none."""
        for hunk, sign, old, new in self.rows():
            if (side == "RIGHT" and sign != "-" and new == line) or (side == "LEFT" and sign != "+" and old == line):
                return hunk
        return 0


@dataclass
class Fault:
    """What happens to the next request that fits; it happens ``times`` times.

    Attributes:
        kind: "429", "secondary", "422" (too quickly), "500", "502-late" (done, then a bad gateway), "drop" (nothing was
            done), "drop-late" (done, but the answer is lost), "403", "404", "redirect".
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    after: float | None = 0.0


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ReviewServer:
    """Both vendors for one change.

    Attributes:
        files: the diff.
        head: commit of the request's head.
        login: whose the token is; "" for a workflow's token, which posts as a bot and may not ask who it is.
        comments: GitHub's review comments or GitLab's notes in discussions; ``notes`` stand in the conversation.
        unready: so many answers of GitLab without the commits of the diff.
        old: GitLab before 15.7: no list of diffs, and no comments on files.
        slow: seconds before each write is answered.
        page: the vendor's default length of a page.
    """

    files: list[Changed]
    head: str = "a" * 40
    base: str = "b" * 40
    login: str = "reviewer"
    comments: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    unready: int = 0
    old: bool = False
    slow: float = 0.0
    author: str = "author"
    on_write: Callable[[int], None] | None = None
    url: str = ""
    _ids: int = 1000

    def __enter__(self) -> ReviewServer:
        self.lock = threading.RLock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"state": self}))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def github(self) -> str:
        return self.url

    @property
    def gitlab(self) -> str:
        return f"{self.url}/api/v4"

    @property
    def writes(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method != "GET"]

    def user(self) -> dict[str, Any]:
        """Who a comment is from."""
        name = self.login or "github-actions[bot]"
        return {"login": name, "username": name, "type": "User" if self.login else "Bot"}

    def keep(self, where: list[dict[str, Any]], entry: dict[str, Any], by: str = "") -> dict[str, Any]:
        """Store something under a new id."""
        user = {"login": by, "username": by, "type": "User"} if by else self.user()
        self._ids += 1
        where.append(kept := {"id": self._ids, "user": user, "author": user, **entry})
        return kept

    def file(self, path: object) -> Changed | None:
        return next((file for file in self.files if file.path == path), None)


class _Stop(Exception):
    """An answer that ends the request: status and body."""


def _refuse(status: int, body: object) -> _Stop:
    return _Stop(status, body)


class _Handler(BaseHTTPRequestHandler):
    state: ReviewServer
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet: two would wait 40 ms for each other

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        state, split = self.state, urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, split.path, parse_qs(split.query), headers, json.loads(raw) if raw else {})
        with state.lock:
            state.asked.append(asked)
            fault = self._fault(asked)
            if fault and not fault.kind.endswith("-late"):
                return self._fail(fault)
            try:
                status, body = (_gitlab if split.path.startswith("/api/v4/") else _github)(state, asked)
            except _Stop as stop:
                status, body = stop.args
            if asked.method != "GET" and state.on_write:
                state.on_write(len(state.writes))
        if state.slow and asked.method != "GET":
            time.sleep(state.slow)
        if fault:
            return self._fail(fault)
        extra = {}
        if isinstance(body, list) and asked.method == "GET":
            body, extra = self._page(body, asked)
        self._reply(status, body, extra)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.state.faults:
            if fault.times and re.search(fault.path, asked.path) and fault.method in ("", asked.method):
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        headers = {} if fault.after is None else {"Retry-After": f"{fault.after:g}"}
        token = f" (token {TOKEN})"
        match fault.kind:
            case "drop" | "drop-late":
                self.close_connection = True
            case "429":
                self._reply(429, {"message": "429 Too Many Requests" + token}, headers)
            case "secondary":
                words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
                self._reply(403, {"message": words, "documentation_url": "https://docs.github.com/"}, headers)
            case "422":
                said = "was submitted too quickly after a previous comment"
                error = {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": said}
                self._reply(422, {"message": "Validation Failed", "errors": [error]}, headers)
            case "403":
                self._reply(403, {"message": "Resource not accessible by integration" + token, "status": "403"})
            case "404":
                self._reply(404, {"message": "Not Found"})
            case "redirect":
                self._reply(301, {"message": "Moved Permanently"}, {"Location": "http://127.0.0.1:9/elsewhere"})
            case _:
                self._reply(int(fault.kind[:3]), {"message": "Server Error" + token}, headers)

    def _page(self, items: list[Any], asked: Asked) -> tuple[list[Any], dict[str, str]]:
        default = 20 if asked.path.startswith("/api/v4/") else 30
        size = min(100, int(asked.query.get("per_page", [str(default)])[0]))
        page = int(asked.query.get("page", ["1"])[0])
        last = max(1, -(-len(items) // size))
        at = f"{self.state.url}{asked.path}?per_page={size}&page="
        links = [f'<{at}{last}>; rel="last"']
        if page < last:
            links.insert(0, f'<{at}{page + 1}>; rel="next"')
        return items[(page - 1) * size : page * size], {"Link": ", ".join(links)}

    def _reply(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-GitHub-Request-Id", "F00:1")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


# -- GitHub -----------------------------------------------------------------------------------------------------------

_DOCS = "https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request"


def _unprocessable(*errors: str) -> _Stop:
    body = {
        "message": "Unprocessable Entity",
        "errors": [", and ".join(errors)],
        "documentation_url": _DOCS,
        "status": "422",
    }
    return _refuse(422, body)


def _invalid(*errors: str) -> _Stop:
    return _refuse(
        422, {"message": "Invalid request.\n\n" + "\n".join(errors), "documentation_url": _DOCS, "status": "422"}
    )


def _github(state: ReviewServer, asked: Asked) -> tuple[int, object]:
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        raise _refuse(401, {"message": "Bad credentials", "status": "401"})
    if not asked.headers.get("user-agent"):
        raise _refuse(403, {"message": "Request forbidden by administrative rules."})
    assert asked.headers.get("x-github-api-version") == "2022-11-28"
    assert asked.headers.get("accept") == "application/vnd.github+json"
    pull, talk = f"/repos/{REPO}/pulls/7", f"/repos/{REPO}/issues/7/comments"
    match asked.method, asked.path:
        case "GET", "/user":
            if not state.login:
                raise _refuse(403, {"message": "Resource not accessible by integration", "status": "403"})
            return 200, state.user()
        case "GET", path if path == pull:
            return 200, {"number": 7, "state": "open", "head": {"sha": state.head}, "base": {"sha": state.base}}
        case "GET", path if path == f"{pull}/files":
            return 200, [_github_file(file) for file in state.files]
        case "GET", path if path == f"{pull}/comments":
            return 200, list(state.comments)
        case "GET", path if path == talk:
            return 200, list(state.notes)
        case "POST", path if path == f"{pull}/reviews":
            return 200, _review(state, asked.body)
        case "POST", path if path == f"{pull}/comments":
            return 201, _single(state, asked.body)
        case "POST", path if path == talk:
            return 201, state.keep(state.notes, {"body": _github_body(asked.body)})
        case "PATCH", path if path.startswith(f"/repos/{REPO}/issues/comments/"):
            return 200, _edited(state.notes, path, _github_body(asked.body), state)
    raise _refuse(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})


def _github_file(file: Changed) -> dict[str, object]:
    found: dict[str, object] = {"filename": file.path, "status": file.status, "sha": "c" * 40}
    if file.old_path:
        found["previous_filename"] = file.old_path
    return found | ({"patch": file.patch} if file.patch else {})


def _github_body(body: dict[str, Any]) -> str:
    text = body.get("body")
    if not isinstance(text, str):
        raise _invalid('"body" wasn\'t supplied.')
    if not text.strip():
        raise _unprocessable("Body can't be blank")
    if len(text) > 65_536:
        raise _refuse(
            422, {"message": "Validation Failed", "errors": ["body is too long (maximum is 65536 characters)"]}
        )
    return text


def _edited(notes: list[dict[str, Any]], path: str, body: str, state: ReviewServer) -> dict[str, Any]:
    for note in notes:
        if str(note["id"]) == path.rsplit("/", 1)[1]:
            if note["user"]["login"] != state.user()["login"]:
                raise _refuse(403, {"message": "Must have admin rights to Repository."})
            note["body"] = body
            return note
    raise _refuse(404, {"message": "Not Found"})


def _review(state: ReviewServer, body: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(body) - {"commit_id", "body", "event", "comments"}:
        raise _invalid(*(f'"{name}" is not a permitted key.' for name in unknown))
    if body.get("commit_id") != state.head:
        raise _unprocessable("Commit is not part of the pull request")
    if body.get("event") not in ("APPROVE", "REQUEST_CHANGES", "COMMENT"):
        raise _invalid(f"{body.get('event')} is not a member of the list.")
    if body["event"] != "APPROVE":
        _github_body(body)
    if body["event"] == "REQUEST_CHANGES" and state.author == state.user()["login"]:
        raise _unprocessable("Review Can not request changes on your own pull request")
    comments = body.get("comments", [])
    if len(comments) > 30:
        words = "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
        raise _refuse(403, {"message": words})
    for comment in comments:
        if "position" in comment:
            raise AssertionError("position counts lines of the diff and is closing down: line and side are asked for")
        if unknown := set(comment) - {"path", "body", "line", "side", "start_line", "start_side"}:
            raise _invalid(*(f'"{name}" is not a permitted key.' for name in unknown))
        _on_line(state, comment)
    state.reviews.append(body)
    for comment in comments:
        state.keep(state.comments, comment)
    return {"id": len(state.reviews), "state": "COMMENTED"}


def _single(state: ReviewServer, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("commit_id") != state.head:
        raise _unprocessable("Commit is not part of the pull request")
    if body.get("subject_type") != "file":
        _on_line(state, body)
    elif state.file(body.get("path")) is None:
        raise _unprocessable("Pull request review thread path is invalid")
    elif {"line", "side", "position"} & set(body):
        raise _invalid('No subschema in "oneOf" matched.', '"line" is not a permitted key.')
    _github_body(body)
    return state.keep(state.comments, body)


def _on_line(state: ReviewServer, comment: dict[str, Any]) -> None:
    """Raise what GitHub says where a comment can't stand on its lines."""
    _github_body(comment)
    file, line, side = state.file(comment.get("path")), comment.get("line"), comment.get("side", "RIGHT")
    blank = "Pull request review thread diff hunk can't be blank"
    if file is None:
        raise _unprocessable("Pull request review thread path is invalid", blank)
    if not isinstance(line, int) or side not in ("LEFT", "RIGHT"):
        raise _invalid('No subschema in "oneOf" matched.', '"line" wasn\'t supplied.')
    hunk, wrong = file.hunk_of(side, line), []
    if not hunk:
        wrong.append("Pull request review thread line must be part of the diff")
    if (start := comment.get("start_line")) is not None:
        if start >= line:
            wrong.append("Pull request review thread start line must precede the end line.")
        elif file.hunk_of(comment.get("start_side", side), start) != hunk:
            wrong.append("Pull request review thread start line must be part of the same hunk as the line.")
    if wrong:
        raise _unprocessable(*wrong, blank)


# -- GitLab -----------------------------------------------------------------------------------------------------------


def _gitlab(state: ReviewServer, asked: Asked) -> tuple[int, object]:
    job = "job-token" in asked.headers
    if TOKEN not in (asked.headers.get("private-token"), asked.headers.get("job-token")):
        raise _refuse(401, {"message": "401 Unauthorized"})
    path = asked.path.removeprefix("/api/v4")
    request = f"/projects/{PROJECT}/merge_requests/3"
    path = path.replace("/projects/42/", f"/projects/{PROJECT}/")
    if (asked.method, path) == ("GET", "/user"):
        if job:
            raise _refuse(401, {"message": "401 Unauthorized"})
        return 200, state.user()
    if not path.startswith(request):  # also a path of a project that is not encoded
        raise _refuse(404, {"error": "404 Not Found"})
    match asked.method, path.removeprefix(request):
        case "GET", "":
            refs = {"base_sha": state.base, "start_sha": state.base, "head_sha": state.head}
            if state.unready > 0:
                state.unready, refs = state.unready - 1, None  # type: ignore[assignment]
            return 200, {"iid": 3, "sha": state.head, "diff_refs": refs}
        case "GET", "/diffs" if not state.old:
            return 200, [_gitlab_file(file) for file in state.files]
        case "GET", "/changes":
            return 200, {"iid": 3, "changes": [_gitlab_file(file) for file in state.files]}
        case "GET", "/discussions":
            talks = [{"id": f"d{note['id']}", "individual_note": False, "notes": [note]} for note in state.comments]
            alone = [{"id": f"n{note['id']}", "individual_note": True, "notes": [note]} for note in state.notes]
            return 200, alone + talks
        case "POST", "/discussions":
            text = _gitlab_body(asked.body)
            _positioned(state, asked.body.get("position"))
            note = state.keep(state.comments, {"body": text, "position": asked.body["position"]})
            return 201, {"id": f"d{note['id']}", "notes": [note]}
        case "POST", "/notes":
            return 201, state.keep(state.notes, {"body": _gitlab_body(asked.body)})
        case "PUT", tail if tail.startswith("/notes/"):
            return 200, _edited(state.notes, tail, _gitlab_body(asked.body), state)
    raise _refuse(404, {"error": "404 Not Found"})


def _gitlab_file(file: Changed) -> dict[str, object]:
    """GitLab names both paths, also where one side has no file."""
    return {
        "old_path": file.old_path or file.path,
        "new_path": file.path,
        "new_file": file.status == "added",
        "deleted_file": file.status == "removed",
        "renamed_file": bool(file.old_path),
        "collapsed": not file.patch,
        "diff": file.patch,
    }


def _gitlab_body(body: dict[str, Any]) -> str:
    text = body.get("body")
    if not isinstance(text, str) or not text:
        raise _refuse(400, {"error": "body is missing"})
    if len(text) > 1_000_000:
        raise _refuse(400, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}})
    return text


def _positioned(state: ReviewServer, position: object) -> None:
    """Raise what GitLab says where a position is not one of the diff."""
    if not isinstance(position, dict):
        raise _refuse(400, {"error": "position is missing"})
    for name in ("base_sha", "start_sha", "head_sha", "position_type"):
        if not position.get(name):
            raise _refuse(400, {"error": f"position[{name}] is missing"})
    kinds = ("text", "image") if state.old else ("text", "image", "file")
    if position["position_type"] not in kinds:
        raise _refuse(400, {"error": "position[position_type] does not have a valid value"})
    wrong = {"message": '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'}
    file = state.file(position.get("new_path"))
    refs = [position["base_sha"], position["start_sha"], position["head_sha"]]
    if file is None or position.get("old_path") != (file.old_path or file.path):
        raise _refuse(400, wrong)
    if refs != [state.base, state.base, state.head]:
        raise _refuse(400, wrong)
    if position["position_type"] == "file":
        if "new_line" in position or "old_line" in position:
            raise _refuse(400, wrong)
        return
    lines = {(None if sign == "+" else old, None if sign == "-" else new) for _, sign, old, new in file.rows()}
    if (position.get("old_line"), position.get("new_line")) not in lines:
        raise _refuse(400, wrong)
