"""Findings as they are shown: with the lines that they stand in, and without a secret in any word."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from contentkit.core.report import Finding, Place
from contentkit.core.secrets import find, mask

MOST_LINES = 8
MOST_CHARACTERS = 4_000
"""Of the lines of a finding together; where they are longer, only the words at fault are shown."""


class Excerpts:
    """One file's lines. A secret is covered by as many asterisks, so that columns stay what they are."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _secrets(self) -> dict[str, str]:
        """What may not be shown -> what is shown instead, the longest first."""
        found = {self._text[span.start : span.end]: f"[{span.rule}]" for span in find(self._text)}
        return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))

    @cached_property
    def _lines(self) -> list[str]:
        text = self._text
        for span in find(text):
            covered = "".join(sign if sign == "\n" else "*" for sign in text[span.start : span.end])
            text = text[: span.start] + covered + text[span.end :]
        return text.split("\n")

    def shown(self, finding: Finding) -> Finding:
        """The finding with its lines as ``place.context``."""
        place = finding.place
        if place is not None:
            place = replace(place, quote=self._hidden(place.quote), context=self._context(place))
        words = finding.replacement
        if words is not None and self._hidden(words) != words:
            words = None  # it can't be shown, so nobody could say yes to it
        return replace(
            finding,
            place=place,
            message=self._hidden(finding.message),
            repair=self._hidden(finding.repair),
            scenario=self._hidden(finding.scenario),
            suggestion=self._hidden(finding.suggestion),
            replacement=words,
        )

    def _context(self, place: Place) -> str:
        if place.line is None:
            return ""
        last = place.end_line or place.line
        if place.end_column == 1 and last > place.line:
            last -= 1  # it ends with a line feed
        lines = [
            line.removesuffix("\r") for line in self._lines[place.line - 1 : min(last, place.line + MOST_LINES - 1)]
        ]
        text = "\n".join(lines)
        return text if len(text) <= MOST_CHARACTERS else ""

    def _hidden(self, text: str) -> str:
        if not text or not self._secrets:
            return text
        for secret, sign in self._secrets.items():
            text = text.replace(secret, sign)
        return mask(text)
