"""Where links stand in a text, as X and Mastodon see them.

The rules are those of twitter-text (https://github.com/twitter/twitter-text, conformance/extract.yml), which both
use; here they are a few plain passes instead of one expression of thousands of alternatives, so that no text is slow.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from contentkit.core.text.tlds import TLDS

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b"
    "\u0263\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_NO_DOMAIN = (
    r"\x00-\x20!'#%&()*+,\\./:;<=>?@\[\]^{|}~$\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ufffe\ufeff\uffff\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
)
_SCHEME = re.compile(r"h(?<![A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff]h)ttps?://", re.IGNORECASE)
_LABEL = re.compile(rf"[^{_NO_DOMAIN}]+")
_LABELS = re.compile(rf"[^{_NO_DOMAIN}]+(?:\.[^{_NO_DOMAIN}]+)+")
_DOT = re.compile(rf"\.[^{_NO_DOMAIN}]")
_TOP_BEGINS = re.compile(rf"\.[^0-9_\-{_NO_DOMAIN}]")
_BARE = re.compile(rf"[-a-z0-9{_LATIN}]++\.[^{_NO_DOMAIN}]", re.IGNORECASE)
# From the first letter of a run on, so that a word of a million letters is read once, not once for each of them.
_BARE_WHOLE = re.compile(rf"(?<![-a-z0-9{_LATIN}]){_BARE.pattern}", re.IGNORECASE)
_ASCII_LABEL = re.compile(rf"[-a-z0-9{_LATIN}]+", re.IGNORECASE)
_TOP = re.compile(r"xn--[-0-9a-z]+|[a-z]+", re.IGNORECASE)
_AFTER_TOP = re.compile(r"[0-9A-Za-z@+\-]")
_PORT = re.compile(r":[0-9]+")
_GENERAL = rf"a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}"
_ENDING = rf"a-z\u0400-\u04ff0-9=_#/+\-{_LATIN}"
_ASKED, _ASKED_END = r"a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|", r"a-z0-9\-_&=#/"
_WIDE = "\u00a1-\u1fff\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0010fffd"
_QUERY = re.compile(rf"\?[{_ASKED}]*[{_ASKED_END}]", re.IGNORECASE)
_WIDE_QUERY = re.compile(rf"\?[{_ASKED}^{_WIDE}]*[{_ASKED_END}{_WIDE}]", re.IGNORECASE)
_T_CO = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY.pattern})?", re.IGNORECASE)
_LONGEST, _LONGEST_LABEL, _LONGEST_SLUG = 4096, 63, 40


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text: its span in code points, and whether it has a scheme."""

    start: int
    end: int
    scheme: bool


@dataclass(frozen=True, slots=True)
class _Path:
    """The characters of a path: anywhere, at its end, and a pair of parentheses (one more may stand inside)."""

    run: re.Pattern[str]
    end: re.Pattern[str]
    parens: re.Pattern[str]


@lru_cache(maxsize=2)
def _path_rules(wide: bool) -> _Path:
    anywhere = r"[^\s<>()?]" if wide else f"[{_GENERAL}]"
    end = r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]""" if wide else f"[{_ENDING}]"
    flags = re.IGNORECASE
    return _Path(
        re.compile(f"{anywhere}+", flags),
        re.compile(end, flags),
        re.compile(rf"\((?:{anywhere}+|{anywhere}*\({anywhere}+\){anywhere}*)\)", flags),
    )


def find_links(text: str, *, wide: bool = False) -> list[Link]:
    """The links of a text, in order.

    Args:
        wide: paths and queries may hold any letters, as Mastodon has it; X ends them at the first Japanese character.
    """
    if not _DOT.search(text):
        return []
    links = list(_with_scheme(text, wide)) if "://" in text else []
    taken = [(link.start, link.end) for link in links]
    if any(not _inside(*dot.span(), taken) for dot in _TOP_BEGINS.finditer(text)):  # 4.50 is no address
        links += [link for link in _bare(text, wide) if not _inside(link.start, link.end, taken)]
    return sorted(links, key=lambda link: link.start)


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a part of the text overlaps one of the sorted spans."""
    at = bisect_left(spans, (end, 0)) - 1
    return at >= 0 and spans[at][1] > start


