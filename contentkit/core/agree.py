"""Several answers to one question -> what they say together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from contentkit.core.report import Finding, Place

_ALIKE = 0.4
"""Messages that share so much of their words say the same."""


def agreed(samples: Sequence[Sequence[Finding]]) -> list[Finding]:
    """The findings of all samples, each once.

    Those of different samples that mean one place and one thing are one finding; its confidence is the share of the
    samples that had it, its severity the one that most of them gave (the lower in a tie).
    """
    if len(samples) == 1:
        return list(samples[0])
    clusters: list[dict[int, Finding]] = []
    for number, findings in enumerate(samples):
        for finding in findings:
            home = next((c for c in clusters if number not in c and any(_same(finding, o) for o in c.values())), None)
            if home is None:
                clusters.append({number: finding})
            else:
                home[number] = finding
    return [_one(list(cluster.values()), len(samples)) for cluster in clusters]


def _one(cluster: Sequence[Finding], samples: int) -> Finding:
    votes = Counter(finding.severity for finding in cluster)
    most = max(votes, key=lambda severity: (votes[severity], severity.rank))
    best = max(cluster, key=lambda finding: finding.confidence)
    return replace(best, severity=most, confidence=round(len(cluster) / samples, 3))


def _same(one: Finding, other: Finding) -> bool:
    if one.place is None or other.place is None or not _overlap(one.place, other.place):
        return False
    return (one.place.line is not None and one.rule == other.rule) or _likeness(one, other) >= _ALIKE


def _overlap(one: Place, other: Place) -> bool:
    if (one.path, one.side, one.line is None) != (other.path, other.side, other.line is None):
        return False
    if one.line is None or other.line is None:
        return True
    return one.line <= (other.end_line or other.line) and other.line <= (one.end_line or one.line)


def _likeness(one: Finding, other: Finding) -> float:
    """Share of the shorter message's words that the other has too."""
    words, others = (set(re.findall(r"\w{3,}", f.message.lower())) for f in (one, other))
    return len(words & others) / min(len(words), len(others)) if words and others else 0.0
