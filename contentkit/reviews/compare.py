"""What earlier runs found: a saved report, or the last review of this repository. Only what is new is shown again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Report

if TYPE_CHECKING:
    from contentkit.core.change import Change
    from contentkit.kit.history import History

_SAVE = "Save one: contentkit review --format json -o FILE"

_LOOKED_THROUGH = 200
"""Reviews of the history among which the last one of this repository is looked for."""


@dataclass(frozen=True, slots=True)
class Known:
    """Fingerprints that earlier runs had."""

    baseline: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    def parted(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], dict[str, int]]:
        """The new findings, and how many the baseline and the last run had already."""
        new = tuple(f for f in findings if f.fingerprint not in self.baseline and f.fingerprint not in self.since)
        baseline = sum(f.fingerprint in self.baseline for f in findings)
        return new, {"baseline": baseline, "since": len(findings) - len(new) - baseline}

    def all(self, findings: Sequence[Finding]) -> list[str]:
        """What the next run with ``since`` knows: the new ones, and those that were known now."""
        return sorted(self.since | {finding.fingerprint for finding in findings})


def known_before(history: History | None, change: Change, baseline: Path | None, *, since_last: bool = False) -> Known:
    """The fingerprints of ``baseline`` and, if ``since_last``, of the last review of this repository.

    Raises:
        UsageError: the baseline can't be read, or there is no history to look into.
    """
    old = fingerprints(_read_report(baseline)) if baseline else frozenset()
    if not since_last:
        return Known(old)
    if history is None:
        raise UsageError("--since-last needs the history, and none is kept.", hint="Leave --no-history out.")
    last = _last(history, repository(change))
    if last is None:
        return Known(old, notices=("the history has no earlier review of this repository, so all is shown",))
    return Known(old, fingerprints(last) | set(map(str, last.fields.get("known", ()))))


def fingerprints(report: Report) -> frozenset[str]:
    """Those of a report's findings."""
    return frozenset(finding.fingerprint for finding in report.findings if finding.fingerprint)


def _read_report(path: Path) -> Report:
    """A report that was saved with ``--format json``.

    Raises:
        UsageError: it can't be read, or is none.
    """
    from contentkit.reports.json import from_dict

    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.", hint=_SAVE) from None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise UsageError(f"{path} is no JSON report.", hint=_SAVE)
    try:
        return from_dict(data)
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", hint=error.hint or _SAVE) from None


def repository(change: Change) -> str:
    """What the history knows this repository by: a digest of its folder, so that no path is kept. "" for a patch."""
    return hashlib.sha256(change.root.encode("utf-8", "surrogateescape")).hexdigest()[:16] if change.root else ""


def _last(history: History, repository: str) -> Report | None:
    if not repository:
        return None
    for run in history.list(_LOOKED_THROUGH, "review"):
        report = history.show(run.id)
        if report.fields.get("repository") == repository:
            return report
    return None
