"""``contentkit hook run``: what git's hooks review. Nothing heavy is loaded before there is something to review."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contentkit.core.change import Selection
from contentkit.core.plural import counted
from contentkit.kit.files import here

if TYPE_CHECKING:
    from contentkit.core.chat import Event
    from contentkit.core.report import Finding, Report

TIMEOUT = 60.0
"""Seconds for the questions to a model where the configuration says nothing: a person waits."""

SKIP = "CONTENTKIT_SKIP"

_GO_ON = {
    "pre-commit": "Stopped. Mend it and stage it again, or say on the line why it stays: "
    "contentkit: ignore[RULE] reason.",
    "pre-push": "Stopped. Mend it and commit, or say on the line why it stays: contentkit: ignore[RULE] reason.",
    "commit-msg": "Stopped. Your text is still in {path}: git commit -e -F {path}",
}
_AROUND = "Around it, once: git {verb} --no-verify, or {skip}=1, or {skip}=RULE."


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says of one run.

    Attributes:
        model: "" leaves it to the configuration; "offline" asks none.
        strict: what was not reviewed blocks as well.
    """

    model: str = ""
    fail_on: str = ""
    timeout: float | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """CONTENTKIT_SKIP: "1" for everything, else names of hooks, rules ("secrets", "ruff/F*") and "model"."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Skip:
        return cls(tuple(word for word in env.get(SKIP, "").replace(",", " ").split() if word not in ("0", "false")))

    def hook(self, name: str) -> bool:
        return not {"1", "true", "yes", "all", name}.isdisjoint(self.words)

    def finding(self, finding: Finding) -> bool:
        family = finding.rule.partition("/")[0]
        return any(word == family or fnmatchcase(finding.rule, word) for word in self.words)


def run(name: str, words: Sequence[str], wish: Wish) -> int:
    """Run the hook called ``name`` as git does. The exit code: 0 lets git go on, everything else stops it.

    Args:
        words: what git gives the hook: the file of the message, or the remote's name and address.
    """
    skip = Skip.of(os.environ)
    if skip.hook(name):
        _say(f"{name} was passed by, since {SKIP} says so: nothing was reviewed.")
        return 0
    if "model" in skip.words:
        _say(f"no model is asked, since {SKIP} says so.")
        wish = replace(wish, model="offline")
    from contentkit.code.git.repository import Unreadable

    if name == "commit-msg":
        return _message(words, wish, skip)
    try:
        codes = [_reviewed(name, part, wish, skip) for part in _parts(name, words)]
    except Unreadable as error:  # no commit could ever be made or pushed there
        if wish.strict:
            raise
        _say(f"NOT REVIEWED: {error}")
        return 0
    return max(codes, key=lambda code: (code == 1, code), default=0)


@dataclass(frozen=True, slots=True)
class Part:
    """What one run of a hook reviews, how it is called where the change's own title says less, and what was found."""

    selection: Selection
    title: str = ""
    findings: tuple[Finding, ...] = ()


def _parts(name: str, words: Sequence[str]) -> list[Part]:
    """What is reviewed: what is staged, or what is pushed. pre-commit reads git's lines itself and sets variables."""
    env = os.environ
    if env.get("PRE_COMMIT_FROM_REF") and env.get("PRE_COMMIT_TO_REF"):
        return [Part(Selection(range=f"{env['PRE_COMMIT_FROM_REF']}...{env['PRE_COMMIT_TO_REF']}"))]
    if env.get("PRE_COMMIT_REMOTE_NAME") and env.get("PRE_COMMIT_LOCAL_BRANCH"):  # a first push names no ids
        local, there = env["PRE_COMMIT_LOCAL_BRANCH"], env.get("PRE_COMMIT_REMOTE_BRANCH") or "HEAD"
        return _pushed(f"{local} {local} {there} {_NOTHING}", env["PRE_COMMIT_REMOTE_NAME"])
    if name == "pre-push":
        return _pushed(_stdin() or f"HEAD HEAD HEAD {_NOTHING}", words[0] if words else "origin")
    return _staged()


_NOTHING = "0" * 40
"""What git writes for a ref that is not there."""


def _stdin() -> str:
    """What git wrote for the hook; "" where a person typed the command."""
    if sys.stdin is None:  # closed, as some services leave it
        return "\n"
    return "" if sys.stdin.isatty() else sys.stdin.buffer.read().decode("utf-8", "replace") or "\n"


def _staged() -> list[Part]:
    """What is staged; of a merge only where it was resolved by hand."""
    from contentkit.code.git.merging import own_part

    paths = own_part(here(), os.environ)
    if paths is None:
        return [Part(Selection(staged=True))]
    return [Part(Selection(staged=True, paths=paths), "what was resolved by hand of a merge")] if paths else []


