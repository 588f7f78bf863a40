"""What stands around an article: its sources, contents, pull quotes, questions, title and description for search pages.

What can be told from the text is made in code. The rest is asked in one more question, in sight of the finished text,
and kept only where the text bears it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from contentkit.ask import silent
from contentkit.core.article import Extras, Wishes, completed, confirmed
from contentkit.core.article.contents import headings, slug
from contentkit.core.chat import Notice
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Place
from contentkit.core.text.gaps import PLACEHOLDER
from contentkit.core.text.outline import mapped
from contentkit.drafts.prepare import Prepared
from contentkit.steps.normalise import cleaned
from contentkit.steps.redact import conceal, restore

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

# Of a source, before and after it became a footnote.
_MARK = re.compile(r"[ \t]*\[\^?\d{1,3}\](?![(:])")
EXPECTED = 900
"""Tokens of the answer, about."""


async def finished(kit: Kit, prepared: Prepared, piece: Piece) -> Piece:
    """The piece with all that was wished around it; one of a kind that declares no such inputs as it is.

    What was put around it is in ``output`` too. A question that fails leaves the article without the extras, and says
    so.
    """
    wishes = Wishes.of(prepared.fields)
    if wishes is None or piece.output is not None or not piece.body.strip():
        return piece
    extras, notices = Extras(), tuple[str, ...]()
    if wishes.asks:
        try:
            data = await _asked(kit, prepared, piece, wishes)
        except CancelledError:
            raise
        except ContentkitError as error:
            notices = (f"the article stands without {_wished(wishes)}: {error}",)
        else:
            extras, notices = confirmed(data, piece.body, piece.language, wishes)
            notices += tuple(_fewer(wishes, extras))
    body = completed(piece.body, wishes, extras, piece.sources, piece.language)
    body = piece.body if body.strip() == piece.body.strip() else body
    findings = tuple(_moved(piece, body))
    piece = replace(piece, body=body, output=_output(piece, wishes, extras), findings=findings)
    return _limited(kit, piece.noticed(*notices))


def _moved(piece: Piece, body: str) -> Iterator[Finding]:
    """The findings at their lines and columns in ``body``: contents and quotes push them down, and marks of sources are
    written otherwise there."""
    old, new = piece.body.split("\n"), body.split("\n")
    matcher = SequenceMatcher(
        None, [_unmarked(line) for line in old], [_unmarked(line) for line in new], autojunk=False
    )
    blocks = matcher.get_matching_blocks()
    lines = {1 + first + at: 1 + other + at for first, other, size in blocks for at in range(size)}
    signs: dict[int, Sequence[int]] = {}
    for finding in piece.findings:
        place = finding.place
        if place is None or place.path != piece.name or place.line is None:
            yield finding
        elif place.line in lines:
            first, last = place.line, place.end_line if place.end_line in lines else place.line
            for line in {first, last} - signs.keys():
                signs[line] = _signs(old[line - 1], new[lines[line] - 1])
            begin, end = place.column, place.end_column
            if end and end > 1 and (first, begin) != (last, end):
                end = 2 + signs[last][end - 2]  # behind its last sign
            elif end:
                end = 1 + signs[last][end - 1]
            begin = begin and 1 + signs[first][begin - 1]
            spot = replace(place, line=lines[first], end_line=lines[last], column=begin, end_column=end)
            yield replace(finding, place=spot)
        else:
            yield replace(finding, place=Place(place.path, quote=place.quote))


def _unmarked(line: str) -> str:
    return _MARK.sub("", line)


def _signs(old: str, new: str) -> Sequence[int]:
    """Where each sign of a line stands when its marks of sources are written otherwise; those of a mark, and the end of
    the line, right behind the sign before."""
    if old == new:
        return range(len(old) + 1)
    inner = {at for mark in _MARK.finditer(old) for at in range(*mark.span())}
    others, position = iter(_outside(new)), -1
    places = []
    for at in range(len(old)):
        if at not in inner:
            position = next(others)
        places.append(position + (at in inner))
    return [*places, position + 1]


def _outside(line: str) -> Iterator[int]:
    """The places of a line that are in no mark."""
    end = 0
    for mark in _MARK.finditer(line):
        yield from range(end, mark.start())
        end = mark.end()
    yield from range(end, len(line))


async def _asked(kit: Kit, prepared: Prepared, piece: Piece, wishes: Wishes) -> Mapping[str, Any]:
    """The extras as the model gave them, secrets back in."""
    prepared.asker.listen(Notice(f"asking for {_wished(wishes)}"))
    prompt = kit.prompts.get("finish", folder="parts", language=piece.language)
    quiet = replace(prepared.asker, listen=silent)
    fields = {
        **prepared.fields,
        "draft": conceal(piece.body, piece.vault),
        "wishes": asdict(wishes),
        "named": wishes.named,
    }
    reply = await quiet.whole(quiet.request(prompt, fields), expected=EXPECTED)
    data: Any = mapped(reply.data, lambda text: cleaned(restore(text, piece.vault)))
    return data if isinstance(data, Mapping) else {}


def _wished(wishes: Wishes) -> str:
    named = {
        "title and description": wishes.named,
        "pull quotes": wishes.pull_quotes,
        "questions": wishes.faq,
    }
    words = [word for word, wished in named.items() if wished]
    return " and ".join(([", ".join(words[:-1])] if len(words) > 1 else []) + words[-1:])


def _fewer(wishes: Wishes, extras: Extras) -> Iterator[str]:
    """What there is less of than was wished."""
    if len(extras.quotes) < wishes.pull_quotes:
        yield f"{len(extras.quotes)} of {wishes.pull_quotes} pull quotes were found in the article"
    if len(extras.answers) < wishes.faq:
        yield f"{len(extras.answers)} of {wishes.faq} questions were found that the article answers"


def _output(piece: Piece, wishes: Wishes, extras: Extras) -> dict[str, Any] | None:
    """What was made, by name, for formats and programs; None where nothing was."""
    made: dict[str, Any] = {}
    if wishes.named:
        title = next((name for block, name in headings(piece.body) if block.level == 1), "")
        # What is still to be written has no address yet.
        address = "" if PLACEHOLDER.fullmatch(title) else slug(title or extras.title, piece.language)
        made["title"] = title
        made["seo"] = {
            "title": extras.title or title,
            "description": extras.description,
            "slug": address,
        }
    if wishes.front_matter != "none":
        made["front_matter"] = wishes.front_matter
    if wishes.pull_quotes:
        made["pull_quotes"] = list(extras.quotes)
    if wishes.faq:
        made["faq"] = [asdict(answer) for answer in extras.answers]
    return made or None


def _limited(kit: Kit, piece: Piece) -> Piece:
    """The piece with what search pages would cut off."""
    if not piece.output or "seo" not in piece.output:
        return piece
    limits = {"seo.title": "seo-title", "seo.description": "seo-description"}
    looked = kit.step("limits").after(replace(piece, limits=limits, findings=()))
    return piece.found(*looked.findings)
