"""Large files that are added, also those that the review skips (binary, generated, over its own limit)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from contentkit.analyzers._look import Each
from contentkit.core.change import Change, FileChange, Status
from contentkit.core.contracts import Look
from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Place, Severity

skipped_too = True
takes = ("minor_bytes", "major_bytes")


def begin(change: Change, settings: Mapping[str, Any]) -> Look:
    """A look at the sizes of added files.

    Args:
        settings: ``minor_bytes`` (500,000) and ``major_bytes`` (5,000,000), over which it is a finding.

    Raises:
        UsageError: one of them is no number of bytes.
    """
    minor, major = _bytes(settings, "minor_bytes", 500_000), _bytes(settings, "major_bytes", 5_000_000)
    return Each(partial(_look, minor, major))


def _look(minor: int, major: int, file: FileChange) -> Iterator[Finding]:
    if file.status is Status.ADDED and file.size > min(minor, major):
        yield Finding(
            "large/file",
            f"A file of {file.size / 1e6:.1f} MB is added; every clone of the repository will hold it from now on.",
            Severity.MAJOR if file.size > major else Severity.MINOR,
            Place(file.path),
            "maintenance",
            repair="Keep it outside of the repository, or in Git LFS.",
        )


def _bytes(settings: Mapping[str, Any], name: str, default: int) -> int:
    value = settings.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError(f"[review.analyzers.large] {name} must be a number of bytes.")
    return value
