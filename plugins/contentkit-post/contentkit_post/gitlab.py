"""GitLab's API: a discussion for each finding, and one note in the conversation.

Sources of the rules: docs.gitlab.com/api/discussions, /api/notes, /api/merge_requests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from contentkit.core.errors import AuthenticationError, BadReplyError, UsageError
from contentkit_post import words
from contentkit_post.api import Api, Refused
from contentkit_post.comment import comment
from contentkit_post.diff import FileDiff, read_patch
from contentkit_post.plan import Item
from contentkit_post.run import Note, There

HINT = (
    "Set GITLAB_TOKEN to a project access token with the scope `api`; GitLab lets the job token (CI_JOB_TOKEN) of most "
    "installations read and write no merge request. Variables are not given to pipelines of forks."
)
API = "https://gitlab.com/api/v4"
_READY = 5
"""How often a new merge request is asked for its commits, which GitLab computes after it was opened."""


class GitLab:
    """One merge request. ``commit`` is the head that was reviewed, "" where that is unknown."""

    limit = 1_000_000

    def __init__(self, api: Api, project: str, iid: int, *, commit: str = "") -> None:
        if not project.strip("/"):
            raise UsageError("--project is empty.", hint="Write its number, or GROUP/NAME.")
        self.api = api
        self._path = f"/projects/{quote(project.strip('/'), safe='')}/merge_requests/{iid}"
        self._name = f"{project}!{iid}"
        self._commit = commit
        self._refs: dict[str, str] = {}
        self._me: str | None = None

    def moved(self) -> str:
        """Whether somebody has pushed since the review; waits for GitLab to know the commits."""
        for attempt in range(1, _READY + 1):
            found = self.api.get(self._path)
            refs = found.get("diff_refs") if isinstance(found, dict) else None
            names = ("base_sha", "start_sha", "head_sha")
            if isinstance(refs, dict) and all(refs.get(name) for name in names):
                self._refs = {name: str(refs[name]) for name in names}
                break
            why = BadReplyError(f"the merge request {self._name} has no diff yet.", vendor="gitlab", hint="Run again.")
            if attempt == _READY:
                raise why
            self.api.wait(1.0, why)
        head = self._refs["head_sha"]
        if self._commit and not head.startswith(self._commit.lower()):
            return f"{self._name} has moved on from {self._commit[:12]} to {head[:12]}; nothing was posted."
        return ""

    def files(self) -> Iterator[FileDiff]:
        """The diff. A file whose diff is collapsed or too large takes comments as a whole only."""
        for file in self._diffs():
            path, old = str(file.get("new_path") or ""), str(file.get("old_path") or "")
            yield read_patch(path or old, old or path, str(file.get("diff") or ""))

    def _diffs(self) -> list[dict[str, Any]]:
        try:
            return list(self.api.pages(f"{self._path}/diffs"))
        except Refused as error:
            if error.status != 404:  # GitLab before 15.7
                raise
        found = self.api.get(f"{self._path}/changes")
        changes = found.get("changes") if isinstance(found, dict) else None
        return [file for file in changes if isinstance(file, dict)] if isinstance(changes, list) else []

    def there(self) -> There:
        """Our notes; a mark in anybody else's counts for nothing."""
        if self._me is None:
            self._me = self._who()
        findings, note = set(), None
        for talk in self.api.pages(f"{self._path}/discussions"):
            notes = talk.get("notes")
            for found in notes if isinstance(notes, list) else ():
                if not isinstance(found, dict) or not self._mine(found):
                    continue
                body = str(found.get("body") or "")
                if name := words.marked(body):
                    findings.add(name)
                elif (
                    note is None and (known := words.summarised(body)) is not None and isinstance(found.get("id"), int)
                ):
                    note = Note(found["id"], body, tuple(known))
        return There(frozenset(findings), note)

    def send(self, items: Sequence[Item]) -> list[Item]:
        """A discussion each: on the lines, else on the file; the ones that GitLab takes on neither come back."""
        return [item for item in items if not (self._start(item) or (item.spot and self._start(item.on_file())))]

    def write_note(self, body: str, old: Note | None) -> None:
        """The summary, in the place of the one before."""
        if old:
            try:
                self.api.write("PUT", f"{self._path}/notes/{old.id}", {"body": body})
                return
            except Refused as error:
                if error.status != 404:
                    raise
        self.api.write("POST", f"{self._path}/notes", {"body": body})

    def _who(self) -> str:
        """Our login. A job token may not ask; it acts for the person who started the pipeline."""
        try:
            user = self.api.get("/user")
        except (AuthenticationError, Refused):
            name = os.environ.get("GITLAB_USER_LOGIN", "") if os.environ.get("CI_JOB_TOKEN") else ""
            if not name:
                raise
            return name
        name = str(user.get("username") or "") if isinstance(user, dict) else ""
        if not name:
            raise BadReplyError("the answer does not say whose token this is.", vendor="gitlab")
        return name

    def _mine(self, note: Mapping[str, Any]) -> bool:
        author = note.get("author")
        return isinstance(author, dict) and author.get("username") == self._me

    def _start(self, item: Item) -> bool:
        """Open a discussion; whether GitLab took it."""
        spot = item.spot
        above = spot.end - spot.start if spot else 0
        body = {"body": comment(item, f"suggestion:-{above}+0", self.limit), "position": self._position(item)}
        try:
            self.api.write("POST", f"{self._path}/discussions", body)
        except Refused as error:
            if error.status not in (400, 422):
                raise
            return False
        return True

    def _position(self, item: Item) -> dict[str, object]:
        """On lines: the last one, by its number after, before, or both for a line that did not change."""
        file, spot = item.file, item.spot
        assert file is not None
        position: dict[str, object] = {
            **self._refs,
            "position_type": "text" if spot else "file",
            "old_path": file.old_path,
            "new_path": file.path,
        }
        if spot and spot.last.new is not None:
            position["new_line"] = spot.last.new
        if spot and spot.last.old is not None:
            position["old_line"] = spot.last.old
        return position
