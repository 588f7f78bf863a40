"""Reading the sources into material: sentences and whole lists; everything that is no prose is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contentkit.core.piece import SourceText
from contentkit.core.text.languages import primary
from contentkit.core.text.markdown import Block, blocks, chunks, front_matter
from contentkit.core.text.prose import detect, sentences
from contentkit.core.text.script import SPACELESS, script_language
from contentkit.core.text.words import STOPWORDS, terms_of
from contentkit.providers._offline.context import context_of
from contentkit.providers._offline.material import Listing, Material, Section, Sentence
from contentkit.providers._offline.words import units

# Most of the sources that is read closely; longer ones are read in pieces spread evenly over them.
MOST_READ = 1_500_000
_PIECE = 100_000
_FEW = 3

_CUTS = re.compile(r"\n|[.!?]\s|[。！？]")
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)）」』\]*_`]*\Z")
_LEADS_ON = re.compile(r"(?:[:：]|\.\.\.|…)[\"'”’»)）」』*_`]*\Z")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|<%|\$\{|=\{")
_JUNK = re.compile(
    r"©|all rights reserved|cookie|subscribe|sign up|log in|click here|read more|table of contents|privacy policy"
    r"|terms of (?:use|service)|edit this page|share (?:this|on)"
    r"|利用規約|プライバシーポリシー|目次へ|続きを読む|ログイン|無断転載|クリックしてください|はこちら[。！]?\Z|メルマガ|会員登録"
    r"|newsletter abonnieren|impressum|datenschutzerklärung|mehr erfahren|alle rechte vorbehalten",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+")
_LOOSE_LINK = re.compile(r"\[([^\[\]]*)\](?:\((?!https?://)[^()]*\)|\[[^\[\]]*\])")
_WHOLLY_LINK = re.compile(r"\[[^\[\]]+\](?:\([^()]*\)|\[[^\[\]]*\])[.。]?")
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"), ("„", "“"))


def gather(sources: Sequence[SourceText], language: str) -> Material:
    """Read the sources; where some are in ``language`` only those give sentences."""
    material = Material(sources)
    size = sum(len(source.text) for source in sources)
    spoken = [primary(source.language) or detect(_prose_sample(source.text)) for source in sources]
    wanted = primary(language)
    material.language = wanted if wanted in spoken else next((code for code in spoken if code), wanted)
    reader = _Reader(material)
    for number, source in enumerate(sources, 1):
        fields, text = front_matter(source.text)
        reader.begin(number, source.title or fields.get("title", ""))
        if spoken[number - 1] in ("", material.language):
            material.whole += len(text)
            for piece in _spread(text, MOST_READ * len(text) // max(1, size)):
                material.read += len(piece)
                for block in blocks(piece):
                    reader.take(block)
        else:
            material.other.append(source.origin)
        reader.end()
    return material


def _prose_sample(text: str) -> str:
    taken: list[str] = []
    for block in blocks(text[:20_000]):
        if block.kind in ("paragraph", "item", "heading"):
            taken.append(block.text)
    return "\n".join(taken)


def _spread(text: str, most: int) -> Iterator[str]:
    """The text in pieces; only some, evenly spread and the first among them, where it is longer than ``most``."""
    if len(text) <= max(most, _PIECE):
        yield text
        return
    step = 1 + len(text) // max(most, _PIECE)
    pieces = (piece for chunk in chunks(text) for piece in _cut(chunk))
    for number, piece in enumerate(pieces):
        if number % step == 0:
            yield piece


def _cut(chunk: str) -> Iterator[str]:
    """A chunk without a blank line in it may be huge: in pieces, behind a line or a full stop."""
    start = 0
    while len(chunk) - start > 2 * _PIECE:
        end = start + _PIECE
        found = _CUTS.search(chunk, end, end + _PIECE)
        end = found.end() if found else end + _PIECE
        yield chunk[start:end]
        start = end
    yield chunk[start:]


class _Reader:
    """Blocks to sections and sentences."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.language = material.language
        self.context = context_of(material.language)
        self.stop = STOPWORDS.get(material.language, frozenset())
        self.source = self.paragraph = self.position = 0
        self.begun = False
        self.seen: set[str] = set()
        self.lead: Sentence | None = None
        self.group = -1
        self.items: list[Block] = []
        self.bare = True
        self.spare: list[tuple[Section, Sentence]] = []

    def begin(self, number: int, title: str) -> None:
        self.source, self.begun, self.bare = number, False, True
        self.spare.clear()
        self.material.titles.append(title)
        self.material.sections.append(Section("", 0, number))

    def end(self) -> None:
        self._close_list()
        self._use_spare()
        if not self.material.titles[-1]:
            self.material.titles[-1] = self._own_title()

    def _own_title(self) -> str:
        """The heading that stands over the whole source: the only one of its rank, before all text."""
        own = [part for part in self.material.sections if part.source == self.source]
        titled = [part for part in own if part.title]
        if not titled or own[0].sentences:
            return ""
        top = titled[0]
        alone = all(part.level > top.level for part in titled[1:])
        return top.title if top.level == 1 or (alone and len(titled) > 1) else ""

    def _use_spare(self) -> None:
        """Sentences of lists, where the source has hardly any others."""
        if sum(len(part.sentences) for part in self.material.sections if part.source == self.source) < _FEW:
            for section, one in self.spare:
                section.sentences = sorted([*section.sentences, one], key=lambda one: one.position)

    def take(self, block: Block) -> None:
        if block.kind != "item" or block.group != self.group:
            self._close_list()
        match block.kind:
            case "heading":
                self.lead, self.bare = None, True
                self.material.sections.append(Section(_line(block.text), block.level, self.source))
            case "paragraph":
                self._paragraph(block)
            case "item":
                self.group = block.group
                self.items.append(block)
                self._paragraph(block, is_item=True)
            case "code" | "table":
                self.lead, self.bare = None, False

    def _paragraph(self, block: Block, *, is_item: bool = False) -> None:
        if _WHOLLY_LINK.fullmatch(block.raw.strip()):
            return  # the title of another text
        self.paragraph += 1
        texts, raws = sentences(block.text, self.language), sentences(block.raw, self.language)
        if len(texts) != len(raws):
            raws = texts
        last: Sentence | None = None
        for place, (text, raw) in enumerate(zip(texts, raws, strict=True)):
            last = self._sentence(_line(text), _line(_LOOSE_LINK.sub(r"\1", raw)), place)
            points = self.context.forward.search(last.text)
            # A list of single sentences is shown whole or not at all.
            alone = is_item and len(texts) == 1
            usable = _is_usable(last.text, self.language) and not _TEMPLATE.search(last.raw)
            if usable and not points and last.text not in self.seen:
                self.seen.add(last.text)
                if alone:
                    self.spare.append((self.material.sections[-1], last))
                else:
                    self.material.sections[-1].sentences.append(last)
        if not is_item:
            self.bare = False
            self.lead = last if last and self._leads_on(last.text) else None

    def _leads_on(self, text: str) -> bool:
        """Whether a sentence leads to a list behind it."""
        leads = _LEADS_ON.search(text) or self.context.forward.search(text)
        return bool(leads) and units(text, self.language) >= _shortest(self.language)

    def _sentence(self, text: str, raw: str, place: int) -> Sentence:
        self.position += 1
        terms = frozenset(key for key, _ in terms_of(text, self.language) if " " not in key and key not in self.stop)
        # The first words of a source have nothing before them to lean on.
        refers = self.begun and bool(self.context.refers.search(text))
        self.begun = True
        leans = text[:1] in "(（[［" or bool(self.context.leans.search(raw))
        number = len(self.material.sections) - 1
        return Sentence(text, raw, self.source, number, self.paragraph, self.position, place, terms, refers, leans)

    def _close_list(self) -> None:
        """Keep a list whole, with its lead, when it is one of words and not of links."""
        items, self.items, group, self.group = self.items, [], self.group, -1
        if group < 0:
            return
        lead, self.lead = self.lead, None
        bare, self.bare = self.bare, False
        if not (lead or bare) or not 2 <= len(items) <= 9 or any(item.level for item in items):
            return
        if sum(bool(_WHOLLY_LINK.fullmatch(item.raw)) for item in items) * 2 > len(items):
            return
        raws = tuple(_line(_LOOSE_LINK.sub(r"\1", item.raw)) for item in items)
        wordy = any(units(item.text, self.language) > _longest(self.language) for item in items)
        if not wordy and not any(_TEMPLATE.search(raw) for raw in raws):
            listing = Listing(lead, raws, items[0].ordered, self.source, self.position)
            self.material.sections[-1].listings.append(listing)


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortest(language: str) -> int:
    return 12 if language in SPACELESS else 5


def _longest(language: str) -> int:
    return 160 if language in SPACELESS else 45


def _scripts(language: str) -> tuple[str, ...]:
    """What the script of a sentence may tell: a quotation or a title in another language is left out where it shows."""
    return (language,) if language in SPACELESS else (language, "")


def _is_usable(text: str, language: str) -> bool:
    """Whether a sentence can be shown by itself: whole, of a fair length, and prose."""
    length = units(text, language)
    if not _shortest(language) <= length <= _longest(language) or not _ENDS.search(text) or _LEADS_ON.search(text):
        return False
    if script_language(text) not in _scripts(language):
        return False
    if text[:1].islower() or _TEMPLATE.search(text) or _JUNK.search(text):
        return False
    if sum(len(link) for link in _LINK.findall(text)) * 3 > len(text):
        return False
    if any(text.count(opened) != text.count(closed) for opened, closed in _QUOTES) or text.count('"') % 2:
        return False
    # A Japanese sentence with a date and a price is a third digits, and prose all the same.
    words = str.isalnum if language in SPACELESS else str.isalpha
    return sum(words(sign) or sign.isspace() for sign in text) >= 0.75 * len(text)