def _with_scheme(text: str, wide: bool) -> Iterator[Link]:
    position = 0
    while scheme := _SCHEME.search(text, position):
        position = scheme.end()
        labels = _LABELS.match(text, position)
        end = _domain_end(text, position, labels.end()) if labels else 0
        if not end:
            continue
        end = _after_domain(text, end, wide)
        short = _T_CO.match(text, scheme.start(), end)
        position = short.end() if short else end
        if position - scheme.start() <= _LONGEST and not (short and len(short[1]) > _LONGEST_SLUG):
            yield Link(scheme.start(), position, True)


def _bare(text: str, wide: bool) -> Iterator[Link]:
    position = 0
    while found := _BARE.match(text, position) or _BARE_WHOLE.search(text, position):
        start = found.start()
        position, labels_end = _bare_labels(text, start)
        end = _domain_end(text, start, labels_end)
        if not end or not _may_precede(text, start, end):
            continue
        # Without a scheme only a path goes on after the domain: a port or a query alone does not.
        position = _after_domain(text, end, wide)
        yield Link(start, position if "/" in text[end:position] else end, False)


def _bare_labels(text: str, start: int) -> tuple[int, int]:
    """The end of labels in Latin letters from ``start``, and the end with a last label in any script."""
    position = start
    while label := _ASCII_LABEL.match(text, position):
        if text[label.end() : label.end() + 1] != ".":
            return label.end(), label.end()
        position = label.end() + 1
    last = _LABEL.match(text, position)
    return position, last.end() if last else position


def _may_precede(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    if before == "_":
        # "_" belongs to a label before it, which X leaves out; the domain itself needs a name and a top level.
        return text.count(".", start, end) > 1 and start > 1 and (text[start - 2].isalnum())
    return before == "" or before not in "@＠$#＃-./\ufffe\ufeff\uffff"


def _domain_end(text: str, start: int, end: int) -> int:
    """The end of the longest domain in ``text[start:end]``, which is labels and dots; 0 when there is none."""
    labels = text[start:end].split(".")
    starts = [start]
    for label in labels[:-1]:
        starts.append(starts[-1] + len(label) + 1)
    usable = 1
    while usable < len(labels) and labels[usable - 1] and _is_name(labels[usable - 1]):
        usable += 1
    for index in range(usable - 1, 0, -1):
        if "_" in labels[index - 1]:
            continue
        top_end = _top_level_end(text, starts[index], starts[index] + len(labels[index]))
        if top_end:
            return top_end
    return 0


def _is_name(label: str) -> bool:
    """Whether a label can be registered: its ends, its length, and what it becomes in ASCII."""
    if label[0] in "-_" or label[-1] in "-_" or len(label) > _LONGEST_LABEL:
        return False
    return label.isascii() or (
        not label.lower().startswith("xn--") and len(label.encode("punycode", "replace")) + 4 <= _LONGEST_LABEL
    )


def _top_level_end(text: str, start: int, end: int) -> int:
    """Where a top-level domain ends that begins at ``start``; 0 when there is none."""
    latin = _TOP.match(text, start, end)
    if latin and (latin.group().lower() in TLDS or latin.group()[:4].lower() == "xn--"):
        return 0 if _AFTER_TOP.match(text, latin.end()) else latin.end()
    for stop in range(min(end, start + _longest_top()), start, -1):
        if text[start:stop].lower() in TLDS and not _AFTER_TOP.match(text, stop):
            return stop
    return 0


@lru_cache(maxsize=1)
def _longest_top() -> int:
    return max(len(name) for name in TLDS if not name.isascii())


def _after_domain(text: str, end: int, wide: bool) -> int:
    port = _PORT.match(text, end)
    end = port.end() if port else end
    if text[end : end + 1] == "/":
        end = _path_end(text, end + 1, _path_rules(wide))
    query = (_WIDE_QUERY if wide else _QUERY).match(text, end)
    return query.end() if query else end


def _path_end(text: str, start: int, path: _Path) -> int:
    """The end of a path: its last character that may end one, or a closed pair of parentheses."""
    end = position = start
    while position < len(text):
        parens = path.parens.match(text, position)
        if parens:
            end = position = parens.end()
            continue
        run = path.run.match(text, position)
        if not run:
            break
        position = run.end()
        last = next((at for at in range(position - 1, run.start() - 1, -1) if path.end.match(text, at)), -1)
        end = last + 1 if last >= 0 else end
    return end
