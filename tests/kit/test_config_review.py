"""``[review]`` as it is written in files: rules by path, analyzers, tools of the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.kit.config import load
from contentkit.kit.config.review import PathRule, ReviewSettings, Tool


@pytest.fixture
def user_file(home: Path) -> Path:
    path = home / "config" / "contentkit" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def review(project: Path, text: str) -> ReviewSettings:
    (project / "contentkit.toml").write_text(text, encoding="utf-8")
    return load(project, {}).review


def test_defaults_are_those_of_the_docs(project: Path) -> None:
    settings = review(project, "")
    assert settings == ReviewSettings()
    assert (settings.lenses, settings.fail_on, settings.on_timeout) == (("bugs", "security"), "major", "fail")
    assert (settings.max_file_bytes, settings.chunk_tokens, settings.context_tokens) == (1_000_000, 6_000, 1_500)
    assert (settings.concurrency, settings.max_findings, settings.samples, settings.timeout) == (8, 20, 1, None)
    assert (settings.verify, settings.summary, settings.cache) == (True, True, True)


def test_rules_by_path(project: Path) -> None:
    text = """
[[review.rules]]
paths = ["api/**", "*.sql"]
instructions = "A new endpoint needs a rate limit."
[[review.rules]]
paths = ["docs/"]
instructions = "Plain words."
"""
    assert review(project, text).rules == (
        PathRule(("api/**", "*.sql"), "A new endpoint needs a rate limit."),
        PathRule(("docs/",), "Plain words."),
    )
    one = '[review.rules]\npaths = ["a"]\ninstructions = "One alone."\n'
    assert review(project, one).rules == (PathRule(("a",), "One alone."),)


@pytest.mark.parametrize(
    "text",
    [
        "rules = 3",
        'rules = ["a"]',
        'rules = [{ paths = ["a"] }]',
        'rules = [{ instructions = "b" }]',
        'rules = [{ paths = ["a"], instructions = "b", more = "c" }]',
        'rules = [{ paths = [], instructions = "b" }]',
        'rules = [{ paths = "a", instructions = "b" }]',
        'rules = [{ paths = ["a", ""], instructions = "b" }]',
        'rules = [{ paths = ["a", 1], instructions = "b" }]',
        'rules = [{ paths = ["a"], instructions = ["b"] }]',
    ],
)
def test_a_rule_that_is_none_is_one_sentence(project: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"review\.rules must be tables of paths"):
        review(project, f"[review]\n{text}\n")


def test_settings_of_analyzers(project: Path) -> None:
    text = "[review.analyzers.large]\nmax_bytes = 10\n[review.analyzers.debug]\nenabled = false\n"
    assert review(project, text).analyzers == {"large": {"max_bytes": 10}, "debug": {"enabled": False}}
    for wrong in ("analyzers = 3", "analyzers = { ruff = false }", "analyzers = { ruff = { enabled = false }, x = 1 }"):
        with pytest.raises(UsageError, match=r"review\.analyzers must be a table of tables"):
            review(project, f"[review]\n{wrong}\n")


def test_tools_are_the_users_own_and_never_a_projects(project: Path, user_file: Path) -> None:
    text = """
[review.tools.eslint]
command = ["npx", "eslint", "."]
[review.tools.house]
command = ["house"]
format = "rdjson"
timeout = 5
"""
    user_file.write_text(text, encoding="utf-8")
    assert review(project, "").tools == {
        "eslint": Tool(("npx", "eslint", "."), "sarif", 120.0),
        "house": Tool(("house",), "rdjson", 5.0),
    }
    with pytest.raises(UsageError, match=r"review\.tools is not for a project") as caught:
        review(project, text)
    assert str(user_file) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "tools = 3",
        "tools = { a = 3 }",
        "tools = { a = {} }",
        'tools = { a = { command = "a b" } }',
        "tools = { a = { command = [] } }",
        'tools = { a = { command = ["a"], format = "text" } }',
        'tools = { a = { command = ["a"], timeout = 0 } }',
        'tools = { a = { command = ["a"], timeout = -1 } }',
        'tools = { a = { command = ["a"], timeout = inf } }',
        'tools = { a = { command = ["a"], timeout = true } }',
        'tools = { a = { command = ["a"], timeout = "5" } }',
        'tools = { a = { command = ["a"], shell = true } }',
    ],
)
def test_a_tool_that_is_none_is_one_sentence(project: Path, user_file: Path, text: str) -> None:
    user_file.write_text(f"[review]\n{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"review\.tools must be tables of command"):
        load(project, {})
