"""Texts inside JSON and messages know where they stand."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.eml import read_mail
from contentkit.core.text.outline import strings
from contentkit.core.text.placed import json_values

KEYS = st.text("abcxyz_", min_size=1, max_size=5)
TREES = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, TREES, max_size=4), st.booleans(), st.sampled_from([None, 2]))
def test_every_character_of_every_string_is_found_in_the_file(tree: dict[str, Any], ascii: bool, indent: int) -> None:
    text = json.dumps(tree, ensure_ascii=ascii, indent=indent)
    known = json_values(text)
    for path, value in strings(tree):
        placed = known[path]
        assert json.loads(f'"{text[placed.start : placed.end]}"', strict=False) == value
        assert len(placed.offsets) == len(value) + 1
        for number in range(len(value)):
            raw = text[placed.offsets[number] : placed.offsets[number + 1]]
            assert json.loads(f'"{raw}"', strict=False) == value[number]


@given(st.text(), st.text())
def test_no_message_ever_raises(head: str, body: str) -> None:
    read_mail(f"{head}\n\n{body}")
    read_mail(f"Subject: {head}\nContent-Type: text/html\n\n<p style='display:none'>{body}</p>{body}")


def test_a_plain_message_has_its_words_where_they_stand() -> None:
    text = "From: a@example.com\nSubject: New hours\n\nHello,\n\nwe open at 8.\n"
    mail = read_mail(text)
    assert dict(mail.output) == {"subject": "New hours", "body": "Hello,\n\nwe open at 8.\n"}
    for name, words in mail.output.items():
        placed = mail.parts[name]
        assert text[placed.start : placed.end] == words.rstrip("\n")


def test_the_ends_of_lines_that_mail_has_move_no_place() -> None:
    text = "From: a@example.com\r\nSubject: New\r\n hours\r\n\r\nHello,\r\n\r\nwe open at 8.\r\n"
    mail = read_mail(text.replace("New\r\n hours", "New hours"))
    assert dict(mail.output) == {"subject": "New hours", "body": "Hello,\n\nwe open at 8.\n"}
    body, at = mail.parts["body"], mail.output["body"].index("open")
    text = text.replace("New\r\n hours", "New hours")
    assert text[body.offsets[at] : body.offsets[at + 4]] == "open"
    assert text[mail.parts["subject"].start : mail.parts["subject"].end] == "New hours"
    assert len(mail.parts["subject"].offsets) == len("New hours") + 1


def test_of_a_page_alone_the_words_are_read_that_are_seen() -> None:
    page = (
        "<html><head><style>p {color: red}</style><title>No</title></head><body>"
        '<div class="preheader">Come early<br></div><script>no()</script><p>We open at eight.</p><p>Bring a coat.</p>'
    )
    mail = read_mail(f"Subject: Hours\nContent-Type: text/html\n\n{page}</body></html>\n")
    assert mail.output["body"] == "We open at eight.\nBring a coat."
    assert mail.output["preheader"] == "Come early"


def test_a_message_is_in_the_language_that_it_names() -> None:
    assert read_mail("Content-Language: de-CH\nSubject: OK\n\nOK\n").language == "de"
    assert read_mail("Content-Language: !\nSubject: Hours\n\nThe front desk opens at eight.\n").language == "en"


def test_words_that_are_encoded_are_placed_at_the_line_that_names_their_part() -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "新しい時刻"
    message.set_content("船は毎朝7時に港を出ます。\n", cte="base64")
    message.add_alternative("<p style='display:none'>始発は6時</p><p>船は毎朝7時に港を出ます。</p>", subtype="html")
    text = message.as_string()
    mail = read_mail(text)
    assert mail.language == "ja"
    assert mail.output["body"] == "船は毎朝7時に港を出ます。\n"
    for name, kind in (("body", "plain"), ("preheader", "html")):
        placed = mail.parts[name]
        assert text[placed.start : placed.end].startswith(f"Content-Type: text/{kind};")


def test_a_body_that_begins_with_empty_lines_has_its_place_too() -> None:
    text = "Subject: x\n\n\n\nwe open at 8.\n"
    placed = read_mail(text).parts["body"]
    assert text[placed.offsets[2] :] == "we open at 8.\n"
