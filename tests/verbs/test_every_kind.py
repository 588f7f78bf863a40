"""Every document through every kind, without a model: limits, sentences and files held against counts and parsers that
know nothing of contentkit."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import shutil
import subprocess
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from drafts import FITS, FORMS, PROMPTS, assert_form, assert_opens, broken_limits, said
from gitrepo import Repo
from notes import NOTES
from rulers import squeezed

from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief
from contentkit.core.report import Report
from contentkit.core.text.markdown import plain
from contentkit.kit.kit import Kit
from contentkit.kit.plugins import shelf
from contentkit.kit.reading import read_all
from contentkit.providers._offline.reply_words import reply_words
from contentkit.write import write

SHARED = Path(__file__).parents[3] / "shared" / "data" / "sources"
DOCUMENTS = [*NOTES, *(sorted(path.name for path in SHARED.iterdir()) if SHARED.is_dir() else ["../shared"])]
KINDS = sorted(PROMPTS.kinds())
REFUSE = ("alt-text", "translate")
OF_CODE = [kind for kind in KINDS if PROMPTS.get(kind).sources]
OF_TEXT = [kind for kind in KINDS if kind not in OF_CODE and kind not in REFUSE]
MESSAGES = {
    "en": "How many books does it carry, and what is the first step? I am not sure.",
    "ja": "本は何冊ありますか。最初に何をすればよいですか。",
    "de": "Wie werde ich bezahlt? Was ist der erste Schritt?",
}
PLATFORMS = ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"]


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
    path = source(document)
    fields: dict[str, Any] = {
        "social": {"platforms": PLATFORMS},
        "video-script": {"duration": 90},
        "customer-reply": {"message": MESSAGES[document[:2]]},
    }.get(kind, {})
    return asyncio.run(write(kit(), Brief(kind, "", (str(path),), "", fields, "offline")))


every = pytest.mark.parametrize(("kind", "document"), [(kind, name) for kind in OF_TEXT for name in DOCUMENTS])


# The text


@every
def test_nothing_is_broken_and_nothing_is_over_its_limit(kind: str, document: str) -> None:
    report = drafted(kind, document)
    assert [f"{one.rule}: {one.message}" for one in report.findings if one.severity.rank <= 1] == []
    assert (report.exit_code(), report.language, report.sent_to) == (0, document[:2], "")
    assert_form(report)
    assert list(broken_limits(report)) == []


@every
def test_every_sentence_stands_in_the_document(kind: str, document: str) -> None:
    report, held = drafted(kind, document), material(document)
    frame = {squeezed(part) for part in astuple(reply_words(report.language))} if kind == "customer-reply" else set()
    found = list(said(report))
    assert found or kind == "faq"  # a document without a heading that asks
    for sentence in found:
        words = squeezed(plain(sentence)).strip("*")
        assert words in held or squeezed(sentence) in held or any(words in part for part in frame), sentence


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
