"""The page that leads to the pieces of a campaign: how each stands, how full its limits are, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from contentkit.code.visible import visible
from contentkit.core.plural import counted
from contentkit.core.report import Finding, Report
from contentkit.core.spoken import units
from contentkit.core.text.script import SPACELESS
from contentkit.reports._verdict import severities
from contentkit.reports.html import page as whole

_SHOWN = 5
"""Findings and limits that a card names."""

_GOOD, _GONE = ("fit",), ("not written",)


@dataclass(frozen=True, slots=True)
class Card:
    """A piece on the page.

    Attributes:
        state: how it stands, in a word or two.
        report: None where it was not written, for the reason in ``error``.
        limits: path, rule, length, most.
    """

    name: str
    kind: str
    state: str
    report: Report | None
    findings: Sequence[Finding]
    error: str
    limits: Sequence[tuple[str, str, int, int]]


def page(title: str, facts: Sequence[tuple[str, str]], cards: Sequence[Card]) -> str:
    """The whole page."""
    fit = sum(card.state in _GOOD for card in cards)
    found = [finding for card in cards for finding in card.findings]
    many = f"{counted(len(found), 'finding')} ({severities(found)})" if found else "no findings"
    parts = [
        f"<h1>{_words(title)}</h1>\n",
        f'<p class="verdict">{fit:,} of {counted(len(cards), "piece")} fit, {many}</p>\n',
        '<ul class="cards">\n',
        *map(_card, cards),
        "</ul>\n",
        *_facts(facts),
    ]
    language = next((card.report.language for card in cards if card.report), "") or "en"
    return whole(title, language, "".join(parts))


def _words(text: str) -> str:
    return escape(" ".join(visible(text).split()))


def _card(card: Card) -> str:
    kind = "good" if card.state in _GOOD else "gone" if card.state in _GONE else "bad"
    name, report = _words(card.name), card.report
    head = f'<a href="{_address(card.name, "html")}">{name}</a>' if report else name
    rows = [f'<li>\n<h2>{head}</h2>\n<p class="quiet" lang="en">{_words(_about(card))}</p>\n']
    rows.append(f'<p lang="en"><span class="state {kind}">{escape(card.state)}</span></p>\n')
    if card.error:
        rows.append(f"<p>{_words(card.error)}</p>\n")
    rows += _limits(card)
    rows += _findings(card)
    if report:
        links = ", ".join(f'<a href="{_address(card.name, ending)}">{ending}</a>' for ending in ("md", "json"))
        rows.append(f'<p class="quiet" lang="en">{links}</p>\n')
    return "".join([*rows, "</li>\n"])


def _address(name: str, ending: str) -> str:
    return escape(quote(f"{name}.{ending}"))


def _about(card: Card) -> str:
    if card.report is None:
        return card.kind
    language = card.report.language
    many = units(card.report.body, language)
    size = counted(many, "character" if language.partition("-")[0] in SPACELESS else "word")
    return ", ".join(filter(None, (card.kind, language, size)))


def _limits(card: Card) -> Iterator[str]:
    """The fullest limits of the piece, each as a bar."""
    fullest = sorted(card.limits, key=lambda limit: -limit[2] / limit[3])[:_SHOWN]
    for path, rule, length, most in fullest:
        told = f"{escape(rule)}: {length:,} of {most:,}"
        bar = f'<meter min="0" max="{most}" high="{most}" value="{min(length, most)}"></meter>'
        yield f'<p class="quiet" lang="en" title="{escape(path)}">{bar}{told}</p>\n'


def _findings(card: Card) -> Iterator[str]:
    if not card.findings:
        return
    yield "<ul>\n"
    for finding in card.findings[:_SHOWN]:
        severity = finding.severity.value
        yield f'<li><b class="{severity}">{severity}</b> <span dir="auto">{_words(finding.message)}</span></li>\n'
    yield "</ul>\n"
    if left := len(card.findings) - _SHOWN:
        yield f'<p class="quiet" lang="en">and {left:,} more</p>\n' if left > 0 else ""


def _facts(facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not facts:
        return
    yield '<footer>\n<h2 lang="en">The facts that all pieces keep</h2>\n<dl>\n'
    for label, said in facts:
        yield f"<div><dt>{_words(label)}</dt><dd>{_words(said)}</dd></div>\n"
    yield "</dl>\n</footer>\n"
