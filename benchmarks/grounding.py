"""How well grounding tells what a source bears out from what it does not: correct sentences told, errors found.

    python benchmarks/grounding.py             # a table
    python benchmarks/grounding.py --verbose   # and every sentence that was judged wrongly
    python benchmarks/grounding.py --check     # exit code 1 when a bar is missed

``grounding/*.toml`` hold invented sources of eight sorts, English and Japanese. To each there are sentences that retell
it as a good writer does (rounded, reckoned, in other units, with relative dates), and sentences with one fact changed.
Bars, over all: at most 5 % of the correct ones told as major, and at least 70 % of the errors found.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Severity
from contentkit.steps import grounding

CASES = Path(__file__).with_suffix("")
MOST_FALSE, LEAST_FOUND = 0.05, 0.7


@dataclass(frozen=True, slots=True)
class Score:
    """Sentences of one source. ``false_major`` and ``false_minor``: correct ones that were told as such."""

    name: str
    correct: int
    false_major: int
    false_minor: int
    planted: int
    found: int
    found_major: int

    def __str__(self) -> str:
        told = f"{self.false_major:3} major {self.false_minor:3} minor of {self.correct:3}"
        found = f"{self.found:3} ({self.found_major:3} major) of {self.planted:3}"
        return f"{self.name:10} correct told: {told}   errors found: {found}"


def told(sentence: str, source: str, language: str) -> list[Finding]:
    """The findings that a writer would act on, the worst first."""
    piece = Piece("text", language, sources=(SourceText("source.md", source),), body=sentence, name="draft.md")
    found = grounding.after(piece).findings
    return sorted((one for one in found if one.severity is not Severity.INFO), key=lambda one: one.severity.rank)


def score(name: str, case: dict[str, Any], *, verbose: bool) -> Score:
    correct, planted = (
        [(sentence, told(sentence, case["source"], case["language"])) for sentence in case[kind]]
        for kind in ("correct", "planted")
    )
    if verbose:
        for sentence, found in correct:
            for one in found:
                print(f"{name}: told {one.severity.value}, is correct: {sentence}\n    {one.message}")
        for sentence, found in planted:
            if not found:
                print(f"{name}: not found: {sentence}")
    majors, wrong = (sum(_is_major(found) for _, found in judged) for judged in (correct, planted))
    return Score(
        name,
        len(correct),
        majors,
        sum(bool(found) for _, found in correct) - majors,
        len(planted),
        sum(bool(found) for _, found in planted),
        wrong,
    )


def _is_major(found: Sequence[Finding]) -> bool:
    return bool(found) and found[0].severity.rank <= Severity.MAJOR.rank


def total(scores: Sequence[Score]) -> Score:
    counts = ("correct", "false_major", "false_minor", "planted", "found", "found_major")
    return Score("all", *(sum(getattr(one, count) for one in scores) for count in counts))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--verbose", action="store_true", help="print what was judged wrongly")
    options = parser.parse_args()
    scores = []
    for path in sorted(CASES.glob("*.toml")):
        case = tomllib.loads(path.read_text(encoding="utf-8"))
        scores.append(score(path.stem, case, verbose=options.verbose))
        print(scores[-1])
    whole = total(scores)
    print(whole)
    missed = whole.false_major > MOST_FALSE * whole.correct or whole.found < LEAST_FOUND * whole.planted
    return int(missed and options.check)


if __name__ == "__main__":
    sys.exit(main())
