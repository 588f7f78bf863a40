"""Secrets in a change: told by kind, never by value, and only where the change brings them in."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from changes import changed
from looking import look, rules
from secretmaker import TOKENS, chars, private_key

from contentkit.analyzers import secrets
from contentkit.core.change import FileChange, Hunk, Line, Status
from contentkit.core.report import Severity


def token(kind: str = "github") -> str:
    return TOKENS[kind](random.Random(kind))


def test_a_token_is_critical_and_its_value_is_not_told() -> None:
    (finding,) = look("secrets", changed("app.py", "a = 1\n", f'a = 1\nTOKEN = "{token()}"\n'))
    assert (finding.rule, finding.severity) == ("secrets/github-token", Severity.CRITICAL)
    assert finding.category == "security"
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (2, 10)
    assert finding.place.end_column == 10 + len(token())
    assert token() not in repr(finding)


def test_a_private_key_is_one_finding_over_its_lines() -> None:
    key = private_key(random.Random(3))
    (finding,) = look("secrets", changed("deploy/id", None, f"# key\n{key}\n"))
    assert finding.place is not None
    assert (finding.rule, finding.place.line, finding.place.end_line) == ("secrets/private-key", 2, 15)


def test_what_was_there_before_is_not_brought_in() -> None:
    line = f'TOKEN = "{token()}"\n'
    assert not rules("secrets", "app.py", f"{line}x = 1\n", f"if x:\n    {line}x = 1\n")


def test_a_password_is_major_in_a_program_and_nothing_in_a_test() -> None:
    text = f'password = "{chars(random.Random(5), 14)}9"\n'
    assert [finding.severity for finding in look("secrets", changed("app/db.py", None, text))] == [Severity.MAJOR]
    assert [finding.severity for finding in look("secrets", changed("docs/setup.md", None, text))] == [Severity.MINOR]
    assert not rules("secrets", "tests/test_db.py", None, text)
    assert not rules("secrets", "spec/fixtures/db.yml", None, text)


def test_the_same_in_a_comment_is_minor() -> None:
    text = f'# client = Client(password="{chars(random.Random(5), 14)}9")\n'
    assert [finding.severity for finding in look("secrets", changed("app/db.py", None, text))] == [Severity.MINOR]


def test_a_token_in_a_test_fails_nothing() -> None:
    (finding,) = look("secrets", changed("tests/test_api.py", None, f'TOKEN = "{token()}"\n'))
    assert finding.severity is Severity.MINOR
    assert not rules("secrets", "tests/certs/key.pem", None, private_key(random.Random(1)) + "\n")


@pytest.mark.parametrize(
    "line",
    [
        "request.withCredentials = !!config.withCredentials;",
        "cancelToken: defaultToConfig2,",
        'const sessionKey = "reverse_proxy.tls_h1_only";',
        'token: process.env["TOKEN_OF_CI"],',
    ],
)
def test_names_and_code_are_no_secrets(line: str) -> None:
    assert not rules("secrets", "src/app.js", None, f"{line}\n")


def test_of_a_bare_patch_the_hunks_are_looked_at() -> None:
    lines = (Line(" ", 40, 40, "a = 1"), Line("+", None, 41, f'TOKEN = "{token()}"'))
    file = FileChange("app.py", Status.MODIFIED, "app.py", (Hunk(40, 1, 40, 2, lines),))
    (finding,) = look("secrets", file)
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (41, 10)


def test_skipped_files_are_looked_at_for_what_tells_itself() -> None:
    assert secrets.skipped_too
    text = f'{{"resolved": "https://x/", "token": "{token()}", "password": "{chars(random.Random(5), 14)}9"}}\n'
    file = changed("package-lock.json", None, text)
    skipped = FileChange(**{name: getattr(file, name) for name in file.__slots__} | {"skipped": "lock file"})  # type: ignore[arg-type]
    assert [finding.rule for finding in look("secrets", skipped)] == ["secrets/github-token"]


def test_a_long_line_takes_little_time() -> None:
    text = "password:" + "a," * 100_000 + f'"{token()}",' * 2000
    started = time.process_time()
    assert len(look("secrets", changed("a.min.js", None, f"{text}\n"))) == 2000
    assert time.process_time() - started < 10


def test_published_samples_through_the_analyzer(shared: Path) -> None:
    samples = json.loads((shared / "data/secrets/samples.json").read_text(encoding="utf-8"))
    right = wanted = false = negatives = 0
    for sample in samples:
        text = "".join(sample["line_parts"])
        found = look("secrets", changed(_path(sample["syntax"]), None, f"{text}\n"))
        if sample["expect"] == "negative":
            negatives += 1
            false += bool(found)
        elif sample["kind"] != "aws-docs-example":
            wanted += 1
            right += bool(found)
    assert wanted > 40
    assert negatives > 30
    assert right >= 0.95 * wanted, f"{right} of {wanted}"
    assert false <= 0.05 * negatives, f"{false} of {negatives}"


def _path(syntax: str) -> str:
    endings = {"python": "py", "javascript": "js", "typescript": "ts", "go": "go", "java": "java", "ruby": "rb",
               "php": "php", "shell": "sh", "bash": "sh", "yaml": "yaml", "json": "json", "toml": "toml",
               "dotenv": "env", "rust": "rs"}  # fmt: skip
    return f"app/settings.{endings.get(syntax.removeprefix('diff/'), 'txt')}"
