"""How much a finding matters. Apart from ``report.py``, so that a list of options costs no import of it."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property


class Severity(StrEnum):
    """How much a finding matters. ``critical`` and ``major`` break the result; the rest advise."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"

    @cached_property
    def rank(self) -> int:
        """0 for critical, rising as severity falls."""
        return list(Severity).index(self)
