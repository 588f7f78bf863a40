"""Emails as values: headers that no text breaks, and two parts that say the same whatever the Markdown."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.core.mail.agree import difference, read_html
from contentkit.core.mail.headers import mailbox, mailbox_header, one_line, text_header
from contentkit.core.mail.letter import Envelope, Letter, envelope
from contentkit.core.mail.page import parts
from contentkit.core.mail.twins import button, lines, twin
from contentkit.core.text.mergefields import broken_fields, merge_fields, written

words = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[a-zA-Z]{1,120}", fullmatch=True),
    st.sampled_from(
        [
            "=?utf-8?q?x?=",
            "=?",
            "?=",
            "日本語のとても長い件名です" * 4,
            "é",
            "👨‍👩‍👧",
            "مرحبا",
            "\r\nBcc: a@b.example",
            "\0",
            ",",
        ]
    ),
)


# Headers


@given(st.lists(words, max_size=12).map(" ".join))
@example("=??Q??=")
@example("a" * 2000)
@example("Hello\r\nBcc: victim@example.com\r\n\r\n<script>")
@settings(max_examples=300)
def test_any_subject_comes_back_from_lines_of_78_and_makes_no_other_header(text: str) -> None:
    raw = text_header("Subject", text).encode("ascii") + b"X-End: 1\r\n\r\nbody"
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    message = message_from_bytes(raw, policy=compat32)
    assert message.keys() == ["Subject", "X-End"]
    back = str(make_header(decode_header(message["Subject"] or "")))
    assert re.sub(r"\r\n (?=.)", " ", back) == one_line(text)


@given(st.lists(words, max_size=5).map(" ".join))
@example('Lee, "Ann" \\ <x@y.example>')
@settings(max_examples=200)
def test_any_name_before_an_address_comes_back_with_it(name: str) -> None:
    from contentkit.core.mail.headers import Mailbox

    name = one_line(name)
    raw = mailbox_header("From", Mailbox("ann@example.com", name)).encode("ascii") + b"\r\n"
    message = message_from_bytes(raw, policy=compat32)
    assert message.keys() == ["From"]
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    from email.utils import parseaddr

    shown, address = parseaddr(message["From"])
    assert address == "ann@example.com"
    assert str(make_header(decode_header(shown))) == name if "=?" in raw.decode() else shown == name


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("ann@example.com", "ann@example.com", ""),
        ("Ann Lee <ann@example.com>", "ann@example.com", "Ann Lee"),
        ('"Lee, Ann" <ann@example.com>', "ann@example.com", "Lee, Ann"),
        ("田中 愛 <tanaka@例え.jp>", "tanaka@xn--r8jz45g.jp", "田中 愛"),
    ],
)
def test_an_address_is_read(text: str, address: str, name: str) -> None:
    box = mailbox(text, "--mail-from")
    assert (box.address, box.name) == (address, name)


@pytest.mark.parametrize(
    "text",
    [
        "ann",
        "ann@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@example.com, b@example.com",
        "a@example.com\nBcc: b@x.example",
        "<a@example.com> <b@example.com>",
        "a@-example.com",
        "é@example.com",
        "a@exam ple.com",
        "",
        "x" * 300 + "@example.com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--mail-from"):
        mailbox(text, "--mail-from")


@given(st.text())
def test_an_envelope_is_read_or_refused_and_never_raises_otherwise(text: str) -> None:
    for name in ("mail_from", "mail_to", "reply_to", "unsubscribe", "postal_address"):
        try:
            made = envelope({name: [text] if name == "unsubscribe" else text})
        except UsageError:
            continue
        assert not any("\n" in link or " " in link or ">" in link for link in made.unsubscribe)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://example.com/leave?id={{id}}&x=1,2", "https://example.com/leave?id={{id}}&x=1,2"),
        ("leave@example.com", "mailto:leave@example.com"),
        ("mailto:leave@example.com?subject=leave", "mailto:leave@example.com?subject=leave"),
        ("https://例え.example/停止", "https://%E4%BE%8B%E3%81%88.example/%E5%81%9C%E6%AD%A2"),
        ("{{unsubscribe_url}}", "{{unsubscribe_url}}"),
    ],
)
def test_links_to_leave_are_kept(link: str, kept: str) -> None:
    assert envelope({"unsubscribe": [link]}).unsubscribe == (kept,)


@pytest.mark.parametrize(
    "link", ["leave", "/leave", "javascript:alert(1)", "https://", "https://x.example/" + "a" * 1000]
)
def test_what_leaves_no_list_is_refused(link: str) -> None:
    with pytest.raises(UsageError, match="--unsubscribe"):
        envelope({"unsubscribe": [link]})


# Both parts

fragments = st.one_of(
    st.text(max_size=25),
    st.sampled_from(
        [
            "**bold**",
            "*a*b*c*",
            "[words](https://example.com/a_b?c=d&e={{id}})",
            "<https://example.com>",
            "https://x.example/(a)b.",
            "![alt](https://p.example/x.png)",
            "[x](/relative)",
            "[js](javascript:alert(1))",
            "`code <https://x.y>`",
            "\n\n",
            "\n",
            "  \n",
            "- item\n- item\n",
            "3. three\n4. four\n",
            "> quote\n",
            "| a | b |\n|---|---|\n| c | https://x.example |\n",
            "    indented\n",
            "```\nfenced\n```\n",
            "# Heading\n",
            "---\n",
            '{{ first_name | default: "friend" }}',
            "*|FNAME|*",
            "%FIRSTNAME%",
            "{{{raw}}}",
            "日本語の文です。",
            "مرحبا بالعالم",
            "<script>alert(1)</script>",
            "&amp;",
            "a@b.example",
            "<a@b.example>",
            "[![p](https://a.b/c)](https://d.e)",
            "[https://a.b](https://evil.example)",
            "mergefield0q0x",
        ]
    ),
)
markdown = st.lists(fragments, max_size=12).map("".join)


class Strict(HTMLParser):
    """The tags that stand open, and the links; a tag that was not opened is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)
        assert not (tag == "a" and "a" in self.open)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(markdown, markdown, st.text(max_size=60), st.sampled_from(["en", "ja", "ar"]))
