"""A text made to fit its place without asking anybody: its beginning, up to where a reader pauses."""

from __future__ import annotations

import re
from dataclasses import replace

from contentkit.core.text.atoms import combined, kept_whole
from contentkit.core.text.counting import Rule, count, find_hashtags, fits, size
from contentkit.core.text.prose import TAG
from contentkit.core.text.thread import split

# What a closing link with its hashtags may take of the room; the words before it go first.
_TAIL_SHARE = 0.5
# What stands between the links and hashtags at the end: no word; the rest of "#open-source", which ends at its sign.
_WORD, _GOES_ON = re.compile(r"\w"), re.compile(r"(?:[-‐–&+]\w+)+")
_POINTING = re.compile(r"(?<=\s)[^\w\s.,;:!?…。、！？()（）「」『』“”\"']+[ \t]*\Z")
# What the number behind a post of a thread takes at most: " 9999/9999".
_NUMBER = 10


def shortened(text: str, rule: Rule, language: str = "") -> str:
    """As much of the text as ``rule`` takes, which may be nothing; a text that fits is given back as it is.

    Signs that are forbidden go, then hashtags above their number, then closing ones that come again or are more
    than is wise, then the end of the words; a link and hashtags that close the text stay. Only one word that alone is
    too long is cut within; a link only where there is nothing else.

    Args:
        language: ISO 639-1 code, for where sentences end; "" goes by signs alone.
    """
    if fits(text, rule):
        return text
    text = _fewer_hashtags(_allowed(text, rule), rule).strip()
    if not fits(text, rule):
        text = _fewer_closing(text, rule)
    if fits(text, rule):
        return text
    at = _tail(text, rule)
    head, tail = text[:at].rstrip(), text[at:]
    if head and tail:
        gap = text[len(head) : at]
        less = _less(rule, gap + tail)
        beginning = _beginning(head, less, language) if less else ""
        if beginning and fits(beginning + gap + tail, rule):
            return beginning + gap + tail
    return _beginning(text, rule, language)


def divisible(text: str, rule: Rule, *, numbered: bool = False, language: str = "") -> str:
    """The text of a thread with each word cut that alone is longer than a post may be, and without such links: part of
    a link leads nowhere, or elsewhere."""
    text = _allowed(text, rule)
    room = replace(rule, hard=max(1, rule.hard - _NUMBER)) if numbered and rule.hard else rule
    parts = split(text, rule, numbered=numbered, language=language)
    made: list[str] = []
    for part in parts:
        word = part.raw.strip()
        if part.fits:
            made.append(part.raw)
        elif len(parts) == 1 or not _is_link(word):
            made.append(part.raw.replace(word, _clipped(word, room)))
    return "".join(made)


def without_tags(text: str) -> str:
    """The text without tags of HTML; what stands between them stays."""
    return re.sub(TAG, "", text)


def _allowed(text: str, rule: Rule) -> str:
    """The text without forbidden signs; a line break becomes a space, and of HTML the whole tag goes."""
    if "<" in rule.forbidden:
        text = without_tags(text)
    for sign in ("\r\n", *rule.forbidden):
        if set(sign) <= set(rule.forbidden):
            text = text.replace(sign, "" if sign.strip() else " ")
    return text


def _fewer_hashtags(text: str, rule: Rule) -> str:
    if rule.hashtags is None:
        return text
    for start, end in reversed(list(find_hashtags(text))[rule.hashtags :]):
        text = text[:start].rstrip(" ") + text[end:]
    return text


def _fewer_closing(text: str, rule: Rule) -> str:
    """The text with fewer of the hashtags that close it, from the last one on, until it fits: first those that stand
    in it already, then those above the wise number."""
    for again in (True, False):
        spans = list(find_hashtags(text))
        tail, tags = _tail(text, rule), [text[start:end].casefold() for start, end in spans]
        for number in reversed(range(len(spans))):
            start, end = spans[number]
            more = tags[number] in tags[:number] if again else number >= (rule.soft_hashtags or len(spans))
            if start >= tail and more and not fits(text, rule):
                rest = _GOES_ON.match(text, end)
                text = (text[:start].rstrip(" ") + text[rest.end() if rest else end :]).rstrip()
    return text


def _tail(text: str, rule: Rule) -> int:
    """Where the links and hashtags begin that close the text, with the signs that point at them; its end where none
    do."""
    begins = len(text)
    for start, end in reversed(kept_whole(text, rule)):
        rest = _GOES_ON.match(text, end)
        if _WORD.search(text, rest.end() if rest else end, begins):
            break
        begins = start
    if begins < len(text) and (signs := _POINTING.search(text, max(0, begins - 20), begins)):
        begins = signs.start()
    return begins


def _less(rule: Rule, tail: str) -> Rule | None:
    """The rule for what stands before the tail; None where the tail takes too much of the room."""
    taken, octets = count(tail, rule), size(tail)
    if any(most is not None and used > most * _TAIL_SHARE for used, most in ((taken, rule.hard), (octets, rule.bytes))):
        return None
    hard, most = (None if limit is None else limit - used for limit, used in ((rule.hard, taken), (rule.bytes, octets)))
    return replace(rule, hard=hard, bytes=most)


def _beginning(text: str, rule: Rule, language: str) -> str:
    """The first post of the text as a thread."""
    if rule.hard is None and rule.bytes is None:
        rule = replace(rule, hard=count(text, rule))  # too many links: any length will do
    first, *others = split(text, rule, language=language)
    if fits(first.text, rule):
        return first.text
    if others and _is_link(first.text):
        return _beginning("".join(part.raw for part in others), rule, language)
    return _clipped(first.text, rule)


def _is_link(word: str) -> bool:
    return word.casefold().startswith(("http://", "https://"))


def _clipped(text: str, rule: Rule) -> str:
    """As many characters of one word as fit."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle], rule) else (low, middle - 1)
    end = low
    while end and combined(text, end):
        end -= 1
    clipped = text[: end or low].rstrip()
    while clipped and not fits(clipped, rule):  # a beginning can be a link that the whole is not
        clipped = clipped[:-1]
    return clipped
