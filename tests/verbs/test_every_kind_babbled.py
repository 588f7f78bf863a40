"""Every kind by a model that says nothing sensible: whatever it writes, the form holds, no hard limit is broken, and
every file opens."""

from __future__ import annotations

import asyncio
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from drafts import FITS, FORMS, PROMPTS, assert_form, assert_opens, broken_limits
from gitrepo import Repo
from notes import NOTES
from pictures import png

from contentkit.core.chat import Finish
from contentkit.core.errors import BadReplyError, UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report, Severity
from contentkit.kit.kit import Kit
from contentkit.kit.plugins import shelf
from contentkit.write import write

SHARED = Path(__file__).parents[3] / "shared" / "data" / "sources"
REAL = sorted(path.name for path in SHARED.iterdir()) if SHARED.is_dir() else ["../shared"]
KINDS = sorted(PROMPTS.kinds())
OF_CODE = [kind for kind in KINDS if PROMPTS.get(kind).sources]
OF_TEXT = [kind for kind in KINDS if kind not in OF_CODE and kind != "alt-text"]
PROSE = ("article", "summary", "translate")
PLATFORMS = ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"]
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
PAIRS = [(kind, name) for kind in OF_TEXT for name in NOTES] + [
    (kind, name)
    for at, kind in enumerate(OF_TEXT)
    for number, name in enumerate(REAL)
    if DEEP or at % len(REAL) == number  # each document once, each kind once; all of them in the deep profile
]


@pytest.fixture(scope="module")
def tiny() -> str:
    for library in ("torch", "transformers", "llguidance"):
        pytest.importorskip(library, reason=f"{library} is not installed (contentkit[local])")
    import torch
    from tinymodel import tiny_model

    torch.set_num_threads(1)  # two of so small a model only wait for each other
    return f"transformers:{tiny_model()}"


@cache
def kit() -> Kit:
    return Kit.load(env={}, history=False, cache=False)


def babbled(kind: str, sources: tuple[str, ...], model: str, language: str = "") -> Report:
    fields: dict[str, Any] = {
        "social": {"platforms": PLATFORMS},
        "video-script": {"duration": 90},
        "customer-reply": {"message": "How many books does it carry?"},
    }.get(kind, {})
    if kind == "translate":
        language = "de"
    if kind == "article":
        fields["outline"] = False
    options: dict[str, Any] = {"seed": 5, "max_tokens": 1500}
    if kind in PROSE:  # a stop string ends what never ends by itself
        options["stop"] = ["。", ".", "]"]
    try:
        return asyncio.run(write(kit(), Brief(kind, "", sources, language, fields, model, options)))
    except BadReplyError as error:
        if re.search("condensing part .* ended early", str(error)):
            pytest.skip(f"the document is over the window, and {error}")
        raise


def assert_holds(report: Report) -> None:
    """A whole answer keeps its form, a broken one says so, and neither breaks a limit or a file."""
    rules = {one.rule for one in report.findings}
    grave = any(one.severity.rank <= Severity.MAJOR.rank for one in report.findings)
    assert list(broken_limits(report)) == []
    if report.finish is Finish.STOP:
        assert_form(report)
        assert report.exit_code() == int(grave)
    else:
        assert (report.finish, report.exit_code(), "answer/length" in rules) == (Finish.LENGTH, 3, True)
    for form in FORMS:
        module = shelf("reports").get(form)
        if form in FITS and (report.kind not in FITS[form] or not report.fields):
            with pytest.raises(UsageError, match=f"--format {form} "):
                module.render(report)
        else:
            assert_opens(form, module.render(report), report)


@pytest.mark.parametrize(("kind", "document"), PAIRS)
def test_every_limit_holds_whatever_is_answered(
    kind: str, document: str, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if document == "../shared":
        pytest.skip("the folder ../shared with real documents is not here")
    monkeypatch.chdir(tmp_path)
    path = SHARED / document
    if document in NOTES:
        path = tmp_path / f"{document}.md"
        path.write_text(NOTES[document], encoding="utf-8")
    assert_holds(babbled(kind, (str(path),), tiny))


@pytest.mark.parametrize("kind", OF_CODE)
def test_every_limit_holds_of_what_is_made_from_a_repository(
    kind: str, tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(tmp_path)
    repo.commit("Begin", read__py="x = 1\n")
    repo.git("tag", "v1.0")
    repo.commit("feat: read streams of 3 GB", read__py="x = 1\ny = 2\n")
    repo.write("read.py", "x = 1\nz = 4\n")
    repo.git("add", "-A")
    monkeypatch.chdir(repo.folder)
    assert_holds(babbled(kind, (), tiny, "en"))


def test_who_has_no_eyes_says_so(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boat.png").write_bytes(png())
    with pytest.raises(UsageError, match="alt-text needs a model"):
        babbled("alt-text", ("boat.png",), tiny, "en")