@settings(max_examples=300)
def test_text_and_html_say_the_same_and_nothing_breaks_out(body: str, call: str, other: str, language: str) -> None:
    letter = Letter(one_line(other), one_line(call), body, one_line(call), other)
    made = parts(letter, Envelope(unsubscribe=("https://example.com/{{id}}",), postal_address="1 High St"), language)
    assert difference(made.html, made.text) == ""
    page = Strict(made.html)
    assert page.open == []
    assert page.tags.isdisjoint({"script", "img", "iframe", "form", "object"})
    assert all(re.match(r"https?://|mailto:|\{\{|\*\||%", link, re.IGNORECASE) for link in page.hrefs)
    assert "mergefield1q" not in made.text


def test_a_difference_between_the_parts_is_found() -> None:
    made = twin("One [link](https://a.example) and **two** words.")
    assert difference(made.html, made.text) == ""
    assert "'two words'" in difference(made.html, made.text.replace("two", "three"))
    assert difference(made.html.replace("https://a.example", "https://b.example"), made.text)
    assert difference(made.html, made.text.replace("link <https://a.example>", "<https://a.example> link"))
    assert difference(made.html + "<p>more</p>", made.text)
    assert not difference(made.html + '<p style="display: none">more</p>', made.text)


def test_what_is_read_back_is_what_stands_there() -> None:
    page = (
        '<head><title>t</title></head><ol start="3"><li>three<li>four</ol>a<br>b <a href="https://x.y">https://x.y</a>'
    )
    assert read_html(page).split() == ["3.", "three", "4.", "four", "a", "b", "https://x.y"]


def test_merge_fields_stand_in_both_parts_as_they_were_written() -> None:
    source = 'Hi {{ first_name | default: "friend" }}, *|FNAME|* and %NAME%: [go](https://x.example/?a={{id}}&b=*|E|*)'
    made = twin(source)
    for raw in ('{{ first_name | default: "friend" }}', "*|FNAME|*", "%NAME%"):
        assert raw in made.html
        assert raw in made.text
    assert 'href="https://x.example/?a={{id}}&amp;b=*|E|*"' in made.html
    assert "go <https://x.example/?a={{id}}&b=*|E|*>" in made.text


def test_no_field_is_markup() -> None:
    made = twin("{{ a | default: <script>alert(1)</script> }} {{<b>}}")
    assert "<script" not in made.html
    assert "<b>" not in made.html


