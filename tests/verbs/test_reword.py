"""``check --rewrite``: sentences at fault are written anew by a model, and nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import Answer, FakeProvider

from contentkit.check import CheckOptions
from contentkit.core.chat import Request
from contentkit.core.errors import UsageError
from contentkit.drafts.reword import reword
from contentkit.kit.kit import Kit

NOTES = "The ferry carries 120 people. The crossing takes 35 minutes.\n"
TEXT = (
    "# The ferry\r\n\r\nThe ferry carries 170 people. It is a *fine* boat, says `the 170 code`."
    "\r\n\r\nIt takes 35 minutes.\r\n"
)
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text(NOTES, encoding="utf-8")
    Path("post.md").write_bytes(TEXT.encode())


OPTIONS = CheckOptions(sources=("notes.md",), only=("grounding",))


def anew(*texts: str) -> str:
    return json.dumps({"passages": [{"number": number, "text": text} for number, text in enumerate(texts, 1)]})


def kit_with(*answers: Answer | Callable[[Request], Answer], **settings: Any) -> tuple[Kit, FakeProvider]:
    provider = FakeProvider(*answers, **settings)
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    return kit, provider


def said(request: Request) -> str:
    return "\n".join(message.text for message in request.messages)


async def test_only_the_sentence_at_fault_changes() -> None:
    kit, provider = kit_with(anew("The ferry carries 120 people."))
    done = await reword(kit, ["post.md"], OPTIONS, model="fake:one")
    (file,) = done.files
    assert file.data == TEXT.replace("carries 170", "carries 120").encode()
    assert [finding.rule for finding in file.applied] == ["grounding/number"]
    assert len(provider.requests) == 1
    assert "The crossing takes 35 minutes" in said(provider.requests[0])
    assert Path("post.md").read_bytes() == TEXT.encode()  # who called writes


async def test_what_is_no_better_is_not_taken() -> None:
    kit, _ = kit_with(anew("The ferry carries 180 people."))
    (file,) = (await reword(kit, ["post.md"], OPTIONS, model="fake:one")).files
    assert file.after == file.before
    assert file.applied == ()


async def test_a_text_in_order_asks_nobody() -> None:
    Path("post.md").write_text("The ferry carries 120 people.\n", encoding="utf-8")
    kit, provider = kit_with("x")
    (file,) = (await reword(kit, ["post.md"], OPTIONS, model="fake:one")).files
    assert file.after == file.before
    assert provider.requests == []


async def test_a_secret_of_the_text_is_not_sent_and_comes_back() -> None:
    Path("post.md").write_text(f"With the token {TOKEN} the ferry carries 170 people.\n", encoding="utf-8")
    kit, provider = kit_with(
        anew("With the token [secret-1:github-token] the ferry carries 120 people."), local=False, url="https://a.test"
    )
    (file,) = (await reword(kit, ["post.md"], OPTIONS, model="fake:one")).files
    assert TOKEN not in said(provider.requests[0])
    assert "[secret-1:github-token]" in said(provider.requests[0])
    assert file.after == f"With the token {TOKEN} the ferry carries 120 people.\n"


async def test_without_a_model_it_says_so() -> None:
    with pytest.raises(UsageError, match="Without a model no sentence"):
        await reword(Kit.load(history=False), ["post.md"], OPTIONS, model="offline")
