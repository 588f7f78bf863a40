"""A campaign from its file to its folder, with a provider that says what the test tells it to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import Answer, FakeProvider

from contentkit.campaign import campaign
from contentkit.campaigns.plan import Wanted, digest, read_plan
from contentkit.campaigns.survey import report_of
from contentkit.core.chat import Request
from contentkit.core.errors import AuthenticationError, UsageError
from contentkit.core.model import Price
from contentkit.kit.kit import Kit
from contentkit.models.purse import Purse

BRIEF = """
topic = "The new ferry"
languages = ["en"]
sources = ["notes.md"]
tone = "plain"

[facts]
capacity = "120 people"
crossing = "35 minutes"
"first trip" = 2026-12-01
captain = "Mara Lindqvist"

[[pieces]]
kind = "article"
name = "news"

[[pieces]]
kind = "email"

[[pieces]]
kind = "social"
platforms = ["x"]
"""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NEWS = (
    "# The new ferry\n\nThe first trip is on 1 December 2026. The capacity of the ferry is 120 people. "
    "The crossing takes 35 minutes, and the captain is Mara Lindqvist.\n"
)
EMAIL = {
    "subject": "The first trip is on 1 December",
    "preheader": "The crossing takes 35 minutes, and there is room for all of you",
    "body": "Hello,\n\nthe crossing takes 35 minutes. The captain is Mara Lindqvist.",
    "call_to_action": "Come on board on 1 December 2026",
    "signature": "The harbour office",
}
POST = {"posts": [{"platform": "x", "text": "The ferry has a capacity of 120 people.", "hashtags": [], "alt_text": ""}]}
ANSWERS = {"article": NEWS, "email": json.dumps(EMAIL), "social": json.dumps(POST)}


def answer(request: Request) -> str:
    return ANSWERS.get(str(request.fields["kind"]), json.dumps({"passages": []}))


def kit_with(*answers: Answer | Callable[[Request], Answer], **settings: Any) -> tuple[Kit, FakeProvider]:
    provider = FakeProvider(*(answers or (answer,)), **settings)
    kit = Kit.load(history=False)
    kit.providers["fake"] = provider
    return kit, provider


@pytest.fixture(autouse=True)
def brief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text("The ferry of the old harbour is new, and all of you have room on board.\n", "utf-8")
    path = tmp_path / "ferry.toml"
    path.write_text(BRIEF, encoding="utf-8")
    return path


async def made(kit: Kit, folder: str = "out", **more: Any) -> Any:
    plan = await read_plan(kit, Path("ferry.toml"), Wanted("fake:one"))
    return await campaign(kit, plan, Path(folder), **more)


async def test_every_piece_is_written_from_the_same_facts_and_sources() -> None:
    kit, provider = kit_with()
    pieces = await made(kit)
    assert [one.order.name for one in pieces] == ["news", "email", "social"]
    for request in provider.requests[:3]:
        said = "\n".join(message.text for message in request.messages)
        assert "- captain: Mara Lindqvist" in said
        assert "The ferry of the old harbour" in said
        assert "The new ferry" in said
    assert {path.name for path in Path("out").iterdir()} == {
        "campaign.json", "index.html",
        *(f"{name}.{ending}" for name in ("news", "email", "social") for ending in ("md", "html", "json")),
    }  # fmt: skip
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert "email-subject: 31 of 60" in page, "where inboxes cut, not what a header may hold"
    for link in re.findall(r'href="([^"#]+)"', page):
        assert Path("out", link).is_file()
    assert "3 of 3 pieces fit" in page
    assert "120 people" in page


PLANTED = [
    ("news", "120 people", "150 people"),
    ("news", "35 minutes", "53 minutes"),
    ("news", "1 December 2026", "2 December 2026"),
    ("news", "Mara Lindqvist", "Mara Lindquist"),
    ("news", "Mara Lindqvist", "Erik Holm"),
    ("email", "35 minutes", "45 minutes"),
    ("email", "1 December 2026", "1 November 2026"),
    ("email", "Mara Lindqvist", "Marta Lindqvist"),
    ("social", "120 people", "12 people"),
]


@pytest.mark.parametrize(("name", "true", "planted"), PLANTED)
async def test_a_planted_number_date_or_name_is_found_in_any_piece(name: str, true: str, planted: str) -> None:
    kit, provider = kit_with()
    clean = await made(kit)
    assert not any(finding.severity.rank <= 1 for one in clean for finding in one.findings)
    asked = len(provider.requests)
    path = Path(f"out/{name}.{'md' if name == 'news' else 'json'}")
    text = path.read_text(encoding="utf-8")
    assert true in text
    path.write_text(text.replace(true, planted), encoding="utf-8")
    pieces = await made(kit, resume=True)
    assert len(provider.requests) == asked
    found = [
        finding for one in pieces if one.order.name == name for finding in one.findings if finding.severity.rank <= 1
    ]
    assert found, name
    assert all(finding.place is not None and finding.place.path.startswith(name) for finding in found)
    assert max(one.exit_code for one in pieces) == 1


async def test_a_draft_that_breaks_a_fact_is_mended_by_the_model() -> None:
    wrong = NEWS.replace("35 minutes", "53 minutes")
    mended = "The crossing takes 35 minutes, and the captain is Mara Lindqvist."
    turns = iter([wrong, json.dumps({"passages": [{"number": 1, "text": mended}]})])
    kit, provider = kit_with(lambda request: next(turns))
    Path("ferry.toml").write_text(BRIEF.partition('[[pieces]]\nkind = "email"')[0], encoding="utf-8")
    (piece,) = await made(kit)
    assert "35 minutes" in piece.report.body
    assert not any(finding.rule.startswith("agreement") for finding in piece.findings)
    asked = "\n".join(message.text for message in provider.requests[1].messages)
    assert "crossing" in asked


async def test_resume_asks_only_for_what_is_missing_or_was_made_of_something_else() -> None:
    broken = AuthenticationError("no key")
    kit, provider = kit_with(lambda request: broken if request.fields["kind"] == "email" else answer(request))
    pieces = await made(kit, at_once=1)
    assert [one.report is not None for one in pieces] == [True, False, False]
    assert "not begun" in pieces[2].error  # so would the next one have failed
    assert report_of(await read_plan(kit, Path("ferry.toml"), Wanted("fake:one")), pieces, Path("out")).exit_code() == 3
    kit, provider = kit_with()
    pieces = await made(kit, resume=True)
    assert [one.kept for one in pieces] == [True, False, False]
    assert {request.fields["kind"] for request in provider.requests} == {"email", "social"}
    kit, provider = kit_with()
    await made(kit, resume=True)
    assert provider.requests == []
    Path("ferry.toml").write_text(BRIEF.replace('platforms = ["x"]', 'platforms = ["x"]\ntone = "warm"'), "utf-8")
    pieces = await made(kit, resume=True)
    assert [one.kept for one in pieces] == [True, True, False]
    Path("ferry.toml").write_text(BRIEF.replace("120 people", "130 people"), encoding="utf-8")
    pieces = await made(kit, resume=True)
    assert [one.kept for one in pieces] == [False, False, False]


class Priced:
    """The catalogue with a price for every model."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def info(self, provider: str, name: str) -> Any:
        return replace(self._catalogue.info(provider, name), price=Price(10.0, 10.0))


