"""What ``review`` hands from part to part: what a model is told, how much at once, what of it the report has."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from changes import Made, changed
from fakes import Answer, FakeProvider
from gitrepos import Repo
from test_review import BROKEN, PARSE, TOKEN, at, kit_with, lines, model, says, staged, verdict

from contentkit.core.chat import Done, Finish, Notice, Request, TextDelta
from contentkit.core.errors import BadReplyError, ContentkitError, QuotaError, UsageError
from contentkit.core.model import ModelInfo, Price
from contentkit.core.report import Covered, Edit, Finding, Place, Report
from contentkit.kit.config.review import ReviewSettings
from contentkit.kit.kit import Kit
from contentkit.models.engine import Target
from contentkit.reports.json import to_dict
from contentkit.review import ReviewOptions, review
from contentkit.reviews.analyse import analyse
from contentkit.reviews.preview import look
from contentkit.reviews.quote import MOST_CHARACTERS, quoted
from contentkit.reviews.quote import shown as without_secrets


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = Repo(tmp_path / "repo")
    repo.commit({"parse.py": PARSE, "test_parse.py": "def test_it():\n    assert True\n"}, "first")
    monkeypatch.chdir(repo.root)
    return repo


@pytest.mark.parametrize("most", [1, 3])
async def test_no_more_questions_are_under_way_than_asked(repo: Repo, most: int) -> None:
    repo.stage({f"f{number}.py": BROKEN for number in range(6)})
    under_way: list[int] = []

    class Counting(FakeProvider):
        now = 0

        async def stream(self, request: Request):  # type: ignore[no-untyped-def, override]
            self.now += 1
            under_way.append(self.now)
            await asyncio.sleep(0.02)
            async for event in super().stream(request):
                yield event
            self.now -= 1

    await review(kit_with(Counting(says()), concurrency=most, cache=False), staged())
    assert max(under_way) == most


async def test_the_model_is_told_what_analyzers_found_in_this_file(repo: Repo) -> None:
    repo.stage({"parse.py": PARSE + "\n\nx = missing\n", "b.py": "def b():\n    return 1\n"})
    provider = model()
    await review(kit_with(provider), staged())
    told = {request.fields["chunk"].file.path: request.fields["told"] for request in provider.requests[:2]}
    assert [finding.rule for finding in told["parse.py"]] == ["ruff/F821"]
    assert not told["b.py"]
    asked = next(r for r in provider.requests if r.fields["chunk"].file.path == "parse.py")
    assert "Undefined name `missing`" in "\n".join(message.text for message in asked.messages)


async def test_what_another_tool_says_of_a_secret_does_not_reach_the_model(repo: Repo, tmp_path: Path) -> None:
    password = "kd82hhs9" + "aKQ1zz"  # told only by the name beside it, in the file
    repo.stage({"parse.py": PARSE + f"\n\npassword = '{password}'\n"})
    place = {"artifactLocation": {"uri": "parse.py"}, "region": {"startLine": 9}}
    result = {"ruleId": "7", "message": {"text": f"It says {password}."}, "locations": [{"physicalLocation": place}]}
    log = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "house"}}, "results": [result]}]}
    (tmp_path / "x.sarif").write_text(json.dumps(log), encoding="utf-8")
    provider = model()
    report = await review(kit_with(provider), staged(), ReviewOptions(sarif=(tmp_path / "x.sarif",)))
    asked = "\n".join(message.text for message in provider.requests[0].messages)
    assert "It says [secret" in asked
    assert password not in asked + repr(report)


async def test_a_fix_is_asked_for_only_where_one_is_wanted_and_of_what_held(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})

    def again(request: Request) -> Answer:
        if request.schema and "verdict" in request.schema.body["properties"]:
            return verdict("drop" if "len" in request.fields["finding"].message else "keep")
        mark = next(line.mark for line in request.fields["chunk"].shown if "[1]" in line.text)
        edit = {"anchor": mark, "end_anchor": mark, "replacement": "    return text.split(',')[:2]"}
        return json.dumps({"plan": "Take two.", "edits": [edit]})

    provider = model(lambda request: says(at(request, "[1]"), at(request, "len(items)")), again)
    plain = await review(kit_with(provider), staged())
    asked = len(provider.requests)
    assert [finding.edits for finding in plain.findings] == [()]
    fixed = await review(kit_with(provider), staged(), ReviewOptions(suggest=True))
    assert len(provider.requests) == asked + 1  # the others are replayed
    assert [f.edits for f in fixed.findings] == [(Edit("parse.py", 2, 2, "    return text.split(',')[:2]\n"),)]
    assert "suggest@" in fixed.prompt


async def test_anchors_that_lead_elsewhere_are_counted_in_the_report(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})

    def find(request: Request) -> str:
        right, nowhere = at(request, "[1]"), {"anchor": "+77#fff", "quote": "nothing of the file", "message": "gone"}
        number = {**at(request, "len(items)"), "anchor": "+6#000", "quote": "", "message": "the file alone"}
        moved = {**right, "anchor": "+6#000", "quote": "    return sum(items) / len(items)", "message": "moved there"}
        return says(right, nowhere, number, moved)

    report = await review(kit_with(model(find)), staged())
    assert report.fields["anchors"] == {"dropped": 1, "demoted": 1, "relocated": 1}
    assert sorted((line or 0) for rule, line in lines(report) if rule.startswith("bugs/")) == [0, 2, 6]
    assert report.fields["lenses"] == ["bugs"]
    assert report.fields["rejected"] == 0


async def test_a_summary_that_fails_leaves_what_was_seen_and_fails_nothing(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN, "b.py": "def b(x):\n    return x[0]\n"})
    heard: list[str] = []

    def answer(request: Request) -> Answer:
        return QuotaError("no money is left.") if request.fields["kind"] == "summary" else says()

    report = await review(
        kit_with(FakeProvider(answer)),
        staged(),
        listen=lambda event: heard.append(event.message) if isinstance(event, Notice) else None,
    )
    assert report.body == "- `b.py`: Parses.\n- `parse.py`: Parses."
    assert report.exit_code() == 0
    assert any("the change is not summed up: no money is left" in message for message in heard)


async def test_no_secret_is_in_the_question_for_a_summary_nor_in_it(repo: Repo) -> None:
    password = "kd82hhs9" + "aKQ1zz"
    repo.commit({f"{TOKEN}.py": "x = 1\n" * 30}, "second")
    repo.git("mv", f"{TOKEN}.py", "named.py")
    repo.stage({"named.py": "x = 1\n" * 30 + "y = 2\n", f"z-{TOKEN}.py": f"password = '{password}'\n"})

    def find(request: Request) -> str:
        return says(summary=f"Sets {password}." if "password" in str(request.fields["chunk"].text) else "Sets y.")

    provider = model(find)
    report = await review(kit_with(provider), staged())
    asked = [request for request in provider.requests if request.fields["kind"] == "summary"]
    text = "\n".join(message.text for request in asked for message in request.messages)
    assert "named.py" in text
    assert "Sets [secret" in text
    assert not [secret for secret in (password, TOKEN) if secret in text + repr(report)]


async def test_what_the_user_stopped_is_failed_also_where_late_would_pass(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})

    class Hanging(FakeProvider):
        asked = asyncio.Event()

        async def stream(self, request: Request):  # type: ignore[no-untyped-def, override]
            self.asked.set()
            await asyncio.sleep(60)
            yield  # type: ignore[misc]

    provider = Hanging()
    task = asyncio.create_task(review(kit_with(provider, cache=False, on_timeout="pass"), staged()))
    await asyncio.wait_for(provider.asked.wait(), 20)
    task.cancel()
    assert [unit.state for unit in (await asyncio.wait_for(task, 20)).coverage] == ["failed"]


async def test_time_that_runs_out_pardons_nothing_that_failed_before(repo: Repo) -> None:
    repo.stage({"a.py": BROKEN, "b.py": BROKEN})

    class Half(FakeProvider):
        async def stream(self, request: Request):  # type: ignore[no-untyped-def, override]
            if request.fields["chunk"].file.path == "a.py":
                raise BadReplyError("no words.")
            await asyncio.sleep(60)
            yield  # type: ignore[misc]

    kit = kit_with(Half(), cache=False, timeout=0.5, on_timeout="pass")
    report = await asyncio.wait_for(review(kit, staged()), 20)
    assert [(unit.state, "no words" in unit.reason) for unit in report.coverage] == [
        ("failed", True),
        ("skipped", False),
    ]


async def test_a_lens_that_gives_no_answer_fails_its_part_and_keeps_the_others_findings(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})

    def find(request: Request) -> Answer:
        return BadReplyError("no words.") if request.fields["lens"] == "security" else says(at(request, "[1]"))

    report = await review(kit_with(model(find), lenses=("bugs", "security")), staged())
    assert ("bugs/bounds", 2) in lines(report)
    assert [(unit.state, "security" in unit.reason) for unit in report.coverage] == [("failed", True)]
    assert report.exit_code() == 1  # what was found is graver than what was not looked at


async def test_where_code_goes_is_said_before_it_goes(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})
    heard: list[str] = []
    hosted = FakeProvider(says(), local=False, url="https://api.example.com")
    for provider in (hosted, FakeProvider(says())):
        await review(
            kit_with(provider, cache=False),
            staged(),
            listen=lambda event: heard.append(event.message) if isinstance(event, Notice) else None,
        )
    assert "fake:one reviews, sent to api.example.com" in heard
    assert "fake:one reviews, on this machine" in heard


async def test_notices_hold_no_secret_and_a_replay_is_no_notice(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})
    heard: list[str] = []

    def noisy(request: Request) -> Answer:
        return [Notice(f"the server says {TOKEN}"), TextDelta(says()), Done(Finish.STOP, "fake-1")]

    for _ in range(2):
        await review(
            kit_with(FakeProvider(noisy)),
            staged(),
            listen=lambda event: heard.append(event.message) if isinstance(event, Notice) else None,
        )
    assert any(message.startswith("the server says [") for message in heard)
    assert not [message for message in heard if TOKEN in message or "replay cache" in message]


@pytest.mark.parametrize("name", ["offline", "offline:draft"])
async def test_the_engine_without_a_model_is_no_reviewer(repo: Repo, name: str) -> None:
    repo.stage({"parse.py": BROKEN})
    report = await review(kit_with(model()), staged(), ReviewOptions(model=name))
    assert (report.model, report.fields["lenses"], report.coverage[0].state) == ("", [], "read")
    assert "anchors" not in report.fields


async def test_without_the_cache_means_without_also_where_all_else_is_cached(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})
    provider = model()
    for _ in range(2):
        kit = kit_with(provider)
        kit.cache = kit.replies()
        await review(kit, staged(), ReviewOptions(cache=False))
    assert len(provider.requests) == 2


async def test_the_model_speaks_the_language_of_the_configuration(repo: Repo) -> None:
    repo.stage({"parse.py": BROKEN})
    for language, expected in (("ja", "ja"), ("", "en")):
        provider = model()
        kit = kit_with(provider, cache=False)
        kit.config = replace(kit.config, language=language)
        report = await review(kit, staged())
        assert (report.language, provider.requests[0].fields["language"]) == (expected, expected)


@pytest.mark.parametrize(("price", "samples", "cost"), [(Price(1.0, 1.0), 1, True), (None, 1, None)])
async def test_a_look_ahead_knows_the_price_or_says_that_it_does_not(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, price: Price | None, samples: int, cost: bool | None
) -> None:
    repo.stage({"parse.py": BROKEN, "logo.png": b"\x89PNG\r\n\x1a\n\0\0"})
    provider = FakeProvider(says(), local=False, url="https://api.example.com")
    kit = kit_with(provider)
    info = ModelInfo("fake", "one", price=price) if price else ModelInfo("fake", "one")
    monkeypatch.setattr(Kit, "target", lambda self, name: Target(provider, info))
    one = await look(kit, staged(), ReviewOptions(samples=samples))
    three = await look(kit, staged(), ReviewOptions(samples=3))
    assert (one.outlook.questions, three.outlook.questions, three.outlook.parts) == (1, 3, 1)
    assert three.outlook.input_tokens == 3 * one.outlook.input_tokens
    assert three.outlook.output_tokens == 3 * one.outlook.output_tokens > 0
    if cost is None:
        assert one.outlook.cost is None
    else:
        assert three.outlook.cost == pytest.approx(3 * (one.outlook.cost or 0.0))
        assert (one.outlook.cost or 0.0) > 0
    assert [(unit.name, unit.state) for unit in one.left_out] == [("logo.png", "skipped")]
    assert (one.reviewed, one.hunks) == (("parse.py",), 1)


async def test_a_skipped_file_is_still_looked_at_for_secrets_and_for_nothing_of_style(repo: Repo) -> None:
    repo.stage({"vendor/a.py": f"x = missing\nbreakpoint()\nTOKEN = '{TOKEN}'\n"})
    report = await review(Kit.load(), staged())
    assert [
        (finding.rule.partition("/")[0], line)
        for finding, (_, line) in zip(report.findings, lines(report), strict=True)
    ] == [("secrets", 3)]
    assert [(unit.state, unit.reason) for unit in report.coverage] == [("skipped", "vendored (in vendor/)")]


async def test_of_a_deleted_file_more_than_the_patch_is_known(repo: Repo) -> None:
    repo.stage({"parse.py": None})
    assert (await review(Kit.load(), staged())).notices == ()


async def test_what_another_repository_had_last_is_not_known_here(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repo(tmp_path / "other")
    other.commit({"parse.py": PARSE}, "first")
    for one in (repo, other):
        one.stage({"parse.py": PARSE + "\n\nx = missing\n"})
    await review(Kit.load(), staged())
    monkeypatch.chdir(other.root)
    here = await review(Kit.load(), staged(), ReviewOptions(since_last=True))
    assert ("ruff/F821", 9) in lines(here)
    assert "no earlier review" in here.notices[-1]
    monkeypatch.chdir(repo.root)
    assert lines(await review(Kit.load(), staged(), ReviewOptions(since_last=True))) == []


async def test_what_the_baseline_and_the_last_run_had_is_counted_once(repo: Repo, tmp_path: Path) -> None:
    repo.stage({"parse.py": PARSE + "\n\nx = missing\n"})
    (tmp_path / "known.json").write_text(json.dumps(to_dict(await review(Kit.load(), staged()))))
    repo.stage({"parse.py": PARSE + "\n\nx = missing\ny = other\n"})
    await review(Kit.load(), staged())
    repo.stage({"parse.py": PARSE + "\n\nx = missing\ny = other\nz = third\n"})
    report = await review(Kit.load(), staged(), ReviewOptions(since_last=True, baseline=tmp_path / "known.json"))
    assert [line for rule, line in lines(report) if rule == "ruff/F821"] == [11]
    assert {name: report.fields["hidden"][name] for name in ("baseline", "since")} == {"baseline": 1, "since": 1}


async def test_a_file_of_rules_is_cut_where_it_is_too_long_and_holds_no_secret(repo: Repo) -> None:
    repo.commit({"RULES.md": f"The test server takes {TOKEN}.\n" + "x" * 30_000 + "LAST"}, "rules")
    repo.stage({"parse.py": BROKEN})
    provider, heard = model(), []
    await review(kit_with(provider, instruction_files=("RULES.md",)), staged(), listen=heard.append)
    told = provider.requests[0].fields["instructions"]
    assert told.startswith("The test server takes [")
    assert len(told) <= 20_000
    assert not [word for word in (TOKEN, "LAST") if word in told]
    assert any("only the first 20,000 characters" in event.message for event in heard if isinstance(event, Notice))


# -- the code that a finding shows ------------------------------------------------------------------------------------


def shown(finding: Finding, before: str | None, after: str | None, **settings: Any) -> Any:
    change = Made(changed("a.py", before, after))
    return quoted([finding], change, ReviewSettings(**settings))  # type: ignore[arg-type]


def test_the_quote_is_the_lines_of_the_finding_and_eight_at_most() -> None:
    text = "".join(f"line {number}\r\n" for number in range(1, 21))

    def quote(first: int, last: int | None = None, side: Any = "RIGHT") -> str:
        (finding,) = shown(Finding("a/b", "x", place=Place("a.py", first, last, side=side)), "old\n", text).findings
        return finding.place.quote

    assert quote(3) == quote(3, 3) == quote(3, 1) == "line 3"
    assert quote(3, 4) == "line 3\nline 4"
    assert quote(2, 19).split("\n") == [f"line {number}" for number in range(2, 10)]
    assert quote(1, side="LEFT") == "old"
    assert quote(99) == ""
    long = shown(Finding("a/b", "x", place=Place("a.py", 1)), None, "y" * 900 + "\n").findings[0]
    assert long.place.quote == "y" * MOST_CHARACTERS


def test_words_and_fixes_of_a_finding_hold_no_secret() -> None:
    text = f"token = '{TOKEN}'\nx = 1\n"
    place, said = Place("a.py", 2), f"the token {TOKEN} is here"
    edit = Edit("a.py", 2, 2, f"y = '{TOKEN}'\n")
    finding = Finding("a/b", said, place=place, scenario=said, suggestion=said, repair=said, edits=(edit,))
    (told,) = shown(finding, None, text).findings
    assert TOKEN not in repr(told)
    assert told.edits == ()
    kept = shown(Finding("a/b", "x", place=place, edits=(Edit("a.py", 2, 2, "y = 2\n"),)), None, text).findings[0]
    assert kept.edits == (Edit("a.py", 2, 2, "y = 2\n"),)
    assert TOKEN not in shown(Finding("a/b", "x", place=Place("a.py", 1)), None, text).findings[0].place.quote


def test_what_is_left_out_is_named_with_its_reason() -> None:
    text = "x = 1  # contentkit: ignore[a] it is so\ny = 2\n"
    by_comment = shown(Finding("a/b", "x", place=Place("a.py", 1)), None, text)
    assert by_comment.suppressed == [{"rule": "a/b", "path": "a.py", "line": 1, "reason": "it is so"}]
    assert shown(Finding("a/b", "x", place=Place("a.py", 2)), None, text).suppressed == []
    by_rule = shown(Finding("a/b", "x", place=Place("a.py", 2)), None, text, ignore_rules=("z/*", "a/*"))
    assert by_rule.suppressed == [{"rule": "a/b", "path": "a.py", "line": 2, "reason": "review.ignore_rules"}]
    whole = shown(Finding("a/b", "x"), None, text, ignore_rules=("a/*",))
    assert whole.suppressed == [{"rule": "a/b", "path": "", "line": None, "reason": "review.ignore_rules"}]
    deleted = shown(Finding("a/b", "x", place=Place("a.py", 1, side="LEFT")), text, "y = 2\n")
    assert [item["reason"] for item in deleted.suppressed] == ["it is so"]
    base = shown(Finding("a/b", "x", place=Place("a.py", 1)), None, text, suppressions="base")
    assert base.suppressed == []
    assert "comes with this change" in base.notices[0]


def test_a_comment_that_was_there_counts_whatever_line_of_the_new_file_has_its_number() -> None:
    before, after = "x = 1  # contentkit: ignore[a] it was so\ny = 1\n", "y = 2\n"
    gone = shown(Finding("a/b", "x", place=Place("a.py", 1, side="LEFT")), before, after, suppressions="base")
    assert [item["reason"] for item in gone.suppressed] == ["it was so"]


def test_of_a_patch_alone_its_own_lines_are_shown() -> None:
    whole = changed("a.py", "a\nb\nc\n", "a\nB\nc\n")
    bare = replace(whole, old_text=None, new_text=None)
    for place, quote in (
        (Place("a.py", 2), "B"), (Place("a.py", 2, side="LEFT"), "b"), (Place("a.py", 1, 3), "a\nB\nc"),
        (Place("a.py", 9), ""),
    ):  # fmt: skip
        (finding,) = quoted([Finding("a/b", "x", place=place)], Made(bare), ReviewSettings()).findings  # type: ignore[arg-type]
        assert finding.place is not None
        assert finding.place.quote == quote


def test_no_secret_is_left_in_any_word_of_a_report() -> None:
    said = f"here: {TOKEN}"
    report = Report(
        "review",
        said,
        topic=said,
        fields={"change": said, "suppressed": [{"rule": said, "path": said, "line": 1, "reason": said}]},
        findings=(
            Finding(said, said, category=said),
            Finding("a/b", "x", place=Place(f"{said}.py"), edits=(Edit(f"{said}.py", 1, 1, "x\n"),)),
        ),
        coverage=(Covered(said, "failed", said),),
        notices=(said,),
    )
    told = without_secrets(report)
    assert TOKEN not in repr(told)
    assert told.findings[1].edits == ()
    assert told.fields["suppressed"][0]["line"] == 1


# -- analyzers at work ------------------------------------------------------------------------------------------------


class Look:
    """An analyzer that says what a test tells it to."""

    def __init__(self, *found: Finding, error: str = "") -> None:
        self.found, self.error = found, error

    def begin(self, change: Any, settings: Any) -> Look:
        return self

    def file(self, file: Any) -> list[Finding]:
        if self.error:
            raise ContentkitError(self.error)
        return []

    def end(self) -> list[Finding]:
        return list(self.found)


def test_of_analyzers_only_what_touches_the_change_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = "a\nb\nc\nd\ne\nf\ng\nh\n", "a\nB\nc\nd\ne\nf\ng\nh\n"
    places = [
        Place("a.py", 2), Place("a.py", 1, 2), Place("a.py", 2, 9), Place("a.py", 2, side="LEFT"), Place("a.py"), None,
    ]  # fmt: skip
    off = [Place("a.py", 1), Place("a.py", 3, 8), Place("a.py", 1, side="LEFT"), Place("b.py", 2), Place("b.py")]
    found = [Finding("x/y", "said", place=place) for place in (*places, *off)]
    broken = Look(error="it can't look.")
    analyzers = {"talks": Look(*found), "breaks": broken}
    shelf = SimpleNamespace(names=lambda: list(analyzers), get=analyzers.__getitem__,
                            working=lambda names: [analyzers[name] for name in names])  # fmt: skip
    monkeypatch.setattr("contentkit.kit.plugins.shelf", lambda name: shelf)
    analysis = analyse(Made(changed("a.py", before, after)), ReviewSettings())  # type: ignore[arg-type]
    assert sorted(repr(finding.place) for finding in analysis.findings) == sorted(map(repr, places))
    assert [(unit.name, unit.state, unit.reason) for unit in analysis.failed] == [
        ("a.py by breaks", "failed", "it can't look.")
    ]
    assert (analysis.files, analysis.added, analysis.deleted, analysis.used) == (1, 1, 1, ("talks", "breaks"))
    off_one = analyse(
        Made(changed("a.py", before, after)),  # type: ignore[arg-type]
        ReviewSettings(analyzers={"breaks": {"enabled": False}}),
    )
    assert (off_one.used, off_one.failed) == (("talks",), [])


def test_what_was_stopped_is_not_called_reviewed() -> None:
    files = [changed(f"{name}.py", None, "x = 1\n") for name in "abc"]
    turns = iter([False, True, True])
    analysis = analyse(Made(*files), ReviewSettings(), stopped=lambda: next(turns))  # type: ignore[arg-type]
    assert list(analysis.reviewed) == ["a.py"]
    assert [(unit.name, unit.state) for unit in analysis.skipped] == [("b.py", "failed"), ("c.py", "failed")]


def test_a_file_of_findings_that_is_none_is_named(tmp_path: Path) -> None:
    change = Made(changed("a.py", None, "x = 1\n"))
    (tmp_path / "x.sarif").write_bytes(b"\xff\xfe\x00\x9f")
    for path in (tmp_path / "x.sarif", tmp_path / "none.sarif"):
        with pytest.raises(UsageError, match=path.name):
            analyse(change, ReviewSettings(), sarif=[path])  # type: ignore[arg-type]
