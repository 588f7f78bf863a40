"""The commits of a log, and what their subjects say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.commits import GROUPS, Commit, commits, same_commit

LOG = """# Git log v1.0..HEAD

## feat(api)!: take streams

0123456789 · 2026-05-03 · Ada Lund [v1.1]

Files were read whole.

BREAKING CHANGE: open() wants a stream
where it wanted a path.

Signed-off-by: Ada

## 最後の行が失われる不具合を修正

1123456789 · 2026-05-02 · 岡田

## Merge branch 'main' into feature

2123456789 · 2026-05-01 · Ada Lund
"""


def test_a_log_is_read_back() -> None:
    first, second, third = commits(LOG)
    assert (first.id, first.date, first.scope) == ("0123456789", "2026-05-03", "api")
    assert first.text == "Take streams"
    assert first.breaks == "open() wants a stream where it wanted a path."
    assert first.group == "breaking"
    assert (second.text, second.group, second.body) == ("最後の行が失われる不具合を修正", "fixed", "")
    assert third.merges
    assert not first.merges
    assert commits("# Notes\n\n## A heading\n\nwith text") == []


@pytest.mark.parametrize(
    ("subject", "group"),
    [
        ("feat: read streams", "added"),
        ("fix(read): keep the last line", "fixed"),
        ("refactor!: drop Python 3.10", "breaking"),
        ("chore(deps): bump click", "other"),
        ("perf: read once", "performance"),
        ("docs: say so", "documentation"),
        ("Add streams", "added"),
        ("Fixes a crash on empty input", "fixed"),
        ("Empty input no longer crashes", "fixed"),
        ("Remove the old reader", "removed"),
        ("Deprecate open_path()", "deprecated"),
        ("Mask tokens in logs (CVE-2026-1234)", "security"),
        ("Rename the option", "changed"),
        ("Note: this is no type", "changed"),
        ("取り込みを追加", "added"),
        ("古い読み取りを廃止", "removed"),
        ("起動を高速化", "performance"),
        ("脆弱性を修正", "security"),
    ],
)
def test_the_group_of_a_subject(subject: str, group: str) -> None:
    assert Commit("0123456", subject).group == group


@pytest.mark.parametrize("subject", ["revert: feat: read streams", "revert: add streams", 'Revert "add streams"'])
def test_what_was_taken_back_is_not_told_as_done(subject: str) -> None:
    assert Commit("0123456", subject).text.startswith("Revert")
    assert Commit("0123456", subject).group == "changed"


def test_ids_of_any_length() -> None:
    assert same_commit("0123456", "0123456789AB".lower())
    assert same_commit("0123456789ABCDEF", "0123456")
    assert not same_commit("0123456", "0123457")
    assert not same_commit("012345", "0123456")
    assert not same_commit("", "0123456")


@given(st.text(), st.text())
def test_any_message_has_a_group(subject: str, body: str) -> None:
    commit = Commit("0123456", subject, body=body)
    assert commit.group in GROUPS
    assert isinstance(commit.text + commit.scope + commit.breaks, str)