def test_a_call_with_one_link_is_a_button_and_one_without_is_bold() -> None:
    made = button("Book a call: https://example.com/book")
    assert ">Book a call</a>" in made.html
    assert made.text == "Book a call <https://example.com/book>\n\n"
    assert "<strong>Reply with a day</strong>" in button("Reply with a day").html
    assert (
        button("お申し込みはこちら：https://example.com/a。").text == "お申し込みはこちら <https://example.com/a>\n\n"
    )
    assert button("Go to https://a.example today").text == "Go to https://a.example today\n\n"
    assert ">Please book a call</a>" in button("Please [book a call](https://a.example)").html
    assert button("https://example.com/only").text == "https://example.com/only\n\n"


def test_a_signature_keeps_its_lines() -> None:
    made = lines("Kind regards\nThe *team*\n")
    assert made.text == "Kind regards\nThe *team*\n\n"
    assert "Kind regards<br>" in made.html


def test_a_mail_in_arabic_runs_from_right_to_left() -> None:
    assert '<html lang="ar" dir="rtl">' in parts(Letter("مرحبا", body="نص"), Envelope(), "ar").html


def test_the_preview_line_is_hidden_and_not_part_of_the_text() -> None:
    made = parts(Letter("s", "Only <seen> in lists {{first_name}}", "body"), Envelope(), "en")
    assert "Only &lt;seen&gt; in lists {{first_name}}" in made.html
    assert "Only" not in read_html(made.html)
    assert "Only" not in made.text


# Merge fields


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi {{first_name}} and {{ contact.first_name }}", ["first_name", "contact.first_name"]),
        ('{{ first_name | default: "friend" }} {{{html}}}', ["first_name", "html"]),
        ("*|FNAME|* *|DATE:d/m/y|* %FIRSTNAME%", ["FNAME", "DATE", "FIRSTNAME"]),
        ("50% of all, 20%OFF, {single}, { {spaced} }, {% if x %}, 100 % A %", []),
        ("{{ a <b> }} {{1st}} {{}}", []),
        ("{{名前}}様", ["名前"]),
    ],
)
def test_merge_fields_are_found(text: str, names: list[str]) -> None:
    assert [field.name for field in merge_fields(text)] == names
    assert all(text[field.start : field.end] == field.raw for field in merge_fields(text))


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Hi {{first_name}, hello", ["{{first_name}"]),
        ("Hi {first_name}}", ["{first_name}}"]),
        ("Hi {{ first_name", ["{{ first_name"]),
        ("Hi {{}} {{ }}", ["{{}}", "{{ }}"]),
        ("Hi {first_name}", ["{first_name}"]),
        ("*|FNAME| and |FNAME|*", ["*|FNAME|", "|FNAME|*"]),
        ("{{first_name}} {other} $x {% tag %} 100% *a* |b|", []),
    ],
)
def test_broken_merge_fields_are_found(text: str, broken: list[str]) -> None:
    assert [text[start:end] for start, end in broken_fields(text, ["first_name"])] == broken


@given(st.text(st.sampled_from("{}|*% aAZ_\n<>"), max_size=60))
def test_looking_for_merge_fields_never_fails_and_never_finds_markup(text: str) -> None:
    assert all(not set("<>&") & set(field.raw) for field in merge_fields(text))
    assert all(0 <= start < end <= len(text) for start, end in broken_fields(text, ["a"]))


def test_listed_fields_are_written_as_their_service_has_them() -> None:
    assert written(["first_name", "*|FNAME|*", "{{ company }}"]) == {
        "first_name": "{{first_name}}",
        "FNAME": "*|FNAME|*",
        "company": "{{ company }}",
    }


@pytest.mark.parametrize(
    "one",
    ["Words of a [link](https://example.com) {{first_name}} and more. ", "A line.\n\n", "- **a**\n", "|a|b|\n|-|-|\n"],
)
def test_twice_the_mail_takes_about_twice_the_time(one: str) -> None:
    def seconds(size: int) -> float:
        start = time.process_time()
        parts(Letter("s", body=one * (size // len(one))), Envelope(), "en")
        return time.process_time() - start

    seconds(10_000)
    assert seconds(160_000) < 12 * max(seconds(40_000), 0.02)  # four times; sixteen if it were quadratic


def test_the_default_parser_of_python_reads_it_too() -> None:
    message = message_from_bytes(text_header("Subject", "春のご案内 " * 9).encode(), policy=default)
    assert message["Subject"] == ("春のご案内 " * 9).strip()
