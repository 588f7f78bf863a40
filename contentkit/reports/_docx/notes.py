"""Real footnotes, which python-docx does not write: a part of their own, and marks in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.parts.story import StoryPart
from docx.text.paragraph import Paragraph

from contentkit.reports._docx.styles import NOTE, NOTE_MARK
from contentkit.reports._docx.xml import bookmark, element, field, put

if TYPE_CHECKING:
    from docx.document import Document

# The line above the notes, and the one above those that go on from the page before, are notes too.
_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)


class Notes:
    """The footnotes of a document. The part is made with the first one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.part: StoryPart | None = None
        self.numbers: dict[tuple[int, int], int] = {}

    def call(self, paragraph: Paragraph, key: tuple[int, int]) -> None:
        """Set the mark of a note. Called again, it refers to the number that the note has.

        Args:
            key: the variant and the number of the note in it.
        """
        run = paragraph.add_run("", style=NOTE_MARK)
        if key in self.numbers:
            number = self.numbers[key]
            run.text = str(number)
            field(f"NOTEREF note{number} \\f \\h", run)
            return
        number = self.numbers[key] = len(self.numbers) + 1
        run._r.append(element("footnoteReference", id=str(number)))
        bookmark(run._r, f"note{number}", 100_000 + number)

    def write(self, key: tuple[int, int]) -> Paragraph | None:
        """The paragraph of the note, to be filled; None for a note that nothing calls."""
        if key not in self.numbers:
            return None
        part = self._made()
        note = element("footnote", id=str(self.numbers[key]))
        part.element.append(note)
        made: Any = element("p")
        note.append(made)
        paragraph = Paragraph(made, _Holder(part))
        paragraph.style = self.document.styles[NOTE]
        run = paragraph.add_run("", style=self.document.styles[NOTE_MARK])
        run._r.append(element("footnoteRef"))
        paragraph.add_run(" ")
        return paragraph

    def _made(self) -> StoryPart:
        if self.part is None:
            package = self.document.part.package
            name = PackURI("/word/footnotes.xml")
            self.part = StoryPart(name, CONTENT_TYPE.WML_FOOTNOTES, parse_xml(_EMPTY), package)
            self.document.part.relate_to(self.part, RELATIONSHIP_TYPE.FOOTNOTES)
            told = element("footnotePr")
            told.append(element("footnote", id="-1"))
            told.append(element("footnote", id="0"))
            put(self.document.settings.element, told)
        return self.part


class _Holder:
    """What python-docx asks of the parent of a paragraph."""

    def __init__(self, part: StoryPart) -> None:
        self.part = part
