"""The Markdown of a draft as paragraphs, lists and tables of a document."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from contentkit.core.article.contents import anchors
from contentkit.core.text.markdown import plain
from contentkit.core.text.script import joint
from contentkit.reports._docx import xml
from contentkit.reports._docx.columns import columns
from contentkit.reports._docx.notes import Notes
from contentkit.reports._docx.styles import CODE, CODE_WORD, LINK, TEXT_WIDTH
from contentkit.reports._parse import LOOSE_BOLD, words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from markdown_it.token import Token

_DEEPEST_LIST = 3
_ALIGNED = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass(slots=True)
class _List:
    """A list that is open. ``numbering`` is 0 for bullets; ``fresh`` before the first paragraph of an item."""

    numbering: int
    fresh: bool = True


@dataclass(slots=True)
class _Look:
    """How the words of a line look."""

    bold: int = 0
    italic: int = 0
    strike: int = 0
    code: bool = False
    link: Any = None


@dataclass(slots=True)
class Writer:
    """Writes one variant after the other into the document.

    Attributes:
        variant: its number, which keeps bookmarks and notes apart.
        quotes: words of the pull quotes.
    """

    document: Document
    notes: Notes
    variant: int
    quotes: Collection[str] = ()
    lists: list[_List] = field(default_factory=list)
    quoted: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def write(self, tokens: Sequence[Token]) -> None:
        """All blocks, in order."""
        opened = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
        found = anchors([plain(tokens[number + 1].content) for number in opened])
        self.names = {anchor: f"v{self.variant}h{number}" for number, anchor in enumerate(found, 1)}
        tags = [tokens[number].tag for number in opened]
        titled = tags[:1] == ["h1"] and tags.count("h1") == 1
        number = heading = 0
        while number < len(tokens):
            token = tokens[number]
            match token.type:
                case "heading_open":
                    self._heading(tokens[number + 1], int(token.tag[1]), found[heading], titled=titled)
                    heading, number = heading + 1, number + 2
                case "paragraph_open":
                    self._paragraph(tokens[number + 1])
                    number += 2
                case "table_open":
                    end = _closing(tokens, number)
                    self._table(tokens[number:end])
                    number = end
                case "footnote_block_open":
                    end = _closing(tokens, number)
                    self._notes(tokens[number:end])
                    number = end
                case "fence" | "code_block":
                    self.document.add_paragraph(xml.clean(token.content.rstrip("\n")), style=CODE)
                case "hr":
                    xml.rule(self.document.add_paragraph())
                case _:
                    self._container(token)
            number += 1

    def _container(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.lists.append(_List(0))
            case "ordered_list_open":
                start = int(str(token.attrGet("start") or 1))
                self.lists.append(_List(xml.fresh_numbers(self.document, "List Number", min(start, 32_767))))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.lists[-1].fresh = True
            case "blockquote_open" | "blockquote_close":
                self.quoted += token.nesting

    def _heading(self, line: Token, level: int, anchor: str, *, titled: bool) -> None:
        """A heading. Where the text has one title, that is the document's, and its sections are the first level."""
        style = "Title" if titled and level == 1 else f"Heading {max(1, level - 1 if titled else level)}"
        paragraph = self.document.add_paragraph(style=style)
        self._line(paragraph, line)
        if paragraph.runs and (name := self.names.get(anchor)):
            xml.bookmark(paragraph.runs[0]._r, name, 1000 * self.variant + int(name.rpartition("h")[2]))

    def _paragraph(self, line: Token) -> None:
        paragraph = self.document.add_paragraph(style=self._style(line))
        if self.lists and self.lists[-1].fresh:
            if self.lists[-1].numbering:
                xml.number(paragraph, self.lists[-1].numbering)
            self.lists[-1].fresh = False
        self._line(paragraph, line)

    def _style(self, line: Token) -> str:
        if self.lists:
            depth = min(len(self.lists), _DEEPEST_LIST)
            kind = "Number" if self.lists[-1].numbering else "Bullet"
            kind = kind if self.lists[-1].fresh else "Continue"
            return f"List {kind}" if depth == 1 else f"List {kind} {depth}"
        if self.quoted:
            return "Intense Quote" if words(line) in self.quotes else "Quote"
        return "Normal"

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[tuple[Token, str]]] = []
        for number, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append((tokens[number + 1], str(token.attrGet("style") or "").rpartition(":")[2]))
        if not rows or not rows[0]:
            return
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        for number, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
            for cell, (line, side) in zip(row.cells, cells, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
                if side in _ALIGNED:
                    paragraph.alignment = _ALIGNED[side]
                self._line(paragraph, line, bold=number == 0)
        self._widen(table)
        xml.repeat_header(table.rows[0])
        self.document.add_paragraph()

    def _widen(self, table: Table) -> None:
        """Give the columns the widths that their words want; both the grid and the cells say them, as Word has it."""
        rows = [list(row.cells) for row in table.rows]
        wanted = columns([[cell.text for cell in cells] for cells in rows], TEXT_WIDTH.pt)
        table.autofit = False
        for column, points in zip(table.columns, wanted, strict=True):
            column.width = Pt(points)
        for cells in rows:
            for cell, points in zip(cells, wanted, strict=True):
                cell.width = Pt(points)

    def _notes(self, tokens: Sequence[Token]) -> None:
        paragraph: Paragraph | None = None
        for token in tokens:
            if token.type == "footnote_open":
                paragraph = self.notes.write((self.variant, int(token.meta["id"])))
            elif token.type == "inline" and paragraph is not None:
                self._line(paragraph, token)

    # -- the words of a line

    def _line(self, paragraph: Paragraph, line: Token, *, bold: bool = False) -> None:
        look = _Look(bold=int(bold))
        children = line.children or []
        for number, part in enumerate(children):
            match part.type:
                case "text":
                    self._loosely_bold(paragraph, part.content, look)
                case "text_special":
                    self._run(paragraph, part.content, look)
                case "code_inline":
                    look.code = True
                    self._run(paragraph, part.content, look)
                    look.code = False
                case "softbreak":
                    self._run(paragraph, _between(children, number), look)
                case "hardbreak":
                    self._run(paragraph, "\n", look)
                case "strong_open" | "strong_close":
                    look.bold += part.nesting
                case "em_open" | "em_close":
                    look.italic += part.nesting
                case "s_open" | "s_close":
                    look.strike += part.nesting
                case "link_open":
                    look.link = self._link(paragraph, str(part.attrGet("href") or ""))
                case "link_close":
                    look.link = None
                case "image":
                    self._picture(paragraph, part, look)
                case "footnote_ref":
                    self.notes.call(paragraph, (self.variant, int(part.meta["id"])))

    def _loosely_bold(self, paragraph: Paragraph, text: str, look: _Look) -> None:
        """Text in which CommonMark left ``**`` beside Japanese signs, which readers take for bold."""
        position = 0
        for found in LOOSE_BOLD.finditer(text):
            self._run(paragraph, text[position : found.start()], look)
            look.bold += 1
            self._run(paragraph, found[1], look)
            look.bold -= 1
            position = found.end()
        self._run(paragraph, text[position:], look)

    def _run(self, paragraph: Paragraph, text: str, look: _Look) -> None:
        text = xml.clean(text)
        if not text:
            return
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.strike = (bool(value) or None for value in (look.bold, look.italic, look.strike))
        if look.code or look.link is not None:
            run.style = self.document.styles[CODE_WORD if look.code else LINK]
        if look.link is not None:
            look.link.append(run._r)

    def _link(self, paragraph: Paragraph, target: str) -> Any:
        """An open link, or None where it leads nowhere in this document: its words are then words."""
        from urllib.parse import unquote

        if target.startswith("#"):
            name = self.names.get(unquote(target[1:]))
            return xml.link(paragraph, f"#{name}") if name else None
        return xml.link(paragraph, target) if ":" in target else None

    def _picture(self, paragraph: Paragraph, part: Token, look: _Look) -> None:
        source = str(part.attrGet("src") or "")
        words = f"▣ {part.content or 'picture'}"
        inner = look.link if look.link is not None else self._link(paragraph, source)
        outer, look.link = look.link, inner
        self._run(paragraph, words, look)
        look.link = outer


def _between(children: Sequence[Token], number: int) -> str:
    before = children[number - 1].content if number else ""
    return joint(before, children[number + 1].content if number + 1 < len(children) else "")


def _closing(tokens: Sequence[Token], start: int) -> int:
    """Where the block that opens at ``start`` closes."""
    name = tokens[start].type.replace("_open", "_close")
    level = tokens[start].level
    return next(
        number for number in range(start, len(tokens)) if tokens[number].type == name and tokens[number].level == level
    )
