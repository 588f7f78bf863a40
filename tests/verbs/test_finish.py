"""What stands around an article: one more question where it takes one, kept where the text bears it out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes import FakeProvider

from contentkit.core.chat import Finish, Request
from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import CancelledError, UnreachableError
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.drafts.prepare import prepare
from contentkit.kit.kit import Kit
from contentkit.reports import html, markdown, text
from contentkit.write import write

NOTES = (
    "# The ferry\n\nThe ferry leaves the old harbour at 7:40 every morning. It carries 120 people and twelve cars.\n"
)
DRAFT = """# The ferry: {{ 7*7 }}

The ferry leaves the old harbour at 7:40 every morning [1].

## Who travels

It carries 120 people and twelve cars over the water. Nobody has to wait for long. [1]
"""
EXTRAS = {
    "seo_title": "When the ferry leaves the old harbour",
    "seo_description": "The ferry leaves the old harbour at 7:40 every morning. It carries 120 people and twelve cars "
                       "over the water, and nobody has to wait.",
    "pull_quotes": ["Nobody has to wait for long.", "The ferry was built by giants in a day."],
    "faq": [
        {"question": "When does the ferry leave?", "answer": "It leaves the old harbour at 7:40 every morning."},
        {"question": "What does it cost?", "answer": "A ticket costs 9 euros."},
    ],
}  # fmt: skip


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


async def made(notes: Path, *answers: Any, **fields: Any) -> tuple[Report, FakeProvider]:
    provider = FakeProvider(*answers)
    kit = Kit.load()
    kit.providers["fake"] = provider
    brief = Brief("article", "the ferry", (str(notes),), fields=fields, model="fake:one")
    return await write(kit, brief), provider


@pytest.mark.parametrize("citations", ["footnotes", "none", "marks"])
async def test_findings_at_marks_and_beside_them_keep_their_place(notes: Path, citations: str) -> None:
    row = "It likes to wait for people [1]. It is calm [7], and 999 people stay [1]."
    report, _ = await made(
        notes, f"# The ferry\n\n## One\n\n{row}\n", '{"passages": []}', toc=True, citations=citations
    )
    lines = report.body.split("\n")
    shown = {}
    for one in report.findings:
        if (place := one.place) and place.line and place.column and place.end_column:
            assert place.column < place.end_column
            shown[place.quote] = lines[place.line - 1][place.column - 1 : place.end_column - 1]
    assert shown["999"] == "999"
    assert shown["[7]"] == ("[7]" if citations == "marks" else {"footnotes": "[", "none": ","}[citations])


async def test_what_code_can_tell_asks_nothing(notes: Path) -> None:
    report, provider = await made(notes, DRAFT, citations="footnotes", toc=True)
    assert len(provider.requests) == 1
    assert "**Contents**\n\n- [Who travels](#who-travels)\n\n## Who travels" in report.body
    assert report.body.endswith("[^1]: The ferry (notes.md)\n")
    assert "harbour at 7:40 every morning[^1]." in report.body
    assert report.fields == {}


async def test_findings_keep_their_lines_under_what_stands_above_them(notes: Path) -> None:
    """Marks of sources are written otherwise in the line, and contents push it down."""
    draft = DRAFT.replace("It carries 120 people", "It carries 999 people")
    report, _ = await made(notes, draft, '{"passages": []}', citations="footnotes", toc=True)
    (finding,) = [one for one in report.findings if one.rule == "grounding/number"]
    assert finding.place is not None
    assert finding.place.line is not None
    assert report.body.split("\n")[finding.place.line - 1].startswith("It carries 999 people")
    assert finding.place.line > len(draft.split("\n"))


async def test_the_extras_are_asked_once_and_kept_where_the_article_bears_them_out(notes: Path) -> None:
    report, provider = await made(notes, DRAFT, json.dumps(EXTRAS), pull_quotes=2, faq=2, seo=True)
    assert len(provider.requests) == 2
    assert "Nobody has to wait for long." in provider.requests[1].messages[-1].text
    assert report.fields == {
        "title": "The ferry: {{ 7*7 }}",
        "seo": {
            "title": EXTRAS["seo_title"],
            "description": EXTRAS["seo_description"],
            "slug": "the-ferry-7-7",
        },
        "pull_quotes": ["Nobody has to wait for long."],
        "faq": [EXTRAS["faq"][0]],
    }
    assert "> Nobody has to wait for long.\n" in report.body
    assert "### When does the ferry leave?\n\nIt leaves the old harbour at 7:40 every morning.\n" in report.body
    assert "giants" not in report.body
    assert "9 euros" not in report.body
    assert {
        "1 pull quote was left out: the article does not say it word for word",
        "1 question was left out: the article does not answer it so",
    } <= set(report.notices)
    assert report.exit_code() == 0
    assert not [finding for finding in report.findings if finding.rule.startswith("limits/")]


async def test_what_search_pages_cut_off_is_told(notes: Path) -> None:
    long = {**EXTRAS, "seo_title": "The ferry " * 8, "seo_description": "Short."}
    report, _ = await made(notes, DRAFT, json.dumps(long), seo=True)
    rules = {finding.rule: finding.place.path for finding in report.findings if finding.place}
    assert (rules["limits/seo-title"], rules["limits/seo-description"]) == ("seo.title", "seo.description")


async def test_a_description_says_nothing_that_the_article_does_not(notes: Path) -> None:
    wrong = {**EXTRAS, "seo_description": "The ferry leaves the old harbour at 8:40 every morning."}
    report, _ = await made(notes, DRAFT, json.dumps(wrong), seo=True)
    assert report.fields["seo"]["description"] == ""
    assert "the description for search pages was left out: it says what the article does not" in report.notices


async def test_an_article_stands_without_its_extras_when_they_fail(notes: Path) -> None:
    report, _ = await made(notes, DRAFT, UnreachableError("the line is dead"), pull_quotes=1, toc=True)
    assert report.finish is Finish.STOP
    assert "**Contents**" in report.body
    assert any("the article stands without pull quotes" in notice and "dead" in notice for notice in report.notices)


async def test_stopping_while_the_extras_are_asked_is_stopping_and_keeps_the_text(notes: Path) -> None:
    report, _ = await made(notes, DRAFT, CancelledError("stopped."), pull_quotes=1, toc=True)
    assert report.finish is Finish.CANCELLED
    assert "stopped before the parts around the text were made" in report.notices
    assert "The ferry leaves the old harbour" in report.body


async def test_a_draft_that_broke_off_gets_nothing_around_it(notes: Path) -> None:
    from contentkit.core.chat import Done, TextDelta

    report, provider = await made(notes, [TextDelta(DRAFT), Done(Finish.LENGTH)], pull_quotes=1, toc=True)
    assert len(provider.requests) == 1
    assert "Contents" not in report.body


async def test_a_secret_of_the_article_is_not_sent_again(notes: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    notes.write_text(f"{NOTES}\nThe token is {token}.\n", encoding="utf-8")

    def answer(request: Request) -> str:
        if request.schema is not None:
            return json.dumps({**EXTRAS, "seo_description": "The token is [secret-1:github-token], they say."})
        return DRAFT + "\nThe token is [secret-1:github-token].\n"

    provider = FakeProvider(answer, local=False, url="https://vendor.example/v1")
    kit = Kit.load()
    kit.providers["fake"] = provider
    report = await write(kit, Brief("article", "the ferry", (str(notes),), fields={"seo": True}, model="fake:one"))
    assert token not in repr(provider.requests)
    assert token in report.fields["seo"]["description"]


async def test_the_question_is_counted_in_the_price(notes: Path) -> None:
    kit = Kit.load()
    kit.providers["fake"] = FakeProvider(DRAFT)

    async def questions(**fields: Any) -> int:
        prepared = await prepare(kit, Brief("article", "the ferry", (str(notes),), fields=fields, model="fake:one"))
        return prepared.preflight().questions

    assert [await questions(), await questions(toc=True), await questions(faq=1)] == [1, 1, 2]


@pytest.mark.parametrize("citations", ["footnotes", "none", "marks"])
async def test_findings_keep_line_and_column_beside_quotes_and_footnotes(notes: Path, citations: str) -> None:
    """Each paragraph has a mark, so that each line changes, and quotes come between them."""
    rows = [
        f"Ferry {number} is old and likes to wait for people [1]. It carries {number}99 people [1], and it is calm."
        for number in range(3, 9)
    ]
    draft = "# The ferry\n\n" + "".join(f"## Part {number}\n\n{row}\n\n" for number, row in enumerate(rows))
    quotes = {
        **EXTRAS,
        "pull_quotes": ["Ferry 3 is old and likes to wait for people.", "Ferry 6 is old and likes to wait for people."],
    }
    report, _ = await made(
        notes, draft, '{"passages": []}', json.dumps(quotes), pull_quotes=2, toc=True, citations=citations
    )
    found = [finding.place for finding in report.findings if finding.rule == "grounding/number" and finding.place]
    lines = report.body.split("\n")
    assert report.body.count("\n> ") == 2
    assert len(found) >= len(rows)
    for place in found:
        assert place.line
        assert place.column
        assert lines[place.line - 1][place.column - 1 :].startswith(place.quote.split()[0])


async def test_the_outline_is_the_rule_over_600_words_or_when_wished(notes: Path) -> None:
    sections = [{"heading": name, "points": [f"point of {name}"], "words": 200} for name in "ABC"]
    outline = {"title": "T", "summary": "S", "sections": sections}
    words: list[int] = []

    def answer(request: Request) -> str:
        if request.schema is not None:
            return json.dumps(outline)
        if "section" not in request.fields:
            return DRAFT
        words.append(request.fields["section"]["words"])
        heading = request.fields["section"]["heading"]
        return f"## {heading}\n\n" + f"The {heading} boat sails. " * (20 if heading == "A" else 45)

    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 1), ({"outline": True}, 4), ({"length": 700}, 4), ({"length": 700, "outline": False}, 1),
    ]  # fmt: skip
    for fields, number in cases:
        _, provider = await made(notes, answer, **fields)
        assert len(provider.requests) == number, fields
    words.clear()
    _, provider = await made(notes, answer, length=620)
    # A section that ran short is made up for by the others; none gets more than 1.6 of its plan.
    assert words[0] == 206
    assert words[1] == round((620 - 82) / 2)
    asked = provider.requests[1].messages[-1].text
    assert "The next section, B, says this" in asked
    assert "- point of B" in asked
    assert "The A boat sails." in provider.requests[2].messages[-1].text
    assert "The next section" not in provider.requests[3].messages[-1].text


@pytest.mark.parametrize("generator", ["hugo", "jekyll", "astro"])
@pytest.mark.parametrize(
    "title",
    [
        "A: b #c",
        "'quoted' \"twice\"",
        "--- | >",
        "{{ x }} %}",
        "- [x]: &y *z",
        "日本語：題名",
        "true",
        "!!python/object:x",
    ],
)
async def test_front_matter_is_yaml_whatever_the_title(notes: Path, generator: str, title: str) -> None:
    extras = {**EXTRAS, "seo_title": title}
    draft = DRAFT.replace("# The ferry: {{ 7*7 }}", f"# {title}")
    report, _ = await made(notes, draft, json.dumps(extras), front_matter=generator)
    assert report.body.startswith("# ")
    for module in (markdown, text):
        page = module.render(report)
        _, head, body = page.split("---\n", 2)
        data = yaml.safe_load(head)
        assert data["title"] == report.fields["title"]
        assert data["description"] == EXTRAS["seo_description"]
        assert str(data["pubDate" if generator == "astro" else "date"]) == report.created[:10]
        assert data["published" if generator == "jekyll" else "draft"] is (generator != "jekyll")
        assert "Written by a language model (fake:one" in str(data)
        assert body.startswith("\nThe ferry leaves the old harbour at 7:40 every morning [1].\n\n## Who")


async def test_a_reviewed_article_is_no_draft_any_more(notes: Path) -> None:
    from dataclasses import replace

    report, _ = await made(notes, DRAFT, json.dumps(EXTRAS), front_matter="hugo")
    named = replace(report, disclosure=Disclosure(reviewer="Aiko"))  # who is to review it has not done so yet
    assert "draft: true" in markdown.render(named)
    signed = replace(report, disclosure=Disclosure(reviewer="Aiko", reviewed="2026-11-24"))
    assert "draft: false" in markdown.render(signed)
    assert "Reviewed by Aiko" in markdown.render(signed).split("---\n")[1]


async def test_the_page_is_an_article_with_navigation_and_description(notes: Path) -> None:
    wishes = {"seo": True, "toc": True, "pull_quotes": 1, "citations": "footnotes"}
    report, _ = await made(notes, DRAFT, json.dumps(EXTRAS), **wishes)
    page = html.render(report)
    assert f'<meta name="description" content="{EXTRAS["seo_description"]}">' in page
    assert "<title>When the ferry leaves the old harbour</title>" in page
    assert '<header>\n<h1 id="the-ferry--77-">' in page
    assert '<nav aria-label="Contents">\n<ul>\n<li><a href="#who-travels">' in page
    assert '<h2 id="who-travels">' in page
    assert '<blockquote class="pull">\n<p>Nobody has to wait for long.</p>' in page
    assert page.count('<a href="#fn1"') == 2
    assert "[1:1]" not in page
    pages = html.join([page, page])
    assert 'id="v2-who-travels"' in pages
    assert 'href="#v2-who-travels"' in pages


async def test_offline_picks_the_extras_from_the_article(notes: Path) -> None:
    notes.write_text(
        "# The ferry\n\nThe ferry leaves the old harbour at 7:40 every morning. It carries 120 people.\n\n"
        "## When does it sail in winter?\n\nIn winter the last boat sails at 20:00. Ice is too thick after that.\n\n"
        "## Costs\n\nThe boat cost 14 million euros in all. A return ticket still costs 9 euros.\n",
        encoding="utf-8",
    )
    wishes = {"seo": True, "pull_quotes": 1, "faq": 2, "toc": True}
    report = await write(Kit.load(), Brief("article", "", (str(notes),), fields=wishes, model="offline"))
    assert report.fields["seo"]["title"] == "The ferry"
    assert report.fields["seo"]["description"].startswith("The ferry leaves the old harbour at 7:40")
    (row,) = report.fields["faq"]
    assert row["question"] == "When does it sail in winter?"
    assert row["answer"].startswith("In winter the last boat sails at 20:00.")
    assert report.fields["pull_quotes"][0] in report.body.replace("> ", "", 1)
    assert "1 of 2 questions were found that the article answers" in report.notices
