"""The style guide: what each key finds, what it leaves alone, and what can't be said."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.fixes import settled
from contentkit.steps.style import after, settings


def check(text: str, guide: dict[str, Any], language: str = "en") -> tuple[Finding, ...]:
    settings(guide)
    return after(Piece("text", language, body=text, name="a.md", settings={"style": guide})).findings


def quotes(text: str, guide: dict[str, Any], language: str = "en") -> list[tuple[str, str]]:
    return [
        (finding.rule.removeprefix("style/"), finding.place.quote if finding.place else "")
        for finding in check(text, guide, language)
    ]


def mended(text: str, guide: dict[str, Any], language: str = "en") -> str:
    """The text with every safe fix."""
    return settled(text, lambda one: check(one, guide, language), "a.md").text


def test_a_term_keeps_its_capitals_and_endings() -> None:
    guide = {"terms": [{"avoid": ["utilise", "utilize"], "use": "use", "inflect": True}]}
    text = "Utilise it; she utilises what he UTILIZED while utilizing. Utility stays."
    assert mended(text, guide) == "Use it; she uses what he USED while using. Utility stays."


def test_irregular_verbs_take_their_own_forms() -> None:
    guide = {"terms": [{"avoid": ["commence"], "use": "begin", "inflect": True}]}
    assert mended("It commenced, is commencing and commences.", guide) == "It began, is beginning and begins."


def test_a_term_within_the_right_one_is_right() -> None:
    guide = {"prefer": {"サーバ": "サーバー", "server": "web server"}}
    assert check("サーバーと web server。", guide, "ja") == ()
    assert mended("サーバの server", guide, "ja") == "サーバーの web server"


def test_a_forbidden_term_is_major_and_says_why() -> None:
    (finding,) = check("Our world-class team.", {"forbid": {"world-class": "Say what it does."}})
    assert finding.severity is Severity.MAJOR
    assert finding.message == "“world-class” is not to be used. Say what it does."
    assert finding.replacement is None


def test_a_name_has_one_writing_and_code_keeps_its_own() -> None:
    guide = {"names": ["GitHub", "macOS"]}
    assert mended("Github, GITHUB, `github`, github.com/x and MacOS", guide) == (
        "GitHub, GitHub, `github`, github.com/x and macOS"
    )


def test_inclusive_words_are_only_suggested() -> None:
    (finding,) = check("Put it on the whitelist.", {"inclusive": True})
    assert (finding.suggestion, finding.replacement) == ("allowlist", None)
    assert [rule for rule, _ in quotes("看護婦が来ました。", {"inclusive": True}, "ja")] == ["inclusive"]


def test_severities_are_the_guides_to_say() -> None:
    guide = {"prefer": {"utilise": "use"}, "severity": {"term": "critical"}}
    (finding,) = check("We utilise it.", guide)
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("guide", "said"),
    [
        ({"speling": "en-GB"}, "'spelling'"),
        ({"spelling": "en"}, "en-GB"),
        ({"sentence_words": -1}, "whole number"),
        ({"prefer": ["a"]}, "a table"),
        ({"terms": [{"use": "x"}]}, "avoid"),
        ({"terms": [{"avoid": ["a"], "usee": "x"}]}, "'use'"),
        ({"japanese": {"registre": "x"}}, "'register'"),
        ({"severity": {"spelling": "bad"}}, "critical"),
        ({"severity": {"speling": "minor"}}, "'spelling'"),
        ({"prefer": {"a": "b", "b": "a"}}, "instead of"),
    ],
)
def test_a_wrong_guide_is_one_sentence(guide: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as error:
        settings(guide)
    assert said in str(error.value)
