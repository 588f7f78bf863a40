"""The answer alone, out of what models put around it: thoughts, a greeting, a fence around the whole, a parting word.

What is taken off has to say that it is talk of a chat: a line such as "Here is what changed:" can be the text itself. A
parting word goes only where the answer began as talk: a letter may end with "Let me know if you need any changes." What
stays of a chat, ``steps/machine.py`` finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_THOUGHT = re.compile(r"\A\s*<(think|thinking|thought|reasoning)>.*?</\1>\s*", re.DOTALL | re.IGNORECASE)
# Where the template of the model opens the thought, only its end is in the answer.
_THOUGHT_END = re.compile(r"\A(?:(?!<think|```).)*?^[ \t]*</think>[ \t]*$\s*", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*([\w-]*)[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}\Z")
_BLANK = re.compile(r"\n[ \t]*\n")
_WRAPPING = frozenset({"", "markdown", "md", "text", "txt", "plaintext"})
_LONGEST = 400  # characters of a paragraph of a chat

_YES_ALONE = (
    r"(?:sure|certainly|absolutely|of course|okay|ok|great|got it|understood|alright|happy to help|gladly)"
    r"(?: thing)?\b[.!,:–—-]*"
)
_YES = rf"{_YES_ALONE}[^\n.!:]{{0,60}}[.!,:–—-]*"
_HERE = (
    r"(?:here(?:['’]s| is| are)|below (?:is|are)|i(?:['’]ve| have) (?:written|drafted|created|prepared|put together))\b"
)
_MADE = (
    r"article|draft|(?:blog )?posts?|version|summary|translation|rewrite|rewritten|revis(?:ion|ed)|translated|requested"
    r"|newsletter|press release|e-?mail|you(?:['’]ve| have)? (?:asked|requested|provided|shared)"
    r"|(?:based on|from|of) (?:the|your) (?:material|text|sources|notes|brief|document)"
)
_HAI = r"(?:(?:はい|もちろんです|承知(?:いた|致)?しました|かしこまりました|了解(?:いた)?しました)[。、！!]*)+"
_KORE = (
    r"(?:以下|こちら)[はがにの][^\n]{0,60}?(?:記事|翻訳|訳文|要約|原稿|下書き|文章|投稿文?|メール|文案|案|本文|もの)"
    r"(?:です|になります|となります|を作成(?:いた)?しました|をお届けします)[。：:]*"
)
_AGREED = re.compile(rf"{_YES}\s*{_HERE}[^\n]*\Z|{_HAI}\s*(?:(?:それでは|では)、?)?{_KORE}\Z", re.IGNORECASE)
_ANNOUNCED = re.compile(rf"(?:{_YES_ALONE}|{_HAI})\Z|{_HERE}[^\n]*:\Z", re.IGNORECASE)
_OFFERED = re.compile(rf"{_HERE}[^\n]*\b(?:{_MADE})\b[^\n]*[:.]\Z|{_KORE}\Z", re.IGNORECASE)
_CHANGE = (
    r"\b(?:me to|tweak|adjust|revis\w+|changes|edits|modif\w+|customi[sz]e"
    r"|(?:longer|shorter|different|another) version)\b"
)
_PARTING = re.compile(
    r"(?:let me know|please let me know|feel free to|would you like|if you(?:['’]d| would) like|i can also"
    rf"|i(?:['’]m| am) happy to)\b[^\n]*{_CHANGE}[^\n]*\Z"
    r"|\W*word count\W{1,6}(?:about |approx\w*\.? |~)?\d[\d,]*(?: words)?\W*\Z"
    r"|(?:ご要望|ご希望|必要)に応じて[^\n]*(?:調整|修正|変更)[^\n]*\Z"
    r"|[^\n。]*(?:修正|調整|変更)[^\n。]*(?:ございましたら|ありましたら|あれば|でしたら|場合は)"
    r"[^\n]*(?:お知らせ|お申し付け|お気軽|ご連絡)[^\n]*\Z"
    r"|[（(]?(?:文字数[:：]?)?約?[0-9０-９,]+(?:文?字|語)[)）]?\Z"
    r"|(?:i hope (?:this|that|it|you)|hope this|let me know|please let me know|feel free to|\W*note\W+i\b)[^\n]*\Z"
    r"|[^\n]*(?:ご不明な点|お役に立て|いかがでしょうか)[^\n]*\Z",
    re.IGNORECASE,
)


def alone(text: str) -> str:
    """A free text without what is around it; the text itself where nothing says that it is talk."""
    lines = text.replace("\r\n", "\n")
    plain = without_thought(lines)
    if (inner := _unfenced(plain)) is not None:
        return inner
    if rest := _without_greeting(plain):
        return _without_parting(rest)
    return text if plain == lines else plain


def may_be_taken(text: str) -> bool:
    """Whether ``alone`` would take something off a text that is no answer, or off an answer that says the same."""
    return alone(text) != text or _without_parting(text) != text


def without_thought(text: str) -> str:
    """The text behind what a model thought in the open."""
    found = _THOUGHT.match(text) or ("</think>" in text and _THOUGHT_END.match(text))
    return text[found.end() :] if found else text


def fenced(text: str) -> Iterator[str]:
    """What stands in each fence of a text, whatever is around it."""
    opened: re.Match[str] | None = None
    for found in _FENCE.finditer(text.replace("\r\n", "\n")):
        if opened is None:
            opened = found
        elif found[1] == opened[1] and not found[2]:
            yield found.string[opened.end() : found.start()].strip()
            opened = None


def _unfenced(text: str) -> str | None:
    """The inside of a fence around the whole; None where there is none."""
    marks = list(_FENCE.finditer(text))
    if len(marks) < 2 or len(marks) % 2 or marks[0][2].lower() not in _WRAPPING or marks[-1][2]:
        return None
    head, tail = text[: marks[0].start()].strip(), text[marks[-1].end() :].strip()
    named, inner = bool(marks[0][2]), text[marks[0].end() : marks[-1].start()].strip("\n")
    if marks[0][1] != marks[-1][1] or not inner.strip():
        return None
    # The first fence and the last may be two pieces of code, and what stands between them the text.
    if len(marks) > 2 and not (named and (head or marks[1][2])):
        return None
    if head and not _is_greeting(head, heading=True):
        return None
    said = bool(head) or (named and inner.lstrip().startswith("#"))
    return inner if not tail or said or _is_parting(tail) else None


def _without_greeting(text: str) -> str:
    """What comes behind a first paragraph that is talk; "" where it is none."""
    head, blank, rest = text.lstrip(), _BLANK.search(text.lstrip()), ""
    if blank:
        head, rest = head[: blank.start()].strip(), head[blank.end() :].lstrip("\n")
    if not rest.strip() or not _is_greeting(head, heading=rest.startswith("# ") or _is_rule(rest)):
        return ""
    return rest.partition("\n")[2].lstrip("\n") if _is_rule(rest) else rest


def _is_greeting(words: str, *, heading: bool) -> bool:
    """Args: heading: a title, a rule or a fence follows, so that the words announce a text."""
    if len(words) > _LONGEST or words.startswith(("#", "-", "*", ">", "|")):
        return False
    return bool(_AGREED.match(words) or _OFFERED.match(words) or (heading and _ANNOUNCED.match(words)))


def _without_parting(text: str) -> str:
    """The text without closing paragraphs that are talk, and the rule before them."""
    breaks = list(_BLANK.finditer(text.rstrip()))
    end = len(text)
    while breaks and _is_parting(text[breaks[-1].end() : end].strip()):
        end = breaks.pop().start()
        if breaks and _RULE.match(text[breaks[-1].end() : end].strip()):
            end = breaks.pop().start()
    return text[:end]


def _is_parting(words: str) -> bool:
    return len(words) <= _LONGEST and bool(_PARTING.match(words))


def _is_rule(text: str) -> bool:
    return bool(_RULE.match(text.split("\n", 1)[0].strip()))
