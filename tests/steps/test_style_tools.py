"""Linters of others: their findings become ours, with places; one that is missing is asked for by name."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.kit.kit import Kit
from contentkit.steps.style import after, settings


def look(text: str, tool: str) -> Piece:
    return after(Piece("text", "en", body=text, name="a.md", settings={"style": {"tools": [tool]}}))


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, prints: str, code: int = 1) -> None:
    """A textlint that prints what it is told, whatever the text."""
    path = folder / "textlint"
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.read()\nprint({prints!r})\nsys.exit({code})\n", encoding="utf-8"
    )
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_proselint_finds_in_the_words_alone() -> None:
    pytest.importorskip("proselint")
    text = "A `very unique` boat, “very unique”.\n\nIt is a very unique boat, at this point in time.\n"
    found = [(finding.place.line, finding.place.quote) for finding in look(text, "proselint").findings if finding.place]
    assert (3, "very unique") in found
    assert all(line == 3 for line, _ in found)
    assert look("見出しです。", "proselint").findings == ()


def test_textlint_reports_with_places_and_fixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = {"ruleId": "no-todo", "message": "Found TODO", "range": [3, 7], "line": 1, "column": 4}
    fixed = {"ruleId": "spell", "message": "Boat", "range": [8, 12], "fix": {"range": [8, 12], "text": "ship"}}
    program(tmp_path, monkeypatch, json.dumps([{"filePath": "text.md", "messages": [message, fixed]}]))
    first, second = look("🚢 TODO boat", "textlint").findings
    assert first.place is not None
    assert (first.place.quote, first.replacement) == ("TODO", None)
    assert first.message == "Found TODO (no-todo)"
    assert second.place is not None
    assert (second.place.quote, second.replacement) == ("boat", "ship")


@pytest.mark.parametrize(("prints", "code"), [("no JSON", 1), ("[]", 2)])
def test_a_linter_that_fails_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prints: str, code: int
) -> None:
    program(tmp_path, monkeypatch, prints, code)
    piece = look("The the boat.", "textlint")
    assert "textlint" in piece.notices[0]
    assert look("It is the the boat.", "textlint").findings[0].rule == "style/repeated-word"


def test_a_missing_linter_is_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="npm install -g textlint"):
        settings({"tools": ["textlint"]})
    with pytest.raises(UsageError, match="'textlint'"):
        settings({"tools": ["textlin"]})


def test_a_project_may_not_say_what_programs_run(tmp_path: Path) -> None:
    guide = tmp_path / "style.toml"
    guide.write_text('tools = ["textlint"]\n', encoding="utf-8")
    (tmp_path / "contentkit.toml").write_text('[check]\nstyle = "style.toml"\n', encoding="utf-8")
    kit = Kit.load(tmp_path, {})
    assert kit.check_settings()["style"]["tools"] == ()
    (tmp_path / "contentkit.toml").write_text('[check]\ntools = ["textlint"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match="not for a project to say"):
        Kit.load(tmp_path, {})


def test_textlint_leaves_alone_what_others_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "He said “TODO boat” today."
    message = {"ruleId": "no-todo", "message": "Found TODO", "range": [9, 13], "line": 1, "column": 10}
    program(tmp_path, monkeypatch, json.dumps([{"filePath": "text.md", "messages": [message]}]))
    assert look(text, "textlint").findings == ()
