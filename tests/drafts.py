"""What a draft of any kind must keep to, held against counts and parsers that know nothing of contentkit."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import regex
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from rulers import ADDRESS, Stack, is_over, sentences, squeezed, weighted

from contentkit.core.report import Report
from contentkit.core.text.markdown import plain
from contentkit.kit.kit import Kit
from contentkit.kit.plugins import shelf

PROMPTS = Kit.load(env={}, history=False, cache=False).prompts
NO_SENTENCE = frozenset({"link", "speaker", "hashtags", "tags", "platform", "shot", "place", "video", "on_screen"})
FORMS = sorted(shelf("reports").names())
FITS = {
    "srt": {"video-script"}, "vtt": {"video-script"}, "payload": {"social"}, "platforms": {"social"},
    "csv": {"video-script", "social", "faq", "newsletter", "product-description", "release-notes"},
}  # fmt: skip


def assert_form(report: Report) -> None:
    """The answer is what the kind's schema wants, what code adds left out."""
    schema = PROMPTS.get(report.kind).schema
    if schema is None:
        return
    answer = {name: value for name, value in report.fields.items() if name in schema.body["properties"]}
    if posts := answer.get("posts"):
        known = schema.body["properties"]["posts"]["items"]["properties"]
        answer["posts"] = [{name: part for name, part in post.items() if name in known} for post in posts]
    jsonschema.validate(answer, schema.body, cls=Draft202012Validator if report.model == "offline" else Seen)


def _over(_: object, most: int, text: object, __: object) -> Iterator[ValidationError]:
    """A few letters of India are two in NFC, whatever a model was held to."""
    if isinstance(text, str) and len(regex.findall(r"\X", text)) > most:
        yield ValidationError(f"{len(text)} of {most} characters")


Seen = extend(Draft202012Validator, {"maxLength": _over})


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


def assert_opens(form: str, page: str | bytes, report: Report) -> None:
    """A parser of other people reads the file, and what it should show is in it."""
    if isinstance(page, bytes):
        assert_word_opens(page, report)
    elif form in ("json", "sarif", "gitlab", "rdjson", "payload"):
        read = json.loads(page)
        if form == "json":
            schema = json.loads((Path(PROMPTS_OF_REPORTS) / "report.schema.json").read_text("utf-8"))
            Draft202012Validator(schema).validate(read)
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
    subject = mail["Subject"].split()
    if report.kind in ("email", "newsletter"):
        assert subject == report.fields["subject"].split()
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
        assert other.subject.split() == subject  # it leaves folded lines folded
        assert (len(other.text_plain), len(other.text_html)) == (1, 1)


def assert_word_opens(page: bytes, report: Report) -> None:
    docx = pytest.importorskip("docx")
    text = "".join(node.text or "" for node in docx.Document(io.BytesIO(page)).element.body.iter() if node.text)
    if report.model == "offline":
        wanted = [squeezed(plain(one)).strip("*") for one in said(report)]
        assert [one for one in wanted if one not in squeezed(text)] == []
    else:  # what babbles can mean markup where no pencil would see it; no letter of it is lost
        letters = Counter(re.findall(r"[^\W_]", "".join(map(plain, said(report)))))
        assert letters - Counter(text) == Counter()