async def test_the_bound_of_money_holds_for_all_pieces() -> None:
    kit, provider = kit_with(local=False, url="https://a.test")
    kit.catalogue = Priced(kit.catalogue)  # type: ignore[assignment]
    kit.purse = Purse(0.0, patient=True)
    pieces = await made(kit)
    assert all(one.report is None for one in pieces)
    assert provider.requests == []
    assert all(one.exit_code for one in pieces)


async def test_several_languages_make_a_piece_each() -> None:
    Path("ferry.toml").write_text(BRIEF.replace('["en"]', '["en", "ja"]'), encoding="utf-8")
    kit, _ = kit_with()
    plan = await read_plan(kit, Path("ferry.toml"), Wanted("fake:one"))
    assert [order.name for order in plan.orders] == [
        "news.en", "news.ja", "email.en", "email.ja", "social.en", "social.ja",
    ]  # fmt: skip
    assert [order.brief.language for order in plan.orders[:2]] == ["en", "ja"]
    assert len({digest(kit, plan, order) for order in plan.orders}) == 6


async def test_no_piece_takes_the_files_of_another_or_of_the_page(brief: Path) -> None:
    """Names that differ by their capitals are one file on many systems."""
    rows = "".join(f'[[pieces]]\nkind = "article"\nname = "{name}"\n' for name in ("News", "news", "index", "Campaign"))
    brief.write_text(f'topic = "The new ferry"\n{rows}', encoding="utf-8")
    plan = await read_plan(Kit.load(history=False), brief)
    assert [order.name for order in plan.orders] == ["News", "news-2", "index-2", "Campaign-2"]


