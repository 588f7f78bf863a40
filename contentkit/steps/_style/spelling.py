"""British and American spelling: one of them throughout."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from contentkit.core.report import Finding
from contentkit.core.text.scan import one_of
from contentkit.steps._style.inflect import cased_like
from contentkit.steps._style.look import Look

_WORD = re.compile(r"[a-z]{4,}")
_LETTER = re.compile(r"\w")
_NAMES = {"en-GB": "British", "en-GB-oxford": "Oxford", "en-US": "American"}

Spellings = dict[str, str]
"""A word of the other spelling -> the same of the wanted one."""


def look(look: Look) -> Iterator[Finding]:
    """Words of the other spelling. A capital within a sentence makes a name, which keeps its own (Pearl Harbor)."""
    wanted = look.guide.spelling
    if wanted == "any" or look.document.language != "en":
        return
    if wanted == "consistent":
        yield from _consistent(look)
        return
    for start, end, use in _found(look, spellings(wanted)):
        said = f"“{use}” is the {_NAMES[wanted]} spelling."
        yield look.finding("spelling", said, start, end, use=use, fix=True)


def _consistent(look: Look) -> Iterator[Finding]:
    """Where both spellings stand in one text, those of the rarer one."""
    british, american = (list(_found(look, spellings(other))) for other in ("en-US", "en-GB"))
    if not british or not american:
        return
    kept, others = ("American", british) if len(american) >= len(british) else ("British", american)
    for start, end, use in others:
        said = f"Most of the text has {kept} spelling: “{use}”."
        yield look.finding("spelling", said, start, end, use=use, fix=True)


def _found(look: Look, wanted: Spellings) -> Iterator[tuple[int, int, str]]:
    there = wanted.keys() & set(_WORD.findall(" ".join(set(look.low.split()))))
    pattern = f"[^a-z](?=[a-z])({one_of(there)})(?![a-z])"  # the whole of a run of letters, as it is in the list
    for found in re.finditer(pattern, f"\n{look.low}") if there else ():
        start, end = found.start(1) - 1, found.end(1) - 1
        if _part_of_word(look.low, start, end):
            continue
        written = look.shadow[start:end]
        if written[0].isupper() and not written.isupper() and not _may_have_capital(look, start):
            continue
        yield start, end, cased_like(wanted[found[1]], written)


def _part_of_word(low: str, start: int, end: int) -> bool:
    """Whether digits or underscores stand beside it: "naïve_color2"."""
    around = low[max(0, start - 1) : start] + low[end : end + 1]
    return bool(_LETTER.search(around)) and around.isascii()


def _may_have_capital(look: Look, start: int) -> bool:
    """Whether any word could have a capital there: the first of a sentence, or one of a heading."""
    block = look.document.block_at(start)
    if block is not None and block.kind == "heading":
        return True
    sentence = look.document.sentence_at(start)
    return sentence is not None and not _LETTER.search(look.shadow, sentence.start, start)


@lru_cache(maxsize=4)
def spellings(wanted: str) -> Spellings:
    """Every word to put right towards a spelling: "en-GB", "en-GB-oxford" or "en-US"."""
    data = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text(encoding="utf-8"))
    pairs: Spellings = {}
    for group in data["group"]:
        british, american = group["british"], group["american"]
        if wanted == "en-GB-oxford":
            british, american = group.get("oxford", british), british if "oxford" in group else american
        for stem in group["stems"].split(" "):
            for ending in group["endings"].split(" "):
                pairs[stem + british + ending] = stem + american + ending
    pairs.update(data["pairs"])
    if wanted == "en-US":
        pairs.update(data["american-only"])
        return pairs
    return {american: british for british, american in pairs.items()}
