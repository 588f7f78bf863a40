"""``contentkit write KIND``: one command for every prompt in ``prompts/write/``, its inputs as options."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._kit import loaded
from contentkit.commands._write_options import Wish, brief_of, options, wish_of
from contentkit.core.errors import CancelledError, ContentkitError, UsageError
from contentkit.core.money import priced
from contentkit.core.plural import counted

if TYPE_CHECKING:
    from contentkit.core.piece import Brief
    from contentkit.core.report import Report
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt, Prompts

_EXAMPLES = {
    "article": "contentkit write article --from README.md",
    "email": "contentkit write email 'Invite customers to the beta' --from notes.md --tone warm",
    "social": "contentkit write social --from post.md --platforms x,bluesky",
    "video-script": "contentkit write video-script --from README.md --duration 60",
    "commit-message": "contentkit write commit-message 'empty input raised an error' | git commit -F -",
    "pr-description": "contentkit write pr-description --from diff:main...HEAD --from git:main..HEAD",
    "release-notes": "contentkit write release-notes --from git:v1.0..HEAD --release 1.1 -o notes.md",
    "customer-reply": "contentkit write customer-reply --message mail.txt --from knowledge/",
    "translate": "contentkit write translate --from guide.md --language ja --glossary terms.csv -o guide.ja.md",
    "alt-text": "contentkit write alt-text --from picture.png --platform mastodon",
    "summary": "contentkit write summary --from minutes.pdf --style tldr",
    "faq": "contentkit write faq --from notes.md --questions 8",
    "press-release": "contentkit write press-release --from notes.md --company 'Example Ltd' --place Bremen",
    "newsletter": "contentkit write newsletter --from https://example.com/news --from notes.md",
    "product-description": "contentkit write product-description --from data.md --product 'Kettle K2'",
}
_SHOWN = 6


class Kinds(click.Group):
    """A subcommand for each content kind that can be found from here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return _prompts().kinds()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        prompts = _prompts()
        if cmd_name not in prompts.kinds():
            return None
        try:
            return _command(prompts.get(cmd_name))
        except UsageError as error:
            return _broken(cmd_name, error)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from contentkit.core.nearest import unknown

            raise unknown("content kind", args[0], self.list_commands(ctx), listing="contentkit prompts list")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Kinds,
    epilog="Examples (each kind has one of its own: contentkit write KIND --help):\n\n\b\n"
    + "\n".join(f"  {line}" for line in list(_EXAMPLES.values())[:_SHOWN]),
    short_help="Write an article, an email, posts, a commit message, or any kind of your own.",
)
def command() -> None:
    """Write a piece of the given KIND.

    A kind is a file prompts/write/KIND.md: in this project, in your own folder, or built in.
    """


def _prompts() -> Prompts:
    from contentkit.kit.config import load
    from contentkit.kit.prompts import Prompts

    return Prompts.of(load())


def _command(prompt: Prompt) -> click.Command:
    example = _EXAMPLES.get(prompt.name, f"contentkit write {prompt.name} --from notes.md")
    return click.Command(
        prompt.name,
        params=options(prompt),
        callback=lambda **given: _run(prompt, given),
        help=prompt.description,
        short_help=prompt.description,  # whole: cut at a few words, a list of kinds says nothing
        epilog=f"Example: {example}",
    )


def _broken(name: str, error: UsageError) -> click.Command:
    """The command of a kind whose file is wrong: the others stay usable, and this one says what is wrong."""

    def complain(**_: object) -> None:
        raise error

    return click.Command(
        name,
        params=[click.Argument(["rest"], nargs=-1)],
        context_settings={"ignore_unknown_options": True},
        callback=complain,
        short_help=f"Can't be used: {error.message}",
    )


