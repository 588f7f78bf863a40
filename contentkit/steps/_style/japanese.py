"""Rules of Japanese sentences: one register, no dropped ら, no chains, no double negatives, nothing said twice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from contentkit.core.report import Finding
from contentkit.core.text.document import Sentence
from contentkit.core.text.phrases import Phrases
from contentkit.core.text.scan import near
from contentkit.steps._japanese import Register, register_of
from contentkit.steps._style.look import Look

_TOO_MANY = 5
"""Of a register that is not the text's so many sentences are pointed at; more are told in one finding."""
_COMMA = re.compile("[、，]")
_LONGEST_LINK, _MOST_LINKS = 12, 20
_LONGEST_CHAIN = _MOST_LINKS * (_LONGEST_LINK + 1)
_LINK = rf"[^\s、。，．「」『』（）()のはがをにへともやでか]{{1,{_LONGEST_LINK}}}の"


def register(look: Look) -> Iterator[Finding]:
    """Sentences of running text in the other register. Headings, items, cells and quotations are left alone."""
    wanted = look.guide.japanese.register
    if wanted == "any" or look.document.language != "ja":
        return
    told = [(one, kind) for one in look.prose if (kind := _register(look, one))]
    if wanted == "consistent":
        polite = sum(kind == "desumasu" for _, kind in told)
        wanted = "desumasu" if 2 * polite >= len(told) else "dearu"
    others = [one for one, kind in told if kind != wanted]
    names = {"desumasu": "です・ます", "dearu": "だ・である"}
    said = f"This sentence is not in {names[wanted]}."
    for one in others[:_TOO_MANY]:
        yield look.finding("register", said, one.start, one.end, repair=f"文末を「{names[wanted]}」調にする。")
    if len(others) > _TOO_MANY:
        more = others[_TOO_MANY]
        said = f"{len(others) - _TOO_MANY} more sentences are not in {names[wanted]} ({len(told)} were told apart)."
        yield look.finding("register", said, more.start, more.end, repair=f"全体を「{names[wanted]}」調に統一する。")


def _register(look: Look, sentence: Sentence) -> Register:
    return "" if look.document.quoted(sentence.start) else register_of(look.shadow[sentence.start : sentence.end])


def dropped_ra(look: Look) -> Iterator[Finding]:
    """ら抜き言葉: 見れる for 見られる."""
    if look.guide.japanese.dropped_ra and look.document.language == "ja":
        ends, stem = _dropped_ra()
        for found in ends.finditer(look.shadow):
            if verb := stem.search(look.shadow, max(0, found.start() - 8), found.start()):
                use = f"{verb[1]}られ"
                start, end = verb.start(1), found.start() + 1
                yield look.finding("dropped-ra", f"ら抜き: 「{use}{found[1]}」。", start, end, use=use, fix=True)


def double_negative(look: Look) -> Iterator[Finding]:
    """二重否定."""
    if look.guide.japanese.double_negative and look.document.language == "ja":
        for hit in _negatives().find(look.shadow):
            repair = "肯定文に言い換える。"
            said = f"A double negative: 「{look.shadow[hit.start : hit.end]}…」."
            yield look.finding("double-negative", said, hit.start, hit.end, repair=repair)


def redundant(look: Look) -> Iterator[Finding]:
    """冗長な表現."""
    if not look.guide.japanese.redundant or look.document.language != "ja":
        return
    shorter, phrases = _redundant()
    for hit in phrases.find(look.shadow):
        use, fix = shorter[hit.phrase]
        said = f"「{look.shadow[hit.start : hit.end]}」 says no more than 「{use}」."
        yield look.finding("redundant", said, hit.start, hit.end, use=use, fix=fix)


def commas(look: Look) -> Iterator[Finding]:
    """Sentences with more 読点 than the guide allows."""
    most = look.guide.japanese.commas
    if not most or look.document.language != "ja":
        return
    for one in look.document.sentences:
        count = len(_COMMA.findall(look.shadow, one.start, one.end))
        if count > most:
            repair = "文を分けるか、語順を変えて読点を減らす。"
            said = f"{count} 読点 in a sentence; the guide allows {most}."
            yield look.finding("commas", said, one.start, one.end, repair=repair)


def chain(look: Look) -> Iterator[Finding]:
    """Phrases that の chains together: 市の南の港の北側."""
    least = look.guide.japanese.particle_chain
    if least and look.document.language == "ja":
        chain, begun = _chain(least)
        for found in near(chain, look.shadow, begun, _LONGEST_LINK, _LONGEST_CHAIN):
            said = f"の stands {found.group().count('の')} times in a row."
            yield look.finding("particle-chain", said, *found.span(), repair="「の」の連続を言い換える。")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("japanese.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _dropped_ra() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The end of such a form, and the verbs that may stand before it."""
    said = _data()["dropped-ra"]
    ends = re.compile(rf"れ({'|'.join(said['endings'])})")
    return ends, re.compile(rf"(?<![一-鿿])({'|'.join(said['stems'])})\Z")


@lru_cache(maxsize=1)
def _negatives() -> Phrases:
    return Phrases(_data()["double-negative"]["phrases"])


@lru_cache(maxsize=1)
def _redundant() -> tuple[dict[str, tuple[str, bool]], Phrases]:
    rows = {row["avoid"]: (row["use"], row["fix"]) for row in _data()["redundant"]}
    return rows, Phrases(rows)


@lru_cache(maxsize=8)
def _chain(least: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An expression for a chain, and one for the の of its first link."""
    more = max(least - 1, 0)
    return re.compile(rf"(?:{_LINK}){{{least},{_MOST_LINKS}}}"), re.compile(rf"の(?=(?:{_LINK}){{{more}}})")
