"""An article put together: text, contents, pull quotes, questions, sources, each in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contentkit.core.article.citations import as_footnotes, cited, footnotes, source_list, without_list, without_marks
from contentkit.core.article.contents import contents, headings
from contentkit.core.article.extras import Answer, Extras, Wishes
from contentkit.core.piece import SourceText
from contentkit.core.text.document import Block, document
from contentkit.core.text.languages import in_language
from contentkit.core.text.markdown import plain

_MARKUP, _ESCAPED = re.compile(r"[\\`*_\[\]<>]"), r"\\\g<0>"
_QUESTIONS = {"en": "Questions and answers", "ja": "よくある質問", "de": "Fragen und Antworten",
              "fr": "Questions et réponses", "es": "Preguntas y respuestas"}  # fmt: skip


def completed(text: str, wishes: Wishes, extras: Extras, sources: Sequence[SourceText], language: str) -> str:
    """The article in Markdown with all that was wished around it.

    Sources are listed only where the text cites some: exactly those.
    """
    text = without_list(text).strip("\n")
    text = _with_quotes(text, extras.quotes)
    if extras.answers:
        text += f"\n\n{_questions(extras.answers, language)}"
    text, closing = _cited(text, wishes.citations, sources, language)
    # The list of sources is a section too, and stands in the contents.
    text = f"{text}\n\n{closing}" if closing else text
    if wishes.toc and (table := contents(text, language)):
        text = _before_sections(text, table)
    return f"{text}\n"


def _cited(text: str, how: str, sources: Sequence[SourceText], language: str) -> tuple[str, str]:
    """The text with its citations as they were wished, and what closes it."""
    if how == "none":
        return without_marks(text), ""
    numbers = cited(text)
    if how == "footnotes":
        return as_footnotes(text, len(sources)), footnotes(sources, numbers)
    return text, source_list(sources, numbers, language)


def _questions(answers: Sequence[Answer], language: str) -> str:
    heading = in_language(_QUESTIONS, language)
    return "\n\n".join([f"## {heading}", *(f"### {row.question}\n\n{row.answer}" for row in answers)])


def _before_sections(text: str, table: str) -> str:
    """The text with its contents before the first section."""
    first = next((block.start for block, _ in headings(text) if block.level > 1), len(text))
    return f"{text[:first].rstrip()}\n\n{table}\n\n{text[first:]}".rstrip()


def _with_quotes(text: str, quotes: Sequence[str]) -> str:
    """The text with each quote as a block of its own: at the head of its section, and in the opening behind the
    paragraph from which it is, since nothing may stand before that."""
    places: dict[int, list[str]] = {}
    for quote in quotes:
        places.setdefault(_place(text, quote), []).append(quote)
    for place, here in sorted(places.items(), reverse=True):
        block = "\n\n".join(f"> {_MARKUP.sub(_ESCAPED, quote)}" for quote in here)
        text = f"{text[:place].rstrip()}\n\n{block}\n\n{text[place:].lstrip()}".strip("\n")
    return text


def _place(text: str, quote: str) -> int:
    """Where the quote is to stand, in code points; the end where its sentence is not found."""
    section: Block | None = None
    opens = False
    for block in document(text).blocks:
        if block.kind == "heading":
            section, opens = block, True
            continue
        words = " ".join(plain(without_marks(text[block.start : block.end])).split())
        if quote in words:
            # Right above the very words it would only say them twice.
            above = section and section.level > 1 and not (opens and words.startswith(quote))
            return section.end if section and above else block.end
        opens = False
    return len(text)