async def test_what_the_campaign_says_holds_for_each_piece_that_says_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "ferries"
    folder.mkdir()
    (folder / "house.toml").write_text("sentence_words = 20\n", encoding="utf-8")
    (folder / "me.txt").write_text("I write short.\n", encoding="utf-8")
    shared = 'topic = "The ferry"\naudience = "readers"\ntone = "plain"\nvoice = "me.txt"\nstyle = "house.toml"\n'
    rows = '[[pieces]]\nkind = "article"\n[[pieces]]\nkind = "email"\ntone = "warm"\ntopic = "A letter"\n'
    (folder / "ferry.toml").write_text(shared + rows, encoding="utf-8")
    plan = await read_plan(Kit.load(history=False), folder / "ferry.toml")
    said = [(one.brief.topic, *(one.brief.fields[key] for key in ("audience", "tone", "voice"))) for one in plan.orders]
    voice = "I write short.\n"
    assert said == [("The ferry", "readers", "plain", voice), ("A letter", "readers", "warm", voice)]
    assert plan.style == folder / "house.toml"


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_it_works_without_a_model(language: str) -> None:
    Path("notes.md").write_text(
        {
            "en": NEWS,
            "ja": "新しい渡し船の定員は120人です。港までは35分かかります。船長はマーラ・リンドクヴィストさんです。\n",
        }[language],
        "utf-8",
    )
    Path("ferry.toml").write_text(BRIEF.replace('["en"]', f'["{language}"]'), encoding="utf-8")
    kit = Kit.load(history=False)
    plan = await read_plan(kit, Path("ferry.toml"), Wanted("offline"))
    pieces = await campaign(kit, plan, Path("out"))
    assert all(one.report is not None and one.report.language == language for one in pieces)
    assert all("120" in one.report.body for one in pieces if one.report and one.order.name == "news")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tone = "plain"', 'tome = "plain"', "line 5: There is no key of a campaign called 'tome'"),
        ('kind = "email"', 'kind = "emial"', "line 17, pieces[1]: "),
        ('platforms = ["x"]', "platforms = 3", "pieces[2]: "),
        ('platforms = ["x"]', 'platform = ["x"]', "pieces[2]: "),
        ('kind = "email"', "", "pieces[1]: it has no kind"),
        ('capacity = "120 people"', "capacity = true", "facts.capacity has no value"),
        ('["notes.md"]', '["../../etc/passwd"]', "outside of its folder"),
        ('["notes.md"]', '["nothing.md"]', "nothing.md"),
        ('["notes.md"]', '["-"]', "standard input"),
        ('["en"]', '["english"]', "no code of a language"),
        ("[[pieces]]", "[pieces]", "ferry.toml"),
        ('topic = "', "topic = ", "no valid TOML"),
        ('languages = ["en"]', 'languages = ["en"]\nlanguage = "ja"', "language and languages stand side by side"),
        ('name = "news"', f"languages = {[f'a{a}{b}' for a in LETTERS for b in LETTERS][:201]}", "at most 200 pieces"),
    ],
)
async def test_a_wrong_brief_is_one_sentence(brief: Path, old: str, new: str, said: str) -> None:
    brief.write_text(BRIEF.replace(old, new, 1) if old != "[[pieces]]" else BRIEF.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError) as error:
        await read_plan(Kit.load(history=False), brief)
    assert said in str(error.value)
    assert "\n" not in error.value.message


async def test_nothing_in_a_brief_or_an_answer_is_markup_on_the_page() -> None:
    evil = "<script>alert(1)</script>"
    Path("ferry.toml").write_text(
        BRIEF.replace("The new ferry", evil).replace("120 people", f"120 people {evil}"), "utf-8"
    )
    kit, _ = kit_with(lambda request: answer(request).replace("ferry", evil.replace('"', "'")))
    await made(kit)
    for page in Path("out").glob("*.html"):
        assert "<script>" not in page.read_text(encoding="utf-8")


async def test_facts_are_in_the_language_of_the_brief_though_a_few_kanji_tell_none(brief: Path) -> None:
    Path("notes.md").write_text("港では三月から電気の渡し船が走っています。岸壁から充電します。\n", encoding="utf-8")
    brief.write_text(
        'topic = "渡し船"\nlanguage = "ja"\nsources = ["notes.md"]\n\n[facts]\n"定員" = "120人"\n'
        '"開業日" = 2026-12-01\n"船長" = "田中花子"\n\n[[pieces]]\nkind = "article"\n',
        encoding="utf-8",
    )
    kit = Kit.load(history=False)
    (piece,) = await campaign(kit, await read_plan(kit, brief, Wanted("offline:draft")), Path("out"))
    assert piece.report is not None
    assert "田中花子" in piece.report.body
    assert not [notice for notice in piece.report.notices if "another language" in notice]
