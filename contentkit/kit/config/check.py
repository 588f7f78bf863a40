"""What ``[check]`` may say: which checks run on texts, and what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """``[check]``.

    Attributes:
        style: file of a style guide; None for none.
        voice: file of a voice profile; None for none.
        tools: linters of others that may run.
        skip: names of checks that do not run.
        fail_on: lowest severity that fails ``contentkit check``.
        rewrite: lowest severity for which a model is asked to mend its draft; "never" for none.
        max_findings: findings shown to a person; files and machines get all.
        moderate: the model that looks over texts for what should not be published; "" asks none.
        settings: name of a check -> what it is told.
    """

    style: Path | None = None
    voice: Path | None = None
    tools: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: str = "major"
    rewrite: str = "major"
    max_findings: int = 50
    moderate: str = ""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
