"""Whether a quotation stands in the material word for word; where not, what stands there instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from contentkit.core.facts.material import Material, Witness
from contentkit.core.facts.tokens import tokens, without_targets
from contentkit.core.facts.verdict import SAID, Verdict

_LEFT_OUT = re.compile(
    r"[\[［(（]\s*(?:\.{2,4}|…+|中略|後略|前略)\s*[\]］)）]|\.{3,}|…+|‥+|[\[［][^\]］\n]{1,80}[\]］](?!\()"
)
"""What a quotation leaves out, or puts in, by the customs of both languages."""
_LIKE = 0.6
_RARE, _RARE_PLACES = 6, 60
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a witness, and how much of a quotation is in them (0 to 1)."""

    witness: Witness
    first: int
    last: int
    share: float

    @property
    def text(self) -> str:
        words = self.witness.tokens
        text = self.witness.text[words.starts[self.first] : words.ends[self.last - 1]]
        flat = " ".join(text.split())
        return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"


def quoted(text: str) -> list[list[str]]:
    """The words of a quotation as they are compared, in the parts between what it leaves out or puts in."""
    parts = [tokens(without_targets(part)).keys for part in _LEFT_OUT.split(text)]
    return [list(part) for part in parts if part]


def look(text: str, material: Material) -> Verdict:
    """How a quotation stands: every part must stand in one witness, word for word."""
    parts = quoted(text)
    if not parts or any(all(one.holds(part) for part in parts) for one in material.witnesses):
        return SAID
    stretch = _nearest(max(parts, key=len), material)
    if stretch is None:
        return Verdict("absent")
    mark = f"[{stretch.witness.number}]" if stretch.witness.number else stretch.witness.name
    return Verdict("doubtful", f"{mark} says {stretch.text!r}", stretch.text)


def _nearest(keys: Sequence[str], material: Material) -> _Stretch | None:
    """The words of the material that are most like these; None where nothing is."""
    found = [stretch for witness in material.witnesses for stretch in _like(keys, witness)]
    return max(found, key=lambda stretch: stretch.share, default=None)


def _like(keys: Sequence[str], witness: Witness) -> Iterator[_Stretch]:
    """Where the rare words of the quotation stand as far apart as in it."""
    known = [(len(places), at) for at, key in enumerate(keys) if (places := witness.places.get(key))]
    votes: Counter[int] = Counter()
    for _, at in sorted(known)[:_RARE]:
        votes.update(place - at for place in witness.places[keys[at]][:_RARE_PLACES])
    for start, _ in votes.most_common(3):
        first, last = max(0, start - 1), min(len(witness.tokens.keys), start + len(keys) + 2)
        window = list(witness.tokens.keys[first:last])
        matcher = SequenceMatcher(None, keys, window, autojunk=False)
        share = matcher.ratio()
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if share >= _LIKE and blocks:
            yield _Stretch(witness, first + blocks[0].b, first + blocks[-1].b + blocks[-1].size, share)
