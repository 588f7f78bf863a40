"""Every document through every kind, without a model: limits, sentences and files held against counts and parsers that
know nothing of contentkit."""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import astuple
from email import message_from_bytes
from email.policy import default
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from gitrepo import Repo
from notes import NOTES
from rulers import ADDRESS, Stack, is_over, sentences, squeezed, weighted

from contentkit.core.chat import Finish
from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report, Severity
from contentkit.core.text.markdown import plain
from contentkit.kit.kit import Kit
from contentkit.kit.plugins import shelf
from contentkit.kit.reading import read_all
from contentkit.providers._offline.reply_words import reply_words
from contentkit.write import write

SHARED = Path(__file__).parents[3] / "shared" / "data" / "sources"
DOCUMENTS = [*NOTES, *(sorted(path.name for path in SHARED.iterdir()) if SHARED.is_dir() else ["../shared"])]
PROMPTS = Kit.load(env={}, history=False, cache=False).prompts
KINDS = sorted(PROMPTS.kinds())
REFUSE = ("alt-text", "translate")
OF_CODE = [kind for kind in KINDS if PROMPTS.get(kind).sources]
OF_TEXT = [kind for kind in KINDS if kind not in OF_CODE and kind not in REFUSE]
FORMS = sorted(shelf("reports").names())
FITS = {
    "srt": {"video-script"}, "vtt": {"video-script"}, "payload": {"social"}, "platforms": {"social"},
    "csv": {"video-script", "social", "faq", "newsletter", "product-description", "release-notes"},
}  # fmt: skip
MESSAGES = {
    "en": "How many books does it carry, and what is the first step? I am not sure.",
    "ja": "本は何冊ありますか。最初に何をすればよいですか。",
    "de": "Wie werde ich bezahlt? Was ist der erste Schritt?",
}
PLATFORMS = ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"]
NO_SENTENCE = frozenset({"link", "speaker", "hashtags", "tags", "platform", "shot", "place", "video", "on_screen"})


# Made once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("every-kind")
    for language, text in NOTES.items():
        (made / f"{language}.md").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


@cache
def kit() -> Kit:
    return Kit.load(env={}, history=False, cache=False)


def source(document: str) -> Path:
    if document == "../shared":
        pytest.skip("the folder ../shared with real documents is not here")
    if document.endswith(".html") and not importlib.util.find_spec("trafilatura"):
        pytest.skip("trafilatura is not installed (contentkit[documents])")
    return Path(f"{document}.md") if document in NOTES else SHARED / document


@cache
def material(document: str) -> str:
    """The words of a document, without markup and spaces."""
    text = asyncio.run(read_all((str(source(document)),), kit().config.read)).texts[0]
    return squeezed(plain(text.text)) + squeezed(text.text) + squeezed(text.title)


@cache
def drafted(kind: str, document: str) -> Report:
    fields: dict[str, Any] = {
        "social": {"platforms": PLATFORMS},
        "video-script": {"duration": 90},
        "customer-reply": {"message": MESSAGES[document[:2]]},
    }.get(kind, {})
    return asyncio.run(write(kit(), Brief(kind, "", (str(source(document)),), "", fields, "offline")))


every = pytest.mark.parametrize(("kind", "document"), [(kind, name) for kind in OF_TEXT for name in DOCUMENTS])


# The text


@every
def test_nothing_is_broken_and_nothing_is_over_its_limit(kind: str, document: str) -> None:
    report = drafted(kind, document)
    assert [f"{one.rule}: {one.message}" for one in report.findings if one.severity.rank <= 1] == []
    assert (report.exit_code(), report.language, report.sent_to) == (0, document[:2], "")
    assert_form(report)
    assert list(broken_limits(report)) == []


def assert_form(report: Report) -> None:
    """The answer is what the kind's schema wants, what code adds left out."""
    schema = PROMPTS.get(report.kind).schema
    if schema is None:
        return
    answer = {name: value for name, value in report.fields.items() if name in schema.body["properties"]}
    if posts := answer.get("posts"):
        known = schema.body["properties"]["posts"]["items"]["properties"]
        answer["posts"] = [{name: part for name, part in post.items() if name in known} for post in posts]
    jsonschema.validate(answer, schema.body)