def _run(prompt: Prompt, typed: dict[str, Any]) -> int:
    from contentkit.commands._at_once import in_order
    from contentkit.commands._deliver import check_answer, check_output, format_of

    wish, inputs = wish_of(typed)
    form = format_of(wish.form, wish.output)
    check_answer(form, prompt.name, prompt.schema.body.get("properties", {}) if prompt.schema else {})
    # Files are read before the loop runs: in it, Ctrl-C would wait for the next pause.
    brief = brief_of(prompt, wish, inputs)
    if not wish.dry_run:
        several = prompt.series and str(brief.fields.get(prompt.series.count) or 1) != "1"
        check_output(wish.output, form, many=wish.variants > 1 or bool(several), force=wish.force)
    return in_order(_write(prompt, wish, brief, form))


async def _write(prompt: Prompt, wish: Wish, brief: Brief, form: str) -> int:
    import asyncio

    from contentkit.commands._at_once import unhurried
    from contentkit.commands._deliver import deliver
    from contentkit.commands._progress import Progress
    from contentkit.write import write_variants

    async with _kit(wish) as kit:
        if wish.dry_run:
            return await _dry_run(kit, brief, wish)
        stream = wish.output is None and form == "text" and prompt.schema is None and wish.variants == 1
        reports: list[Report] = []
        shown = ""
        failure: ContentkitError | None = None
        progress = Progress(quiet=wish.quiet, stream=stream, advise=not wish.model)
        listen = lambda event: progress(event)  # noqa: E731  the progress of the variant that is being written
        async with aclosing(write_variants(kit, brief, wish.variants, max_cost=wish.max_cost, listen=listen)) as made:
            while True:
                try:
                    with progress:
                        report = await anext(made, None)
                except (ContentkitError, asyncio.CancelledError) as error:
                    if not reports:
                        raise
                    failure = error if isinstance(error, ContentkitError) else CancelledError("stopped.")
                    break
                if report is None:
                    break
                reports.append(report)
                progress.close(report)
                shown = progress.streamed if len(reports) == 1 else ""
                progress = Progress(quiet=wish.quiet, stream=stream, advise=False)
    with unhurried():
        deliver(reports, form, wish.output, force=wish.force, streamed=shown, quiet=wish.quiet)
    codes = [report.exit_code() for report in reports]
    if failure:  # the variants before it are not lost with it
        click.echo(f"contentkit: variant {len(reports) + 1} of {wish.variants}: {failure}", err=True)
        codes.append(failure.exit_code)
    return max(codes)


def _kit(wish: Wish) -> Kit:
    history = False if wish.no_history or wish.dry_run else None
    kit = loaded(history=history, cache=wish.cache, allow_private=wish.allow_private, timeout=wish.timeout)
    said = kit.config.check
    style, voice = wish.style or said.style, wish.profile or said.voice
    kit.config = replace(kit.config, check=replace(said, style=style, voice=voice))
    return kit


async def _dry_run(kit: Kit, brief: Brief, wish: Wish) -> int:
    from contentkit.core.chat import Image
    from contentkit.drafts.prepare import prepare

    prepared = await prepare(kit, brief, max_cost=wish.max_cost)
    for message in prepared.messages:
        click.echo(f"--- {message.role}\n{message.text}")
    look, target, cost = prepared.preflight(), prepared.target, prepared.cost(wish.variants)
    where = f"to {target.endpoint.url}" if target.hosted else "on this machine"
    many = look.questions * wish.variants
    asked = "" if many == 1 else f" in about {many} questions, of which the largest has"
    price = priced(cost, "{} in all")
    window = "window unknown" if look.window is None else f"window {look.window:,}"
    said = [
        f"Would ask {target.id} ({prepared.choice.why}), {where}:{asked} about {look.input_tokens:,} tokens in "
        f"(estimate, ±{look.error:.0%}), about {look.output_tokens:,} out; {window}; {price} (estimate). "
        "Nothing was sent."
    ]
    said += [f"Not read: {unit.name} ({unit.reason})" for unit in prepared.piece.covered if unit.state != "read"]
    pictures = sum(isinstance(part, Image) for message in prepared.messages for part in message.parts)
    if pictures:
        said.append(f"Tokens of {counted(pictures, 'image')} are a rough guess: each vendor counts in its way.")
    if not look.fits:
        said.append("It is longer than the window; the sources would be condensed first.")
    click.echo("\n".join(said), err=True)
    prepared.asker.engine.check_budget(target, cost)
    return 0
