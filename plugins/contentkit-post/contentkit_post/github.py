"""GitHub's REST API: a review with comments on lines, comments on files, and one comment in the conversation.

Sources of the rules: docs.github.com/rest/pulls/reviews, /rest/pulls/comments, /rest/issues/comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contentkit.core.errors import AuthenticationError, BadReplyError, UsageError
from contentkit.core.plural import counted
from contentkit_post import words
from contentkit_post.api import Api, Refused
from contentkit_post.comment import comment
from contentkit_post.diff import FileDiff, read_patch
from contentkit_post.plan import Item
from contentkit_post.run import Note, There

BATCH = 30
"""Comments in one review; more at once looks like abuse to GitHub (as reviewdog found)."""
HINT = (
    "The token needs write access to pull requests (in a workflow: `permissions: pull-requests: write`). "
    "The workflow of a pull request from a fork has a read-only token: "
    "post from a `workflow_run` job that gets the report as an artifact."
)
API = "https://api.github.com"


def headers(token: str) -> dict[str, str]:
    """What GitHub asks of a client."""
    return {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token}",
        "User-Agent": "contentkit-post",
        "X-GitHub-Api-Version": "2022-11-28",
    }


@dataclass(frozen=True, slots=True)
class Event:
    """What the file under GITHUB_EVENT_PATH says of the pull request."""

    pull: int | None = None
    head: str = ""


def read_event(path: str) -> Event:
    """The pull request that a workflow runs for; nothing where the event is of another kind or can't be read."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Event()
    data = data if isinstance(data, dict) else {}
    run = data.get("workflow_run")
    pulls = run.get("pull_requests") if isinstance(run, dict) else None
    pull = data.get("pull_request") or (pulls[0] if isinstance(pulls, list) and len(pulls) == 1 else None)
    if not isinstance(pull, dict) or not isinstance(pull.get("number"), int):
        return Event()
    head = pull.get("head")
    return Event(pull["number"], str(head.get("sha") or "") if isinstance(head, dict) else "")


class GitHub:
    """One pull request. ``commit`` is the head that was reviewed, "" where that is unknown."""

    limit = 65_536

    def __init__(self, api: Api, repo: str, pull: int, *, commit: str = "", request_changes: bool = False) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]+", repo, re.ASCII) or repo.split("/")[1] in (".", ".."):
            raise UsageError(f"{repo!r} is not the name of a repository.", hint="Write --repo OWNER/NAME.")
        self.api = api
        self._pull = f"/repos/{repo}/pulls/{pull}"
        self._talk = f"/repos/{repo}/issues/{pull}/comments"
        self._edit = f"/repos/{repo}/issues/comments/"
        self._name = f"{repo}#{pull}"
        self._commit = commit
        self._event = "REQUEST_CHANGES" if request_changes else "COMMENT"
        self._head = ""
        self._me: str | None = None

    def moved(self) -> str:
        """Whether somebody has pushed since the review."""
        head = self.api.get(self._pull)
        head = head.get("head") if isinstance(head, dict) else None
        self._head = str(head.get("sha") or "") if isinstance(head, dict) else ""
        if not self._head:
            raise BadReplyError(f"the pull request {self._name} has no head.", vendor="github")
        if self._commit and not self._head.startswith(self._commit.lower()):
            return f"{self._name} has moved on from {self._commit[:12]} to {self._head[:12]}; nothing was posted."
        return ""

    def files(self) -> Iterator[FileDiff]:
        """The diff. A file without a patch (binary, too large) takes comments as a whole only."""
        for file in self.api.pages(f"{self._pull}/files"):
            path = str(file.get("filename") or "")
            yield read_patch(path, str(file.get("previous_filename") or path), str(file.get("patch") or ""))

    def there(self) -> There:
        """Our comments; a mark in anybody else's counts for nothing."""
        if self._me is None:
            self._me = self._who()
        ours = (c for c in self.api.pages(f"{self._pull}/comments") if self._mine(c))
        findings = frozenset(name for c in ours if (name := words.marked(str(c.get("body") or ""))))
        for note in self.api.pages(self._talk):
            body = str(note.get("body") or "")
            if self._mine(note) and (known := words.summarised(body)) is not None and isinstance(note.get("id"), int):
                return There(findings, Note(note["id"], body, tuple(known)))
        return There(findings)

    def send(self, items: Sequence[Item]) -> list[Item]:
        """Reviews of 30 comments; one that is refused is halved until the comment at fault stands alone."""
        lines = [item for item in items if item.spot]
        left = [item for item in items if not item.spot]
        for at in range(0, len(lines), BATCH):
            left += self._review(lines[at : at + BATCH])
        return [item for item in left if not self._on_file(item.on_file())]

    def write_note(self, body: str, old: Note | None) -> None:
        """The summary, in the place of the one before."""
        if old:
            try:
                self.api.write("PATCH", f"{self._edit}{old.id}", {"body": body})
                return
            except Refused as error:
                if error.status != 404:  # deleted while we were at it
                    raise
        self.api.write("POST", self._talk, {"body": body})

    def _who(self) -> str:
        """Our login; "" for the token of an app or a workflow, which may not ask, and posts as a bot."""
        try:
            user = self.api.get("/user")
        except AuthenticationError as error:
            if error.status == 401:
                raise
            return ""
        return str(user.get("login") or "") if isinstance(user, dict) else ""

    def _mine(self, found: Mapping[str, Any]) -> bool:
        user = found.get("user")
        if not isinstance(user, dict):
            return False
        return user.get("login") == self._me if self._me else user.get("type") == "Bot"

    def _review(self, items: Sequence[Item]) -> list[Item]:
        """Post as one review; the refused come back."""
        body = {
            "commit_id": self._head,
            "event": self._event,
            "body": f"contentkit: {counted(len(items), 'new finding')}.",
            "comments": [{**_position(item), "body": comment(item, "suggestion", self.limit)} for item in items],
        }
        try:
            self.api.write("POST", f"{self._pull}/reviews", body)
        except Refused as error:
            if self._event == "REQUEST_CHANGES" and "own pull request" in error.message.lower():
                self._event = "COMMENT"
                return self._review(items)
            if error.status != 422:
                raise
            if len(items) == 1:
                return list(items)
            half = len(items) // 2
            return [*self._review(items[:half]), *self._review(items[half:])]
        return []

    def _on_file(self, item: Item) -> bool:
        """A comment on the whole file; whether it was taken."""
        if item.file is None:
            return False
        body = {
            "commit_id": self._head,
            "path": item.file.path,
            "subject_type": "file",
            "body": comment(item, "suggestion", self.limit),
        }
        try:
            self.api.write("POST", f"{self._pull}/comments", body)
        except Refused as error:
            if error.status != 422:
                raise
            return False
        return True


def _position(item: Item) -> dict[str, object]:
    spot = item.spot
    assert spot is not None
    position: dict[str, object] = {"path": spot.file.path, "line": spot.end, "side": spot.side}
    if spot.start < spot.end:
        position |= {"start_line": spot.start, "start_side": spot.side}
    return position
