"""Values that the name beside them makes a secret: ``password = "..."``, ``API_KEY=...``, ``"token": "..."`` ...

The names are found first (by their stems, at memory speed), then what follows each is read as the syntaxes of settings
files, programs and shells have it. A quoted value needs less to be a secret than a bare one, and a name that says
"password" less than one that says "key".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentkit.core.secrets.names import STEMS, Says, says
from contentkit.core.secrets.values import (
    is_code,
    is_expression,
    is_key_like,
    is_label,
    is_path,
    is_placeholder,
    is_strong,
    is_wordy,
)
from contentkit.core.text.scan import one_of

_CHUNK = 1 << 20
_STEM = re.compile(one_of(STEMS))
_LEFT = re.compile(r"[A-Za-z0-9_.$-]{0,80}\Z")
_RIGHT = re.compile(r"[A-Za-z0-9_-]{0,80}")
_TYPE = r"[A-Za-z_*&?\[][\w\[\]|.<>*&:?, ]{0,40}?"
_OPERATOR = re.compile(
    r"(?P<close>\\{0,3}[\"'`]?\s?\]?)(?:\[\d{0,5}\])?(?:"
    rf"[ \t]*:[ \t]*{_TYPE}[ \t]*=(?![=>~])[ \t]*"  # password: str = "..."
    r"|[ \t]*(?P<sign>:=|=>|\?=|\|\|=|={1,3}|!={1,2}|:(?![:/])|：)[ \t]*"
    r"|(?P<call>\(@?)(?=[\"'`])"
    r"|(?P<comma>,)[ \t]*(?=[\"'])"
    r"|(?P<xml>>)"
    r"|(?P<said>[ \t]{1,3}(?:is|was|lautet|ist|est|es)[ \t:]{1,3}|[ \t]*(?:は|は、)[ \t]*[「『]?)"
    r"|(?P<gap>[ \t]{1,8})(?=[\"'][^\"'\n]{4,200}[\"'][ \t]*(?:;|$))"
    r"|(?P<flag>[ \t]{1,4})(?=[^\s=:]))",
    re.MULTILINE,
)
_TYPED = re.compile(rf"[ \t]{{1,4}}{_TYPE}[ \t]*=(?![=>~])[ \t]*(?=[\"'`])")
_QUOTED = re.compile(r"(?:@|[rRbBfFuU]{1,2})?(\\{0,3})(\"\"\"|'''|[\"'`])")
_BARE = re.compile(r"[^\s]{1,256}")
_MORE = re.compile(r"[A-Za-z0-9+/=_.~-]{1,8192}")
_LINE = re.compile(r"[^\n\r]{1,320}")
_BEFORE = re.compile(r"([\"'`])([^\"'`\n]{4,200})\1[ \t]*(?:===?|!==?)[ \t]*[(\w.$>\[-]{0,60}\Z")
_HEAD = re.compile(
    r"[+\- ]?[ \t]*(?:(?:export|set|const|let|var|env|ENV|ARG|setenv|final|static|private|public"
    r"|char|string|String|-)[ \t]+){0,4}"
    r"[\"'$*@]{0,2}(?:env:)?[\w.-]{0,80}\Z"
)
_NEXT_PAIR = re.compile(r"[;&][ \t]*(?:amp;)?[A-Za-z][\w .-]{0,40}=")
_LONGEST = 4096
_DATA = (".", '{"', "{'", '["', "{\\")


def assigned(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, rule) of each value."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield from _chunk(text, start, end)
        start = end


def _chunk(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    chunk = text[start:end]
    lower = chunk.lower()
    if len(lower) != len(chunk):  # a few letters become two in lower case, and would shift every place
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in chunk)
    done = -1
    for stem in _STEM.finditer(lower):
        place = start + stem.start()
        if place < done:
            continue
        left = _LEFT.search(text, max(place - 80, 0), place)
        right = _RIGHT.match(text, start + stem.end())
        first, last = left.start() if left else place, right.end() if right else place
        done = last
        name = text[first:last]
        if name.startswith("secret-") and text[first - 1 : first] == "[":
            continue  # a placeholder of an earlier round
        told = says(name)
        if told and (found := _value(text, first, last, name, told)):
            yield found


def _value(text: str, first: int, last: int, name: str, told: Says) -> tuple[int, int, str] | None:
    rule = "password" if told is Says.PASSWORD else "key"
    operator = _TYPED.match(text, last) or _OPERATOR.match(text, last)
    if operator is not None:
        kinds = operator.groupdict()
        if not (kinds.get("xml") and text[first - 1 : first] not in ("<", ":")):
            found = _after(text, first, operator, kinds, name, told)
            if found:
                return (*found, rule)
    before = _BEFORE.search(text, max(first - 280, 0), first)
    if before and _quoted_is_secret(before[2], told):
        return before.start(2), before.end(2), rule
    return None


def _after(
    text: str, first: int, operator: re.Match[str], kinds: dict[str, str | None], name: str, told: Says
) -> tuple[int, int] | None:
    start = operator.end()
    if quote := _QUOTED.match(text, start):
        closing = _closing(text, quote)
        if closing is None:
            return None
        value = text[quote.end() : closing]
        if "\n" in value:
            return None  # a docstring, or a text of several lines
        weak = any(kinds.get(kind) for kind in ("call", "said", "flag", "comma"))
        if is_strong(value) and not is_placeholder(value) if weak else _quoted_is_secret(value, told):
            return quote.end(), closing
        return None
    if any(kinds.get(kind) for kind in ("call", "comma", "gap")):
        return None
    if kinds.get("flag") and not text.endswith("--", max(first - 2, 0), first) and not name.startswith("--"):
        return None
    return _bare(text, first, start, kinds, name, told)


def _closing(text: str, quote: re.Match[str]) -> int | None:
    """Where the quoted value ends; quotes that are escaped do not end it."""
    mark = quote[1] + quote[2]
    place = quote.end()
    end = len(text) if len(quote[2]) == 3 else text.find("\n", place, place + _LONGEST)
    end = min(end if end >= 0 else len(text), place + _LONGEST)
    while (place := text.find(mark, place, end)) >= 0:
        if quote[1] or quote[2] == "`" or not _odd_backslashes(text, place, quote.end()):
            return place
        place += 1
    return None


def _odd_backslashes(text: str, place: int, least: int) -> bool:
    count = 0
    while place - count > least and count < 16 and text[place - count - 1] == "\\":
        count += 1
    return count % 2 == 1


def _quoted_is_secret(value: str, told: Says) -> bool:
    bare = value.strip()
    if len(bare) < 4 or is_placeholder(bare) or is_label(bare) or is_path(bare) or bare.startswith(_DATA):
        return False
    if told is Says.PERHAPS:
        return is_key_like(bare)
    if told is Says.KEY:
        return len(bare) >= 8 and not ((is_wordy(bare) and " " not in bare) or is_expression(bare) or _CALL.match(bare))
    return (
        not is_expression(bare)
        and not _CALL.match(bare)
        and not (bare.startswith(("$", "@")) and bare[1:].isidentifier())
    )


_CALL = re.compile(
    r"(?:os|process|self|settings|config|secrets?|env|vars?)\.[A-Za-z_][\w.]*(?:\[|\(|\Z)|[A-Za-z_]\w*\([\w\"', ]*\)\Z"
)


def _bare(
    text: str, first: int, start: int, kinds: dict[str, str | None], name: str, told: Says
) -> tuple[int, int] | None:
    """A value without quotes: one word, or the rest of the line of a settings file."""
    found = _BARE.match(text, start)
    if found is None or found[0][0] in "([{&.":
        return None
    sign = kinds.get("sign")
    line = _LINE.match(text, start) if sign in (":", "=", ":=", "：") and _at_head(text, first) else None
    whole = line is not None
    if whole and line is not None and " " in line[0].strip() and _is_phrase(line[0].strip(), name, told):
        return start, start + len(line[0].rstrip())
    value = _trimmed(found[0] if whole else _inside(found[0]), bool(kinds.get("xml")))
    alone = whole and line is not None and line[0].split("#")[0].split("//")[0].strip().rstrip(",;'\"`}") in (
        value, found[0].rstrip(",;'\"`}"))  # fmt: skip
    if not _bare_is_secret(value, name, told, sign, alone):
        return None
    more = _MORE.match(text, start + len(value)) if len(value) == 256 else None
    return start, more.end() if more else start + len(value)


def _at_head(text: str, first: int) -> bool:
    """Whether nothing but a keyword or a list's mark stands before the name on its line."""
    line = text.rfind("\n", max(first - 120, 0), first) + 1
    return (line > 0 or first <= 120) and bool(_HEAD.match(text, line, first))


