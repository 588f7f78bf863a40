"""``contentkit campaign BRIEF.toml -o OUT``: every piece of one brief, from one set of facts."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._inputs import TakesInputs
from contentkit.commands._kit import loaded
from contentkit.commands._write_options import shared
from contentkit.core.errors import UsageError
from contentkit.core.money import priced, total

if TYPE_CHECKING:
    from contentkit.campaigns.plan import Plan
    from contentkit.campaigns.survey import Written
    from contentkit.kit.kit import Kit


@click.command(
    cls=TakesInputs,
    inputs="write {0} = VALUE under [[pieces]] in BRIEF.toml",
    epilog="Examples:\n\n\b\n"
    "  contentkit campaign ferry.toml -o ferry --model offline\n"
    "  contentkit campaign ferry.toml -o ferry --model ollama:qwen3:14b --resume\n"
    "  contentkit campaign ferry.toml --dry-run\n"
    "  contentkit campaign --new spring.toml --lang ja",
    short_help="Write all pieces of one brief, from one set of facts.",
)
@click.argument("brief", metavar="BRIEF.toml", type=click.Path(dir_okay=False, path_type=Path))
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="OUT",
              help="Folder of the pieces and of index.html.")  # fmt: skip
@click.option("--new", is_flag=True, help="Make BRIEF.toml: a brief to begin with, with comments.")
@click.option(
    "--lang", "--language", "lang", type=click.Choice(["en", "ja"]), help="With --new: its language. Default: en."
)
@click.option("--resume", is_flag=True, help="Keep the pieces that are there and were made of the same.")
@click.option("--force", is_flag=True, help="Write every piece anew into a folder that holds some.")
@click.option(
    "--concurrency", type=click.IntRange(1, 32), default=4, show_default=True, metavar="N", help="Pieces at a time."
)
@click.option("--format", "form", default="", metavar="FORMAT", help="Of the summary: text, json, sarif or another.")
@shared("sources", "model", "dry_run", "max_cost", "temperature", "seed", "max_tokens", "timeout", "cache",
        "no_history", "allow_private", "quiet")  # fmt: skip
def command(
    brief: Path, folder: Path | None, new: bool, lang: str | None, resume: bool, force: bool, **typed: Any
) -> int:
    """Write every piece that BRIEF.toml names into OUT, and hold all of them against its facts and each other.

    OUT/index.html leads to the pieces. Exit codes: 0 all fit, 1 findings of severity major, 3 a piece was not written.
    """
    from contentkit.commands._at_once import in_order
    from contentkit.commands._deliver import format_of

    if new:
        return _begin(brief, lang or "en")
    if lang:
        raise UsageError("--lang goes with --new.", hint='A brief says its language itself: language = "ja".')
    form = format_of(typed["form"], None)
    if folder is None and not typed["dry_run"]:
        raise UsageError("Where shall the pieces go?", hint="Say -o FOLDER.")
    if folder is not None and not typed["dry_run"]:
        _check_folder(folder, resume=resume, force=force)
    return in_order(_campaign(brief, folder, resume, form, typed))


def _begin(brief: Path, language: str) -> int:
    from contentkit.commands._campaign_skeleton import BRIEFS
    from contentkit.kit.files import write_atomically

    if brief.exists():
        raise UsageError(f"{brief} exists already.", hint="Choose another name.")
    write_atomically(brief, BRIEFS[language].replace("NAME", shlex.quote(brief.name)))
    click.echo(f"Made {brief}. Try it: contentkit campaign {shlex.quote(str(brief))} --dry-run")
    return 0


def _check_folder(folder: Path, *, resume: bool, force: bool) -> None:
    from contentkit.campaign import STATE

    if folder.exists() and any(folder.iterdir()) and not (resume or force):
        held = "holds a campaign already" if (folder / STATE).exists() else "is not empty"
        raise UsageError(f"{folder} {held}.", hint="Go on with --resume, or write it anew with --force.")
    if not folder.exists() and not folder.parent.is_dir():
        raise UsageError(f"{folder} can't be made: {folder.parent} does not exist.", hint="Make that folder first.")


async def _campaign(brief: Path, folder: Path | None, resume: bool, form: str, typed: dict[str, Any]) -> int:
    import time

    from contentkit.campaign import campaign
    from contentkit.campaigns.plan import Wanted, read_plan
    from contentkit.campaigns.survey import report_of
    from contentkit.commands._deliver import deliver
    from contentkit.models.purse import Purse

    started = time.monotonic()
    options = {name: typed[name] for name in ("temperature", "seed", "max_tokens") if typed[name] is not None}
    async with _kit(typed) as kit:
        plan = await read_plan(kit, brief, Wanted(typed["model"], typed["sources"], options))
        if typed["dry_run"]:
            return await _dry_run(kit, plan)
        assert folder is not None
        kit.purse = Purse(kit.bound(typed["max_cost"]), patient=True)
        ended = 0

        def told(one: Written) -> None:
            nonlocal ended
            ended += 1
            if not typed["quiet"]:
                click.echo(f"contentkit: {ended}/{len(plan.orders)} {_said(one)}", err=True)

        pieces = await campaign(kit, plan, folder, at_once=typed["concurrency"], resume=resume, told=told)
    report = report_of(plan, pieces, folder, round(time.monotonic() - started, 3))
    deliver([report], form, None, quiet=typed["quiet"])
    if not typed["quiet"]:
        _tell(report, folder, form)
    return _exit_code(pieces)


def _tell(report: Any, folder: Path, form: str) -> None:
    from contentkit.reports.text import findings

    if form == "text":
        click.echo("\n".join(findings(report)), err=True)
    click.echo(f"contentkit: see {folder / 'index.html'}", err=True)


def _said(one: Written) -> str:
    from contentkit.campaigns.survey import status
    from contentkit.reports._facts import cost, heading

    if one.report is None:
        return f"{one.order.name}: {one.error}"
    if one.kept:
        return f"{one.order.name}: kept"
    told = (status(one), heading(one.findings) if one.findings else "", cost(one.report) if one.report.sent_to else "")
    return f"{one.order.name}: {', '.join(filter(None, told))}"


def _exit_code(pieces: Sequence[Written]) -> int:
    """1 where a piece is unfit, however many were not written; then the code of what was in the way."""
    codes = [one.exit_code for one in pieces]
    return 1 if 1 in codes else max(codes, default=0)


def _kit(typed: dict[str, Any]) -> Kit:
    history = False if typed["no_history"] or typed["dry_run"] else None
    return loaded(history=history, **{name: typed[name] for name in ("cache", "allow_private", "timeout")})


async def _dry_run(kit: Kit, plan: Plan) -> int:
    from contentkit.drafts.prepare import prepare

    costs: list[float | None] = []
    kit = replace(kit, readings=plan.material)
    for order in plan.orders:
        prepared = await prepare(kit, order.brief)
        look = prepared.preflight()
        costs.append(prepared.cost())
        click.echo(
            f"would write  {order.name}: {order.brief.kind}, {prepared.target.id}, about {look.input_tokens:,} tokens "
            f"in and {look.output_tokens:,} out, {priced(costs[-1])}"
        )
    price = priced(total(costs), "{} in all")
    said = f"{len(plan.orders)} pieces, {len(plan.facts)} facts; {price}. These are estimates. Nothing was sent."
    click.echo(said, err=True)
    return 0
