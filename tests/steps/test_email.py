"""The check of emails: what must not go out, with its place; of drafts, of sequences, and of files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.check import CheckOptions, check
from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Report, Severity
from contentkit.kit.kit import Kit
from contentkit.reports import eml
from contentkit.steps import email

GOOD = {
    "subject": "New opening hours from Monday",
    "preheader": "The front desk is there for you from eight in the morning",
    "body": "Hello {{first_name}},\n\nfrom Monday on we open at 8:00.",
    "call_to_action": "Choose a time: https://example.com/book",
    "signature": "The team",
}


def found(
    changes: Mapping[str, Any] | None = None, language: str = "en", /, **fields: Any
) -> dict[str, list[tuple[str, str]]]:
    """Rule -> path and words of each place."""
    piece = Piece("email", language, fields=fields, output={**GOOD, **(changes or {})})
    return grouped(email.after(email.before(piece)).findings)


def grouped(findings: Sequence[Finding]) -> dict[str, list[tuple[str, str]]]:
    told: dict[str, list[tuple[str, str]]] = {}
    for one in findings:
        told.setdefault(one.rule, []).append((one.place.path, one.place.quote) if one.place else ("", ""))
    return told


def test_a_mail_in_order_has_no_finding() -> None:
    given_too = {"unsubscribe": ["https://example.com/l"], "postal_address": "1 High St", "bulk": True}
    assert found({}, merge_fields=["first_name"], link="https://example.com/book", **given_too) == {}
    japanese = {
        "subject": "四月からの新しい営業時間のお知らせ",
        "body": "会員の皆様\n\nいつもお世話になっております。四月一日から八時に開きます。",
        "call_to_action": "ご希望の曜日をご返信ください",
    }
    assert found(japanese, "ja") == {}


@pytest.mark.parametrize(
    ("subject", "rule", "quote"),
    [
        ("Re: your order", "email/reply-trick", "Re:"),
        ("FWD: hours", "email/reply-trick", "FWD:"),
        ("返信：営業時間について", "email/reply-trick", "返信："),
        ("OPEN NOW for everyone", "", ""),
        ("DOORS OPEN MONDAY morning", "email/capitals", "DOORS OPEN MONDAY"),
        ("FREEBIES TODAY", "email/capitals", "FREEBIES TODAY"),
        ("FREE SHIPPING on all orders until the end of May", "email/capitals", "FREE SHIPPING"),
        ("HTTPX is a fully featured HTTP client library for Python", "", ""),
        ("The NATO summit and {{FIRST_NAME}}", "", ""),
        ("Hours change!!", "email/punctuation", "!!"),
        ("営業時間の変更！！", "email/punctuation", "！！"),
        ("Win! Come! Now", "email/punctuation", "! Come!"),
        ("Really?!", "email/punctuation", "?!"),
        ("★★ 本日のご案内 ★★", "email/punctuation", "★★"),
        ("Regarding hours: the rest", "", ""),
    ],
)
def test_subjects_that_trick_or_shout(subject: str, rule: str, quote: str) -> None:
    told = found({"subject": subject})
    assert told == ({rule: [("subject", quote)]} if rule else {})


def test_merge_fields_that_are_unknown_broken_or_unused() -> None:
    body = "Hello {{ first_nmae }}, {{company} and {first_name}: *|FNAME|*"
    told = found({"body": body, "subject": "For {{company}}"}, merge_fields=["first_name", "company", "city"])
    assert told["email/merge-field-unknown"] == [("body", "{{ first_nmae }}"), ("body", "*|FNAME|*")]
    assert told["email/merge-field-broken"] == [("body", "{{company}"), ("body", "{first_name}")]
    assert told["email/merge-field-unused"] == [("", "")]


def test_a_misspelt_field_is_told_with_the_right_one() -> None:
    piece = Piece("email", "en", fields={"merge_fields": ["first_name"]}, output={**GOOD, "body": "Hi {{first_nmae}}"})
    finding = next(one for one in email.after(email.before(piece)).findings if one.rule.endswith("unknown"))
    assert finding.severity is Severity.MAJOR
    assert finding.suggestion == "{{first_name}}"
    assert "{{first_name}}" in finding.repair


def test_a_listed_field_in_double_brackets_would_be_shown_as_it_is() -> None:
    told = found({"body": "Hello [[first_name]], see [[the plan]]."}, merge_fields=["first_name"])
    assert told["email/merge-field-broken"] == [("body", "[[first_name]]")]


def test_without_a_list_a_whole_field_is_taken_on_trust_and_a_broken_one_is_not() -> None:
    told = found({"body": "Hello {{anything}} and {{first_name}"})
    assert told == {"email/merge-field-broken": [("body", "{{first_name}")]}


def test_links_lead_somewhere_and_to_one_thing() -> None:
    body = "See [the shop](/shop), ![](https://p.example/x.png), https://one.example and https://two.example."
    told = found({"body": body})
    assert told["email/link-relative"] == [("body", "/shop")]
    assert told["email/alt-text"] == [("body", "![](https://p.example/x.png)")]
    assert told["email/calls"][0][0] == "body"
    assert "email/calls" not in found({"body": "See https://example.com/book for the times."})
    assert "email/calls" not in found({"body": "See https://one.example.", "call_to_action": "Reply with a day"})
    two = found({"call_to_action": "Book https://a.example or call https://b.example"})
    assert two["email/calls"] == [("call_to_action", "Book https://a.example or call https://b.example")]


def test_the_link_that_was_given_must_stand_in_the_call() -> None:
    told = found({}, link="https://example.com/other")
    assert told == {"email/call-link": [("call_to_action", "Choose a time: https://example.com/book")]}


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({}, {"email/unsubscribe", "email/postal-address"}),
        ({"unsubscribe": ["leave@example.com"]}, {"email/one-click", "email/postal-address"}),
        ({"unsubscribe": ["https://example.com/l"], "postal_address": "1 High St"}, set()),
    ],
)
def test_mail_to_many_has_a_way_out_and_an_address(fields: Mapping[str, Any], rules: set[str]) -> None:
    assert set(found({}, bulk=True, **fields)) == rules
    assert not found({}, **fields)


def test_a_mail_that_gmail_would_cut_is_found() -> None:
    assert "email/size" not in found({"body": "word " * 10_000})
    assert found({"body": "word " * 21_000})["email/size"] == [("body", "")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mail_from": "nobody"}, "--mail-from takes one address"),
        ({"unsubscribe": ["leave"]}, "--unsubscribe takes a link"),
        ({"merge_fields": ["first name"]}, "--merge-fields takes names"),
    ],
)
def test_a_wrong_envelope_is_refused_before_anything_is_asked(fields: Mapping[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        email.before(Piece("email", fields=fields))


# Sequences

FIRST = {**GOOD, "day": 0, "subject": "What changes on Monday", "call_to_action": "Choose a time"}
SECOND = {
    **GOOD,
    "day": 3,
    "subject": "How to reach the front desk",
    "body": "Hello {{first_name}},\n\nThe front desk answers the phone from seven in the morning on.",
    "call_to_action": "Save our number",
}


def series(*mails: Mapping[str, Any], language: str = "en", **fields: Any) -> dict[str, list[tuple[str, str]]]:
    piece = Piece("email", language, fields=fields, output={"emails": list(mails)})
    return grouped(email.after(piece).findings)


def test_a_sequence_in_order_has_no_finding() -> None:
    assert series(FIRST, SECOND, emails=2) == {}


def test_what_an_earlier_mail_said_is_not_said_again() -> None:
    same = "The front desk answers the phone from seven in the morning on."
    third = {
        **SECOND,
        "day": 5,
        "subject": "how to reach the front desk!",
        "body": f"Hello {{{{first_name}}}},\n\n{same} It also takes parcels for you.",
        "call_to_action": "Save our number.",
    }
    told = series(FIRST, SECOND, third)
    assert told["email/same-subject"] == [("emails[2].subject", "how to reach the front desk!")]
    assert told["email/same-opening"] == [("emails[2].body", same)]
    assert told["email/same-call"] == [("emails[2].call_to_action", "Save our number.")]
    later = {**third, "subject": "Parcels", "body": f"It takes parcels for you all day long now. {same}"}
    assert series(FIRST, SECOND, later)["email/same-sentence"] == [("emails[2].body", same)]
    near = {**later, "body": "The front desk answers the phone from seven in the morning on weekdays."}
    assert "email/near-sentence" in series(FIRST, SECOND, near)


def test_a_japanese_greeting_may_come_again_and_a_sentence_may_not() -> None:
    greeting = "会員の皆様\n\nいつもお世話になっております。"
    sentence = "窓口の電話は毎朝七時から夕方六時まで受け付けております。"
    one = {**FIRST, "subject": "営業時間の変更", "body": f"{greeting}四月一日から八時に開きます。"}
    two = {**SECOND, "subject": "窓口の電話", "body": f"{greeting}{sentence}", "call_to_action": "番号を登録する"}
    assert series(one, two, language="ja") == {}
    three = {
        **two,
        "day": 6,
        "subject": "荷物の受け取り",
        "body": f"{greeting}{sentence}",
        "call_to_action": "予約する",
    }
    assert series(one, two, three, language="ja")["email/same-opening"] == [("emails[2].body", sentence)]


def test_days_go_up_and_missing_mails_are_told() -> None:
    assert series(FIRST, {**SECOND, "day": 0})["email/days"] == [("emails[1].day", "")]
    assert series(FIRST, SECOND, emails=5)["email/fewer"] == [("", "")]


@given(st.lists(st.fixed_dictionaries({name: st.text(max_size=40) for name in GOOD}), max_size=4))
def test_no_text_makes_it_fail(mails: list[dict[str, str]]) -> None:
    email.after(Piece("email", "ja", fields={"merge_fields": ["a"]}, output={"emails": mails}))
    for mail in mails:
        email.after(Piece("email", "en", output=mail))


# Files


def checked(*names: str) -> Report:
    return asyncio.run(check(Kit.load(history=False), list(names), CheckOptions(only=("email",))))


def draft(**changes: str) -> Report:
    given_too = {"mail_from": "a@example.com", "unsubscribe": ["https://example.com/l"]}
    return Report("email", "", {**GOOD, **changes}, language="en", created="2026-11-22T09:30:00+00:00", given=given_too)


def test_a_mail_that_was_written_here_passes_when_it_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mail.eml").write_bytes(eml.render(draft()).encode())
    assert checked("mail.eml").findings == ()


def test_a_mail_in_a_file_is_checked_with_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("contentkit.toml").write_text(
        '[check.settings.email]\nmerge_fields = ["name"]\nbulk = true\n', encoding="utf-8"
    )
    text = eml.render(draft(subject="Re: HOURS CHANGE NOW!!")).replace("we open at 8:00.</p>", "we close.</p>")
    text = text.replace("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "")
    Path("mail.eml").write_bytes(text.encode())
    report = checked("mail.eml")
    told = {one.rule: one.place for one in report.findings}
    assert set(told) == {
        "email/reply-trick", "email/capitals", "email/punctuation", "email/parts", "email/one-click",
        "email/merge-field-unknown",
    }  # fmt: skip
    assert all(place and place.path == "mail.eml" for place in told.values())
    line = next(number for number, row in enumerate(text.split("\r\n"), 1) if row.startswith("Subject:"))
    assert told["email/reply-trick"] is not None
    assert told["email/reply-trick"].line == line
    assert report.exit_code(Severity.MAJOR) == 1


def test_a_mail_in_a_file_needs_a_text_and_lines_that_servers_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "From: a@example.com\nSubject: Opening hours\nMIME-Version: 1.0\n"
    page = f"{head}Content-Type: text/html; charset=utf-8\n\n<p>We open at 8:00, all week.</p>{'<br>' * 300}\n"
    Path("page.eml").write_text(page, encoding="utf-8")
    told = {one.rule: one for one in checked("page.eml").findings}
    assert set(told) == {"email/parts", "email/header", "email/line"}
    assert told["email/parts"].message == "There is no text for those who do not read HTML."
    assert told["email/header"].message == "There is no Date; what sends the mail must add it."
    assert told["email/line"].message == "A line of 1,233 bytes; RFC 5322 allows 998."
    attached = (
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
        "<p>We open.</p>\n--b\n"
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nOther words.\n--b--\n"
    )
    Path("page.eml").write_text(f"{head}Date: Mon, 2 Nov 2026 09:00:00 +0000\n{attached}", encoding="utf-8")
    (finding,) = checked("page.eml").findings
    assert finding.message == "There is no text for those who do not read HTML."


def test_mails_in_files_are_held_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = GOOD["body"] + " The front desk answers the phone from seven in the morning on."
    for number, subject in enumerate(("Hours", "Hours!"), 1):
        Path(f"{number}.eml").write_bytes(eml.render(draft(subject=subject, body=body)).encode())
    told = grouped(checked("1.eml", "2.eml").findings)
    assert told["email/same-subject"] == [("2.eml", "Hours!")]
    assert told["email/same-sentence"][0][0] == "2.eml"


ODD = ["Subject: =?utf-8?q?=ZZ?=\n", "From: <<>\n", "Content-Type: text/plain; charset=x\n", "X-Sequence-Day: 9\n"]


def test_files_of_a_sequence_may_be_named_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    series = replace(draft(), fields={"emails": [FIRST, SECOND]})
    for name, text in eml.folder([series]).items():
        Path(name).write_bytes(text.encode())
    names = sorted(path.name for path in tmp_path.iterdir())
    assert checked(*reversed(names)).findings == checked(*names).findings == ()


def test_each_folder_is_a_sequence_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        Path(folder).mkdir()
        Path(folder, "1.eml").write_bytes(eml.render(draft()).encode())
    assert checked("a", "b").findings == ()
    Path("a", "2.eml").write_bytes(eml.render(draft()).encode())
    assert "email/same-subject" in grouped(checked("a", "b").findings)


@given(st.text(max_size=200), st.sampled_from(ODD))
def test_no_file_makes_it_fail(body: str, header: str) -> None:
    pieces = [
        Piece("email", "en", body=f"{header}\n{body}", output={"subject": body, "body": body}, name=f"{name}.eml")
        for name in "ab"
    ]
    email.after(pieces[0])
    list(email.across(pieces))


@pytest.mark.parametrize("settings", ['merge_fields = "x"', "bulk = 1", 'merge_fields = ["a b"]', "other = true"])
def test_wrong_settings_are_told(settings: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("contentkit.toml").write_text(f"[check.settings.email]\n{settings}\n", encoding="utf-8")
    Path("mail.eml").write_bytes(eml.render(replace(draft(), given={})).encode())
    with pytest.raises(UsageError, match="email"):
        checked("mail.eml")


def test_prose_that_is_no_mail_is_left_alone() -> None:
    assert email.after(Piece("text", body="Subject: x\n\nHello!!", name="notes.md")).findings == ()
    assert email.after(Piece("social", output={"posts": [{"text": "Hi!!"}]})).findings == ()
