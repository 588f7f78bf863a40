"""The plugin in ``plugins/``, built and installed as a user installs it, and used through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORG = """\
#+TITLE: Release 2
#+LANGUAGE: en
* DONE [#A] The *parser* is twice as fast :release:
  :PROPERTIES:
  :ID: 4711
  :END:
  SCHEDULED: <2026-11-21 Sat>
# a comment nobody should see
The parser of the project reads a file in half the time, and it needs less memory than it did before.
See [[https://example.org/a_b][the /notes/ of the release]] for every change that was made since the spring.
Nobody has to change a setting; =old_files= are read as they were, and new ones have the same form.
- [X] one
- two
#+begin_src python
,* not a heading
print("hi")
#+end_src
| a | b |
|---+---|
| 1 | 2 |
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin in it, without the network."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--target", str(folder), str(ROOT / "plugins" / "contentkit-orgmode")],
        check=True,
        timeout=120,
    )  # fmt: skip
    return folder


def run(site: Path | None, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(site) if site else "", str(ROOT)]))
    env = {**os.environ, "PYTHONPATH": path, "CONTENTKIT_PROBE": "0", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "contentkit", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_it_is_a_plugin_where_it_is_installed_and_nowhere_else(site: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in run(site, tmp_path, "doctor", "--json").stdout.splitlines()]
    assert [row["detail"] for row in rows if row["name"] == "plugins"] == ["orgmode: source org, format org"]
    assert not [row for row in rows if row["state"] == "broken" and "lugin" in row["detail"]]
    without = run(None, tmp_path, "doctor", "--json").stdout
    assert '"plugins"' not in without


def test_an_org_file_goes_in_and_an_org_file_comes_out(site: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.org").write_text(ORG, encoding="utf-8")
    done = run(site, tmp_path, "write", "article", "--from", "notes.org", "--model", "offline", "--format", "org")
    assert done.returncode == 0, done.stderr
    assert "#+LANGUAGE: en" in done.stdout
    assert "reads a file in half the time" in done.stdout
    assert "\n* " in done.stdout or done.stdout.startswith("* ")
    for hidden in ("4711", "SCHEDULED", "nobody should see", ":release:", "#+TITLE: Release 2\n#+LANGUAGE: en\n* DONE"):
        assert hidden not in done.stdout
    unknown = run(None, tmp_path, "write", "article", "--from", "notes.org", "--model", "offline", "--format", "org")
    assert unknown.returncode == 2
    assert "no format called 'org'" in unknown.stderr


def test_org_to_markdown_and_back(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "plugins" / "contentkit-orgmode"))
    from contentkit_orgmode.report import render, to_org
    from contentkit_orgmode.source import to_markdown

    from contentkit.core.report import Finding, Place, Report, Severity

    assert to_markdown(ORG) == (
        "# The **parser** is twice as fast\n\n"
        "The parser of the project reads a file in half the time, and it needs less memory than it did before.\n"
        "See [the *notes* of the release](https://example.org/a_b) for every change that was made since the spring.\n"
        "Nobody has to change a setting; `old_files` are read as they were, and new ones have the same form.\n"
        '- one\n- two\n```python\n* not a heading\nprint("hi")\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n'
    )
    org = to_org(
        "# A\n\n**b** *c* `d` [e](f)\n\n\\* g\n\n- h\n  1. i\n\n> j\n\n```py\n* k\n```\n\n|l|m|\n|-|-|\n|n|o \\| p|\n"
    )
    assert org == (
        "* A\n\n*b* /c/ ~d~ [[f][e]]\n\n\u200b* g\n\n- h\n  1. i\n\n#+begin_quote\nj\n#+end_quote\n\n"
        "#+begin_src py\n,* k\n#+end_src\n\n| l | m |\n|---+---|\n| n | o \\vert{} p |"
    )
    assert "| n | o \\| p |" in to_markdown(org)
    assert "\n\\* g\n" in to_markdown(org)
    finding = Finding("limits/x", "Too\nlong.", Severity.MAJOR, Place("posts[0].text"), repair="Cut it.")
    text = render(Report("social", "Hi", topic="* not\na heading", findings=(finding,)))
    assert "#+TITLE: * not a heading\n" in text
    assert "** TODO [#A] posts[0].text: Too long.\n   =limits/x=\n   Cut it.\n" in text


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"\xff\xfe*", "is not UTF-8"), (b"x" * 200, "is larger than 100 bytes"), (None, "can't be read")],
)
async def test_an_org_file_that_cant_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, said: str
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "plugins" / "contentkit-orgmode"))
    from contentkit_orgmode import source

    from contentkit.core.errors import UsageError
    from contentkit.core.piece import ReadLimits

    path = tmp_path / "a.org"
    if data is not None:
        path.write_bytes(data)
    assert source.takes(str(path))
    assert not source.takes("https://example.org/a.org")
    assert not source.takes("notes/*.org")
    with pytest.raises(UsageError, match=said):
        await source.read(str(path), ReadLimits(max_bytes=100))
