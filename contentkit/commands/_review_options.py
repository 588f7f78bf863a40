"""What can be typed after ``contentkit review``."""

from __future__ import annotations

import click

from contentkit.commands._options import (
    FILE,
    SEVERITY,
    Number,
    added,
    all_findings_option,
    force_option,
    output_option,
    quiet_option,
)

options = added(
    # what is reviewed
    click.option("--staged", is_flag=True, help="The staged changes."),
    click.option("--worktree", is_flag=True, help="The work tree against HEAD, untracked files included."),
    click.option("--base", default="", metavar="REF", help="HEAD against where it left REF."),
    click.option("--diff", default="", metavar="FILE", help="A patch in a file, or - for standard input."),
    # who reviews
    click.option(
        "--model",
        default="",
        metavar="PROVIDER:NAME",
        help="The model to ask. Default: the configured one; without any, analyzers look alone, as with 'offline'.",
    ),
    click.option(
        "--lens", "lenses", multiple=True, metavar="NAME", help="What to look for: bugs, security, ... Repeatable."
    ),
    click.option("--samples", type=click.IntRange(1, 10), metavar="N", help="Answers asked of each lens."),
    click.option("--no-verify", is_flag=True, help="No second look; what a model finds then fails no run."),
    click.option("--no-summary", is_flag=True, help="Do not have the change summed up."),
    click.option("--suggest", is_flag=True, help="Ask for a fix of each finding that held."),
    click.option("--sarif", multiple=True, type=FILE, metavar="FILE", help="Findings of another tool. Repeatable."),
    click.option("--max-cost", type=Number(0), metavar="USD", help="What would cost more (estimate) is not asked."),
    click.option("--timeout", type=Number(0.1), metavar="SECONDS", help="For all questions together."),
    click.option("--on-timeout", type=click.Choice(["pass", "fail"]), help="What running out of time means."),
    click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Questions at a time."),
    click.option("--cache/--no-cache", default=None, help="Reuse the answer to the very same question; on by default."),
    click.option("--dry-run", is_flag=True, help="Say what would be asked and what it would cost; ask nothing."),
    # what comes out
    click.option("--fail-on", type=SEVERITY, help="Lowest severity that gives exit code 1. Default: major."),
    click.option("--baseline", type=FILE, metavar="FILE", help="A JSON report: what stands in it is not shown."),
    click.option("--since-last", is_flag=True, help="Only what the last review of this repository did not have."),
    click.option(
        "--suppressions",
        type=click.Choice(["base", "head"]),
        help="Whether 'contentkit: ignore[rule] reason' counts where the change itself brings it (head).",
    ),
    all_findings_option,
    click.option(
        "--format",
        "form",
        default="",
        metavar="FORMAT",
        help="text, markdown, json, html, sarif, github, gitlab, rdjson, checkstyle, junit, or a plugin's.",
    ),
    output_option,
    force_option,
    click.option("--apply", is_flag=True, help="Put the fixes into the work tree, each after a question."),
    click.option("--yes", is_flag=True, help="With --apply: every fix, without a question."),
    click.option("--no-history", is_flag=True, help="Do not keep this run in the history."),
    quiet_option,
)
