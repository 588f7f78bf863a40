"""Comments that ask not to report a finding."""

from __future__ import annotations

import pytest

from contentkit.code.suppressions import suppressions


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = 1  # contentkit: ignore[debug/breakpoint] wanted here", "wanted here"),
        ("x = 1  // contentkit:ignore[debug/breakpoint] - wanted here", "wanted here"),
        ("<p> <!-- contentkit: ignore[debug] wanted here -->", "wanted here"),
        ("/* contentkit: ignore[ruff/F821, debug/*] wanted here */", "wanted here"),
        ("x = 1  # contentkit: ignore[debug/breakpoint]", ""),
    ],
)
def test_a_comment_names_rules_and_a_reason(line: str, reason: str) -> None:
    held = suppressions(f"a\n{line}\nb\n")[2]
    assert held.covers("debug/breakpoint")
    assert not held.covers("secrets/password")
    assert held.reason == reason


def test_a_comment_alone_on_its_line_holds_for_the_next_one_too() -> None:
    alone = suppressions("# contentkit: ignore[ruff] known\nx = y\nz = y\n")
    assert sorted(alone) == [1, 2]
    behind = suppressions("x = y  # contentkit: ignore[ruff] known\nz = y\n")
    assert sorted(behind) == [1]


def test_the_lines_own_comment_wins_over_the_one_above() -> None:
    held = suppressions("# contentkit: ignore[a] one\nx  # contentkit: ignore[b] two\n")
    assert held[2].rules == ("b",)


def test_a_file_without_comments_has_none() -> None:
    assert suppressions("contentkit: ignore everything\n" * 3) == {}
