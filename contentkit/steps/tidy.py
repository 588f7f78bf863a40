"""Texts of an answer as they are asked for: without labels, and plain ones without Markdown, entities and words for
nothing. Models add these against all instructions, and a post or a subject shows them to everybody."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from contentkit.core.piece import Piece
from contentkit.core.soundtags import tagged
from contentkit.core.text.answer import alone
from contentkit.core.text.htmlmarks import marked_down
from contentkit.core.text.outline import bare, put, strings

# What names the field itself, by the name of the field; a colon follows.
_LABELS = {
    "subject": "subject(?: line)?|title|件名|題名|タイトル",
    "preheader": "preheader(?: text)?|pre-header|preview(?: text)?|プリヘッダー|プレビュー(?:テキスト)?",
    "title": "(?:video )?title|タイトル|題名",
    "headline": "headline|見出し",
    "subheadline": "sub-?head(?:line)?|副見出し",
    "heading": "heading|見出し",
    "tagline": "tag ?line|キャッチコピー",
    "hook": "hook|つかみ|フック",
    "call_to_action": "call[ -]to[ -]action|cta|行動のお願い",
    "thumbnail": "thumbnail(?: text)?|サムネイル",
    "on_screen": "on[ -]?screen(?: text)?|テロップ",
    "question": r"(?:question|q)\s?\d{0,2}|質問\d{0,2}",
    "answer": "answer|a|回答|答え",
    "contact": "(?:press|media) contact|報道関係者?(?:の)?お問い合わせ先",
    "about": r"about(?: [^\n:：]{1,60})?|[^\n:：]{1,40}について|会社概要",
    "alt": "alt(?:ernative)?[ -]?text|代替テキスト",
    "alt_text": "alt(?:ernative)?[ -]?text|代替テキスト",
    "seo_title": "(?:seo |meta )?title",
    "seo_description": "(?:seo |meta )?description",
}
_LABEL = {
    name: re.compile(rf"(?:\*\*|__)?(?:{words})(?:\*\*|__)?\s?[:：](?:\*\*|__)?\s*(?=\S)", re.IGNORECASE)
    for name, words in _LABELS.items()
}
_SUBJECT_LINE = re.compile(r"(?:\*\*)?(?:subject|件名)(?:\*\*)?\s?[:：][^\n]*\n+(?=\S)", re.IGNORECASE)
_NOTHING = re.compile(
    r"[\[(]?(?:null|none|n/?a|nil|undefined|empty|なし|無し|該当なし|特になし)[\])]?[.。]?", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#[xX][0-9a-fA-F]{2,5});")
# What is between two asterisks begins and ends as words do: "*.md", "src/*" and "a, b.*" are patterns of names.
_FIRST, _LAST = r"(?=[\w\"'“‘「『（(#@])", r"(?<=[\w.,:;!?…。！？%\"'”’」』）)])"
_BOLD = re.compile(rf"(?<![*\d/])(\*\*\*?){_FIRST}([^\n]{{1,300}}?){_LAST}\1(?![*/])")
_ITALIC = re.compile(rf"(?<![\w*/])\*{_FIRST}([^*\n]{{1,300}}?){_LAST}(?<![\w.]\.)\*(?![\w*/])")
_HEADING = re.compile(r"^#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\(<?((?:https?://|mailto:)[^\s()<>]+)>?\)")
_TITLES = frozenset({"title", "headline", "heading", "name", "subject"})
_ORDER = re.compile(r"\A[\s#]*\d{1,2}[.)]\s")
_WORDS = re.compile(r"\w+")
_IDS = re.compile(r"[ \t]*\((?:`?\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b`?(?:,[ \t]*)?)+\)\.?\Z")
_END = re.compile(r"\n\s*(?:#{3}|[-–—]\s?(?:ends?|30)\s?[-–—])\s*\Z", re.IGNORECASE)
_ITEM = re.compile(r"[-*•・][ \t]+(?=[^\W\d])")
_QUOTED = re.compile(r'"([^"\n]+)"')
_ANY_QUOTED = re.compile(r'["“”„«「『](.+)["“”»」』]', re.DOTALL)
_QUOTE_SIGNS = re.compile('["“”„«»「」『』]')
_DASH = re.compile(r"(?:[-–—―]+|by\b|by:)\s*(?=\w)", re.IGNORECASE)


def after(piece: Piece) -> Piece:
    """The answer with its texts tidied, and a notice where anything went. Offline drafts are the sources' own words."""
    if piece.output is None or piece.picked:
        return piece
    output, titles = piece.output, set[str]()
    found = sorted(strings(piece.output), key=lambda spot: _name(spot[0]) not in _TITLES)
    for path, text in found:
        better = _tidied(path, text, piece, titles)
        if _name(path) in _TITLES:
            titles.add(_words(better))
        if better != text.strip() and (better or bare(path) not in piece.needed):
            output = put(output, path, better)
    if output == piece.output:
        return piece
    return replace(piece, output=output).noticed("labels, signs of Markdown and the like were taken out of plain texts")


