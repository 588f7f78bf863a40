"""The parts of WordprocessingML that python-docx has no words for: links, bookmarks, fields, numbers that start
anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# What XML 1.0 can't hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text without the characters that no XML file can hold."""
    return _FORBIDDEN.sub("", text)


def element(tag: str, /, **attributes: str) -> Any:
    """An element ``w:TAG`` with attributes ``w:...``."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


# Word refuses a file whose properties stand in another order than the standard's (ECMA-376, 17.3).
_AFTER = {
    "pBdr": "shd tabs bidi spacing ind contextualSpacing jc outlineLvl rPr",
    "shd": "tabs bidi spacing ind contextualSpacing jc outlineLvl rPr vertAlign rtl cs lang",
    "bidi": "spacing ind contextualSpacing jc outlineLvl rPr",
    "rtl": "cs lang",
    "lang": "",
    "footnotePr": "endnotePr compat docVars rsids themeFontLang clrSchemeMapping decimalSymbol listSeparator",
}


def put(parent: Any, child: Any) -> None:
    """Put a property where it belongs among those that are there."""
    name = child.tag.rpartition("}")[2]
    behind = {qn(f"w:{tag}") for tag in _AFTER[name].split()}
    following = next((other for other in parent if other.tag in behind or _is_foreign(other)), None)
    if following is None:
        parent.append(child)
    else:
        following.addprevious(child)


def _is_foreign(other: Any) -> bool:
    """Whether an element of the settings is of another namespace (mathematics, shapes): those come last."""
    return not str(other.tag).startswith(qn("w:x")[:-1])


def link(paragraph: Paragraph, target: str) -> Any:
    """An open link at the end of the paragraph: runs that are put into it lead to ``target``, which is an address, or a
    bookmark with "#" before it."""
    made = element("hyperlink", history="1")
    if target.startswith("#"):
        made.set(qn("w:anchor"), target[1:])
    else:
        made.set(qn("r:id"), paragraph.part.relate_to(clean(target), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(made)
    return made


def bookmark(around: Any, name: str, number: int) -> None:
    """Give the element a name that links lead to. ``number`` is one of its own in the document."""
    around.addprevious(element("bookmarkStart", id=str(number), name=name))
    around.addnext(element("bookmarkEnd", id=str(number)))


def field(instruction: str, run: Run) -> None:
    """Put the run, which shows what the field gives now, into a field."""
    made = element("fldSimple", instr=f" {instruction} ")
    run._r.addprevious(made)
    made.append(run._r)


def rule(paragraph: Paragraph) -> None:
    """A line under an empty paragraph."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz="6", space="1", color="A0A0A0"))
    put(paragraph._p.get_or_add_pPr(), borders)


def fresh_numbers(document: Document, style: str, start: int) -> int:
    """A numbering like that of the list style, but from ``start`` on; its id."""
    numbering = document.part.numbering_part.element
    own = document.styles[style].element.pPr.numPr.numId.val
    kind = next(num for num in numbering.num_lst if num.numId == own).abstractNumId.val
    made = numbering.add_num(kind)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


def number(paragraph: Paragraph, numbering: int) -> None:
    """Let the paragraph be an item of that numbering."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering


def repeat_header(row: Any) -> None:
    """Let the first row of a table stand on every page that it goes over."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))
