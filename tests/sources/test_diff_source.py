"""``diff:`` on real repositories, and what the offline engine makes of it: a message that git takes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import FakeProvider

from contentkit.core.chat import Request
from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief, Reading, ReadLimits
from contentkit.drafts.prepare import prepare
from contentkit.kit.kit import Kit
from contentkit.sources import diff
from contentkit.write import write

PARSE = "def parse(text):\n    return text.split('\\n')\n\n\ndef other():\n    return None\n"
GUARDED = PARSE.replace("    return text", "    if not text:\n        return []\n    return text")
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(tmp_path)

    def call(*words: str, stdin: str | None = None) -> str:
        names = ("-c", "user.name=author", "-c", "user.email=author@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *names, *words], input=stdin, capture_output=True, text=True, check=True)
        return done.stdout

    call("init", "-q", "-b", "main")
    (tmp_path / "read.py").write_text(PARSE, encoding="utf-8")
    (tmp_path / "notes.md").write_text("notes\n", encoding="utf-8")
    call("add", ".")
    call("commit", "-q", "-m", "first")
    return call


def read(reference: str = "diff:", limits: ReadLimits | None = None) -> Reading:
    return asyncio.run(diff.read(reference, limits or ReadLimits()))


def stage(git: Git, **files: str | None) -> None:
    for name, text in files.items():
        path = Path(name.replace("_", "."))
        if text is None:
            git("rm", "-q", str(path))
        else:
            path.write_text(text, encoding="utf-8")
            git("add", str(path))


def said(kind: str = "commit-message", topic: str = "", **fields: object) -> str:
    language = str(fields.pop("language", ""))
    brief = Brief(kind, topic, language=language, fields=fields, model="offline")
    return asyncio.run(write(Kit.load(history=False), brief)).body


def test_what_is_staged_is_taken_before_the_work_tree_and_it_is_said(git: Git) -> None:
    stage(git, read_py=GUARDED)
    Path("notes.md").write_text("other notes\n", encoding="utf-8")
    reading = read()
    (source,) = reading.texts
    assert "M  read.py  +2 -0" in source.text
    assert "+    if not text:\n+        return []\n" in source.text
    assert "notes" not in source.text
    assert source.title == "staged changes: 1 file, +2 -0"
    assert reading.notices[0] == "Material: staged changes: 1 file, +2 -0 (diff:)."
    git("reset", "-q")
    git("checkout", "-q", "read.py")
    assert "M  notes.md  +1 -1" in read().texts[0].text


def test_a_range_a_commit_and_the_work_tree_by_name(git: Git) -> None:
    stage(git, read_py=GUARDED)
    git("commit", "-q", "-m", "second")
    Path("notes.md").write_text("more\n", encoding="utf-8")
    assert "M  read.py  +2 -0" in read("diff:HEAD~1..HEAD").texts[0].text
    assert "M  read.py  +2 -0" in read("diff:HEAD").texts[0].text
    assert "notes.md" in read("diff:--worktree").texts[0].text
    with pytest.raises(UsageError, match="Nothing has changed in 'diff:--staged'"):
        read("diff:--staged")


def test_the_diff_is_one_that_git_can_apply(git: Git) -> None:
    stage(git, read_py=GUARDED, notes_md=None, new_py="x = 1\n")
    text = read().texts[0].text
    git("reset", "-q", "--hard")
    git("apply", "--index", "-", stdin=text[text.index("diff --git") :])
    assert Path("read.py").read_text(encoding="utf-8") == GUARDED
    assert not Path("notes.md").exists()
    assert Path("new.py").read_text(encoding="utf-8") == "x = 1\n"


def test_what_is_not_shown_is_listed_with_its_reason(git: Git) -> None:
    Path("uv.lock").write_text("version = 1\n" * 5, encoding="utf-8")
    Path("logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    git("add", ".")
    stage(git, read_py=GUARDED)
    reading = read()
    (source,) = reading.texts
    assert "version = 1" not in source.text
    assert "A  uv.lock" in source.text
    left = {unit.name: unit.reason for unit in reading.covered if unit.state == "skipped"}
    assert set(left) == {"uv.lock", "logo.png"}
    assert all(reason in source.text for reason in left.values())


def test_a_diff_without_end_is_bounded_in_the_open(git: Git) -> None:
    stage(git, read_py=GUARDED, big_py="x = 1\n" * 1000)
    reading = read(limits=ReadLimits(max_bytes=2_000))
    (source,) = reading.texts
    assert len(source.text) < 2_000
    assert "A  big.py  +1000 -0  (not shown: the diff is longer than" in source.text
    assert "+    if not text:" in source.text
    assert [unit.name for unit in reading.covered if unit.state == "skipped"] == ["big.py"]


def test_outside_of_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="git repository"):
        read()


# -- the kinds that take it --------------------------------------------------------------------------------------------


def test_a_message_takes_the_staged_diff_by_itself(git: Git) -> None:
    stage(git, read_py=GUARDED, notes_md="notes\nmore\n")
    assert said() == (
        "Change parse() in read.py and one other file\n\n- read.py: parse() changed (+2 -0)\n"
        "- notes.md: changed (+1 -0)\n\n2 files changed, +3 -0 lines\n"
    )
    assert said(language="ja").startswith("read.py の parse() を変更（ほか1ファイルも）\n\n")


@pytest.mark.parametrize(
    ("files", "subject"),
    [
        ({"new_py": "x = 1\n"}, "Add new.py"),
        ({"notes_md": None}, "Remove notes.md"),
        ({"read_py": PARSE + "\n\ndef third():\n    return 3\n"}, "Add third() to read.py"),
        ({"read_py": PARSE.split("\n\n\n")[0] + "\n"}, "Remove other() from read.py"),
        ({"new_py": "x = 1\n", "notes_md": None}, "Add new.py, remove one other file"),
        (
            {"read_py": PARSE.replace("def other", "# here\ndef other").replace("'\\n'", "None")},
            "Change parse() in read.py",
        ),
    ],
)
def test_the_subject_names_what_was_done(git: Git, files: dict[str, str | None], subject: str) -> None:
    stage(git, **files)
    assert said().split("\n")[0] == subject


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"notes_md": "other\n"}, "docs"),
        ({"test_read_py": "x = 1\n"}, "test"),
        ({"new_py": "x = 1\n"}, "feat"),
        ({"read_py": GUARDED}, "chore"),
    ],
)
def test_a_conventional_subject_has_the_type_that_paths_tell(git: Git, files: dict[str, str], kind: str) -> None:
    for name, text in files.items():
        path = Path(name.removesuffix("_py") + ".py" if name.endswith("_py") else name.replace("_", "."))
        path.write_text(text, encoding="utf-8")
        git("add", str(path))
    subject = said(style="conventional").split("\n")[0]
    assert subject.startswith(f"{kind}: ")
    assert subject[len(kind) + 2].islower()


def test_a_renamed_file_and_names_without_end_still_make_a_subject_of_72(git: Git) -> None:
    git("mv", "read.py", "reader.py")
    assert said().startswith("Rename read.py to reader.py\n")
    long = "a_module_with_a_name_that_goes_on_and_on_and_on_until_nobody_can_read_it.py"
    git("mv", "reader.py", long)
    assert len(said().split("\n")[0]) <= 72


def test_the_reason_is_the_authors_or_is_missing_never_made_up(git: Git) -> None:
    stage(git, read_py=GUARDED)
    assert "\n\nempty input raised an error\n\n" in said(topic="empty input raised an error")
    body = said("pr-description")
    assert body.startswith("# Change parse() in read.py\n\n[To fill: why this is changed]\n\n## What changed\n")
    assert said("pr-description", language="ja").split("\n")[2] == "［要記入：変更の理由］"


def test_git_takes_the_message_from_a_pipe(git: Git) -> None:
    stage(git, read_py=GUARDED)
    words = [sys.executable, "-m", "contentkit", "write", "commit-message", "--model", "offline", "--format", "text"]
    done = subprocess.run([*words, "--no-history"], capture_output=True, text=True, check=True)
    git("commit", "-q", "-F", "-", stdin=done.stdout)
    assert git("log", "-1", "--format=%s").strip() == "Change parse() in read.py"
    assert git("log", "-1", "--format=%b").startswith("- read.py: parse() changed (+2 -0)\n")
    assert "reading" not in done.stdout
    assert "Material: staged changes: 1 file, +2 -0 (diff:)." in done.stderr


def test_a_request_names_its_commits(git: Git) -> None:
    git("switch", "-q", "-c", "guard")
    stage(git, read_py=GUARDED)
    git("commit", "-q", "-m", "Keep empty input from raising")
    brief = Brief("pr-description", sources=("diff:main...HEAD", "git:main..HEAD"), model="offline",
                  fields={"issue": "Closes #12"})  # fmt: skip
    body = asyncio.run(write(Kit.load(history=False), brief)).body
    assert body.startswith("# Keep empty input from raising\n")
    assert "## Commits\n\n- Keep empty input from raising\n\nCloses #12" in body


async def test_a_model_gets_the_diff_and_its_answer_is_folded_and_checked(git: Git) -> None:
    stage(git, read_py=GUARDED)
    asked: list[Request] = []

    def answer(request: Request) -> str:
        asked.append(request)
        subject = "x" * 80 if len(asked) == 1 else "Let empty input be no lines"
        return json.dumps({"subject": subject, "body": "Splitting an empty text gave one empty line, " * 3})

    kit = Kit.load(history=False)
    kit.providers["fake"] = FakeProvider(answer)
    report = await write(kit, Brief("commit-message", "empty input", model="fake:one", language="en"))
    assert "+    if not text:" in asked[0].messages[-1].text
    assert "empty input" in asked[0].messages[-1].text
    assert len(asked) == 2  # 80 characters are over the limit of 72, so it is mended once
    lines = report.body.split("\n")
    assert lines[:2] == ["Let empty input be no lines", ""]
    assert all(len(line) <= 72 for line in lines)


def test_a_prompt_file_can_take_no_file_or_address_by_itself(git: Git) -> None:
    Path("prompts/write").mkdir(parents=True)
    for wish in ("~/.ssh/id_rsa", "https://intranet.example", "../other"):
        Path("prompts/write/mine.md").write_text(f'---\nsources: ["{wish}"]\n---\nx', encoding="utf-8")
        with pytest.raises(UsageError, match=r"can't take .* by itself"):
            Kit.load(history=False).prompts.get("mine")


async def test_a_diff_is_not_sent_because_a_key_is_at_hand(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    stage(git, read_py=GUARDED)
    kit = Kit.load(history=False)
    prepared = await prepare(kit, Brief("commit-message"))
    assert prepared.target.id == "offline:draft"
    assert "only where you name one" in prepared.choice.why
    assert (await prepare(kit, Brief("article", sources=("diff:",)))).target.id == "offline:draft"
    assert (await prepare(kit, Brief("article", sources=("notes.md",)))).target.id.startswith("openai:")
    assert (await prepare(kit, Brief("commit-message", model="openai:gpt-4o"))).target.id == "openai:gpt-4o"
