"""How a document looks: the styles of Word's own names, so that another template or a house style can take over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from contentkit.reports._docx.xml import element, put

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import CharacterStyle, ParagraphStyle

_MARGIN, TEXT_WIDTH = Mm(25), Mm(210 - 2 * 25)
_LATIN, _WIDE, _MONO = "Calibri", "Yu Gothic", "Consolas"
_INK, _QUIET, _LINK = RGBColor(0x1F, 0x23, 0x28), RGBColor(0x5C, 0x63, 0x6B), RGBColor(0x0B, 0x57, 0xD0)
_UPRIGHT = ("ja", "zh", "ko")
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
# Word wants a region with a language.
_REGIONS = {"en": "en-US", "ja": "ja-JP", "zh": "zh-CN", "ko": "ko-KR", "de": "de-DE", "fr": "fr-FR", "es": "es-ES",
            "it": "it-IT", "pt": "pt-PT", "nl": "nl-NL"}  # fmt: skip

CODE, CODE_WORD, LINK, NOTE, NOTE_MARK = "Code", "Code Word", "Hyperlink", "footnote text", "footnote reference"


def prepare(document: Document, language: str) -> None:
    """Paper, fonts, spacing and the styles that the template does not have."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    _normal(document, language)
    for level, size in enumerate((17, 14, 12, 11, 11, 11), 1):
        _heading(document.styles[f"Heading {level}"], size)
    _heading(document.styles["Title"], 24)
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    for name in ("Quote", "Intense Quote"):
        _font(document.styles[name], _LATIN)
        document.styles[name].font.color.rgb = _QUIET if name == "Quote" else _INK
        # Slanted Japanese is hard to read, and no font has it.
        document.styles[name].font.italic = language.split("-")[0] not in _UPRIGHT
    _code(document)
    _notes(document)


def _normal(document: Document, language: str) -> None:
    normal = document.styles["Normal"]
    _font(normal, _LATIN)
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(8), 1.3
    code = language.split("-")[0]
    tag = language if "-" in language else _REGIONS.get(code, code)
    wide = tag if code in _UPRIGHT else "ja-JP"
    spoken = element("lang", val="en-US" if code in _UPRIGHT else tag, eastAsia=wide, bidi=tag)
    properties = normal.element.get_or_add_rPr()
    put(properties, spoken)
    if code in _RIGHT_TO_LEFT:
        put(normal.element.get_or_add_pPr(), element("bidi"))
        put(properties, element("rtl"))


def _heading(style: ParagraphStyle, size: int) -> None:
    _font(style, _LATIN)
    style.font.size, style.font.color.rgb, style.font.bold, style.font.italic = Pt(size), _INK, True, False
    style.paragraph_format.keep_with_next = True


def _font(style: CharacterStyle, name: str) -> None:
    """One font for Latin, one for Japanese, Chinese and Korean; those of the theme are taken off, since they win."""
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _WIDE)
    fonts.set(qn("w:cs"), name)


def _code(document: Document) -> None:
    block = document.styles.add_style(CODE, WD_STYLE_TYPE.PARAGRAPH)
    block.base_style = document.styles["Normal"]
    word = document.styles.add_style(CODE_WORD, WD_STYLE_TYPE.CHARACTER)
    for style in (block, word):
        _font(style, _MONO)
        style.font.size = Pt(9.5)
        put(style.element.get_or_add_rPr(), element("shd", val="clear", color="auto", fill="F1F2F0"))
    block.paragraph_format.line_spacing = 1.0
    put(block.element.get_or_add_pPr(), element("shd", val="clear", color="auto", fill="F1F2F0"))


def _notes(document: Document) -> None:
    link = document.styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.color.rgb, link.font.underline = _LINK, True
    note = document.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note.base_style = document.styles["Normal"]
    note.font.size = Pt(9)
    note.paragraph_format.space_after = Pt(2)
    document.styles.add_style(NOTE_MARK, WD_STYLE_TYPE.CHARACTER, builtin=True).font.superscript = True
