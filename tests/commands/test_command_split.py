"""``contentkit split`` from the outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contentkit.core.text.counting import fits
from contentkit.steps.limits import rules

TEXT = """The old ferry leaves the harbour at 7:40 every morning. It carries 120 people and twelve cars. The crossing
takes 35 minutes; in winter it sails only on weekdays.

Tickets cost 4 euros. See https://example.com/tickets?day=1 for more, or ask @harbour.example.com about it. #Ferry

👩‍👩‍👧‍👦 families travel free on Sundays, all through the winter and in spring as well.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "post.md").write_text(TEXT, encoding="utf-8", newline="\n")
    return tmp_path


def run(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contentkit", "split", *words], cwd=folder, input=given, capture_output=True,
        text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_a_file_becomes_posts_that_fit_and_lose_nothing(folder: Path) -> None:
    done = run(folder, "post.md", "--platform", "x,bluesky,x", "--numbered", "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [post["platform"] for post in report["fields"]["posts"]] == ["x", "bluesky"]
    for post in report["fields"]["posts"]:
        parts = post["parts"]
        assert all(fits(part, rules()[post["platform"]]) for part in parts)
        bare = [part.removesuffix(f" {number}/{len(parts)}") for number, part in enumerate(parts, 1)]
        assert "".join("".join(bare).split()) == "".join(TEXT.split())
    assert report["model"] == ""
    assert report["coverage"] == [{"name": "post.md", "state": "read", "reason": ""}]


def test_the_text_shows_each_post_in_a_block(folder: Path) -> None:
    done = run(folder, "post.md", "--platform", "x")
    assert done.stdout.startswith("## x: 2 posts\n\n```text\nThe old ferry")
    assert done.stderr == ""


def test_standard_input_and_a_file_to_write_to(folder: Path) -> None:
    done = run(
        folder, "-", "--platform", "mastodon", "--format", "payload", "-o", "out.json", given="Tea is a leaf. #Tea"
    )
    assert done.returncode == 0, done.stderr
    (post,) = json.loads((folder / "out.json").read_text(encoding="utf-8"))["posts"]
    assert post["calls"][0]["json"] == {"status": "Tea is a leaf. #Tea"}
    again = run(folder, "-", "--platform", "x", "-o", "out.json", given="Tea")
    assert again.returncode == 2


def test_all_platforms_side_by_side(folder: Path) -> None:
    done = run(folder, "post.md", "--platform", "all", "--format", "platforms")
    assert done.returncode == 0
    names = [line.split("|")[1].strip() for line in done.stdout.splitlines()[2:]]
    assert names == [name for name, rule in rules().items() if rule.post]


def test_a_limit_that_is_broken_is_exit_code_1_and_said(folder: Path) -> None:
    done = run(folder, "-", "--platform", "linkedin", given="word " * 700)
    assert done.returncode == 1
    assert "3499 of 3000 UTF-16 units" in done.stderr
    assert "no threads there" in done.stderr
    done = run(folder, "-", "--platform", "bluesky", given="See https://example.com/" + "x" * 400 + " now")
    assert done.returncode == 1
    assert "which can't be divided" in done.stderr


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["post.md", "--platform", "blueski"], "", "Did you mean 'bluesky'"),
        (["post.md", "--platform", ","], "", "For which platform?"),
        (["none.md", "--platform", "x"], "", "none.md"),
        (["-", "--platform", "x"], " \n", "standard input is empty"),
    ],
)
def test_a_wrong_request_is_one_clear_sentence(folder: Path, words: list[str], given: str, said: str) -> None:
    done = run(folder, *words, given=given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rule_of_the_project_is_a_platform(folder: Path) -> None:
    (folder / "contentkit.toml").write_text("[rules.pager]\nhard = 40\npost = true\n", encoding="utf-8")
    done = run(folder, "post.md", "--platform", "pager", "--format", "json")
    (post,) = json.loads(done.stdout)["fields"]["posts"]
    assert len(post["parts"]) > 5
    assert max(post["length"]["parts"]) <= 40


def test_the_page_about_posts_shows_what_happens() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "social.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"^(`{3,4})console\n\$ contentkit split ([^\n]+)\n(.*?)^\1$", page, flags=re.MULTILINE | re.DOTALL
    )
    assert len(shown) == 2
    for _, words, output in shown:
        assert run(root, *words.split()).stdout == output
