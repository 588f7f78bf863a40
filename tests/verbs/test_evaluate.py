"""Reviews judged on cases of ours: figures, failures, bounds, and the same again from the replay cache."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from changes import touches
from fakes import FakeProvider
from stubreviewer import StubReviewer, Way

from contentkit.core.chat import Event, Request, Usage
from contentkit.core.errors import AuthenticationError, UsageError
from contentkit.core.report import Severity
from contentkit.evaluate import Evaluation, Measure, cases, evaluate, open_case
from contentkit.kit.kit import Kit
from contentkit.review import ReviewOptions

CASES = Path(__file__).parents[1] / "data" / "review-cases"
ALL = ["go-guard-removed", "js-last-page", "py-clean-rename", "py-shell"]
OPTIONS = ReviewOptions(model="fake:one", lenses=("bugs",), cache=False)


def kit_with(provider: Any) -> Kit:
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    return kit


def knowing(way: Way = "right") -> StubReviewer:
    stub = StubReviewer(way)
    for case in cases(CASES):
        stub.know(case.defects)
    return stub


async def run(provider: Any = None, options: ReviewOptions = OPTIONS, **measure: Any) -> Evaluation:
    kit = kit_with(provider or knowing())
    return await evaluate(kit, cases(CASES), options, Measure(**measure))


def test_cases_are_read_by_id_and_can_be_narrowed() -> None:
    assert [case.id for case in cases(CASES)] == ALL
    assert [case.id for case in cases(CASES, limit=2)] == ALL[:2]
    assert [case.id for case in cases(CASES, ["py-shell", "js-last-page"])] == ["js-last-page", "py-shell"]
    assert [case.id for case in cases(CASES / "py-shell")] == ["py-shell"]
    (case,) = cases(CASES, ["go-guard-removed"])
    assert (case.kind, case.language, case.defects[0].anchor) == ("reversed-fix", "go", "deleted")


def test_what_is_no_case_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'py-shell'"):
        cases(CASES, ["py-shel"])
    with pytest.raises(UsageError, match="holds no case"):
        cases(tmp_path)
    with pytest.raises(UsageError, match="There is no folder"):
        cases(tmp_path / "nothing")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "expected.json").write_text('{"defects": [{"path": "a.py"}]}', encoding="utf-8")
    with pytest.raises(UsageError, match="it lacks 'start_line'"):
        cases(tmp_path)


async def test_without_a_model_analyzers_are_judged_alone() -> None:
    kit = kit_with(FakeProvider("never asked"))
    evaluation = await evaluate(kit, cases(CASES), ReviewOptions(model="offline"))
    assert {rule.partition("/")[0] for rule in evaluation.by_rule()} <= {"ruff", "guards"}
    assert evaluation.total.recall == pytest.approx(2 / 3)
    assert evaluation.alarms_per_clean == 0
    assert (evaluation.cost, evaluation.usage.input_tokens) == (0.0, 0)


async def test_a_reviewer_that_knows_the_answers_finds_all() -> None:
    evaluation = await run()
    assert evaluation.total.recall == 1.0
    assert evaluation.by(lambda case: case.kind)["clean"].findings == 0
    assert list(evaluation.by(lambda case: case.kind)) == ["introduced", "reversed-fix", "clean"]
    assert evaluation.unverified == 0
    assert evaluation.usage.output_tokens > 0


async def test_nothing_of_the_answers_reaches_the_model() -> None:
    stub = knowing()
    await run(stub)
    asked = "\n".join(
        message.text for request in stub.requests for message in request.messages if "finding" not in request.fields
    )
    assert "Math.floor" in asked
    assert all("review-cases" not in open_case(case).title for case in cases(CASES))
    for word in ("expected.json", "review-cases", *ALL, *(defect.description for defect in stub.defects)):
        assert word not in asked


async def test_what_is_not_found_and_what_is_found_where_nothing_is_wrong_are_counted() -> None:
    nothing = await run(FakeProvider(json.dumps({"summary": "", "findings": []})))
    found = {outcome.case.id: outcome.figures for outcome in nothing.outcomes}
    assert (found["js-last-page"].recall, nothing.alarms_per_clean) == (0.0, 0)

    def everywhere(request: Request) -> str:
        if "finding" in request.fields:
            return knowing().answer(request.fields)
        line = next(line for line in request.fields["chunk"].shown if line.line.kind == "+")
        fault = {"message": "Wrong.", "scenario": "always", "severity": "major", "category": "bug", "confidence": 0.9}
        fault |= {"anchor": line.mark, "end_anchor": "", "quote": line.text}
        return json.dumps({"summary": "", "findings": [fault]})

    alarmed = await run(FakeProvider(everywhere))
    clean = next(outcome for outcome in alarmed.outcomes if outcome.case.kind == "clean")
    assert (len(clean.findings), clean.matches, alarmed.alarms_per_clean) == (1, (), 1.0)
    exact = await run(tolerance=0)
    assert exact.total.recall == 1.0


async def test_only_what_is_judged_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    patch = "".join(f"--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a = 1\n+a = 2\n" for name in ("a.py", "b.py"))
    (folder / "diff.patch").write_text(patch, encoding="utf-8")
    (folder / "expected.json").write_text('{"defects": []}', encoding="utf-8")
    stub = knowing()
    (outcome,) = (await evaluate(kit_with(stub), cases(tmp_path), OPTIONS)).outcomes
    assert (outcome.error, outcome.unread) == ("", ())
    assert [request.fields["kind"] for request in stub.requests] == ["bugs", "bugs"]


async def test_unverified_findings_count_apart() -> None:
    evaluation = await run(options=ReviewOptions(model="fake:one", lenses=("bugs",), verify=False, cache=False))
    assert evaluation.unverified >= 1
    (outcome,) = [outcome for outcome in evaluation.outcomes if outcome.case.id == "js-last-page"]
    assert (len(outcome.findings), len(outcome.unverified), len(outcome.nearly)) == (0, 1, 1)
    assert outcome.figures.recall == 0.0


async def test_findings_below_the_least_severity_are_left_out() -> None:
    evaluation = await run(least=Severity.CRITICAL)
    assert evaluation.total.findings == 0


async def test_a_case_that_fails_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    shutil.copytree(CASES, tmp_path / "cases")
    (tmp_path / "cases" / "js-last-page" / "diff.patch").write_text("@@ -1 +1 @@\n-a\n", encoding="utf-8")
    evaluation = await evaluate(kit_with(knowing()), cases(tmp_path / "cases"), OPTIONS)
    assert [outcome.case.id for outcome in evaluation.failed] == ["js-last-page"]
    assert "patch" in evaluation.failed[0].error
    assert (evaluation.total.cases, evaluation.total.defects, evaluation.total.recall) == (3, 2, 1.0)


async def test_a_model_whose_answers_are_broken_leaves_cases_unread_not_clean() -> None:
    evaluation = await run(knowing("malformed"))
    assert all(outcome.unread for outcome in evaluation.outcomes)
    assert not evaluation.failed


async def test_invented_places_are_no_findings() -> None:
    evaluation = await run(knowing("invented"))
    assert all("bugs/" not in finding.rule for outcome in evaluation.outcomes for finding in outcome.findings)


@pytest.mark.parametrize("way", ["own hash", "other mark", "twice"])
async def test_marks_that_are_a_few_lines_off_are_put_right_or_demoted(way: Way) -> None:
    stub = knowing(way)
    evaluation = await run(stub)
    told = [(outcome.case, finding) for outcome in evaluation.outcomes for finding in outcome.findings
            if finding.message in stub.meant]  # fmt: skip
    assert told
    for case, finding in told:
        place, line = finding.place, stub.meant[finding.message].line
        assert place is not None
        if place.line is not None:
            assert place.side == line.side
            assert place.line <= line.number <= (place.end_line or place.line)
            (file,) = (file for file in open_case(case) if file.path == place.path)
            assert touches(file, place.side, place.line, place.end_line or place.line)


async def test_cases_side_by_side_give_the_same_in_the_same_order() -> None:
    one, many = await run(), await run(at_once=4)
    assert [(outcome.case, outcome.findings, outcome.matches) for outcome in one.outcomes] == [
        (outcome.case, outcome.findings, outcome.matches) for outcome in many.outcomes
    ]


async def test_the_second_run_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    from contentkit.commands._evaluation import as_json

    how = {"model": "fake:one", "tolerance": 3}
    options = ReviewOptions(model="fake:one", lenses=("bugs",))
    stub = knowing()
    first = await evaluate(kit_with(stub), cases(CASES), options)
    asked = len(stub.requests)
    second = await evaluate(kit_with(stub), cases(CASES), options)
    assert asked > 0
    assert len(stub.requests) == asked
    texts = [as_json(evaluation, how).partition('  "account": {')[0] for evaluation in (first, second)]
    assert texts[0] == texts[1]
    assert second.usage.input_tokens == 0
    assert second.cost == 0.0


async def test_a_bound_on_cost_holds_for_all_cases_together() -> None:
    from contentkit.core.model import Endpoint, Price

    stub = knowing()
    stub.usage = Usage(1_500, 300)
    stub.endpoint = Endpoint("fake", "fake", "https://model.example", local=False)
    kit = kit_with(stub)
    # A question is estimated at 3 dollars or so, so that a few use the bound up.
    kit.catalogue = _priced(kit.catalogue, Price(input=1000.0, output=1000.0))
    evaluation = await evaluate(kit, cases(CASES), OPTIONS, Measure(max_cost=6.0, at_once=4))
    assert evaluation.cost is not None
    assert 0 < evaluation.cost <= 6.0
    assert any(
        "over the bound of" in why for outcome in evaluation.outcomes for why in (outcome.error, *outcome.unread)
    )


def _priced(catalogue: Any, price: Any) -> Any:
    from dataclasses import replace

    class Priced:
        def __getattr__(self, name: str) -> Any:
            return getattr(catalogue, name)

        def info(self, provider: str, name: str) -> Any:
            return replace(catalogue.info(provider, name), price=price)

    return Priced()


async def test_a_model_that_never_answers_is_in_no_figure() -> None:
    class Silent(StubReviewer):
        async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
            raise AuthenticationError("there is no key", vendor="fake")
            yield

    evaluation = await run(Silent())
    assert {"py-shell"} <= {outcome.case.id for outcome in evaluation.failed}
    assert "there is no key" in evaluation.failed[0].error
    assert not evaluation.total.findings
