"""``contentkit refine ID WISH``: a draft of the history, changed as one wishes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._inputs import TakesInputs
from contentkit.commands._kit import loaded
from contentkit.commands._write_options import shared
from contentkit.core.errors import UsageError

if TYPE_CHECKING:
    from contentkit.refine import Wish


@click.command(
    cls=TakesInputs,
    inputs="give --set {0}=VALUE",
    epilog="Examples:\n\n\b\n"
    "  contentkit refine 3fa9 'shorter, warmer'\n"
    "  contentkit refine 3fa9 'add the opening hours' --from hours.md --model ollama:qwen3:14b",
    short_help="Change a draft of the history as you wish.",
)
@click.argument("id")
@click.argument("wish")
@click.option(
    "--voice",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A sample of the voice, or a profile of contentkit voice learn. Default: as then.",
)
@shared(
    "sources", "settings", "model", "style", "form", "output", "force", "max_cost", "temperature", "seed", "max_tokens",
    "timeout", "cache", "no_history", "allow_private", "quiet",
)  # fmt: skip
def command(id: str, wish: str, **typed: Any) -> int:
    """Have the draft with this ID changed as WISH says, and keep the result as a run of its own.

    The brief comes from the history, and the sources where they are still what they were; so do style guide and voice,
    where their files are still there. contentkit diff ID NEW shows
    what changed.
    """
    from contentkit.commands._at_once import in_order
    from contentkit.commands._deliver import format_of
    from contentkit.kit.files import check_writable

    if not wish.strip():
        raise UsageError("The wish is empty.", hint="Say what should change, such as 'shorter'.")
    form = format_of(typed["form"], typed["output"])
    if typed["output"]:
        check_writable(typed["output"], force=typed["force"])
    return in_order(_refine(id, wish, form, typed))


async def _refine(id: str, words: str, form: str, typed: dict[str, Any]) -> int:
    from contentkit.commands._at_once import unhurried
    from contentkit.commands._deliver import check_answer, deliver
    from contentkit.commands._progress import Progress
    from contentkit.refine import refine

    said = {name: typed[name] for name in ("cache", "allow_private", "timeout")}
    async with loaded(history=True, **said) as kit:
        assert kit.history is not None
        run, draft = kit.history.run(id), kit.history.show(id)
        if typed["no_history"] or not kit.config.history:
            kit.history = None
        if draft.kind in kit.prompts.kinds():
            prompt = kit.prompts.get(draft.kind)
            check_answer(form, prompt.name, prompt.schema.body.get("properties", {}) if prompt.schema else {})
        stream = typed["output"] is None and form == "text" and not draft.fields
        progress = Progress(quiet=typed["quiet"], stream=stream, advise=False)
        wish = _wish(kit, draft.kind, words, masked=run.masked, typed=typed)
        with progress:
            report = await refine(kit, draft, wish, max_cost=typed["max_cost"], listen=progress)
        progress.close(report)
    with unhurried():
        deliver([report], form, typed["output"], force=typed["force"], streamed=progress.streamed, quiet=typed["quiet"])
    return report.exit_code()


def _wish(kit: Any, kind: str, words: str, *, masked: bool, typed: dict[str, Any]) -> Wish:
    from contentkit.commands._write_options import parted_voice, settings_of
    from contentkit.kit.manner import manner_of, read_sample
    from contentkit.kit.tables import read_table
    from contentkit.refine import Wish

    options = {name: typed[name] for name in ("temperature", "seed", "max_tokens") if typed[name] is not None}
    fields = settings_of(typed["settings"], kit.prompts.get(kind)) if typed["settings"] else {}
    profile, sample = parted_voice(typed["voice"])
    for table in filter(None, (typed["style"], profile)):
        read_table(table)  # what is named now must be there
    if sample:
        read_sample(sample)
    manner = manner_of(typed["style"], profile, sample)
    return Wish(words, typed["sources"], fields, typed["model"], options, masked, manner)
