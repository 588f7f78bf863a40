"""``contentkit evaluate``: how good reviews and drafts are, measured on cases whose right answer is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.commands._options import FILE, SEVERITY, Number, output_option, quiet_option
from contentkit.core.money import priced, total
from contentkit.core.severity import Severity

if TYPE_CHECKING:
    from contentkit.evaluate import Case, Evaluation, Measure
    from contentkit.review import ReviewOptions

_DIR = click.Path(file_okay=False, path_type=Path)
_SHARE = Number(0, 1)


@click.group(
    epilog="Examples:\n\n\b\n"
    "  contentkit evaluate review cases/ --model offline\n"
    "  contentkit evaluate review cases/ --model ollama:qwen3:14b -o new.json --chart new.svg\n"
    "  contentkit evaluate write cases.toml --model ollama:qwen3:14b -o new.json\n"
    "  contentkit evaluate compare old.json new.json",
    short_help="Measure reviews and drafts on cases whose right answer is known.",
)
def command() -> None:
    """Measure how good the results are, on cases whose right answer is known."""


@command.command(
    "review",
    epilog="Example: contentkit evaluate review cases/ --model offline",
    short_help="Review cases and count what is found.",
)
@click.argument("folder", metavar="DIR", type=_DIR)
@click.option("--model", default="offline", show_default=True, metavar="PROVIDER:NAME", help="offline: analyzers only.")
@click.option("--case", "ids", multiple=True, metavar="ID", help="This case only. Repeatable.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N cases, by id.")
@click.option("--lens", "lenses", multiple=True, metavar="NAME", help="Lenses to look through. Repeatable.")
@click.option("--samples", type=click.IntRange(1, 20), metavar="N", help="Answers asked of each lens.")
@click.option("--no-verify", is_flag=True, help="No second look; findings then count unverified.")
@click.option("--tolerance", type=click.IntRange(0, 1000), default=3, show_default=True, metavar="LINES",
              help="A finding may stand so far from its defect.")  # fmt: skip
@click.option("--min-severity", type=SEVERITY, default="info",
              show_default=True, help="Leave out findings below.")  # fmt: skip
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N",
              help="Cases at a time.")  # fmt: skip
@click.option("--max-cost", type=Number(0), metavar="USD", help="For all cases together, by estimate.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what it would cost; ask nothing.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), help="Default: json for FILE.json.")
@output_option
@click.option("--chart", type=FILE, metavar="FILE", help="Draw the figures: FILE.svg or FILE.png.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@click.option("--min-f1", type=_SHARE, metavar="SHARE", help="Exit with 1 when F1 is below.")
@click.option("--min-recall", type=_SHARE, metavar="SHARE", help="Exit with 1 when recall is below.")
@click.option("--cache/--no-cache", default=None, help="Reuse the answer to the very same question; on by default.")
@quiet_option
def review_(folder: Path, ids: tuple[str, ...], limit: int | None, dry_run: bool, **typed: Any) -> int:
    """Review every case in DIR and hold the findings against its known defects.

    A case is a folder with diff.patch, before/, after/ and expected.json; see docs/evaluate.md.
    """
    import asyncio

    from contentkit.commands._chart import check_chart
    from contentkit.evaluate import cases
    from contentkit.kit.files import check_writable

    for path in (typed["output"], typed["chart"]):
        if path is not None and not dry_run:
            check_writable(path, force=typed["force"])
    if typed["chart"] is not None:
        check_chart(typed["chart"])
    chosen = cases(folder, ids, limit)
    if dry_run:
        return asyncio.run(_dry_run(chosen, typed))
    evaluation = asyncio.run(_evaluate(chosen, typed))
    _deliver(evaluation, typed)
    return _exit_code(evaluation, typed)


@command.command(
    "compare",
    epilog="Example: contentkit evaluate compare old.json new.json",
    short_help="Two saved evaluations side by side.",
)
@click.argument("first", metavar="A.json", type=FILE)
@click.argument("second", metavar="B.json", type=FILE)
@click.option("--judge", default="", metavar="PROVIDER:NAME", help="Of drafts: a model says which of two is better.")
@click.option("--max-cost", type=Number(0), metavar="USD", help="For all its answers, by estimate.")
def compare(first: Path, second: Path, judge: str, max_cost: float | None) -> None:
    """Two saved evaluations side by side, and the cases whose outcome differs."""
    from contentkit.commands import _evaluation, _grades
    from contentkit.core.errors import UsageError

    one, other = _evaluation.load(first), _evaluation.load(second)
    if one["what"] != other["what"]:
        raise UsageError(f"{first} is of {one['what']} and {second} of {other['what']}; they can't be compared.")
    if judge and one["what"] == "review":
        raise UsageError("--judge compares drafts, and these are reviews.", hint="Leave it out.")
    try:
        if one["what"] == "review":
            click.echo(_evaluation.compared(one, other, first.name, second.name))
            return
        import asyncio

        from contentkit.commands import _grading

        preferred = asyncio.run(_grading.preferred(one, other, judge, max_cost)) if judge else {}
        click.echo(_grades.compared(one, other, first.name, second.name, preferred))
    except (KeyError, TypeError, AttributeError, ValueError) as error:  # a file that somebody changed by hand
        raise UsageError(f"{first} or {second} is damaged ({error}).", hint="Run the evaluation again.") from None


@command.command(
    "write",
    epilog="Example: contentkit evaluate write cases.toml --model offline",
    short_help="Write cases and score the drafts.",
)
@click.argument("file", metavar="CASES.toml", type=FILE)
@click.option("--model", default="offline", show_default=True, metavar="PROVIDER:NAME", help="The model that writes.")
@click.option("--judge", default="", metavar="PROVIDER:NAME", help="A model that judges by each case's rubric.")
@click.option("--case", "ids", multiple=True, metavar="ID", help="This case only. Repeatable.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N cases.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N",
              help="Cases at a time.")  # fmt: skip
@click.option("--max-cost", type=Number(0), metavar="USD", help="For all cases together, by estimate.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), help="Default: json for FILE.json.")
@output_option
@click.option("--chart", type=FILE, metavar="FILE", help="Draw the scores: FILE.svg or FILE.png.")
@click.option("--force", is_flag=True, help="Overwrite the files.")
@click.option("--min-score", type=_SHARE, metavar="SHARE", help="Exit with 1 when the score by checks is below.")
@click.option("--cache/--no-cache", default=True, help="Reuse the answer to the very same question; on by default.")
@quiet_option
def write_(file: Path, ids: tuple[str, ...], limit: int | None, **typed: Any) -> int:
    """Write every case of CASES.toml and score the drafts by checks, and by a judging model where one is named.

    A case is a table [[case]] with a brief and what is expected of it; see docs/evaluate.md.
    """
    import asyncio

    from contentkit.commands import _grades, _grading
    from contentkit.commands._chart import check_chart
    from contentkit.kit.files import check_writable
    from contentkit.scores.grade import cases

    for path in (typed["output"], typed["chart"]):
        if path is not None:
            check_writable(path, force=typed["force"])
    if typed["chart"] is not None:
        check_chart(typed["chart"])
    grades = asyncio.run(_grading.grades(cases(file, ids, limit), typed))
    _hand_over(grades, {"model": typed["model"], "judge": typed["judge"]}, _grades, typed)
    bar, score = typed["min_score"], grades.score
    if bar is not None and (score is None or score < bar):
        said = "unknown" if score is None else f"{score:.3f}"
        click.echo(f"contentkit: the score is {said}; asked was at least {bar:g}.", err=True)
        return 1
    return 3 if len(grades.graded) < len(grades.outcomes) else 0


def _options(typed: dict[str, Any]) -> tuple[ReviewOptions, Measure]:
    from contentkit.evaluate import Measure
    from contentkit.review import ReviewOptions

    options = ReviewOptions(
        model=typed["model"],
        lenses=typed["lenses"],
        samples=typed["samples"],
        verify=False if typed["no_verify"] else None,
        cache=typed["cache"],
    )
    measure = Measure(typed["tolerance"], Severity(typed["min_severity"]), typed["concurrency"], typed["max_cost"])
    return options, measure


async def _evaluate(chosen: tuple[Case, ...], typed: dict[str, Any]) -> Evaluation:
    from contentkit.commands._grading import counting
    from contentkit.evaluate import Outcome, evaluate
    from contentkit.kit.kit import Kit

    options, measure = _options(typed)

    def found(outcome: Outcome) -> str:
        return outcome.error or f"{len(outcome.matches)} of {len(outcome.case.defects)} defects found"

    done = counting(len(chosen), found, quiet=typed["quiet"])

    async with Kit.load(history=False, cache=typed["cache"]) as kit:
        return await evaluate(kit, chosen, options, measure, done=done)


async def _dry_run(chosen: tuple[Case, ...], typed: dict[str, Any]) -> int:
    """What a run would ask, added up over the cases."""
    from contentkit.evaluate import open_case
    from contentkit.kit.kit import Kit
    from contentkit.reviews.preview import look

    options, _ = _options(typed)
    files = hunks = questions = read = written = 0
    cost: float | None = 0.0
    model = ""
    async with Kit.load(history=False, cache=typed["cache"]) as kit:
        for case in chosen:
            ahead = await look(kit, open_case(case), options)
            files, hunks = files + len(ahead.reviewed), hunks + ahead.hunks
            if ahead.target is not None:
                model, asked = ahead.target.id, ahead.outlook
                questions, read = questions + asked.questions, read + asked.input_tokens
                written += asked.output_tokens
                cost = total([cost, asked.cost])
    said = [f"{len(chosen)} cases: {files} files with {hunks} hunks."]
    if model:
        price = priced(cost, "about {}")
        said.append(
            f"Would ask {model} {questions} questions, about {read:,} tokens in and {written:,} out; {price}. "
            "These are estimates, without the second look at what is found."
        )
    else:
        said.append("Analyzers would look alone.")
    click.echo(" ".join([*said, "Nothing was sent."]))
    return 0


def _deliver(evaluation: Evaluation, typed: dict[str, Any]) -> None:
    from contentkit.commands import _evaluation

    _hand_over(evaluation, _evaluation.asked(typed), _evaluation, typed)


def _hand_over(result: Any, how: dict[str, Any], shapes: Any, typed: dict[str, Any]) -> None:
    """A result as the module ``shapes`` writes it: to the terminal or a file, and as a picture."""
    from contentkit.kit.files import write_atomically

    output = typed["output"]
    form = typed["form"] or ("json" if output and output.suffix.lower() == ".json" else "table")
    text = shapes.as_json(result, how) if form == "json" else shapes.table(result, how)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_atomically(output, text, force=typed["force"])
    if typed["chart"] is not None:
        shapes.draw(result, how, typed["chart"])
    for path in (output, typed["chart"]):
        if path is not None and not typed["quiet"]:
            click.echo(f"contentkit: written to {path}", err=True)


def _exit_code(evaluation: Evaluation, typed: dict[str, Any]) -> int:
    """1 below a bar that was asked for, 3 where a case failed or was not read whole, else 0."""
    total = evaluation.total
    for name, bar, figure in (("F1", typed["min_f1"], total.f1), ("recall", typed["min_recall"], total.recall)):
        if bar is not None and (figure is None or figure < bar):
            said = "unknown: no case has a known defect" if figure is None else f"{figure:.3f}"
            click.echo(f"contentkit: {name} is {said}; asked was at least {bar:g}.", err=True)
            return 1
    return 3 if any(outcome.error or outcome.unread for outcome in evaluation.outcomes) else 0
