"""Who says a quotation, by the words right beside it, in a text and in its material.

Cautious: where either leaves it to the reader, nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from contentkit.core.facts.material import Material, Witness
from contentkit.core.facts.people import persons
from contentkit.core.facts.spellings import CAPITAL, GENITIVE

_VERBS = (
    "said|says|told|wrote|writes|added|adds|explained|explains|recalled|recalls|argued|argues|asked|asks|noted|notes"
    "|warned|warns|announced|claimed|claims|replied|joked|insisted|admitted"
)
_SAID = re.compile(rf"\b(?:{_VERBS})\b|:\s*\Z")
_SPOKE = re.compile(rf"\A[\s,–—-]*(?:[^\s.,;:!?“”\"]+[\s,]+){{0,8}}?(?:{_VERBS})\b")
_SPOKE_WIDE = re.compile(
    r"\A\s?(?:と|って)[^。「」]{0,24}?(?:述べ|話|語|言|い[うっ]|説明|コメント|答え|書い|書か|記し|指摘|主張|強調|振り返|呼びかけ)"
)
_NAME = re.compile(rf"(?<!\w){CAPITAL}")
_OPENING, _CLOSING = '“"«„「『', '”"»“」』'
_STOP_BEFORE = re.compile(r"[.!?;。！？\n”\"»」』]")
_STOP_AFTER = re.compile(
    r"[.!?;。！？\n“\"«「『]|,?\s(?:who|whose|whom|which|while|after|when|before|as|and|but|of|about|to)\b"
)
"""Whom another one speaks of, or to, speaks not."""
_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|St)\.")
REACH = 120
"""Characters beside a quotation in which a text says whose it is."""
_LONGEST, _FEWEST, _PLACES = 600, 3, 8


def other_speaker(keys: Sequence[str], before: str, after: str, material: Material) -> tuple[str, str, Witness] | None:
    """Who says a quotation in a text, who says it in the material, and where; None where both agree, or don't tell.

    Args:
        keys: the words of the quotation, which the material has.
        before, after: the text around it.
    """
    if len(keys) < _FEWEST:
        return None
    found = None
    for witness in material.witnesses:
        said = _said_by(tuple(keys), witness)
        known = persons(witness.text) if said else {}
        mine = _speakers(before, after, known) if all(said) else ()
        for its in said:
            if not mine or {known[name] for name in mine} & {known[name] for name in its}:
                return None
            found = (known[mine[-1]], known[its[-1]], witness)
    return found


@lru_cache(maxsize=1024)
def _said_by(keys: tuple[str, ...], witness: Witness) -> Sequence[Sequence[str]]:
    """The names of those who say a quotation, for each place where a witness has it between marks."""
    text = witness.text
    return [
        _speakers(text[max(0, start - REACH) : start], text[end : end + REACH], persons(text))
        for start, end in islice(_places(keys, witness), _PLACES)
    ]


def _speakers(before: str, after: str, known: Mapping[str, str]) -> Sequence[str]:
    """The names, of those that are known, in the words that say who says what stands between two texts."""
    lead = _STOP_BEFORE.split(_TITLE.sub(r"\1", before[-REACH:]).rstrip(' "“«„「『'))[-1]
    rest = _STOP_AFTER.split(_TITLE.sub(r"\1", after[:REACH].lstrip('"”»“」』')))[0]
    if _SPOKE_WIDE.match(rest):
        words = f"{lead} {rest}"
        return [name for name in known if name > "\u3000" and name in words]
    told = [words for words, verb in ((lead, _SAID.search(lead)), (rest, _SPOKE.match(rest))) if verb]
    return list(_named(" ".join(told), known))


def _named(words: str, known: Mapping[str, str]) -> Iterable[str]:
    """The last names in some words; where there are none, the first names."""
    names = [name for found in _NAME.finditer(words) if (name := GENITIVE.sub("", found[0])) in known]
    return [name for name in names if known[name] == name] or names


def _places(keys: Sequence[str], witness: Witness) -> Iterator[tuple[int, int]]:
    """Where the quotation that has these words stands in a witness, with its marks."""
    words = witness.tokens
    rare = min(range(len(keys)), key=lambda at: len(witness.places.get(keys[at], ())))
    for place in witness.places.get(keys[rare], ()):
        first = place - rare
        if first >= 0 and tuple(words.keys[first : first + len(keys)]) == keys:
            yield from _marks(witness.text, words.starts[first], words.ends[first + len(keys) - 1])


def _marks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The place from the mark that opens before some words to the one that closes after them."""
    opened = max(text.rfind(sign, max(0, start - _LONGEST), start) for sign in _OPENING)
    closed = [at for sign in _CLOSING if (at := text.find(sign, end, end + _LONGEST)) >= 0]
    if opened >= 0 and closed and "\n\n" not in text[opened : min(closed)]:
        yield opened, min(closed) + 1