def _pushed(lines: str, remote: str) -> list[Part]:
    from contentkit.code.git.pushes import pushes
    from contentkit.core.report import Finding

    parts = []
    for push in pushes(lines, remote, here(), os.environ):
        branch = push.ref.removeprefix("refs/heads/")
        found = [
            Finding("message/unfinished", f"{commit:.10} ({subject:.60}) is marked as unfinished and goes to {branch}.")
            for commit, subject in push.unfinished
        ]
        count = counted(push.commits, "commit")
        parts.append(Part(Selection(range=push.range), f"what is pushed to {branch} ({count})", tuple(found)))
    return parts


def _reviewed(name: str, part: Part, wish: Wish, skip: Skip) -> int:
    """Review one part, and show what came of it."""
    from contentkit.code.diff import open_change

    if not len(open_change(part.selection)):
        return 0
    import asyncio

    report, strict = asyncio.run(_review(part, wish))
    fields = {**report.fields, **({"change": part.title} if part.title else {})}
    report = replace(report, fields=fields, findings=(*report.findings, *part.findings))
    return _shown(name, report, replace(wish, strict=strict), skip)


async def _review(part: Part, wish: Wish) -> tuple[Report, bool]:
    """Ask the model that is configured by name, if one is; without it the analyzers look alone."""
    from contentkit.core.errors import BudgetError, MissingExtra, ProviderError

    try:
        return await _asked(part, wish, wish.model)
    except (ProviderError, BudgetError, MissingExtra) as error:
        if error.exit_code == 130:
            raise
        report, strict = await _asked(part, wish, "offline")
        if strict:
            raise
        _say(f"NOT REVIEWED BY A MODEL: {error}")
        return report, strict


async def _asked(part: Part, wish: Wish, model: str) -> tuple[Report, bool]:
    """The report, and whether what it does not cover stops git."""
    from contentkit.code.diff import Limits, open_change
    from contentkit.commands._review import kit_of
    from contentkit.core.report import Severity
    from contentkit.review import ReviewOptions, review

    change = open_change(part.selection)
    with kit_of(change, here(), history=False) as kit:
        said, settings = kit.config.origins, kit.config.review
        options = ReviewOptions(
            model=model,
            fail_on=Severity(wish.fail_on) if wish.fail_on else None,
            timeout=wish.timeout or (None if "review.timeout" in said else TIMEOUT),
            on_timeout="fail",  # so that the report tells of it; whether it stops git is another question
            suppressions="" if "review.suppressions" in said else "head",  # one's own words on one's own lines
        )
        change = open_change(part.selection, limits=Limits(settings.max_file_bytes, settings.ignore))
        async with kit:
            report = await review(kit, change, options, listen=_listen)
        return report, wish.strict or ("review.on_timeout" in said and settings.on_timeout == "fail")


def _listen(event: Event) -> None:
    from contentkit.core.chat import Notice

    if isinstance(event, Notice):
        _say(event.message)


def _message(words: Sequence[str], wish: Wish, skip: Skip) -> int:
    from contentkit.code.git import message
    from contentkit.core.errors import UsageError
    from contentkit.core.report import Report

    if len(words) != 1:
        raise UsageError("The commit-msg hook takes the file of the message.", hint="git gives it to the hook.")
    found = message.check(message.read(Path(words[0]), here(), os.environ))
    report = Report("commit-message", "", findings=tuple(found))
    return _shown("commit-msg", report, wish, skip, path=words[0]) if found else 0


def _shown(name: str, report: Report, wish: Wish, skip: Skip, *, path: str = "") -> int:
    """Print what was found and what was not reviewed, and say whether git goes on."""
    from contentkit.core.report import Severity

    fail_on = Severity(wish.fail_on or report.fields.get("fail_on", "major"))
    if passed := [finding for finding in report.findings if skip.finding(finding)]:
        _say(
            f"{'1 finding does' if len(passed) == 1 else f'{len(passed)} findings do'} not count, since {SKIP} says so."
        )
        report = replace(report, findings=tuple(one for one in report.findings if one not in passed))
    if name == "commit-msg":
        from contentkit.reports.text import findings

        click.echo("\n".join(findings(report)), err=True)
    elif report.findings or report.incomplete:
        from contentkit.reports.text import COLUMNS, render_for

        click.echo(render_for(report, COLUMNS, brief=True), nl=False, err=True)
    else:
        from contentkit.reports._verdict import summary

        _say(f"{name}: {summary(report)} in {report.fields['change']}")
    code = report.exit_code(fail_on)
    if code:
        click.echo(err=True)  # what to do stands apart from what was found
    if code == 1:
        _say(_GO_ON[name].format(path=shlex.quote(path)))
        _say(_AROUND.format(verb="push" if name == "pre-push" else "commit", skip=SKIP))
    elif code == 3 and not wish.strict:
        _say("NOT ALL WAS REVIEWED (see above). That does not stop you; with --strict it would.")
        return 0
    return code


def _say(sentence: str) -> None:
    from contentkit.reports._wrap import printable

    click.echo(f"contentkit: {printable(sentence)}", err=True)