def _bare_is_secret(value: str, name: str, told: Says, sign: str | None, alone: bool) -> bool:
    if len(value) < 4 or is_placeholder(value) or is_code(value) or is_label(value) or is_path(value):
        if not (alone and sign == "=" and _loud(name) and told is Says.PASSWORD and len(value) >= 4):
            return False
        return not is_placeholder(value) and value.isalpha() and value.islower()  # PASSWORD=sunshine
    if told is Says.PERHAPS:
        return is_key_like(value)
    if told is Says.KEY:
        return len(value) >= 8 and is_strong(value)
    return is_strong(value) or (alone and len(value) >= 6 and not is_wordy(value)) or (alone and _loud(name))


def _is_phrase(line: str, name: str, told: Says) -> bool:
    """A value of several words: in a settings file whose name is no word of prose, and which is said to nobody."""
    compound = "_" in name or "-" in name
    if not compound or told is Says.PERHAPS or is_placeholder(line) or is_label(line):
        return False
    return 2 <= len(line.split()) <= 8 and all(word.isalpha() and word.islower() for word in line.split())


def _loud(name: str) -> bool:
    return name.upper() == name


def _trimmed(value: str, xml: bool) -> str:
    """Without what belongs to the sentence or the program around it."""
    if xml or "</" in value:
        value = value.split("<", 1)[0]
    if pair := _NEXT_PAIR.search(value):
        value = value[: pair.start()]
    for mark in ('",', "',", '"', "`"):
        if mark in value[4:]:
            value = value[: value.index(mark, 4)]
    while value and (value[-1] in ",;'\"`。、」』" or _unbalanced(value)):
        value = value[:-1]
    return value[:-1] if value.endswith(".") and not value.endswith("..") else value


def _inside(value: str) -> str:
    """The part before a bracket that closes more than the value opened: the end of the call it stands in."""
    depth = 0
    for place, char in enumerate(value):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return value[:place]
    return value


def _unbalanced(value: str) -> bool:
    opening = {")": "(", "]": "[", "}": "{"}.get(value[-1])
    return opening is not None and value.count(value[-1]) > value.count(opening)
