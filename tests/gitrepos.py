"""Real git repositories in temporary folders, made by git itself and by nobody's settings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "author",
    "GIT_COMMITTER_EMAIL": "author@example.com",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}


class Repo:
    """A repository with a work tree. ``files`` maps paths to texts or bytes; None deletes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str, check: bool = True) -> str:
        """What git says, as text."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | ENV
        done = subprocess.run(["git", *words], cwd=self.root, env=env, capture_output=True, check=False)
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "replace")

    def write(self, files: dict[str, str | bytes | None]) -> None:
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def stage(self, files: dict[str, str | bytes | None]) -> None:
        self.write(files)
        self.git("add", "-A")

    def commit(self, files: dict[str, str | bytes | None], message: str = "a change") -> str:
        """The new commit's id."""
        self.stage(files)
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()
