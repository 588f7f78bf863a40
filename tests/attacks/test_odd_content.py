"""Secrets in other words, empty answers, halves of characters, bytes that are no text, settings without a bottom."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from fakes import FakeProvider

from contentkit.commands._progress import Progress
from contentkit.core.chat import Request, TextDelta
from contentkit.core.errors import BadReplyError, UsageError
from contentkit.core.piece import Brief
from contentkit.kit.config import load
from contentkit.kit.history import History
from contentkit.kit.kit import Kit
from contentkit.write import write

PASSWORD = "hG7kPq2L" + "mX9vTz4RwB8n"
NOTES = (
    f'# The door\n\nThe door opens at noon for everybody. The keypad takes password = "{PASSWORD}" and nothing else.\n'
)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    return "notes.md"


def in_other_words(request: Request) -> str:
    """The password without the word that tells it is one."""
    asked = "".join(message.text for message in request.messages)
    value = re.search(r'password = "([^"]+)"', asked)
    assert value is not None
    return f"# The door\n\nThe door opens at noon, and people who want to come in type {value[1]} on the keypad."


@pytest.mark.parametrize("local", [False, True])
async def test_a_secret_in_other_words_is_stored_nowhere(notes: str, home: Path, local: bool) -> None:
    provider = FakeProvider(in_other_words, local=local, url="" if local else "https://far.example/v1")
    kit = Kit.load(history=True, cache=True)
    kit.providers["fake"] = provider
    report = await write(kit, Brief("article", "the door", (notes,), model="fake:one"))
    assert PASSWORD in report.body
    assert (PASSWORD in str(provider.requests)) is local
    assert kit.history is not None
    assert kit.history.show(report.id).topic == "the door"
    stored = [path for path in home.rglob("*.db*") if path.is_file()]
    assert len(stored) >= 2
    assert [path.name for path in stored if PASSWORD.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("answer", ["", " \n\t "])
async def test_an_empty_answer_is_not_fit(notes: str, answer: str) -> None:
    kit = Kit.load(history=False, cache=True)
    kit.providers["fake"] = FakeProvider(answer, "# The door\n\nThe door opens at noon and lets everybody come in.")
    with pytest.raises(BadReplyError, match="is empty"):
        await write(kit, Brief("article", "the door", (notes,), model="fake:one"))
    assert "lets everybody" in (await write(kit, Brief("article", "the door", (notes,), model="fake:one"))).body


def test_a_terminal_gets_no_half_characters_and_no_turned_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(shown, encoding="utf-8"))
    progress = Progress(quiet=True, stream=True)
    progress(TextDelta("a\ud83d b\u202ec\x1b[31md\x9be\u05d0"))
    assert shown.getvalue().decode() == "a\ufffd bc[31mde\u05d0"


def test_bytes_that_are_no_text_are_asked_of_the_history(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db")
    with history._database.writing():
        pass
    odd = b"\xff\xfe".decode("utf-8", "surrogateescape")
    assert history.search([odd]) == history.list(kind=odd) == ()
    for ask in (history.show, lambda id: history.rm([id])):
        with pytest.raises(UsageError, match="There is no run"):
            ask(odd)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" + ".a" * 2000 + " = 1", "nested too deep"),
        ("[read]\nmax_bytes = 99999999999999999999", "at most 2,000,000,000"),
    ],
)
def test_settings_without_a_bottom(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "contentkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load(tmp_path, {})
