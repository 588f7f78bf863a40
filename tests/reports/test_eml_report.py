"""``--format eml``: what any mail program reads of a draft, and what no field of it can do."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.commands.report import command
from contentkit.core.errors import UsageError
from contentkit.core.mail.agree import difference
from contentkit.core.report import Report
from contentkit.reports import eml
from contentkit.reports import json as json_report

GOLDEN = Path(__file__).parents[1] / "golden" / "reports"
ENGLISH = Report(
    "email",
    "shown elsewhere",
    {
        "subject": "New opening hours from Monday",
        "preheader": "The front desk is there for you from eight in the morning",
        "body": "Hello {{first_name}},\n\nfrom **Monday** on we open at 8:00. The old hours:\n\n"
        "- weekdays 9 to 17\n- Saturday 10 to 14",
        "call_to_action": "Choose a time: https://example.com/book?who={{id}}",
        "signature": "Kind regards\nThe team at Example",
    },
    model="openai:one",
    language="en",
    created="2026-11-22T09:30:00+00:00",
    given={
        "mail_from": "Ann Lee <ann@example.com>",
        "mail_to": "ben@example.org",
        "reply_to": "help@example.com",
        "unsubscribe": ["leave@example.com", "https://example.com/leave?id={{id}}"],
        "postal_address": "Example Ltd; 1 High Street; London",
        "bulk": True,
    },
)
JAPANESE = Report(
    "email",
    "",
    {
        "subject": "四月からの新しい営業時間についてのお知らせ（本店・駅前店・港町店）",
        "preheader": "窓口は毎朝八時に開きます。予約なしでもお越しいただけます",
        "body": "{{姓}} 様\n\nいつもお世話になっております。\n四月一日から、窓口は**八時**に開きます。",
        "call_to_action": "ご希望の曜日をお選びください：https://example.com/book",
        "signature": "よろしくお願いいたします。\n田中",
    },
    model="offline:draft",
    language="ja",
    created="2026-11-22T09:30:00+00:00",
    given={"mail_from": "株式会社サンプル 広報 <press@example.com>"},
)
SERIES = replace(
    ENGLISH,
    fields={
        "emails": [
            {**ENGLISH.fields, "day": 0},
            {**ENGLISH.fields, "day": 3, "subject": "../../Réserver: what\r\nBcc: x@y.example"},
        ]
    },
)


def opened(text: str) -> EmailMessage:
    return message_from_bytes(text.encode("ascii"), policy=default)


def both(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    first, second = (part.get_content().replace("\r\n", "\n") for part in (plain, html))
    return first, second


@pytest.mark.parametrize(("name", "report"), [("mail", ENGLISH), ("mail-ja", JAPANESE)])
def test_golden(name: str, report: Report) -> None:
    made = eml.render(report)
    path = GOLDEN / f"{name}.eml"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(made.replace("\r\n", "\n"), "ascii")
    assert made.replace("\r\n", "\n") == path.read_text("ascii")
    html = both(opened(made))[1]
    page = GOLDEN / f"{name}.page.html"
    if os.environ.get("REWRITE_GOLDEN"):
        page.write_text(html, "utf-8")
    assert html == page.read_text("utf-8")


def test_a_mail_program_reads_what_was_written() -> None:
    message = opened(eml.render(ENGLISH))
    assert message["Subject"] == ENGLISH.fields["subject"]
    assert message["From"].addresses[0].display_name == "Ann Lee"
    assert message["To"] == "ben@example.org"
    assert message["Reply-To"] == "help@example.com"
    assert message["Date"].datetime.isoformat() == "2026-11-22T09:30:00+00:00"
    assert message["Message-ID"].endswith("@example.com>")
    assert message["List-Unsubscribe"] == "<https://example.com/leave?id={{id}}>, <mailto:leave@example.com>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["X-Disclosure"].startswith("Written by a language model (openai:one) on 2026-11-22.")
    assert message["X-Digital-Source-Type"].endswith("/trainedAlgorithmicMedia")
    assert message.get_content_type() == "multipart/alternative"
    plain, html = both(message)
    assert "Hello {{first_name}}," in plain
    assert "Choose a time <https://example.com/book?who={{id}}>" in plain
    assert "Example Ltd\n1 High Street\nLondon\nUnsubscribe <https://example.com/leave?id={{id}}>" in plain
    assert "<strong>Monday</strong>" in html
    assert difference(html, plain) == ""


def test_japanese_comes_back_and_every_line_is_short() -> None:
    made = eml.render(JAPANESE).encode("ascii")
    message = opened(made.decode())
    assert message["Subject"] == JAPANESE.fields["subject"]
    assert message["From"].addresses[0].display_name == "株式会社サンプル 広報"
    assert all(len(line) <= 78 for line in made.split(b"\r\n"))
    assert b"\n" not in made.replace(b"\r\n", b"")
    plain, html = both(message)
    assert "{{姓}} 様" in plain
    assert '<html lang="ja"' in html
    assert difference(html, plain) == ""


def test_what_was_not_given_is_not_made_up() -> None:
    message = opened(eml.render(replace(ENGLISH, given={}, created="")))
    assert not {"From", "To", "Date", "Message-ID", "List-Unsubscribe", "Reply-To"} & set(message.keys())
    assert "From and To" in eml.notes([replace(ENGLISH, given={})])[0]
    assert eml.notes([ENGLISH]) == ()


def test_a_way_out_by_mail_alone_offers_no_single_click() -> None:
    message = opened(eml.render(replace(ENGLISH, given={"unsubscribe": ["leave@example.com"]})))
    assert message["List-Unsubscribe"] == "<mailto:leave@example.com>"
    assert "List-Unsubscribe-Post" not in message


def test_the_same_report_gives_the_same_bytes_and_another_one_another_id() -> None:
    assert eml.render(ENGLISH) == eml.render(ENGLISH)
    other = replace(ENGLISH, fields={**ENGLISH.fields, "body": "Hello"})
    assert opened(eml.render(other))["Message-ID"] != opened(eml.render(ENGLISH))["Message-ID"]


text = st.text(max_size=60)


@given(st.fixed_dictionaries(dict.fromkeys(ENGLISH.fields, text)), text, text, text)
@settings(max_examples=200)
def test_no_field_makes_a_header_or_a_part(fields: Mapping[str, str], topic: str, model: str, language: str) -> None:
    fields = {name: f"{value}\r\nBcc: all@example.com\r\n\r\n--" for name, value in fields.items()}
    report = replace(ENGLISH, fields=fields, topic=topic, model=f"x:{model}\nX-Evil: 1", language=language)
    message = opened(eml.render(report))
    allowed = {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Content-Language", "X-Disclosure", "X-Digital-Source-Type", "X-Unsent", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert set(message.keys()) <= allowed
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert not message.defects


def test_a_text_that_is_no_email_becomes_the_body_of_one() -> None:
    article = Report("article", "# The *ferry*\n\nIt leaves at 7:40.\n\n## Winter\n\nOn weekdays.", language="en")
    message = opened(eml.render(article))
    assert message["Subject"] == "The ferry"
    assert both(message)[0] == "It leaves at 7:40.\n\nWinter\n\nOn weekdays.\n"


def test_a_sequence_is_a_folder_of_numbered_mails(tmp_path: Path) -> None:
    saved = tmp_path / "series.json"
    saved.write_text(json_report.render(SERIES), encoding="utf-8")
    folder = tmp_path / "drip"
    done = CliRunner().invoke(command, [str(saved), "--format", "eml", "-o", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["01-day-0-new-opening-hours-from-monday.eml", "02-day-3-réserver-what-bcc-x-y-example.eml"]
    second = message_from_bytes((folder / names[1]).read_bytes(), policy=default)
    assert second["X-Sequence-Day"] == "3"
    assert "Bcc" not in second
    assert [path.name for path in tmp_path.iterdir() if "tmp" in path.name] == []


def test_a_folder_is_never_written_over_unasked(tmp_path: Path) -> None:
    saved = tmp_path / "series.json"
    saved.write_text(json_report.render(SERIES), encoding="utf-8")
    folder = tmp_path / "drip"
    folder.mkdir()
    first = folder / "01-day-0-new-opening-hours-from-monday.eml"
    first.write_text("mine", encoding="utf-8")
    asked = [str(saved), "--format", "eml", "-o", str(folder)]
    with pytest.raises(UsageError, match="exists already"):
        CliRunner().invoke(command, asked, catch_exceptions=False)
    assert [path.read_text("utf-8") for path in folder.iterdir()] == ["mine"]
    CliRunner().invoke(command, [*asked, "--force"], catch_exceptions=False)
    assert len(list(folder.iterdir())) == 2
    assert "Subject: New opening hours" in first.read_text("utf-8")


@pytest.mark.parametrize("output", [[], ["-o", "drip.eml"]])
def test_a_sequence_goes_into_no_single_file(
    tmp_path: Path, output: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("series.json").write_text(json_report.render(SERIES), encoding="utf-8")
    with pytest.raises(UsageError, match="Name a folder"):
        CliRunner().invoke(command, ["series.json", "--format", "eml", *output], catch_exceptions=False)


def test_the_name_of_the_file_chooses_the_format(tmp_path: Path) -> None:
    saved, mail = tmp_path / "mail.json", tmp_path / "mail.eml"
    saved.write_text(json_report.render(ENGLISH), encoding="utf-8")
    CliRunner().invoke(command, [str(saved), "-o", str(mail)], catch_exceptions=False)
    assert mail.read_bytes() == eml.render(ENGLISH).encode()


def test_a_review_is_no_email() -> None:
    with pytest.raises(UsageError, match="no email"):
        eml.render(Report("review", ""))


shapes = st.recursive(
    st.none() | st.integers() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


@given(shapes)
def test_fields_of_any_shape_are_written_or_refused(fields: Any) -> None:
    report = replace(ENGLISH, fields={"emails": fields, "subject": fields, "body": fields})
    try:
        made = eml.folder([report]) or {"x": eml.render(report)}
    except UsageError:
        return
    assert all(opened(page).get_content_type() == "multipart/alternative" for page in made.values())


def test_another_parser_reads_it_the_same() -> None:
    mailparser = pytest.importorskip("mailparser", reason="mail-parser, which reads the mail a second time, is missing")
    for report in (ENGLISH, JAPANESE):
        read = mailparser.parse_from_bytes(eml.render(report).encode())
        assert read.subject == report.fields["subject"]
        assert len(read.text_plain) == len(read.text_html) == 1
        assert report.fields["body"].split("\n")[0] in read.text_plain[0]
        assert not read.defects


def test_the_json_holds_what_the_mail_is_made_from() -> None:
    data = json.loads(json_report.render(ENGLISH))
    assert eml.render(json_report.from_dict(data)) == eml.render(ENGLISH)