def broken_limits(report: Report) -> Iterator[str]:
    """Each hard limit that a draft breaks, counted here."""
    fields = report.fields
    for post in fields.get("posts", ()):
        if is_over(post["platform"], post["text"]):
            yield f"{post['platform']}: {len(post['text'])} characters"
        if post["platform"] == "instagram" and post["text"].count("#") > 5:
            yield "instagram: more than 5 hashtags"
    for name, most in (("subject", 998), ("preheader", 998)):
        if re.search(r"[\r\n]", fields.get(name, "")) or weighted(fields.get(name, "")) > most:
            yield name
    if report.kind in ("commit-message", "pr-description") and weighted(fields["subject"]) > 72:
        yield "subject of a commit"
    if report.kind == "video-script":
        yield from broken_film(report)


def broken_film(report: Report) -> Iterator[str]:
    fields, end = report.fields, 0
    for scene in fields["scenes"]:
        if scene["start"] != end:
            yield f"a scene starts at {scene['start']}, not at {end}"
        end += scene["seconds"]
    if end != report.given["duration"]:
        yield f"{end} s"
    starts = [chapter["start"] for chapter in fields["chapters"]]
    if starts and (starts[0] or len(starts) < 3 or min(b - a for a, b in pairwise([*starts, end])) < 10):
        yield "chapters"
    if len(fields["title"]) > 100 or "<" in fields["title"] + fields["description"]:
        yield "title or signs that YouTube refuses"
    chapters = "".join(f"\n0:00:00 {chapter['title']}" for chapter in fields["chapters"])
    if len(f"{fields['description']}\n{chapters}".encode()) > 5000:
        yield "description"
    if len(",".join(f'"{tag}"' if " " in tag else tag for tag in fields["tags"])) > 500:
        yield "tags"


@every
def test_every_sentence_stands_in_the_document(kind: str, document: str) -> None:
    report, held = drafted(kind, document), material(document)
    frame = {squeezed(part) for part in astuple(reply_words(report.language))} if kind == "customer-reply" else set()
    found = list(said(report))
    assert found or kind == "faq"  # a document without a heading that asks
    for sentence in found:
        words = squeezed(plain(sentence)).strip("*")
        assert words in held or squeezed(sentence) in held or any(words in part for part in frame), sentence


def said(report: Report) -> Iterator[str]:
    """The prose of a draft: no labels, hashtags, addresses and lists of sources."""
    if report.kind == "customer-reply":
        yield from sentences(report.fields["answer"])
    elif report.fields.get("posts"):
        for post in report.fields["posts"]:
            yield from sentences(re.sub(r"(?:^|(?<=\s))#\w+", "", post["text"]))
    elif report.kind == "video-script":
        fields = report.fields
        audio = "\n".join(re.sub(r"^(?:VO|NA): ", "", scene["audio"]) for scene in fields["scenes"])
        yield from sentences([fields["hook"], fields["description"], audio])
    elif report.fields and PROMPTS.get(report.kind).schema:
        yield from sentences(report.fields, skip=NO_SENTENCE)
    else:
        body = re.split(r"^## (?:Sources|出典|Quellen)$", report.body, flags=re.MULTILINE)[0]
        yield from sentences("\n".join(line for line in body.split("\n") if not line.startswith("#")))


@pytest.mark.parametrize("kind", OF_TEXT)
def test_a_document_without_a_sentence_makes_an_outline_to_fill(kind: str, folder: Path) -> None:
    text = "# {{ config }} {% for x in y %}\n\n{% include 'a' %} \N{RIGHT-TO-LEFT OVERRIDE}{{ 7 * 7 }}\n"
    (folder / "bare.md").write_text(text, encoding="utf-8")
    fields = {"message": MESSAGES["en"]} if kind == "customer-reply" else {}
    report = asyncio.run(write(kit(), Brief(kind, "", ("bare.md",), "en", fields, "offline")))
    assert [one.message for one in report.findings if one.severity.rank <= 1] == []
    assert "49" not in report.body
    assert "[To fill" in report.body or "[Offline" in report.body


# The files


@every
def test_every_format_that_fits_opens(kind: str, document: str) -> None:
    report = drafted(kind, document)
    for form in FORMS:
        module = shelf("reports").get(form)
        if form == "docx" and not importlib.util.find_spec("docx"):
            continue
        if form in FITS and kind not in FITS[form]:
            with pytest.raises(UsageError, match=f"--format {form} "):
                module.render(report)
        else:
            assert_opens(form, module.render(report), report)


