"""Real repositories for tests of hooks and CI, where programs run in them as a user would (``gitrepos`` is plainer)."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from gitrepos import ENV

SECRET = "ghp_" + "0a1B2c3D4e5F6g7H8i9J" + "k0L1m2N3o4P5q6R7"
LEAK = f'TOKEN = "{SECRET}"\n'
FINE = "def double(number):\n    return number * 2\n"


def environment(**more: str) -> dict[str, str]:
    """No settings of the machine, the same author and time in every commit, and nothing that git set for us."""
    fixed = {
        **ENV,
        "CONTENTKIT_PROBE": "0",
        "PYTHONUTF8": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {**inherited, **fixed, **more}


class Repo:
    """A repository in a folder, driven from outside."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.env = environment()
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *words)

    def run(
        self, *command: str, stdin: str = "", cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd or self.folder,
            env={**self.env, **env},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def git(self, *words: str, **env: str) -> str:
        """What git prints; it must succeed."""
        done = self.run("git", *words, **env)
        assert done.returncode == 0, f"git {shlex.join(words)}: {done.stderr}"
        return done.stdout

    def ask(
        self, *words: str, stdin: str = "", cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """contentkit, as a user types it."""
        return self.run(sys.executable, "-m", "contentkit", *words, stdin=stdin, cwd=cwd, **env)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def commit(self, message: str = "Change", **files: str) -> str:
        """The id of a commit of these files, made without any hook."""
        for name, text in files.items():
            self.write(name.replace("__", "."), text)
        self.git("add", "-A")
        self.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def hook(self, name: str, text: str, mode: int = 0o755) -> Path:
        path = self.folder / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        path.chmod(mode)
        return path
