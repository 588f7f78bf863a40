"""A draft of the history and a wish -> the draft changed; its brief and its sources are remembered."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import silent
from contentkit.core.chat import Notice
from contentkit.core.errors import UsageError
from contentkit.core.piece import STDIN, Brief, Reading
from contentkit.core.report import Report
from contentkit.drafts.prepare import Prepared, mark_of, prepare
from contentkit.kit.manner import Manner, manner_of, read_sample, recalled
from contentkit.models.engine import Listen
from contentkit.write import completed, secrets_to_hide

if TYPE_CHECKING:
    from pathlib import Path

    from contentkit.core.chat import Reply
    from contentkit.kit.config import Config
    from contentkit.kit.kit import Kit


@dataclass(frozen=True, slots=True)
class Wish:
    """How a draft is to change.

    Attributes:
        words: the wish itself.
        sources: more material.
        fields: inputs of the kind that change with it.
        model: ``provider:name``; "" takes the one that wrote the draft.
        options: sampling wishes by name.
        masked: secrets were hidden when the draft was kept.
        manner: the files that say how to write, where they are named anew; each takes the place of the draft's.
    """

    words: str
    sources: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    masked: bool = False
    manner: Manner = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The material of a draft as far as it is still what it was."""

    readings: Mapping[str, Reading]
    notices: tuple[str, ...]


async def refine(
    kit: Kit, draft: Report, wish: Wish, *, max_cost: float | None = None, listen: Listen = silent
) -> Report:
    """Have ``draft`` changed as the wish says.

    Returns:
        A report whose ``parent`` is the draft. It is in the history, unless the kit keeps none.

    Raises:
        UsageError: it is no draft, its kind is gone, or no model is there to do it.
        BudgetError: it would cost too much.
        ProviderError: no model answered.
    """
    started = time.monotonic()
    prepared, notices = await _prepared(kit, draft, wish, max_cost, listen)
    listen(Notice(f"{prepared.target.id}: {prepared.choice.why}"))
    for notice in notices:
        listen(Notice(notice))
    secrets = secrets_to_hide(kit, prepared.piece)
    reply = await _asked(kit, prepared)
    fields = {name: value for name, value in prepared.piece.fields.items() if name not in ("draft", "wish")}
    report = await completed(kit, replace(prepared, piece=replace(prepared.piece, fields=fields)), reply)
    if (report.body, report.fields) == (draft.body, draft.fields):
        notices = (*notices, "nothing was changed")
    report = replace(
        report,
        parent=draft.id,
        notices=(*notices, *report.notices),
        seconds=round(time.monotonic() - started, 3),
    )
    return kit.history.keep(report, secrets) if kit.history else report


async def _prepared(
    kit: Kit, draft: Report, wish: Wish, max_cost: float | None, listen: Listen
) -> tuple[Prepared, tuple[str, ...]]:
    from contentkit.reports._wording import judges

    if judges(draft) or draft.kind not in kit.prompts.kinds():
        what = (
            f"the result of a {draft.kind}"
            if judges(draft)
            else f"of the kind {draft.kind!r}, which is not there any more"
        )
        raise UsageError(f"{draft.id} is {what}; it can't be refined.", hint="See contentkit history list.")
    remembered = await _remembered(kit, draft)
    manner = _manner(draft, wish)
    files = recalled(manner)
    sample = {"voice": read_sample(files.paths["voice"])} if "voice" in files.paths else {}
    brief = Brief(
        draft.kind,
        draft.topic,
        (*remembered.readings, *wish.sources),
        draft.language,
        {**draft.given, **sample, **wish.fields},
        wish.model or _model(kit, draft),
        wish.options,
        manner_of(*map(files.paths.get, ("style", "profile", "voice"))),
    )
    # A kind may have sources of its own (what is staged now): they are not what the draft was written from.
    own = {name: Reading() for name in kit.prompts.get(draft.kind).sources if name not in brief.sources}
    told = replace(kit, config=_config(kit, files.paths), readings={**own, **remembered.readings})
    prepared = await prepare(told, brief, max_cost=max_cost, listen=listen)
    if prepared.target.endpoint.like == "offline":
        raise UsageError(
            "Without a model a draft can't be refined: the offline engine only arranges sentences of the sources.",
            hint="Name a model with --model, or write it again with other options, such as --length.",
        )
    masked = ("secrets in the draft were masked when it was kept; their signs stay as they are",) if wish.masked else ()
    piece = replace(prepared.piece, fields={**prepared.piece.fields, "draft": _text(kit, draft), "wish": wish.words})
    if "redact" in prepared.prompt.steps:
        piece = kit.step("redact").before(piece)
    return replace(prepared, piece=piece), (*masked, *remembered.notices, *files.notices)


def _manner(draft: Report, wish: Wish) -> Manner:
    """The files that say how to write. A voice is a sample or a profile: one that is named takes the place of both."""
    new = {"profile", "voice"} if {"profile", "voice"} & set(wish.manner) else set()
    return {**{name: known for name, known in draft.manner.items() if name not in new}, **wish.manner}


def _config(kit: Kit, paths: Mapping[str, Path]) -> Config:
    check = kit.config.check
    style, voice = paths.get("style", check.style), paths.get("profile", check.voice)
    return replace(kit.config, check=replace(check, style=style, voice=voice))


def _model(kit: Kit, draft: Report) -> str:
    """The model that wrote the draft, where it is still there."""
    provider = draft.model.partition(":")[0]
    known = provider in kit.providers or provider in kit.config.providers
    return draft.model if known and provider != "offline" else ""


def _text(kit: Kit, draft: Report) -> str:
    """The draft as its model answered it."""
    import json

    from contentkit.kit.answers import answered

    if not draft.fields:
        return draft.body
    return json.dumps(answered(kit.prompts.get(draft.kind), draft.fields), ensure_ascii=False, indent=2)


async def _remembered(kit: Kit, draft: Report) -> _Remembered:
    """The sources again. What is gone, or is another text by now, is left out and told: it was not what was meant."""
    from contentkit.kit.reading import read_all

    readings: dict[str, Reading] = {}
    notices: list[str] = []
    for origin in draft.sources:
        try:
            reading = await read_all([origin], kit.config.read) if origin != STDIN else Reading()
        except UsageError as error:
            notices.append(f"{origin} is left out: {error.message}")
            continue
        text = next((text for text in reading.texts if text.origin == origin), None)
        if text is None or mark_of(text) != draft.digests.get(origin):
            notices.append(f"{origin} is left out: {_why(origin, draft)}")
        else:
            readings[origin] = Reading((text,), reading.covered, reading.notices)
    return _Remembered(readings, tuple(notices))


def _why(origin: str, draft: Report) -> str:
    if origin == STDIN:
        return "what was piped in is not kept"
    if origin not in draft.digests:
        return "the history does not tell what stood there"
    return "it has changed since the draft was written (--from names it anew)"


async def _asked(kit: Kit, prepared: Prepared) -> Reply:
    prompt = kit.prompts.get("refine", folder="parts", language=prepared.piece.language)
    prompt = replace(prompt, schema=prepared.prompt.schema, options=prepared.prompt.options)
    return await prepared.asker.ask(prompt, {**prepared.fields, "schema": prompt.schema}, expected=prepared.expected)