def assert_opens(form: str, page: str | bytes, report: Report) -> None:
    """A parser of other people reads the file, and what it should show is in it."""
    if isinstance(page, bytes):
        assert_word_opens(page, report)
    elif form in ("json", "sarif", "gitlab", "rdjson", "payload"):
        read = json.loads(page)
        if form == "json":
            schema = json.loads((Path(PROMPTS_OF_REPORTS) / "report.schema.json").read_text("utf-8"))
            jsonschema.Draft202012Validator(schema).validate(read)
            assert read["body"] == report.body
    elif form in ("junit", "checkstyle"):
        assert ElementTree.fromstring(page).tag in ("testsuites", "checkstyle")
    elif form == "html":
        seen = Stack(page)
        assert (seen.faults, seen.language) == ([], report.language)
        assert "width=device-width" in seen.metas["viewport"]
        assert seen.metas["color-scheme"] == "light dark"
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(page, newline=""), strict=True))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
    elif form == "eml":
        assert_mail_opens(page, report)
    elif form in ("srt", "vtt"):
        assert_subtitles(form, page, report)
    elif form in ("markdown", "text"):
        assert report.body.strip() in page
    else:
        assert page.strip() or form == "github"


PROMPTS_OF_REPORTS = Path(importlib.util.find_spec("contentkit.reports").submodule_search_locations[0])  # type: ignore[union-attr,index]


def assert_subtitles(form: str, page: str, report: Report) -> None:
    spoken = squeezed("".join(re.sub(r"^(?:VO|NA): ", "", scene["audio"]) for scene in report.fields["scenes"]))
    if form == "srt":
        pysrt, srt = pytest.importorskip("pysrt"), pytest.importorskip("srt")
        cues = [(one.start.ordinal, one.end.ordinal) for one in pysrt.from_string(page, error_handling=2)]
        words = "".join(cue.content for cue in srt.parse(page))
    else:
        head, *blocks = page.strip().split("\n\n")
        assert head == "WEBVTT"
        blocks = [block for block in blocks if not block.startswith("NOTE")]
        time = r"(\d\d):(\d\d):(\d\d)\.(\d{3})"
        found = [re.fullmatch(rf"{time} --> {time}\n(.+)", block, re.DOTALL) for block in blocks]
        times = [[int(part) for part in one.groups()[:8]] for one in found if one]
        cues = [(milliseconds(*one[:4]), milliseconds(*one[4:])) for one in times]
        assert len(cues) == len(blocks)
        words = "".join(one[9] for one in found if one).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert squeezed(words) == spoken
    assert all(start < end for start, end in cues)
    assert all(one[1] <= following[0] for one, following in pairwise(cues))
    assert cues[-1][1] <= 1000 * report.given["duration"]


def milliseconds(hours: int, minutes: int, seconds: int, rest: int) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def assert_mail_opens(page: str, report: Report) -> None:
    data = page.encode("ascii")
    mail = message_from_bytes(data, policy=default)
    assert mail["Subject"] == report.fields.get("subject", mail["Subject"] or "nothing")
    assert not mail.defects
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert set(parts) == {"text/plain", "text/html"}
    html = Stack(parts["text/html"])
    assert (html.faults, html.language) == ([], report.language)
    seen, text = ("".join(re.findall(r"[^\W\d_]", ADDRESS.sub("", part))) for part in (html.text, parts["text/plain"]))
    assert seen == text
    if importlib.util.find_spec("mailparser"):
        import mailparser

        other = mailparser.parse_from_bytes(data)
        assert other.subject == mail["Subject"]
        assert (len(other.text_plain), len(other.text_html)) == (1, 1)


def assert_word_opens(page: bytes, report: Report) -> None:
    docx = pytest.importorskip("docx")
    text = "".join(node.text or "" for node in docx.Document(io.BytesIO(page)).element.body.iter() if node.text)
    wanted = [squeezed(plain(one)).strip("*") for one in said(report)]
    assert [one for one in wanted if one not in squeezed(text)] == []


