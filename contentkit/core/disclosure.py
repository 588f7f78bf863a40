"""How a text was made, for whoever reads it later: one account, which every format writes into its metadata.

The EU AI Act, article 50 (from 2026-08-02), wants machine-written text on matters of public interest marked, unless a
person reviewed it and answers for it. So the account tells the model, the day, and the reviewer if there was one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contentkit.core.text.languages import in_language

if TYPE_CHECKING:
    from contentkit.core.report import Report

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""The term of the IPTC's digital source types for what a trained model made: https://cv.iptc.org/newscodes/
digitalsourcetype/ (read 2026-11-22). For an offline draft the vocabulary has no term that would be true."""

SCHEMA_ORG = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
"""The same term as a value of schema.org's ``digitalSourceType``."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the user wants told of how a text was made.

    Attributes:
        mark: it stands in the metadata.
        visible: a line for readers stands under the text.
        reviewer: who reviews the text and answers for it; "" for nobody.
        reviewed: ISO date on which that was done; "" while it is not.
    """

    mark: bool = True
    visible: bool = False
    reviewer: str = ""
    reviewed: str = ""


def signed(report: Report, reviewer: str, day: str) -> Report:
    """The report as reviewed by a person on ``day`` (ISO date), which is then told."""
    told = replace(report.disclosure, mark=True, reviewer=" ".join(reviewer.split()), reviewed=day)
    return replace(report, disclosure=told)


def is_disclosed(report: Report) -> bool:
    """Whether there is something to tell: a draft of ours whose mark is on. What a person wrote is never marked."""
    return report.disclosure.mark and bool(report.model) and report.kind != "review"


def by_model(report: Report) -> bool:
    """Whether a model wrote it; the embedded engine arranges sentences of the sources and writes none."""
    return report.model.partition(":")[0] != "offline"


def statement(report: Report) -> str:
    """All of it in two sentences on one line, in English as all metadata; "" where nothing is to be told."""
    if not is_disclosed(report):
        return ""
    made = f"Written by a language model ({_model(report)})"
    made = made if by_model(report) else "No model; arranged from the sources by contentkit"
    day = f" on {report.created[:10]}" if report.created else ""
    told = report.disclosure
    who = " ".join(told.reviewer.split())
    review = f"Reviewed by {who} on {told.reviewed}." if who and told.reviewed else "No review by a person is recorded."
    if who and not told.reviewed:
        review = f"To be reviewed by {who}."
    return f"{made}{day}. {review}"


def entries(report: Report) -> Mapping[str, str]:
    """The account by name, what is empty left out; {} where nothing is to be told.

    Names: ``disclosure`` (the statement), ``digital-source-type`` (of models only), ``model``, ``created``,
    ``reviewer``, ``reviewed``.
    """
    if not is_disclosed(report):
        return {}
    told = report.disclosure
    found = {
        "disclosure": statement(report),
        "digital-source-type": IPTC if by_model(report) else "",
        "model": _model(report) if by_model(report) else "",
        "created": report.created,
        "reviewer": " ".join(told.reviewer.split()),
        "reviewed": told.reviewed,
    }
    return {name: value for name, value in found.items() if value}


def visible_line(report: Report) -> str:
    """The line for readers, in the language of the text (English where we have no words); "" unless it is wanted."""
    if not (report.disclosure.visible and report.model):
        return ""
    model, arranged = in_language(_LINES, report.language)
    return model.format(model=_model(report)) if by_model(report) else arranged


def _model(report: Report) -> str:
    """Who wrote it: as it was asked for, and as the vendor calls it where that tells more."""
    name = report.model.partition(":")[2]
    more = f", answered by {report.answered_by}" if report.answered_by not in ("", name) else ""
    return " ".join(f"{report.model}{more}".split())


_LINES = {
    "en": (
        "Written with the help of a language model ({model}).",
        "Arranged from its sources by a program, without a language model.",
    ),
    "ja": (
        "この文章は言語モデル（{model}）を使って作成しました。",
        "この文章は、言語モデルを使わず、プログラムが資料の文を並べて作成しました。",
    ),
    "de": (
        "Mit Hilfe eines Sprachmodells geschrieben ({model}).",
        "Von einem Programm aus den Quellen zusammengestellt, ohne Sprachmodell.",
    ),
    "fr": (
        "Rédigé à l’aide d’un modèle de langage ({model}).",
        "Composé par un programme à partir des sources, sans modèle de langage.",
    ),
    "es": (
        "Escrito con la ayuda de un modelo de lenguaje ({model}).",
        "Compuesto por un programa a partir de las fuentes, sin modelo de lenguaje.",
    ),
}
