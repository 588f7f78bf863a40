"""What a user wishes around an article, and what a model gave for it that the article bears out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contentkit.core.article.citations import without_marks
from contentkit.core.text.document import document
from contentkit.core.text.languages import primary
from contentkit.core.text.markdown import plain
from contentkit.core.text.numbers import quantities
from contentkit.core.text.numbers import same as same_quantity
from contentkit.core.text.outline import rows
from contentkit.core.text.script import SPACELESS
from contentkit.core.text.words import is_common, terms_of

INPUTS = ("citations", "toc", "pull_quotes", "faq", "seo", "front_matter")
"""Inputs that a kind of free text declares to have all this."""

# An answer of which so many of the telling words stand nowhere in the article tells something else.
_LEAST_KNOWN = 0.6
_LEAST_QUOTE, _LEAST_QUOTE_SPACELESS = 20, 10
_QUOTES = re.compile(r"^[\"“”„«»「『']+|[\"“”«»」』']+$")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Attributes:
    citations: "none", "marks" or "footnotes".
    pull_quotes, faq: how many.
    front_matter: a site generator, or "none".
    """

    citations: str = "marks"
    toc: bool = False
    pull_quotes: int = 0
    faq: int = 0
    seo: bool = False
    front_matter: str = "none"

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Wishes | None:
        """What was wished; None of a kind that declares none of it."""
        if not any(name in fields for name in INPUTS):
            return None
        return cls(
            str(fields.get("citations") or "none"),
            bool(fields.get("toc")),
            int(fields.get("pull_quotes") or 0),
            int(fields.get("faq") or 0),
            bool(fields.get("seo")),
            str(fields.get("front_matter") or "none"),
        )

    @property
    def named(self) -> bool:
        """A title and a description for search pages are needed."""
        return self.seo or self.front_matter != "none"

    @property
    def asks(self) -> bool:
        """It takes one more question than the article itself."""
        return self.named or self.pull_quotes > 0 or self.faq > 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Extras:
    """Attributes:
    title, description: for search pages.
    quotes: sentences of the article to be shown large, as they stand in it.
    answers: questions that the article answers.
    """

    title: str = ""
    description: str = ""
    quotes: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


def confirmed(data: Mapping[str, Any], article: str, language: str, wishes: Wishes) -> tuple[Extras, tuple[str, ...]]:
    """Of an answer what the article bears out, at most as many as were wished; and a sentence for what it does not."""
    notices = []
    offered = [_line(quote) for quote in _texts(data.get("pull_quotes"))][: wishes.pull_quotes]
    quotes = tuple(dict.fromkeys(found for quote in offered if (found := _verbatim(quote, article, language))))
    if len(quotes) < len(offered):
        notices.append(_left_out(len(offered) - len(quotes), "pull quote", "the article does not say it word for word"))
    asked = [Answer(_line(row.get("question")), _line(row.get("answer"))) for row in rows(data.get("faq"))]
    asked = [row for row in asked if row.question and row.answer][: wishes.faq]
    known = _Known.of(article, language)
    answers = tuple(row for row in asked if known.bears_out(row.answer))
    if len(answers) < len(asked):
        notices.append(_left_out(len(asked) - len(answers), "question", "the article does not answer it so"))
    named = wishes.named
    title, description = (_line(data.get(name)) if named else "" for name in ("seo_title", "seo_description"))
    if description and not known.bears_out(description):
        description = ""
        notices.append("the description for search pages was left out: it says what the article does not")
    return Extras(title, description, quotes, answers), tuple(notices)


def _left_out(number: int, what: str, why: str) -> str:
    return f"1 {what} was left out: {why}" if number == 1 else f"{number} {what}s were left out: {why}"


def _verbatim(quote: str, article: str, language: str) -> str:
    """The words as they stand in the article, or "". What the writer did with quotation marks around them is no
    matter."""
    least = _LEAST_QUOTE_SPACELESS if primary(language) in SPACELESS else _LEAST_QUOTE
    for wanted in (quote, _QUOTES.sub("", quote)):
        wanted = _line(plain(without_marks(wanted)))
        if len(wanted) >= least and any(wanted in text for text in passages(article)):
            return wanted
    return ""


def passages(article: str) -> Iterator[str]:
    """The paragraphs and list items of the article as a reader sees them, without marks of sources."""
    text = without_marks(article)
    for block in document(text).blocks:
        if block.kind in ("paragraph", "item"):
            yield _line(plain(text[block.start : block.end]))


@dataclass(frozen=True, slots=True)
class _Known:
    """What an article says: its quantities and the words that tell what it is about."""

    language: str
    quantities: tuple[Any, ...]
    terms: frozenset[str]

    @classmethod
    def of(cls, article: str, language: str) -> _Known:
        whole = without_marks(article)
        text = "\n".join(plain(whole[block.start : block.end]) for block in document(whole).blocks)
        return cls(language, tuple(quantities(text, language)), frozenset(_terms(text, language)))

    def bears_out(self, answer: str) -> bool:
        """Whether every quantity of the answer stands in the article, and most of its telling words."""
        for found in quantities(answer, self.language):
            if not any(same_quantity(found, other) for other in self.quantities):
                return False
        terms = _terms(answer, self.language)
        return not terms or sum(term in self.terms for term in terms) >= _LEAST_KNOWN * len(terms)


def _terms(text: str, language: str) -> set[str]:
    found = (key for key, _ in terms_of(text, language) if " " not in key)
    return {key for key in found if not is_common(key, language)}


def _line(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str) else ""


def _texts(value: object) -> Sequence[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