@pytest.mark.skipif("docx" not in FORMS, reason="no reports/docx.py")
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_word_files(folder: Path) -> None:
    for language in NOTES:
        page = shelf("reports").get("docx").render(drafted("article", language))
        (folder / f"{language}.docx").write_bytes(page)
    words = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "txt:Text"]
    done = subprocess.run([*words, "en.docx", "ja.docx"], cwd=folder, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    assert "The library bus of Marrow County" in (folder / "en.txt").read_text("utf-8-sig")
    assert "図書館バス" in (folder / "ja.txt").read_text("utf-8-sig")


# Kinds that are made from code, or not without a model


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo(tmp_path_factory.mktemp("repo"))
    repo.commit("Begin", read__py="x = 1\n", notes__md="# Notes\n")
    repo.git("tag", "v1.0")
    repo.commit("feat(api): read streams of 3 GB\n\nThey were read whole.", read__py="x = 1\ny = 2\n")
    repo.commit("fix: keep the last line", read__py="x = 1\ny = 2\nz = 3\n")
    repo.write("read.py", "x = 1\nz = 4\nw = 5\n")
    repo.write("説明.md", "# 説明\n\n読み取りは3 GBまで。\n")
    repo.git("add", "-A")
    return repo


@pytest.mark.parametrize("language", NOTES)
@pytest.mark.parametrize("kind", OF_CODE)
def test_kinds_that_are_made_from_a_repository(
    kind: str, language: str, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.folder)
    report = asyncio.run(write(kit(), Brief(kind, language=language, model="offline")))
    assert [one.rule for one in report.findings if one.severity.rank <= 1] == []
    assert list(broken_limits(report)) == []
    assert_form(report)
    log, numstat = repo.git("log", "--format=%s %b %h", "v1.0.."), repo.git("diff", "--cached", "--numstat")
    if kind == "release-notes":
        entries = [entry for group in report.fields["groups"] for entry in group["entries"]]
        assert len(entries) == 2
        assert all(entry["text"].lower().rstrip(".") in log.lower() for entry in entries)
        assert all(identity[:7] in log for entry in entries for identity in entry["commits"])
    else:
        added, removed = (sum(int(line.split("\t")[at]) for line in numstat.splitlines()) for at in (0, 1))
        assert f"+{added} -{removed}" in report.body
        numbers = {int(number) for number in re.findall(r"\d+", report.body)}
        assert numbers <= {2, 1, added, removed, *map(int, re.findall(r"\b\d+\b", numstat))}
    for form in ("markdown", "text", "json", "html"):
        assert_opens(form, shelf("reports").get(form).render(report), report)


@pytest.mark.parametrize("kind", REFUSE)
def test_what_offline_can_not_do_it_refuses_in_a_sentence(kind: str) -> None:
    language = "de" if kind == "translate" else ""
    with pytest.raises(UsageError, match=r"needs a model that (?:sees|writes): offline ") as refused:
        asyncio.run(write(kit(), Brief(kind, "", ("en.md",), language, {}, "offline")))
    assert refused.value.exit_code == 2
    assert refused.value.hint


# A model that babbles


@pytest.fixture(scope="module")
def tiny() -> str:
    for library in ("torch", "transformers", "llguidance"):
        pytest.importorskip(library, reason=f"{library} is not installed (contentkit[local])")
    from tinymodel import tiny_model

    return f"transformers:{tiny_model()}"


@pytest.mark.parametrize("kind", ["faq", "customer-reply"])
def test_a_model_that_babbles_keeps_the_form_and_is_found_out(kind: str, tiny: str) -> None:
    fields = {"customer-reply": {"message": MESSAGES["en"]}, "faq": {"questions": 1}}.get(kind, {"length": 40})
    brief = Brief(kind, "", ("en.md",), "en", fields, tiny, {"seed": 5, "max_tokens": 150})
    report = asyncio.run(write(Kit.load(env={}, history=False, cache=False), brief))
    if report.finish is not Finish.STOP:
        assert (report.finish, report.exit_code()) == (Finish.LENGTH, 3)
        assert any(one.rule == "answer/length" for one in report.findings)
        return
    assert_form(report)
    found = {one.rule.partition("/")[0] for one in report.findings if one.severity.rank <= Severity.MAJOR.rank}
    assert found
    assert report.exit_code() == 1
