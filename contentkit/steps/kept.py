"""What a translation must keep: numbers, code, addresses, merge fields, the build of the Markdown, glossary terms.

The original and the translation are held side by side, block by block where both have the same blocks, else as wholes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import Block, Document, document
from contentkit.core.text.glossary import terms
from contentkit.core.text.links import find_links
from contentkit.core.text.numbers import Quantity, quantities, same
from contentkit.core.text.script import CJK
from contentkit.steps.redact import restore

CHECK = True

_KIND = "translate"
_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`{1,8})(?!`)(?P<code>.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_TARGET = re.compile(r"\]\(\s*<?(?P<target>[^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^\n]*?[\"'])?\s*\)")
_FIELD = re.compile(
    r"\{\{[^{}\n]{1,200}\}\}|\{%[^%\n]{1,200}%\}|\$\{[^{}\n]{1,100}\}|%\([A-Za-z_]\w{0,60}\)[sdif]|(?<![\w%])%[sd]\b"
    r"|(?<![\w{$%])\{[A-Za-z_][\w.]{0,60}\}(?!\})"
)
_SIGN = re.compile(r"\[(?:\d{1,3}|secret-\d{1,9}:[a-z0-9-]{1,40})\](?!\()")
_NAMES = {"heading": "heading", "item": "list item", "cell": "table cell", "quote": "quotation block"}
_LEAST_LETTERS = 25
_NO_ARTICLES = frozenset({"ja", "ko", "zh"})
_SINGLE = re.compile(
    r"\b(?:an?|per|each|every|daily|weekly|monthly|yearly|annual(?:ly)?|once|single|"
    r"une?|par|chaque|ein(?:e[nmrs]?)?|pro|jede[nmrs]?|täglich|una?|por|cada|al|diari[oa]s?|um|uma|il|per|ogni)\b",
    re.IGNORECASE,
)
# Languages that bend a word by its place in the sentence: a term of the glossary may stand there in another form.
_UNBENT = frozenset({"en", "ja", "ko", "vi", "zh"})


def after(piece: Piece) -> Piece:
    """Findings for what the translation has lost, added or changed, each where it stands or should."""
    if piece.kind != _KIND or piece.output is not None or not piece.body.strip():
        return piece
    text = "\n\n".join(source.text.strip("\n") for source in piece.sources) or str(piece.fields.get("topic") or "")
    spoken = next((source.language for source in piece.sources if source.language), "")
    original = document(restore(text, piece.vault), spoken)
    made = document(piece.body, piece.language)
    look = _Look(piece.name, original, made, tuple(terms(str(piece.fields.get("glossary") or ""))))
    return piece.found(*look.build(), *look.copies(), *(fault for pair in look.pairs() for fault in look.words(*pair)))


@dataclass(frozen=True, slots=True)
class _Look:
    """An original and its translation side by side."""

    path: str
    original: Document
    made: Document
    glossary: tuple[tuple[str, str], ...]

    # -- the build -----------------------------------------------------------------------------------------------------

    def build(self) -> Iterator[Finding]:
        """As many headings of each level, items, cells and quoted blocks."""
        had, has = (_shape(text) for text in (self.original, self.made))
        for kind, level in had | has:
            before, now = had[kind, level], has[kind, level]
            if before != now:
                name = _NAMES[kind] + (f" of level {level}" if level else "")
                message = f"The original has {_many(before, name)}, the translation {now}."
                repair = f"Give the translation {_many(before, name)}, each where it stands in the original."
                yield self._whole("build", message, repair)

    # -- what is copied ------------------------------------------------------------------------------------------------

    def copies(self) -> Iterator[Finding]:
        """Code, addresses, fields and marks, to the letter and as often."""
        for what, had, has in zip(_COPIED, _copied(self.original.text), _copied(self.made.text), strict=True):
            for text in had - has:
                shown = _short(text)
                repair = f"Copy the {what} {shown} from the original to the letter, where it stands there."
                yield self._missing(
                    "copied", f"The {what} {shown} of the original is not in the translation.", repair, text
                )
            for text in has - had:
                shown = _short(text)
                at = self.made.text.find(text)
                repair = f"Put what the original has in the place of {shown}, or leave it out."
                message = f"The {what} {shown} is not in the original."
                yield self._at("copied", message, max(0, at), max(0, at) + len(text), repair)

    # -- words ---------------------------------------------------------------------------------------------------------

    def pairs(self) -> Iterator[tuple[Block, Block]]:
        """Blocks that belong together; the two wholes where the blocks do not match."""
        first, second = self.original.blocks, self.made.blocks
        if [(one.kind, one.level) for one in first] == [(one.kind, one.level) for one in second]:
            yield from zip(first, second, strict=True)
        else:
            yield Block(0, len(self.original.text)), Block(0, len(self.made.text))

    def words(self, had: Block, has: Block) -> Iterator[Finding]:
        """Numbers, terms of the glossary, and prose that was left as it was."""
        yield from self._numbers(had, has)
        yield from self._terms(had, has)
        old, new = (
            text.shadow[block.start : block.end].strip() for text, block in ((self.original, had), (self.made, has))
        )
        if old == new and _letters(old) >= _LEAST_LETTERS and self.original.language not in ("", self.made.language):
            yield self._at(
                "untranslated", "This stands as it stood in the original.", has.start, has.end, "Translate it."
            )

    def _numbers(self, had: Block, has: Block) -> Iterator[Finding]:
        before, now = _quantities(self.original, had), _quantities(self.made, has)
        left = list(now)
        for one in before:
            match = next((other for other in left if same(one, other)), None)
            if match is not None:
                left.remove(match)
            elif not (one.spelled or any(same(one, other) for other in now) or self._single(one, self.original, has)):
                excerpt = _short(" ".join(self.original.text[had.start : had.end].split()), 160)
                message = f"{one.text!r} of the original is missing: {excerpt}"
                yield self._at("number", message, has.start, has.end, f"Say {one.text!r} here, with its unit.")
        for other in left:
            if not (other.spelled or any(same(one, other) for one in before) or self._single(other, self.made, had)):
                start, end = has.start + other.start, has.start + other.end
                excerpt = _short(" ".join(self.original.text[had.start : had.end].split()), 160)
                message = f"{other.text!r} is not in the original: {excerpt}"
                yield self._at("number", message, start, end, "Write the number that the original has, or none.")

    def _single(self, one: Quantity, text: Document, across: Block) -> bool:
        """Whether a 1 of a language without articles (1日) is a word of the other text ("a day").

        Args:
            text: where the number stands; ``across`` is the block of the other one.
        """
        other = self.original if text is self.made else self.made
        words = other.shadow[across.start : across.end]
        return one.value == 1 and text.language in _NO_ARTICLES and bool(_SINGLE.search(words))

    def _terms(self, had: Block, has: Block) -> Iterator[Finding]:
        old, new = self.original.shadow[had.start : had.end], self.made.shadow[has.start : has.end].casefold()
        for term, name in self.glossary:
            if _says(old, term) and name.casefold() not in new:
                severity = Severity.MAJOR if self.made.language in _UNBENT else Severity.MINOR
                message = f"{term!r} is to be called {name!r} by the glossary."
                yield self._at("term", message, has.start, has.end, f"Call it {name!r} here.", severity)

    # -- findings ------------------------------------------------------------------------------------------------------

    def _at(
        self, rule: str, message: str, start: int, end: int, repair: str, severity: Severity = Severity.MAJOR
    ) -> Finding:
        return Finding(f"kept/{rule}", message, severity, self.made.place(self.path, start, end), "kept", repair)

    def _missing(self, rule: str, message: str, repair: str, text: str) -> Finding:
        """A finding at the block that belongs to where ``text`` stands in the original, where there is one."""
        offset = self.original.text.find(text)
        for had, has in self.pairs():
            if had.start <= offset < had.end:
                return self._at(rule, message, has.start, has.end, repair)
        return self._whole(rule, message, repair)

    def _whole(self, rule: str, message: str, repair: str) -> Finding:
        return Finding(f"kept/{rule}", message, Severity.MAJOR, Place(self.path), "kept", repair)


_COPIED = ("code block", "code", "address", "field", "mark")


def _copied(text: str) -> tuple[Counter[str], ...]:
    """What stands to the letter in a text: code blocks, code, addresses, fields, marks of sources and secrets."""
    blocks = Counter("\n".join(found[0].strip().split("\n")) for found in _FENCED.finditer(text))
    rest = _FENCED.sub("\n\n", text)
    code = Counter(found["code"] for found in _CODE.finditer(rest))
    rest = _CODE.sub(" ", rest)
    targets = [found["target"] for found in _TARGET.finditer(rest)]
    bare = _TARGET.sub("] ", rest)
    links = [bare[link.start : link.end] for link in find_links(bare) if link.scheme]
    fields = Counter(found[0] for found in _FIELD.finditer(bare))
    marks = Counter(found[0] for found in _SIGN.finditer(bare))
    return blocks, code, Counter([*targets, *links]), fields, marks


def _shape(text: Document) -> Counter[tuple[str, int]]:
    return Counter((block.kind, block.level) for block in text.blocks if block.kind in _NAMES)


def _quantities(text: Document, block: Block) -> Sequence[Quantity]:
    """The numbers of a block, outside of code, addresses, fields and marks."""
    shadow = text.shadow[block.start : block.end]
    for pattern in (_FIELD, _SIGN):
        shadow = pattern.sub(lambda found: " " * len(found[0]), shadow)
    return quantities(shadow, text.language)


def _says(text: str, term: str) -> bool:
    """Whether a term stands in a text as a word of its own; in Japanese and Chinese anywhere."""
    words = re.escape(term) if CJK.search(term) else rf"(?<!\w){re.escape(term)}s?(?!\w)"  # "C++" ends in no letter
    return bool(re.search(words, text, re.IGNORECASE))


def _letters(text: str) -> int:
    return sum(3 if sign > "\u2e80" else 1 for sign in text if sign.isalpha())


def _many(number: int, name: str) -> str:
    return f"{number} {name if number == 1 else name.replace('heading', 'headings') if 'level' in name else name + 's'}"


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= most else f"{line[: most - 1]}…")
