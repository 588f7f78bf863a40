"""A file that is to be checked -> the pieces in it: its own text, or the texts that its kind is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.document import Document, document
from contentkit.core.text.markdown import FRONT_MATTER
from contentkit.core.text.outline import fields_of
from contentkit.core.text.placed import Placed, json_values, straight

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Prompts

SEO = {"title": "seo-title", "description": "seo-description"}
"""Keys of a front matter that a search page shows -> the limit that holds for each."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece of a file.

    Attributes:
        name: of the file.
        parts: path of each of its texts ("posts[0].text") -> where it stands in the file; {} for the file itself.
        only: names of the checks that make sense for it; () for all.
        findings: what is wrong with its form already.
    """

    piece: Piece
    name: str
    file: Document
    parts: Mapping[str, Placed] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def located(self, finding: Finding) -> Finding:
        """The finding with its place in the file."""
        place = finding.place
        if place is None or not self.parts or place.path == self.name:
            return finding
        return replace(finding, place=self._place(place))

    def has(self, place: Place) -> bool:
        """Whether the words at ``place`` stand there in this piece."""
        text = self._text(place.path)
        span = document(text, self.piece.language).span(place)
        words = text[span.start : span.end] if span else text
        return " ".join(words.split()).startswith(place.quote.removesuffix("…"))

    def _place(self, place: Place) -> Place:
        name, known = self.name, _nearest(place.path, self.parts)
        if known is None:
            return Place(name, quote=place.quote, part=place.path)
        placed = self.parts[known]
        span = document(self._text(place.path), self.piece.language).span(place) if known == place.path else None
        if span is None:
            return replace(placed.whole(self.file, name, place.path), quote=place.quote)
        return replace(placed.place(self.file, name, place.path, span.start, span.end), quote=place.quote)

    def _text(self, path: str) -> str:
        from contentkit.core.text.outline import strings

        if self.piece.output is None:
            return self.piece.body
        return next((text for name, text in strings(self.piece.output) if name == path), "")


def _nearest(path: str, known: Mapping[str, Placed]) -> str | None:
    """The path itself, or what holds it."""
    while path and path not in known:
        path = re.sub(r"(?:^|\.)[^.\[\]]+$|\[\d+\]$", "", path)
    return path or None


def opened(prompts: Prompts, text: SourceText, base: Piece) -> tuple[Opened, ...]:
    """The pieces of a file, each like ``base`` but for its text, language and limits.

    Args:
        base: its kind is the one that was asked for, "" for none: JSON of contentkit then says its own, a file .eml is
            an email, and anything else a text.

    Raises:
        UsageError: there is no such kind.
    """
    file = document(text.text, base.language)
    found = _report(prompts, text, base, file) or _mail(prompts, text, base, file) or _answer(prompts, text, base, file)
    if found:
        return (found,)
    plain = Opened(replace(base, kind=base.kind or "text", body=text.text), base.name, file)
    return (plain, *_front(plain.piece, file)) if base.kind else (plain,)


# JSON: a report of contentkit, or the answer alone


def _report(prompts: Prompts, text: SourceText, base: Piece, file: Document) -> Opened | None:
    data = _object(text.text)
    if data is None or not isinstance(data.get("contentkit"), int):
        return None
    from contentkit.reports.json import from_dict

    try:
        report = from_dict(data)
    except UsageError:
        return None
    kind = base.kind or report.kind
    if kind not in prompts.kinds():
        return None
    base = replace(base, kind=kind, language=report.language or base.language, fields={**base.fields, **report.given})
    values = json_values(text.text)
    if report.fields and prompts.get(kind).schema is not None:
        parts = {path.removeprefix("fields."): at for path, at in values.items() if path.startswith("fields.")}
        return _structured(prompts.get(kind), report.fields, parts, base, file)
    return Opened(replace(base, body=report.body, name="body"), base.name, file, {"body": values["body"]})


def _answer(prompts: Prompts, text: SourceText, base: Piece, file: Document) -> Opened | None:
    """JSON by the schema of the kind that was asked for."""
    prompt = prompts.get(base.kind) if base.kind else None
    if prompt is None or prompt.schema is None or (data := _object(text.text)) is None:
        return None
    return _structured(prompt, data, json_values(text.text), base, file)


def _object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _structured(
    prompt: Prompt, data: Mapping[str, Any], parts: Mapping[str, Placed], base: Piece, file: Document
) -> Opened:
    from contentkit.kit.answers import answered
    from contentkit.kit.prompts.series import shaped_as
    from contentkit.models.structured import check

    prompt = shaped_as(prompt, data)
    assert prompt.schema is not None
    faults = tuple(_misfit(base, fault) for fault in check(answered(prompt, data), prompt.schema))
    limits = {**base.limits, **prompt.limits}
    piece = replace(base, output=dict(data), limits=limits, asked=fields_of(prompt.schema.body))
    return Opened(piece, base.name, file, parts, findings=faults)


def _misfit(base: Piece, fault: str) -> Finding:
    where, _, why = fault.removeprefix("$").partition(": ")
    part = where.lstrip(".")
    return Finding(
        "form/schema", f"not the form of {base.kind}: {why}", Severity.MAJOR, Place(part or base.name), "form"
    )


# Email


def _mail(prompts: Prompts, text: SourceText, base: Piece, file: Document) -> Opened | None:
    """Subject, preheader and body of a message, for a kind that has these; the piece's own body is all of it."""
    kind = base.kind or "email"
    if PurePath(text.origin).suffix.lower() != ".eml" or kind not in prompts.kinds():
        return None
    from contentkit.core.text.eml import read_mail

    prompt, mail = prompts.get(kind), read_mail(text.text)
    piece = replace(base, kind=kind, body=text.text, output=mail.output, limits={**base.limits, **prompt.limits})
    return Opened(piece, base.name, file, mail.parts)


# Front matter


def _front(base: Piece, file: Document) -> tuple[Opened, ...]:
    """Title and description of the front matter, which search pages show."""
    found = FRONT_MATTER.match(base.body)
    if not found:
        return ()
    output: dict[str, str] = {}
    parts: dict[str, Placed] = {}
    for key in SEO:
        line = re.search(rf"^{key}:[ \t]*(\S.*?)[ \t]*$", found[0], re.MULTILINE | re.IGNORECASE)
        value = _scalar(line[1]) if line else ""
        if line and value:
            at = line[1].find(value)
            output[key] = value
            parts[key] = straight(line.start(1) + at, value) if at >= 0 else Placed(line.start(1), line.end(1))
    if not output:
        return ()
    limits = {key: SEO[key] for key in output}
    return (Opened(replace(base, output=output, body="", limits=limits), base.name, file, parts, only=("limits",)),)


def _scalar(raw: str) -> str:
    """The text that a value of one line in YAML is; "" for one that is none."""
    import yaml

    try:
        value = yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError):
        return ""
    return "" if value is None or isinstance(value, list | dict) else value if isinstance(value, str) else raw
