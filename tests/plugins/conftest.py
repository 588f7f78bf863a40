"""A plugin built and installed as a user does it, and a change in a real repository to post to."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepos import Repo
from reviewserver import Changed

ROOT = Path(__file__).parents[2]
BEFORE = {
    "app/cart.py": "".join(f"line_{number} = {number}\n" for number in range(1, 41)),
    "app/old.py": "".join(f"value_{number} = {number}\n" for number in range(1, 21)),
    "gone.py": "one\ntwo\nthree\n",
    "crlf.txt": "a\r\nb\r\nc\r\n",
    "logo.png": "\0\1\2",
}


def after() -> dict[str, str]:
    cart = BEFORE["app/cart.py"].splitlines(keepends=True)
    cart[4:6] = ["total = price(\n", "    None)\n", "check()\n"]  # lines 5 and 6 become lines 5 to 7
    cart[30:32] = ["log = '```'\n"]  # lines 30 and 31 after the change were 29 and 30: line 32 is one
    return {
        "app/cart.py": "".join(cart),
        "app/new name.py": BEFORE["app/old.py"].replace("value_3 = 3\n", "value_3 = 4\n"),
        "crlf.txt": "a\r\nB\r\nc\r\n",
        "added.py": "alpha\nbeta",
        "logo.png": "\0\2\1",
    }


@pytest.fixture(scope="session")
def change(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[Changed]]:
    """The files of a change, with the text of git's own diff; made anew for each server."""
    repo = Repo(tmp_path_factory.mktemp("repository"))
    for files in (BEFORE, after()):
        repo.commit({**dict.fromkeys(path for path in BEFORE if (repo.root / path).exists()), **files})
    changed = []
    for part in repo.git("diff", "-M", "HEAD~", "HEAD").split("diff --git ")[1:]:
        head, _, patch = part.partition("\n@@ ")
        names = re.match(r"a/(.+?) b/(.+)", head)
        assert names
        old, new = names[1], names[2].rstrip("\t")
        status = next((word for word in ("new file", "deleted file", "rename from") if word in head), "")
        kind = {"new file": "added", "deleted file": "removed", "rename from": "renamed"}.get(status, "modified")
        text = f"@@ {patch}".removesuffix("\n") if patch else ""
        changed.append((new, text, old if old != new else "", kind))
    return lambda: [Changed(*parts) for parts in changed]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with contentkit-post in it, without the network."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--target", str(folder), str(ROOT / "plugins" / "contentkit-post")],
        check=True,
        timeout=120,
    )  # fmt: skip
    return folder


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin's modules importable in this process."""
    monkeypatch.syspath_prepend(str(ROOT / "plugins" / "contentkit-post"))