def _name(path: str) -> str:
    return bare(path).rpartition(".")[2]


def _tidied(path: str, text: str, piece: Piece, titles: Collection[str]) -> str:
    name, text = _name(path), text.strip()
    if label := _LABEL.get(name):
        text = label.sub("", text, count=1) if label.match(text) else text
    # Of what YouTube takes, where tags are forbidden, the limits take them out, and say which.
    tags = not piece.limits.get(bare(path), "").startswith("youtube-")
    plain = bare(path) in piece.plain
    text = _plain(name, text, tags=tags) if plain else _body(text, titles, code=_of_code(piece))
    return _by_name(name, _unquoted(path, text, piece) if plain else text, piece.fields)


def _body(text: str, titles: Collection[str], *, code: bool) -> str:
    """Markdown without a fence around it, tags, a heading that says the title again, or the sign that closes a release;
    a line without the sign of a list before it and the ids of commits behind it, which the layout sets."""
    if "```" in text or "~~~" in text:
        text = alone(text)
    if "\n" not in text:
        text = _IDS.sub("", _ITEM.sub("", text, count=1) if _ITEM.match(text) else text)
    if not code:
        text = marked_down(text)
    first, _, rest = text.partition("\n")
    if rest.strip() and _HEADING.match(first) and _words(first) in titles:
        text = rest.lstrip()
    return _END.sub("", text)


def _of_code(piece: Piece) -> bool:
    """Whether it tells of code, where <br> may be what is meant."""
    return any(source.origin.startswith(("diff:", "git:")) for source in piece.sources)


def _words(text: str) -> str:
    return " ".join(_WORDS.findall(_ORDER.sub("", text.casefold())))


def _plain(name: str, text: str, *, tags: bool) -> str:
    if _NOTHING.fullmatch(text):
        return ""
    if name == "link":
        found = _LINK.fullmatch(text)
        return found[2] if found else text.strip("<>")
    if tags and (marked := marked_down(text)) != text:
        text = marked.replace("  \n", "\n")
    text = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)
    text = _HEADING.sub("", text)
    text = _LINK.sub(lambda found: _linked(found, text), text)
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\2", text))
    if name == "audio":
        return tagged(text)
    if "\n" not in text:
        text = _ITEM.sub("", text, count=1) if _ITEM.match(text) else text
    return text


def _unquoted(path: str, text: str, piece: Piece) -> str:
    """The text without quotation marks around all of it; words of a source keep them, save where the field is one."""
    if bare(path).endswith("quote.text"):
        found = _ANY_QUOTED.fullmatch(text)
        return found[1] if found and not _QUOTE_SIGNS.search(found[1]) else text
    found = _QUOTED.fullmatch(text)
    return found[1] if found and not any(found[1] in source.text for source in piece.sources) else text


def _linked(found: re.Match[str], text: str) -> str:
    """A link as plain words: its address alone where the words say the same, no address that stands elsewhere too."""
    words, address = found[1].strip(), found[2].removeprefix("mailto:")
    if words in (address, address.split("//", 1)[-1]):
        return address
    return words if text.count(found[2]) > 1 else f"{words} {address}"


def _by_name(name: str, text: str, fields: Mapping[str, Any]) -> str:
    """What only one field has: a dateline that the layout sets, the subject above a letter, a dash before a speaker."""
    if name == "answer":
        return _SUBJECT_LINE.sub("", text, count=1) if _SUBJECT_LINE.match(text) else text
    if name == "speaker":
        return _DASH.sub("", text, count=1) if _DASH.match(text) else text
    if name == "lead" and (place := str(fields.get("place") or "").strip()):
        line = re.compile(rf"\W{{0,3}}{re.escape(place)}\b[^\n–—]{{0,60}}?(?:\s[-–—]+\s*|】\s*)(?=\S)", re.IGNORECASE)
        return line.sub("", text, count=1) if line.match(text) else text
    return text
