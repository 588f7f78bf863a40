"""Fifty real changes with known defects, and fifteen clean ones, through the whole review with a reviewer that knows.

Runs where the folder of real material and mirrors of the repositories lie beside the checkout.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from changes import touches
from stubreviewer import StubReviewer, Way

from contentkit.core.report import Severity
from contentkit.core.scores import Figures
from contentkit.evaluate import Case, Outcome, cases, evaluate, open_case
from contentkit.kit.kit import Kit
from contentkit.review import ReviewOptions

MIRRORS = Path(__file__).parents[3] / ".mirror"


def git(repository: Path, *words: str) -> bytes | None:
    done = subprocess.run(["git", "-C", str(repository), *words], capture_output=True)
    return None if done.returncode else done.stdout


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, ...]:
    """The cases of the index whose repositories are here, in the layout of docs/evaluate.md."""
    index = MIRRORS.parent / "shared" / "data" / "review-cases.json"
    if not index.is_file() or not MIRRORS.is_dir():
        pytest.skip("the folders ../shared and ../.mirror with real changes are not here")
    folder = tmp_path_factory.mktemp("cases")
    for case in json.loads(index.read_text(encoding="utf-8")):
        name = case["repo"].replace("/", "+")
        homes = [home for home in (MIRRORS / name / "repo", MIRRORS / name) if (home / "HEAD").exists()]
        if homes:
            _lay_out(homes[0], case, folder / case["id"])
    if not any(folder.iterdir()):
        pytest.skip("no mirror of a repository with cases is here")
    return cases(folder)


def _lay_out(repository: Path, case: dict[str, object], folder: Path) -> None:
    base, head, paths = case["base"], case["head"], case["paths"]
    assert isinstance(paths, list)
    folder.mkdir()
    moves = "-M" if case["kind"] == "clean" else "--no-renames"
    (folder / "diff.patch").write_bytes(
        git(repository, "diff", "--binary", moves, f"{base}", f"{head}", "--", *paths) or b""
    )
    for side, commit in (("before", base), ("after", head)):
        for path in paths:
            content = git(repository, "cat-file", "blob", f"{commit}:{path}")
            if content is not None:
                (folder / side / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / side / path).write_bytes(content)
    (folder / "expected.json").write_text(json.dumps(case), encoding="utf-8")


async def reviewed(chosen: tuple[Case, ...], way: Way) -> tuple[list[Outcome], StubReviewer]:
    outcomes, stub = [], StubReviewer(way)
    kit = Kit.load(history=False, cache=False)
    kit.providers["fake"] = stub
    for case in chosen:
        stub.defects = case.defects
        options = ReviewOptions(model="fake:one", lenses=("bugs",), cache=False)
        outcomes += (await evaluate(kit, [case], options)).outcomes
    return outcomes, stub


async def test_nothing_is_lost_on_the_way_from_the_model_to_the_report(laid_out: tuple[Case, ...]) -> None:
    outcomes, _ = await reviewed(laid_out, "right")
    assert [
        (outcome.case.id, outcome.error, outcome.unread) for outcome in outcomes if outcome.error or outcome.unread
    ] == []
    missed = [outcome.case.id for outcome in outcomes if outcome.figures.recall not in (None, 1.0)]
    assert missed == []
    assert sum((outcome.figures for outcome in outcomes), Figures()).recall == 1.0


@pytest.mark.parametrize("way", ["own hash", "other mark"])
async def test_lines_three_off_are_put_right_or_demoted_never_wrong(laid_out: tuple[Case, ...], way: Way) -> None:
    outcomes, stub = await reviewed(tuple(case for case in laid_out if case.defects), way)
    seen: Counter[str] = Counter()
    for outcome in outcomes:
        files = {file.path: file for file in open_case(outcome.case)}
        for finding in (*outcome.findings, *outcome.unverified):
            place, meant = finding.place, stub.meant.get(finding.message)
            assert place is not None
            if place.line is None:
                seen["demoted"] += 1
                continue
            last = place.end_line or place.line
            assert touches(files[place.path], place.side, place.line, last), (outcome.case.id, finding)
            if meant is not None:
                right = place.side == meant.line.side and place.line <= meant.line.number <= last
                assert right, (outcome.case.id, finding)
                seen["right"] += 1
    assert seen["right"] >= 0.9 * len(stub.meant)
    assert (
        seen["right"] + seen["demoted"] >= len(stub.meant) - 2
    )  # one at a place that an analyzer named is one with its


async def test_an_answer_that_is_no_json_leaves_every_part_unread(laid_out: tuple[Case, ...]) -> None:
    outcomes, _ = await reviewed(laid_out[::6], "malformed")
    assert all(outcome.unread for outcome in outcomes)


async def test_invented_places_are_nowhere_in_the_report(laid_out: tuple[Case, ...]) -> None:
    outcomes, _ = await reviewed(laid_out[::3], "invented")
    assert [finding for outcome in outcomes for finding in outcome.findings if finding.rule.startswith("bugs/")] == []


async def test_analyzers_alone_raise_few_false_alarms_and_what_they_catch_is_told(laid_out: tuple[Case, ...]) -> None:
    kit, offline = Kit.load(history=False, cache=False), ReviewOptions(model="offline")
    evaluation = await evaluate(kit, laid_out, offline)
    assert all(not outcome.error and not outcome.unread for outcome in evaluation.outcomes)
    clean = [outcome for outcome in evaluation.outcomes if outcome.case.kind == "clean"]
    alarmed = [
        outcome.case.id
        for outcome in clean
        if any(finding.severity.rank <= Severity.MAJOR.rank for finding in outcome.findings)
    ]
    found = sum(len(outcome.matches) for outcome in evaluation.outcomes)
    print(f"{len(alarmed)} of {len(clean)} clean changes raise an alarm; {found} of {evaluation.total.defects} defects")
    assert len(alarmed) <= len(clean) / 15, alarmed
