"""Merge fields: places in an email that a sending service fills for each reader.

Three ways of writing them are known, each as its services have it: ``{{ first_name }}`` with paths and filters
(Liquid, Handlebars, Mustache: most services), ``*|FNAME|*`` (Mailchimp) and ``%FIRSTNAME%`` (ActiveCampaign). A field
holds no ``<``, ``>`` or ``&``, so that it can stand in HTML as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_NAME = r"[^\W\d][\w]*(?:[.\-][\w]+)*"
_FIELD = re.compile(
    rf"\{{\{{\{{?[ \t]*(?P<name>{_NAME})[ \t]*(?:\|[^{{}}<>&\n]{{1,200}})?\}}?\}}\}}"
    r"|\*\|(?P<tag>[A-Z][A-Z0-9_]*)(?::[^|*<>&\n]{1,100})?\|\*"
    r"|%(?P<sign>[A-Z][A-Z0-9_]{2,40})%"
)
# What looks like a field and is none, in what the whole ones leave over: one brace too few on a side, no end, no name.
_BROKEN = re.compile(
    rf"\{{\{{[^{{}}\n]{{0,80}}\}}(?!\}})|(?<!\{{)\{{[ \t]*{_NAME}[^{{}}\n]{{0,40}}\}}\}}|\{{\{{[ \t]*\}}\}}"
    r"|\{\{[^{}\n]{0,40}|(?<!\{)\}\}"
    r"|\*\|[A-Z][A-Z0-9_]*\|?(?!\*)|(?<!\*)\|[A-Z][A-Z0-9_]*\|\*"
)


@dataclass(frozen=True, slots=True)
class MergeField:
    """A field in a text: its span in code points, its name, and how it is written."""

    start: int
    end: int
    name: str
    raw: str


def merge_fields(text: str) -> Iterator[MergeField]:
    """The whole fields of a text, in order."""
    if "{{" in text or "*|" in text or "%" in text:
        for found in _FIELD.finditer(text):
            name = found["name"] or found["tag"] or found["sign"]
            yield MergeField(found.start(), found.end(), name, found.group())


def broken_fields(text: str, known: Iterable[str] = ()) -> Iterator[tuple[int, int]]:
    """Spans of what was meant as a field and is none: ``{{first_name}``, ``{{ }}``, ``*|FNAME|``; a known name in
    single braces or double brackets, such as ``{first_name}`` and ``[[first_name]]``, too."""
    if not any(sign in text for sign in ("{", "}}", "*|", "|*", "[[")):
        return
    rest = _FIELD.sub(lambda found: " " * len(found.group()), text)
    taken = [found.span() for found in _BROKEN.finditer(rest)]
    if names := "|".join(re.escape(name) for name in known if name):
        single = re.compile(rf"(?<![{{$]){{[ \t]*(?:{names})[ \t]*}}(?!}})|\[\[[ \t]*(?:{names})[ \t]*\]\]")
        taken += [found.span() for found in single.finditer(rest)]
    yield from sorted(set(taken))


def written(fields: Iterable[str]) -> Mapping[str, str]:
    """Names of the fields that a user listed -> how they are to be written: as listed, a bare name in double braces."""
    found: dict[str, str] = {}
    for item in fields:
        whole = next(merge_fields(item), None)
        raw = item.strip()
        if whole:
            found[whole.name] = raw
        elif re.fullmatch(_NAME, raw):
            found[raw] = f"{{{{{raw}}}}}"
        else:
            found[raw] = raw
    return found


def is_field(text: str) -> bool:
    """Whether the text is one whole field, or a bare name of one."""
    raw = text.strip()
    return bool(re.fullmatch(_NAME, raw) or _FIELD.fullmatch(raw))
