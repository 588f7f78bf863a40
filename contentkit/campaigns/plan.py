"""The file of a campaign -> a plan: every piece with its brief, all from one set of facts and sources."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import UsageError
from contentkit.core.facts.given import Fact, as_text, facts_of
from contentkit.core.filenames import file_name
from contentkit.core.nearest import unknown
from contentkit.core.piece import Brief, Reading, SourceText
from contentkit.core.text.languages import language_code
from contentkit.drafts.prepare import mark_of
from contentkit.kit.manner import manner_of, read_sample

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

_SHARED = ("topic", "audience", "tone", "voice")
"""What a piece takes from the campaign unless it says it itself."""

_KEYS = ("title", *_SHARED, "style", "language", "languages", "sources", "facts", "pieces")
_OF_PIECE = ("kind", "name", "language", "languages")
_RESERVED = ("index", "campaign")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Order:
    """One piece that is to be written.

    Attributes:
        name: of its files.
    """

    name: str
    brief: Brief


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign.

    Attributes:
        orders: a piece for each kind and language, in the order of the file.
        facts: what all pieces must keep.
        material: reference -> what it gives: the facts, and the sources, read once for all.
        table: ``[facts]`` as it was written.
        style: file of the style guide; None for the configured one.
    """

    title: str
    orders: tuple[Order, ...]
    facts: tuple[Fact, ...] = ()
    material: Mapping[str, Reading] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    style: Path | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says for all pieces."""

    model: str = ""
    sources: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


async def read_plan(kit: Kit, path: Path, wanted: Wanted = Wanted()) -> Plan:
    """Read a campaign's file and all its sources. Nothing is sent.

    Raises:
        UsageError: the file, a piece or a source is wrong; the sentence names the key.
    """
    from contentkit.kit.reading import read_all
    from contentkit.kit.tables import read_table

    data = read_table(path)
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    for key in data:
        if key not in _KEYS:
            raise _at(unknown("key of a campaign", key, _KEYS), path, _line(lines, key))
    facts = facts_of(data.get("facts", {}))
    sources = [_placed(path, one) for one in _texts(data, "sources")]
    material = {one: await read_all([one], kit.config.read) for one in (*sources, *wanted.sources)}
    if facts:
        material = {_facts_name(path): _facts_reading(path, facts, _languages(data)), **material}
    if not material and not _text(data, "topic"):
        raise UsageError(f"{path} has no topic, no facts and no sources: there is nothing to write of.")
    rows = data.get("pieces")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"{path} names no piece.", hint='Add one: [[pieces]] and below it kind = "article".')
    orders = list(_orders(kit, path, data, rows, lines, tuple(material), wanted))
    style = _text(data, "style")
    title = _text(data, "title") or _text(data, "topic") or path.stem
    return Plan(title, tuple(orders), facts, material, data.get("facts", {}), path.parent / style if style else None)


def _orders(
    kit: Kit,
    path: Path,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    lines: Sequence[str],
    references: tuple[str, ...],
    wanted: Wanted,
) -> Iterator[Order]:
    taken: set[str] = set(_RESERVED)
    for number, row in enumerate(rows):
        line = _line(lines, "[[pieces]]", number)
        try:
            for language in _languages(row) or _languages(data) or ("",):
                brief = _brief(kit, path, data, row, language, references, wanted)
                name = _name(row, brief, language if len(_languages(row) or _languages(data)) > 1 else "", taken)
                yield Order(name, brief)
                if len(taken) > _MOST:
                    raise UsageError(f"a campaign has at most {_MOST} pieces.", hint="Use contentkit batch for more.")
        except UsageError as error:
            raise _at(error, path, line, f"pieces[{number}]") from None


def _brief(
    kit: Kit,
    path: Path,
    data: Mapping[str, Any],
    row: Mapping[str, Any],
    language: str,
    references: tuple[str, ...],
    wanted: Wanted,
) -> Brief:
    kind = _text(row, "kind")
    if not kind:
        raise UsageError("it has no kind.", hint='For example: kind = "article" (contentkit prompts list).')
    prompt = kit.prompts.get(kind)
    if prompt.name not in kit.prompts.kinds():
        raise unknown("content kind", kind, kit.prompts.kinds())
    own = {key: value for key, value in row.items() if key not in _OF_PIECE}
    shared = {key: data[key] for key in _SHARED if key in data and key not in own}
    fields = {**shared, **own}
    topic = str(fields.pop("topic", ""))
    style, sample = _text(data, "style"), None
    if "voice" in fields:
        sample = Path(_placed(path, str(fields["voice"])))
        fields["voice"] = read_sample(sample)
    kit.prompts.values(prompt, {**fields, "topic": topic, "language": language or "en"})
    manner = manner_of(path.parent / style if style else None, None, sample)
    return Brief(kind, topic, references, language_code(language), fields, wanted.model, wanted.options, manner)


def _name(row: Mapping[str, Any], brief: Brief, language: str, taken: set[str]) -> str:
    """A name for the files of a piece that no other has."""
    base = file_name(_text(row, "name") or brief.kind, "piece") + (f".{language.lower()}" if language else "")
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name


def _languages(table: Mapping[str, Any]) -> tuple[str, ...]:
    one = _text(table, "language")
    several = _texts(table, "languages")
    if one and several:
        raise UsageError("language and languages stand side by side.", hint="Keep one of them.")
    return tuple(dict.fromkeys((one,) if one else several))


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{key} must be a text, not {value!r}.")
    return value.strip()


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise UsageError(f"{key} must be a list of texts, not {value!r}.")
    return tuple(value)


def _placed(path: Path, reference: str) -> str:
    """A source as it is called from here: a file's path counts from the folder of the campaign's file.

    Raises:
        UsageError: it is no file below that folder or this one. The file may come from a stranger, and what it names is
            sent to a model.
    """
    from contentkit.kit.files import here

    if reference == "-":
        raise UsageError(f"{path} can't name the standard input.", hint="Give it on the command line: --from -")
    if re.match(r"https?://|git:|diff:", reference):
        return reference
    placed = Path(path.parent, Path(reference).expanduser())
    if not any(placed.resolve().is_relative_to(folder.resolve()) for folder in (path.parent, here())):
        raise UsageError(
            f"{path} names {reference!r}, which is outside of its folder and of this one.",
            hint=f"If you trust it, name it yourself: --from {reference}",
        )
    return placed.as_posix()


def _facts_name(path: Path) -> str:
    return f"{path.name}, facts"


def _facts_reading(path: Path, facts: tuple[Fact, ...], languages: Sequence[str]) -> Reading:
    """The facts as a source, in the language of the brief where it has one: a few names in kanji tell none."""
    language = languages[0].partition("-")[0] if len(languages) == 1 else ""
    return Reading.of(SourceText(_facts_name(path), as_text(facts), "Facts", language))


def _line(lines: Sequence[str], key: str, number: int = 0) -> int:
    """The line on which a key, or a table for the ``number``-th time, begins; 0 where that can't be told."""
    pattern = re.compile(rf"\s*{re.escape(key)}\s*(?:#|$)" if key.startswith("[") else rf"\s*\[?{re.escape(key)}\b")
    found = [at for at, line in enumerate(lines, 1) if pattern.match(line)]
    return found[number] if number < len(found) else 0


def _at(error: UsageError, path: Path, line: int, key: str = "") -> UsageError:
    where = ", ".join(filter(None, (str(path), f"line {line}" if line else "", key)))
    return UsageError(f"{where}: {error.message}", hint=error.hint)


def digest(kit: Kit, plan: Plan, order: Order) -> str:
    """A mark of all that a piece is made of: brief, facts, sources, prompt and model. Another one makes it anew."""
    prompt = kit.prompts.get(order.brief.kind, language=order.brief.language)
    brief = order.brief
    made_of = {
        "kind": [brief.kind, prompt.version, prompt.body, prompt.layout],
        "topic": brief.topic,
        "language": brief.language,
        "fields": brief.fields,
        "model": brief.model,
        "options": brief.options,
        "sources": [[text.origin, mark_of(text)] for reading in plan.material.values() for text in reading.texts],
    }
    text = json.dumps(made_of, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
