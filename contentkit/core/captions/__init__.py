"""Subtitles of a film script: the narration cut into cues that can be read, each with its exact time."""

from __future__ import annotations

from contentkit.core.captions.cues import Cue, cues
from contentkit.core.captions.faults import Fault, faults
from contentkit.core.captions.rules import Rules, rules_of, sayable

__all__ = ["Cue", "Fault", "Rules", "cues", "faults", "rules_of", "sayable"]
