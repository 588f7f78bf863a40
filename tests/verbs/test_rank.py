"""Ranking: one fault once, the weightiest first, and a fingerprint that outlives moves."""

from __future__ import annotations

from typing import Any

from contentkit.core.report import Finding, Place, Severity
from contentkit.reviews.rank import counts, fingerprinted, ranked


def finding(rule: str, line: int | None, message: str = "It breaks.", path: str = "a.py", **more: Any) -> Finding:
    place = Place(path, line, line, quote=more.pop("quote", f"line {line}"))
    return Finding(rule, message, more.pop("severity", Severity.MAJOR), place, **more)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def test_what_a_lens_says_again_of_an_analyzers_line_is_one_finding_and_the_analyzers() -> None:
    code = "    return total(items)[1]"
    linter = finding("ruff/F821", 3, "Undefined name total", severity=Severity.MINOR, quote=code)
    model = finding("bugs/call", 3, "total is not defined here", verified=True, scenario="any call", quote=code)
    merged = ranked([model, linter])
    assert rules(merged) == ["ruff/F821"]
    assert (merged[0].severity, merged[0].scenario, merged[0].verified) == (Severity.MAJOR, "any call", None)
    other = finding("bugs/bounds", 3, "An empty list has no second item", verified=True, quote=code)
    assert sorted(rules(ranked([other, linter]))) == ["bugs/bounds", "ruff/F821"]


def test_an_unverified_opinion_does_not_make_a_measured_finding_graver() -> None:
    linter = finding("ruff/B006", 3, severity=Severity.MINOR)
    model = finding("bugs/state", 3, severity=Severity.CRITICAL, verified=False)
    assert ranked([linter, model])[0].severity is Severity.MINOR


def test_two_rules_of_one_linter_on_one_line_stay_two() -> None:
    assert len(ranked([finding("ruff/F821", 3, category="bug"), finding("ruff/F811", 3, category="bug")])) == 2


def test_two_faults_of_one_lens_on_one_line_stay_two_and_said_twice_is_one() -> None:
    one = finding("bugs/bounds", 3, "The index runs past the end of the list", category="bug", verified=True)
    other = finding("bugs/type", 3, "A string is added to a number", category="bug", verified=True)
    again = finding("bugs/bounds", 3, "Index may run past the end of this list", category="bug", verified=True)
    assert sorted(rules(ranked([one, other, again]))) == ["bugs/bounds", "bugs/type"]


def test_lenses_that_say_the_same_of_the_same_lines_are_one() -> None:
    one = finding("bugs/call", 3, "eval runs whatever the user typed", verified=True)
    two = finding("security/injection", 3, "What the user typed is run by eval", verified=True)
    assert len(ranked([one, two])) == 1


def test_findings_about_the_file_merge_only_when_they_say_the_same() -> None:
    one = finding("bugs/state", None, "The cache is never emptied", category="bug", verified=True)
    two = finding("design/other", None, "Two classes do one job", category="bug", verified=True)
    assert len(ranked([one, two])) == 2


def test_lines_of_different_sides_files_and_places_never_merge() -> None:
    left = Finding("tests/removed", "It breaks.", place=Place("a.py", 3, 3, side="LEFT"), category="bug")
    assert len(ranked([finding("x/y", 3), left, finding("x/y", 9), finding("x/y", 3, path="b.py")])) == 4


def test_order_is_severity_then_verified_then_confidence_then_place() -> None:
    found = ranked(
        [
            finding("a/1", 9, "one", severity=Severity.MINOR),
            finding("a/2", 5, "two", verified=False),
            finding("a/3", 7, "three", verified=True, confidence=0.5),
            finding("a/4", 8, "four", verified=True, confidence=0.9),
            finding("a/5", 1, "five", severity=Severity.CRITICAL, verified=False),
        ]
    )
    assert rules(found) == ["a/5", "a/4", "a/3", "a/2", "a/1"]


def test_a_fingerprint_outlives_moved_lines_another_file_and_other_words_of_the_model() -> None:
    here = fingerprinted([finding("bugs/x", 3, "one", quote="  total += 1", verified=True)])[0]
    there = fingerprinted([finding("bugs/y", 90, "two", "b.py", quote="total  += 1", verified=True)])[0]
    assert here.fingerprint == there.fingerprint != ""
    others = [
        finding("security/x", 3, quote="total += 1", verified=True),
        finding("bugs/x", 3, quote="total -= 1", verified=True),
    ]
    assert all(fingerprinted([other])[0].fingerprint != here.fingerprint for other in others)


def test_the_same_fault_twice_has_two_fingerprints_and_one_gone_leaves_the_first() -> None:
    first, second = fingerprinted([finding("a/b", 3, quote="x"), finding("a/b", 9, quote="x")])
    assert first.fingerprint != second.fingerprint
    assert fingerprinted([finding("a/b", 50, quote="x")])[0].fingerprint == first.fingerprint


def test_counts_name_the_gravest_first_and_only_what_is_there() -> None:
    found = [finding("a/1", 1, severity=Severity.INFO), finding("a/2", 2), finding("a/3", 3)]
    assert list(counts(found).items()) == [(Severity.MAJOR, 2), (Severity.INFO, 1)]
