"""Texts -> Report: every check looks at every text, and at all of them side by side. Nothing is sent anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Covered, Finding, Report, Severity
from contentkit.core.text.prose import detect

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

KIND = "check"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a run of checks is told.

    Attributes:
        platform: the rule of length that each text must keep ("x", "email-subject" ...); "" for none.
        kind: the content kind whose checks and limits hold; "" for a text of no kind.
        language: ISO 639-1 code; "" finds out each text's own.
        sources: references to the material that the texts rest on.
        only, skip: names of checks that alone run, or do not.
        fail_on: lowest severity that fails the run; None takes the configuration's.
    """

    platform: str = ""
    kind: str = ""
    language: str = ""
    sources: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


async def check(kit: Kit, files: Sequence[str], options: CheckOptions = CheckOptions()) -> Report:
    """Read ``files`` as they were written and check them.

    Returns:
        A report whose findings have places in the files. It is not kept in the history: nothing was made.

    Raises:
        UsageError: a file, a source or a setting is wrong.
    """
    from contentkit.kit.reading import read_all

    started = time.monotonic()
    names = wanted(kit, options)
    limits = replace(kit.config.read, as_written=True)
    reading = await read_all(files, limits)
    material = await read_all(options.sources, kit.config.read)
    pieces = [_piece(kit, text, options, material.texts) for text in reading.texts]
    checked = [run(kit, piece, names) for piece in pieces]
    findings = [finding for piece in checked for finding in piece.findings]
    findings += across(kit, pieces, names)
    bar = options.fail_on or Severity(kit.config.check.fail_on)
    notices = [*reading.notices, *material.notices, *(notice for piece in checked for notice in piece.notices)]
    return Report(
        KIND,
        "",
        {"fail_on": bar.value, "checks": list(names), "texts": len(pieces)},
        tuple(sorted(findings, key=_order)),
        (*reading.covered, *_unread(material.covered)),
        tuple(dict.fromkeys(notices)),
        language=pieces[0].language if pieces else "",
        sources=tuple(text.origin for text in material.texts),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - started, 3),
    )


def wanted(kit: Kit, options: CheckOptions) -> tuple[str, ...]:
    """The checks that run, in the order of their names.

    Raises:
        UsageError: one that was named is no check.
    """
    from contentkit.core.nearest import unknown

    known = kit.checks()
    for name in (*options.only, *options.skip):
        if name not in known and name not in kit.config.check.skip:
            raise unknown("check", name, known)
    unchecked = kit.prompts.get(options.kind).unchecked if options.kind else ()
    names = options.only or tuple(name for name in known if name not in unchecked)
    return tuple(name for name in names if name not in options.skip)


def run(kit: Kit, piece: Piece, names: Sequence[str]) -> Piece:
    """The piece with what the checks find."""
    for name in names:
        piece = kit.step(name).after(piece)
    return piece


def across(kit: Kit, pieces: Sequence[Piece], names: Sequence[str]) -> Iterator[Finding]:
    """What shows only when the pieces lie side by side."""
    if len(pieces) < 2:
        return
    for name in names:
        looks: Callable[[Sequence[Piece]], Iterator[Finding]] | None = getattr(kit.step(name), "across", None)
        if looks:
            yield from looks(pieces)


def _piece(kit: Kit, text: SourceText, options: CheckOptions, material: tuple[SourceText, ...]) -> Piece:
    language = options.language or kit.config.language or text.language or detect(text.text) or "en"
    limits = {"body": options.platform} if options.platform else {}
    if options.platform and options.platform not in kit.rules():
        from contentkit.core.nearest import unknown

        raise unknown("platform", options.platform, kit.rules())
    return Piece(
        options.kind or "text",
        language,
        hosted=False,
        fields={"rules": kit.rules(), **options.fields},
        sources=material,
        limits=limits,
        body=text.text,
        name=text.origin,
        settings=kit.check_settings(),
    )


def _order(finding: Finding) -> tuple[int, str, int, int]:
    place = finding.place
    where = (place.path, place.line or 0, place.column or 0) if place else ("", 0, 0)
    return (finding.severity.rank, *where)


def _unread(covered: Sequence[Covered]) -> Iterator[Covered]:
    return (unit for unit in covered if unit.state != "read")
