"""Four kinds by three kinds of engine, in two languages: what somebody sees who runs contentkit for the first time."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from notes import NOTES
from rulers import MARK, SPLIT, is_over, squeezed, weighted
from stubserver import stub_server

from contentkit.core.chat import Finish
from contentkit.core.piece import Brief
from contentkit.core.report import Report, Severity
from contentkit.core.text.markdown import plain
from contentkit.core.text.prose import detect
from contentkit.kit.kit import Kit
from contentkit.kit.reading import read_all
from contentkit.write import write

KINDS = ("article", "email", "social", "video-script")
PLATFORMS = ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"]
DURATION = 90
FIELDS: dict[str, dict[str, Any]] = {"social": {"platforms": PLATFORMS}, "video-script": {"duration": DURATION}}
JUNK = ("Subscribe", "All rights", "newsletter", "[Home]", "ニュースレター", "無断転載", "ホーム")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for language, text in NOTES.items():
        (tmp_path / f"{language}.md").write_text(text, encoding="utf-8")
    return tmp_path


def brief(kind: str, source: Path, language: str, model: str, **more: Any) -> Brief:
    return Brief(kind, "", (str(source),), language, {**FIELDS.get(kind, {}), **more.pop("fields", {})}, model, more)


# What a user could check with a ruler, counted without contentkit.


def over(post: dict[str, Any]) -> bool:
    return is_over(post["platform"], post["text"])


def ends(scenes: list[dict[str, Any]]) -> int:
    """The second at which a script ends; its scenes must follow each other."""
    end = 0
    for scene in scenes:
        assert scene["start"] == end
        end += scene["seconds"]
    return end


def chapters_are_taken(chapters: list[dict[str, Any]], end: int) -> bool:
    """Whether YouTube shows them."""
    starts = [chapter["start"] for chapter in chapters]
    gaps = [after - before for before, after in zip(starts, [*starts[1:], end], strict=False)]
    return not starts or (starts[0] == 0 and len(starts) >= 3 and min(gaps) >= 10)


def said(report: Report) -> Iterator[str]:
    """The prose of an offline draft: no titles, labels and marks."""
    fields = report.fields
    if report.kind == "article":
        body = re.split(r"^## (?:Sources|出典|Quellen)$", report.body, flags=re.MULTILINE)[0]
        texts = [re.sub(r"^(?:[-*]|\d+\.) ", "", line) for line in body.splitlines() if not line.startswith("#")]
    elif report.kind == "email":
        texts = [fields["preheader"], *fields["body"].split("\n")]
    elif report.kind == "social":
        texts = [re.sub(r"#\w+", "", line) for post in fields["posts"] for line in post["text"].split("\n")]
    else:
        texts = [fields["hook"], fields["description"]]
        texts += [re.sub(r"^(?:VO|NA): ", "", scene["audio"]) for scene in fields["scenes"]]
    for text in texts:
        yield from (part for part in SPLIT.split(plain(MARK.sub("", text))) if part.strip())


def assert_a_draft_to_work_from(report: Report, source: str, language: str) -> None:
    """An offline draft: all of it from the source, whole, in the language, within all limits, and honest about it."""
    assert report.exit_code() == 0
    assert (report.model, report.language, report.sent_to) == ("offline:draft", language, "")
    assert any("Offline draft" in notice for notice in report.notices)
    held = squeezed(plain(source)) + squeezed(source)
    sentences = list(said(report))
    assert len(sentences) >= 3
    for sentence in sentences:
        assert squeezed(sentence) in held
    assert detect(" ".join(sentences)) == language
    assert not [word for word in JUNK if word in report.body]
    fields = report.fields
    if report.kind == "email":
        assert weighted(fields["subject"]) <= 60
        assert not fields["subject"].endswith((".", "。"))
        lines = report.body.splitlines()
        assert lines.index(f"→ {fields['call_to_action']}") < lines.index(fields["signature"])
    if report.kind == "social":
        assert [post["platform"] for post in fields["posts"]] == PLATFORMS
        assert not [post["platform"] for post in fields["posts"] if over(post)]
        assert not [post for post in fields["posts"] if re.match(r"[-*#>]|(?:This|It|これ|それ)\b", post["text"])]
    if report.kind == "video-script":
        end = ends(fields["scenes"])
        assert end == DURATION
        assert chapters_are_taken(fields["chapters"], end)
        assert fields["hook"] in fields["scenes"][0]["audio"]


@pytest.mark.parametrize("language", NOTES)
@pytest.mark.parametrize("kind", KINDS)
async def test_offline(kind: str, language: str, notes: Path) -> None:
    report = await write(Kit.load(), brief(kind, notes / f"{language}.md", "", "offline"))
    assert_a_draft_to_work_from(report, NOTES[language], language)
    if kind == "social":
        firsts = [post["text"].split("\n")[0] for post in report.fields["posts"]]
        assert len(set(firsts)) == len(firsts)
    if kind != "social":
        assert "A library on a bus" in report.body or "山の村へ行く図書館バス" in report.body


@pytest.mark.parametrize("kind", KINDS)
async def test_offline_does_not_translate_and_says_so(kind: str, notes: Path) -> None:
    report = await write(Kit.load(), brief(kind, notes / "en.md", "ja", "offline"))
    assert report.exit_code() == 1
    assert [finding.rule for finding in report.findings if finding.severity != "info"] == ["language/other"]
    assert any("keep the language of the sources (en)" in notice for notice in report.notices)


@pytest.mark.parametrize("kind", KINDS)
async def test_offline_over_real_documents(kind: str, shared: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    kit = Kit.load()
    for path in sorted((shared / "data" / "sources").iterdir()):
        if path.suffix == ".html" and not importlib.util.find_spec("trafilatura"):
            continue
        report = await write(kit, brief(kind, path, "", "offline"))
        reading = await read_all((str(path),), kit.config.read)
        assert_a_draft_to_work_from(report, reading.texts[0].text, path.name[:2])


@pytest.fixture(scope="module")
def tiny() -> str:
    for library in ("torch", "transformers", "llguidance"):
        pytest.importorskip(library, reason=f"{library} is not installed (contentkit[local])")
    from tinymodel import tiny_model

    return f"transformers:{tiny_model()}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_model_in_this_process(kind: str, notes: Path, tiny: str) -> None:
    """It babbles: its form must hold, and what it breaks must be found."""
    short = {"social": {"platforms": ["x", "mastodon"]}, "video-script": {"duration": 12}}
    wish = brief(kind, notes / "en.md", "en", tiny, fields=short.get(kind, {"length": 40}), seed=3, max_tokens=250)
    kit = Kit.load()
    report = await write(kit, wish)
    assert (report.sent_to, report.cost or 0) == ("", 0)
    if report.finish is not Finish.STOP:
        assert report.finish is Finish.LENGTH
        assert report.exit_code() == 3
        return
    if kind == "article":
        return
    schema = kit.prompts.get(kind).schema
    assert schema is not None
    added = {"length", "parts"}  # by code, not by the model
    posts = [{key: part for key, part in post.items() if key not in added} for post in report.fields.get("posts", ())]
    answered = {**report.fields, **({"posts": posts} if posts else {})}
    jsonschema.validate(answered, schema.body)
    broken = {finding.place.path for finding in report.findings if finding.place}
    assert report.exit_code() == int(any(finding.severity is Severity.MAJOR for finding in report.findings))
    if kind == "social":
        posts = report.fields["posts"]
        for number, post in enumerate(posts):
            assert not over(post) or f"posts[{number}].text" in broken
        if {"x", "mastodon"} - {post["platform"] for post in posts}:
            assert "posts" in broken
    if kind == "video-script" and len(report.fields["scenes"]) <= 12:
        assert ends(report.fields["scenes"]) == 12


SENTENCES = {
    "en": "The library bus of Marrow County stops in 31 villages and lends 4,200 books to its readers every month.",
    "ja": "図書館バスは三十一の村を回り、毎月四千二百冊の本を利用者に貸し出しています。",
}


def answer(kind: str, language: str, times: int = 1) -> str:
    """A plausible answer of a hosted model; with ``times``, its one sentence so often."""
    text = " ".join([SENTENCES[language]] * times)
    data: dict[str, Any] = {
        "email": {
            "subject": text[:20],
            "preheader": SENTENCES[language][21:75],
            "body": text,
            "call_to_action": {"en": "Reply with a day", "ja": "ご希望の日をご返信ください"}[language],
            "signature": "Ruth",
        },
        "social": {
            "posts": [
                {"platform": name, "text": f"{text} #{name}{number}", "hashtags": [f"{name}{number}"], "alt_text": ""}
                for number, name in enumerate(PLATFORMS)
            ]
        },
        "video-script": {
            "title": text[:30],
            "hook": text,
            "scenes": [
                {
                    "start": start,
                    "seconds": 30 * times,
                    "shot": "wide",
                    "place": "bus",
                    "video": text,
                    "audio": f"VO: {text}",
                    "on_screen": "",
                }
                for start in range(0, DURATION * times, 30 * times)
            ],
            "call_to_action": text[:40],
            "thumbnail": text[:8],
            "description": text,
            "chapters": [],
            "tags": ["bus"],
        },
    }.get(kind)
    return f"# {text[:20]}\n\n{text} [1]" if kind == "article" else json.dumps(data, ensure_ascii=False)


async def hosted(
    kind: str, language: str, notes: Path, monkeypatch: pytest.MonkeyPatch, *answers: str
) -> tuple[Report, list[dict[str, Any]]]:
    left = list(answers)
    with stub_server(lambda body: left.pop(0) if len(left) > 1 else left[0]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
        kit = Kit.load()
        report = await write(kit, brief(kind, notes / f"{language}.md", language, "openai:gpt-5-mini"))
        await kit.aclose()
        return report, server.requests


@pytest.mark.parametrize("language", NOTES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_hosted_model(kind: str, language: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report, requests = await hosted(kind, language, notes, monkeypatch, answer(kind, language))
    assert len(requests) == 1
    assert SENTENCES[language] in report.body
    assert report.exit_code() == 0
    asked = json.dumps(requests[0], ensure_ascii=False)
    assert {"en": "Marrow County", "ja": "図書館バス"}[language] in asked
    assert {"en": "in English", "ja": "日本語"}[language] in asked
    assert ("json_schema" in asked) == (kind != "article")


@pytest.mark.parametrize("kind", KINDS)
async def test_the_wrong_language_is_mended_or_told(kind: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, right = answer(kind, "en"), answer(kind, "ja")
    report, requests = await hosted(kind, "ja", notes, monkeypatch, wrong, right)
    assert (len(requests), report.exit_code(), "repaired once" in str(report.notices)) == (2, 0, True)
    report, requests = await hosted(kind, "ja", notes, monkeypatch, wrong)
    assert (len(requests), report.exit_code()) == (2, 1)
    assert "The text is in English, not in Japanese." in [finding.message for finding in report.findings]


@pytest.mark.parametrize("language", NOTES)
async def test_posts_over_their_limit_are_mended_or_cut_and_told(
    language: str, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = answer("social", language, times=8), answer("social", language)
    texts = [post["text"] for post in json.loads(long)["posts"]]
    fitting = {text: post["text"] for text, post in zip(texts, json.loads(short)["posts"], strict=True)}
    too_long = [text for name, text in zip(PLATFORMS, texts, strict=True) if over({"platform": name, "text": text})]
    anew = {"passages": [{"number": n, "text": fitting[text]} for n, text in enumerate(too_long, 1)]}
    report, _ = await hosted("social", language, notes, monkeypatch, long, json.dumps(anew))
    assert report.exit_code() == 0
    kept = [post["text"] for post in report.fields["posts"]]
    assert kept == [fitting[text] if text in too_long else text for text in texts]
    report, _ = await hosted("social", language, notes, monkeypatch, long)
    assert report.exit_code() == 1
    cut = {one.place.path: one for one in report.findings if one.rule == "limits/cut" and one.place}
    assert not any(map(over, report.fields["posts"]))
    for number, (text, post) in enumerate(zip(texts, report.fields["posts"], strict=True)):
        finding = cut.pop(f"posts[{number}].text", None)
        assert (finding is not None) == (text in too_long)
        if finding:  # the words that are gone are in the finding, all others in the post
            gone = finding.message.partition("left out: “")[2].removesuffix("”")
            assert finding.severity is Severity.MAJOR
            assert sorted(squeezed(post["text"]) + squeezed(gone)) == sorted(squeezed(text))
    assert not cut


async def test_a_script_that_runs_over_is_brought_to_its_time(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report, questions = await hosted("video-script", "en", notes, monkeypatch, answer("video-script", "en", times=2))
    assert ends(report.fields["scenes"]) == DURATION
    told = f"the times of the rows were set anew: they ran {2 * DURATION} s, and fill {DURATION} s now"
    assert told in report.notices
    assert len(questions) == 1


async def test_forgotten_posts_are_told(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = json.dumps({"posts": json.loads(answer("social", "en"))["posts"][:2]})
    report, _ = await hosted("social", "en", notes, monkeypatch, two)
    assert report.exit_code() == 1
    assert report.findings[0].message == "no post for mastodon, threads, linkedin, instagram, facebook"


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_broken_json_is_asked_again_once(kind: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = answer(kind, "en")
    report, requests = await hosted(kind, "en", notes, monkeypatch, whole[: len(whole) // 2], whole)
    assert (len(requests), report.exit_code()) == (2, 0)
    assert SENTENCES["en"] in report.body
