"""Texts -> Report: every check looks at every text, and at all of them side by side. Nothing is sent anywhere, unless
the user names a model that is to look too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import UsageError
from contentkit.core.excerpt import Files
from contentkit.core.nearest import unknown
from contentkit.core.piece import STDIN, Piece, Reading, SourceText
from contentkit.core.report import Covered, Finding, Report, Severity
from contentkit.core.text.decode import NoText
from contentkit.core.text.document import document
from contentkit.core.text.languages import language_code, primary
from contentkit.core.text.prose import detect
from contentkit.drafts.moderate import moderate
from contentkit.kit.files import here
from contentkit.kit.neighbours import missing
from contentkit.kit.opening import Opened, opened

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
        max_cost: US dollars by estimate for a model that is to look too; None takes the configuration's.
    """

    platform: str = ""
    kind: str = ""
    language: str = ""
    sources: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    fail_on: Severity | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    max_cost: float | None = None


async def check(kit: Kit, files: Sequence[str], options: CheckOptions = CheckOptions()) -> Report:
    """Read ``files`` as they were written and check them.

    Returns:
        A report whose findings have places in the files. It is not kept in the history: nothing was made.

    Raises:
        UsageError: a file, a source or a setting is wrong.
    """
    from contentkit.kit.reading import read_all

    started = time.monotonic()
    _known(kit, options)
    reading, material = await _read(kit, files), await read_all(options.sources, kit.config.read)
    texts = [replace(text, origin=_from_here(text.origin)) for text in reading.texts]
    common = _common(kit, options, material.texts)
    works, checked, names = list[Opened](), list[tuple[Piece, list[Finding]]](), dict[str, tuple[str, ...]]()
    for text in texts:  # one after the other, so that each is read once
        for one in opened(kit.prompts, text, _base(text, common)):
            kind = one.piece.kind
            names[kind] = names[kind] if kind in names else wanted(kit, replace(options, kind=kind))
            checked.append(_checked(kit, one, names[kind]))
            works.append(one)
    findings = [finding for piece, found in checked for finding in found]
    findings += _across(kit, works, names)
    excerpts = Files({text.origin: text.text for text in texts}, findings)
    notices = [*reading.notices, *material.notices, *(notice for piece, _ in checked for notice in piece.notices)]
    shown = map(excerpts.shown, findings)
    report = Report(
        KIND,
        "",
        _fields(kit, options, names, len(texts)),
        tuple(sorted(dict.fromkeys(shown), key=_order)),
        (*(replace(unit, name=_from_here(unit.name)) for unit in reading.covered), *_unread(material.covered)),
        tuple(dict.fromkeys(notices)),
        language=works[0].piece.language if works else "",
        sources=tuple(text.origin for text in material.texts),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - started, 3),
    )
    if not kit.config.check.moderate:
        return report
    asked = [work for work in works if "unsafe" in names[work.piece.kind] and not work.only]
    return await _moderated(kit, report, asked, excerpts, options.max_cost)


async def texts_of(
    kit: Kit, files: Sequence[str], options: CheckOptions
) -> tuple[tuple[SourceText, ...], tuple[SourceText, ...]]:
    """The texts of ``files`` as they were written, and the material that they rest on. Raises as ``check``."""
    from contentkit.kit.reading import read_all

    _known(kit, options)
    reading, material = await _read(kit, files), await read_all(options.sources, kit.config.read)
    return tuple(replace(text, origin=_from_here(text.origin)) for text in reading.texts), material.texts


def findings_in(
    kit: Kit, text: SourceText, options: CheckOptions, material: tuple[SourceText, ...] = ()
) -> Iterator[Finding]:
    """What the checks find in the words of a file; what stands in another form, such as JSON, has none here."""
    for work in opened(kit.prompts, text, _base(text, _common(kit, options, material))):
        if work.piece.output is None and work.piece.body == text.text:
            yield from _checked(kit, work, wanted(kit, replace(options, kind=work.piece.kind)))[1]


async def plain_pieces(kit: Kit, files: Sequence[str], options: CheckOptions) -> list[tuple[Piece, tuple[str, ...]]]:
    """The files that are texts, each as a piece with the checks that look at it. Raises as ``check``."""
    texts, material = await texts_of(kit, files, options)
    common = _common(kit, options, material)
    works = (work for text in texts for work in opened(kit.prompts, text, _base(text, common))[:1])
    plain = (work.piece for work in works if work.piece.output is None and not work.parts)
    return [(piece, wanted(kit, replace(options, kind=piece.kind))) for piece in plain]


async def _read(kit: Kit, files: Sequence[str]) -> Reading:
    """The texts as they were written. A file that is empty or binary is no fault of the others, and is told."""
    from contentkit.kit.reading import read_all

    limits = replace(kit.config.read, as_written=True)
    if files.count("-") > 1:
        raise UsageError("- can stand only once; the standard input is read to its end.")
    reading = Reading()
    for file in dict.fromkeys(files):
        try:
            one = await read_all([file], limits)
        except NoText as error:
            name = STDIN if file == "-" else file
            one = Reading(covered=(Covered(name, "skipped", error.message.removeprefix(f"{name} ").rstrip(".")),))
        told = {unit.name for unit in reading.covered}
        reading += Reading(
            tuple(text for text in one.texts if text.origin not in told),
            tuple(unit for unit in one.covered if unit.name not in told),
            one.notices,
        )
    return reading


