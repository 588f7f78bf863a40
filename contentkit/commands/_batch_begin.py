"""A batch that is begun, or taken up again: what was typed, held against what was ordered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.batches.enrol import Order
    from contentkit.kit.journal import Journal, Standing
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt, Prompts

_FIXED = {
    "kind": "--kind", "model": "--model", "form": "--format", "topic": "--set", "language": "--lang",
    "sources": "--from", "fields": "--set", "options": "--temperature, --seed or --max-tokens",
}  # fmt: skip
"""Of an order: what may not change while it is carried out, and the option that says it."""

_WISHES = ("temperature", "seed", "max_tokens")


@dataclass(frozen=True, slots=True)
class Ready:
    """A batch that is ready to run."""

    order: Order
    journal: Journal
    standing: Standing


# -- a new batch ----------------------------------------------------------------------------------------------------


def begun(kit: Kit, journal: Journal, typed: dict[str, Any]) -> Ready:
    import asyncio

    from contentkit.batches.enrol import entries
    from contentkit.kit.rows import Rows

    _check_new(journal, typed)
    prompt, order = asyncio.run(_looked_at(kit, typed))
    with Rows.open(typed["rows"]) as rows:
        order = replace(order, rows=rows.digest)
        typed["folder"].mkdir(parents=True, exist_ok=True)
        found = entries(
            kit.prompts,
            prompt,
            order,
            rows,
            name=rows.name,
            folders=folders_of(typed),
            ignore=typed["ignore_columns"],
        )
        try:
            journal.begin(asdict(order), found)
        except BaseException:
            journal.discard()
            raise
    return Ready(order, journal, journal.reopen())


async def _looked_at(kit: Kit, typed: dict[str, Any]) -> tuple[Prompt, Order]:
    """What is ordered, once all that concerns every row is known to be there."""
    from contentkit.batches.submit import batches_of

    prompt, order = await ordered(kit, typed)
    if typed["vendor_batch"]:
        batches_of(kit.target(order.model))
    await read_shared(kit, order.sources)
    return prompt, order


async def read_shared(kit: Kit, sources: Sequence[str]) -> None:
    """Read what all rows have as material once, and not again for each."""
    from contentkit.kit.reading import read_all

    for source in sources:
        if source not in kit.readings:
            kit.readings = {**kit.readings, source: await read_all([source], kit.config.read)}


async def ordered(kit: Kit, typed: dict[str, Any]) -> tuple[Prompt, Order]:
    """The prompt, and what holds for all rows.

    Raises:
        UsageError: an option is wrong, or there is no such kind, model or format.
    """
    from contentkit.batches.enrol import Order
    from contentkit.commands._deliver import check_answer
    from contentkit.commands._write_options import settings_of
    from contentkit.core.text.languages import language_code
    from contentkit.kit.plugins import shelf

    if not typed["rows"]:
        raise UsageError("No rows.", hint="Name a .csv or .jsonl file, or - for standard input.")
    if not typed["kind"]:
        raise UsageError("No --kind.", hint="Say what is written: --kind article (contentkit prompts list).")
    if "-" in typed["sources"]:
        raise UsageError("--from - can't be read again when the batch goes on.", hint="Save it, and name the file.")
    shelf("reports").get(typed["form"])
    prompt = kit.prompts.get(typed["kind"])
    check_answer(typed["form"], prompt.name, prompt.schema.body.get("properties", {}) if prompt.schema else {})
    fields = settings_of(typed["settings"], prompt)
    choice = await kit.choose(typed["model"], prompt.model)
    order = Order(
        kind=typed["kind"],
        model=kit.target(choice.model).id,
        form=typed["form"],
        topic=fields.pop("topic", ""),
        language=typed["language"] or fields.pop("language", ""),
        sources=typed["sources"],
        fields=fields,
        options={name: typed[name] for name in _WISHES if typed[name] is not None},
        prompt=_digest(kit.prompts, typed["kind"]),
    )
    language_code(order.language)
    return prompt, order


def _check_new(journal: Journal, typed: dict[str, Any]) -> None:
    folder: Path = typed["folder"]
    if journal.begun:
        standing = journal.standing()
        raise UsageError(
            f"{folder} holds a batch already: {standing.done} of {standing.total} rows are done.",
            hint="Go on with --resume, or choose another folder.",
        )
    if folder.is_dir() and any(path != journal.path for path in folder.iterdir() if not path.name.startswith(".")):
        raise UsageError(f"{folder} is not empty.", hint="Choose a new folder, so that nothing in it is overwritten.")


def folders_of(typed: dict[str, Any]) -> tuple[Path, ...] | None:
    if typed["any_source"]:
        return None
    own = () if typed["rows"] == "-" else (Path(typed["rows"]).absolute().parent,)
    return (Path.cwd(), *own)


def _digest(prompts: Prompts, kind: str) -> str:
    """Name, version and digest of the kind's file and its Japanese variant; where they lie does not matter."""
    found = [prompts.get(kind, language=language) for language in ("", "ja")]
    plain = [{name: value for name, value in asdict(one).items() if "path" not in name} for one in found]
    text = json.dumps(plain, default=str, sort_keys=True)
    return f"{kind}@{found[0].version} {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


# -- a batch that goes on -------------------------------------------------------------------------------------------


def taken_up(kit: Kit, journal: Journal, typed: dict[str, Any], given: AbstractSet[str]) -> Ready:
    import asyncio

    from contentkit.batches.enrol import Order
    from contentkit.commands._batch_again import changed_rows
    from contentkit.kit.rows import Rows

    if not journal.begun:
        raise UsageError(f"There is no batch in {typed['folder']}.", hint="Begin it without --resume.")
    kept = journal.order()
    order = Order(**{**kept, "sources": tuple(kept["sources"])})
    changed = []
    if typed["rows"]:
        with Rows.open(typed["rows"]) as rows:
            changed += ["the rows"] if rows.digest != order.rows else []
    if given & {"kind", "model", "form", "language", "sources", "settings", *_WISHES}:
        asked = {**typed, **{name: value for name, value in _as_typed(order).items() if name not in given}}
        _, fresh = asyncio.run(ordered(kit, asked))
        changed += [option for name, option in _FIXED.items() if getattr(fresh, name) != getattr(order, name)]
    if order.prompt != _digest(kit.prompts, order.kind):
        changed.append(f"the prompt {order.kind}")
    if changed:
        raise UsageError(
            f"The batch in {typed['folder']} was begun with other settings: {', '.join(dict.fromkeys(changed))} "
            f"{'has' if len(changed) == 1 else 'have'} changed.",
            hint="Go on with those of then (they need not be said again), or begin another one in another folder.",
        )
    if typed["again"]:
        if journal.uploads():
            raise UsageError("A vendor still has questions of this batch.", hint="Fetch them first, without --again.")
        journal.again(asyncio.run(changed_rows(kit, journal, order)))
    return Ready(order, journal, journal.reopen())


def _as_typed(order: Order) -> dict[str, Any]:
    """An order as it would be typed."""
    settings = {"topic": order.topic, **order.fields}
    return {
        "rows": "-",
        "kind": order.kind,
        "model": order.model,
        "form": order.form,
        "language": order.language,
        "sources": order.sources,
        "settings": tuple(f"{name}={value}" for name, value in settings.items() if value),
        **{name: order.options.get(name) for name in _WISHES},
    }
