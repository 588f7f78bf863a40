"""Findings of analyzers and lenses -> one list: each fault once, the weightiest first, with its fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from contentkit.core.report import Finding, Place, Severity

_ALIKE = 0.5
"""Share of common words from which two sentences about the same lines say the same."""

_ALIKE_OF_ONE_NAME = 0.25
"""The same where one of the words is a name in those lines."""

_BLOCK = 16
"""Lines that are looked up together."""

_NUMBERED = re.compile(r"\[secret-\d+:")
"""The sign of a hidden value has a number, which changes with other secrets of the file."""

_WORD = re.compile(r"[A-Za-z_]{3,}|[^\x00-\x7f]{2}")


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repeats, what matters most first, with fingerprints.

    Two are the same fault when they stand on common lines and say the same in much the same words; two rules of one
    linter are two. What an analyzer measured stands before what a model thinks.
    """
    clusters = _Clusters()
    for finding in sorted(findings, key=_trust):
        clusters.add(finding)
    return fingerprinted(sorted(map(_merged, clusters.all), key=_weight))


class _Clusters:
    """Findings that are the same fault, kept by their places so that each is compared with few others."""

    def __init__(self) -> None:
        self.all: list[list[Finding]] = []
        self._equal: dict[tuple[str, str, Place | None], int] = {}  # an analyzer's, by all that they say
        self._near: dict[tuple[object, ...], dict[str, list[int]]] = {}  # place -> who found it -> clusters

    def add(self, finding: Finding) -> None:
        """Put it where the first that is the same is, or by itself."""
        at = self._of(finding)
        if at is not None:
            self.all[at].append(finding)
            return
        who = _family(finding) if finding.verified is None else ""
        for key in _keys(finding.place):
            self._near.setdefault(key, {}).setdefault(who, []).append(len(self.all))
        if finding.verified is None:
            self._equal[finding.rule, finding.message, finding.place] = len(self.all)
        self.all.append([finding])

    def _of(self, finding: Finding) -> int | None:
        measured = finding.verified is None
        there = self._equal.get((finding.rule, finding.message, finding.place)) if measured else None
        near = {
            at
            for key in _keys(finding.place)
            for who, clusters in self._near.get(key, {}).items()
            if not (measured and who == _family(finding))  # two of one analyzer are the same only if all of it is
            for at in clusters
        }
        same = next((at for at in sorted(near) if _same(self.all[at][0], finding)), None)
        return same if there is None else there if same is None else min(same, there)


def _keys(place: Place | None) -> list[tuple[object, ...]]:
    """Where a finding is looked for: places that meet have a key in common."""
    if place is None:
        return [()]
    if place.line is None:
        return [(place.path,)]
    last = max(place.end_line or place.line, place.line)
    return [(place.path, place.side, block) for block in range(place.line // _BLOCK, last // _BLOCK + 1)]


def fingerprinted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, each with a fingerprint that outlives moves of the code around it.

    It is made of who found it, the lines at fault without their white space, and, where the same lines are at fault
    more than once, the turn. A fault of a whole file is known by the file's path.
    """
    turns: Counter[str] = Counter()
    made: dict[int, str] = {}
    for number in sorted(range(len(findings)), key=lambda number: _where(findings[number].place)):
        key = _key(findings[number])
        made[number] = hashlib.sha256(f"{key}\0{turns[key]}".encode("utf-8", "replace")).hexdigest()[:32]
        turns[key] += 1
    return tuple(replace(finding, fingerprint=made[number]) for number, finding in enumerate(findings))


def _key(finding: Finding) -> str:
    place = finding.place
    who = finding.rule if finding.verified is None else finding.rule.partition("/")[0]
    if place is None:
        return f"{who}\0"
    if place.line is None or not place.quote.strip():
        return f"{who}\0{place.path}"
    return f"{who}\0{place.side}\0{_NUMBERED.sub('[secret:', ' '.join(place.quote.split()))}"


def _trust(finding: Finding) -> tuple[int, int, float]:
    """Analyzers before models, then severity, then confidence: the first of a cluster speaks for it."""
    return (0 if finding.verified is None else 1, finding.severity.rank, -finding.confidence)


def _weight(finding: Finding) -> tuple[int, int, float, tuple[str, int, int], str]:
    unverified = int(finding.verified is False)
    return (finding.severity.rank, unverified, -finding.confidence, _where(finding.place), finding.rule)


def _where(place: Place | None) -> tuple[str, int, int]:
    if place is None:
        return ("", 0, 0)
    return (place.path, place.line or 0, int(place.side == "RIGHT"))


def _same(one: Finding, other: Finding) -> bool:
    if not _meet(one.place, other.place):
        return False
    if one.verified is None and other.verified is None and _family(one) == _family(other):
        return (one.rule, one.message, one.place) == (other.rule, other.message, other.place)
    shared, share = _shared(one.message, other.message)
    code = set(_WORD.findall(one.place.quote.lower())) if one.place else set()
    return share >= _ALIKE or (share >= _ALIKE_OF_ONE_NAME and bool(shared & code))


def _meet(one: Place | None, other: Place | None) -> bool:
    if one is None or other is None or one.path != other.path:
        return one == other
    if one.line is None or other.line is None:
        return one.line == other.line
    if one.side != other.side:
        return False
    return one.line <= (other.end_line or other.line) and other.line <= (one.end_line or one.line)


def _family(finding: Finding) -> str:
    return finding.rule.partition("/")[0]


def _shared(one: str, other: str) -> tuple[set[str], float]:
    """The words of both sentences, and their share of the shorter one."""
    first, second = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return first & second, len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _merged(cluster: Sequence[Finding]) -> Finding:
    """The most trusted one, with what the others know and it does not; as grave as the gravest that counts."""
    first = cluster[0]
    severities = [finding.severity for finding in cluster if finding.verified is not False or first.verified is False]
    confidence = max(finding.confidence for finding in cluster)
    return replace(
        first,
        severity=min(severities, key=lambda severity: severity.rank),
        confidence=confidence,
        scenario=first.scenario or next((finding.scenario for finding in cluster if finding.scenario), ""),
        edits=first.edits or next((finding.edits for finding in cluster if finding.edits), ()),
    )


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many there are of each severity, the gravest first; only those that are there."""
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in Severity if found[severity]}