def _from_here(name: str) -> str:
    """A path of this folder as it is called from here, since reports are read beside it."""
    path = PurePath(name)
    if not path.is_absolute() or not path.is_relative_to(here()):
        return name
    return path.relative_to(here()).as_posix()


async def _moderated(
    kit: Kit, report: Report, works: Sequence[Opened], excerpts: Files, max_cost: float | None
) -> Report:
    """The report with what a model says of the texts, and what that took."""
    engine = kit.engine(max_cost=max_cost)
    said = await moderate(kit, [work.piece for work in works], engine)
    found = [excerpts.shown(work.located(one)) for work, some in zip(works, said.findings, strict=True) for one in some]
    return replace(
        report,
        findings=tuple(sorted(dict.fromkeys([*report.findings, *found]), key=_order)),
        coverage=(*report.coverage, *said.covered),
        notices=(*report.notices, *said.notices),
        model=said.target.id,
        sent_to=said.target.host,
        usage=engine.usage,
        cost=engine.cost,
    )


def _fields(kit: Kit, options: CheckOptions, names: Mapping[str, Sequence[str]], texts: int) -> dict[str, Any]:
    bar = options.fail_on or Severity(kit.config.check.fail_on)
    ran = names.values() if names else [wanted(kit, options)]
    return {
        "fail_on": bar.value,
        "shown": kit.config.check.max_findings,
        "checks": sorted({name for some in ran for name in some}),
        "texts": texts,
        "as": options.kind,
        "platform": options.platform,
    }


def wanted(kit: Kit, options: CheckOptions) -> tuple[str, ...]:
    """The checks that run, in the order of their names.

    Raises:
        UsageError: one that was named is no check.
    """
    known = kit.checks()
    for name in (*options.only, *options.skip):
        if name not in known and name not in kit.config.check.skip:
            raise unknown("check", name, known)
    unchecked = kit.prompts.get(options.kind).unchecked if options.kind not in ("", "text") else ()
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


def _known(kit: Kit, options: CheckOptions) -> None:
    """Refuse a kind, a platform or a language that nobody knows, whatever the files are."""
    language_code(options.language)
    if options.kind:
        kit.prompts.get(options.kind)
    if options.platform and options.platform not in kit.rules():
        raise unknown("platform", options.platform, kit.rules())


def _common(kit: Kit, options: CheckOptions, material: tuple[SourceText, ...]) -> Piece:
    """What the pieces of all texts share; the language is "" where each has its own."""
    return Piece(
        options.kind,
        primary(options.language or kit.config.language),
        hosted=False,
        fields={"rules": kit.rules(), **options.fields},
        sources=material,
        limits={"body": options.platform} if options.platform else {},
        settings=kit.check_settings(),
    )


def _base(text: SourceText, common: Piece) -> Piece:
    """What every piece of a text shares."""
    language = common.language or text.language or _tongue(text) or "en"
    return replace(
        common, language=language, name=text.origin, missing=missing(text.origin, document(text.text, language))
    )


def _tongue(text: SourceText) -> str:
    """The language of a text; of an email that of its words, which stand encoded between headers and tags."""
    if text.origin.lower().endswith(".eml"):
        from contentkit.core.text.eml import read_mail

        return read_mail(text.text).language
    return detect(text.text)


def _checked(kit: Kit, work: Opened, names: Sequence[str]) -> tuple[Piece, list[Finding]]:
    """The piece after the checks, and what they found, with places in its file."""
    piece = run(kit, work.piece, [name for name in names if not work.only or name in work.only])
    return piece, [work.located(finding) for finding in (*work.findings, *piece.findings)]


def _across(kit: Kit, works: Sequence[Opened], names: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    whole = [work for work in works if not work.only]
    shared = sorted(set.intersection(*(set(some) for some in names.values()))) if names else []
    for finding in across(kit, [work.piece for work in whole], shared):
        work = home(finding, whole)
        yield work.located(finding) if work else finding


def home(finding: Finding, works: Sequence[Opened]) -> Opened | None:
    """The piece that the place of a finding is of; of several with such a part the one that has its words."""
    place = finding.place
    if place is None:
        return None
    having = [work for work in works if place.path in work.parts or place.path == work.piece.name]
    return next((work for work in having if work.has(place)), having[0] if having else None)


def _order(finding: Finding) -> tuple[int, str, int, int]:
    place = finding.place
    where = (place.path, place.line or 0, place.column or 0) if place else ("", 0, 0)
    return (finding.severity.rank, *where)


def _unread(covered: Sequence[Covered]) -> Iterator[Covered]:
    return (unit for unit in covered if unit.state != "read")
