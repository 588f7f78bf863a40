"""``contentkit check`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contentkit.cli import cli


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result.stdout


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.md").write_text("---\ntitle: x\n---\n" + "The ferry leaves at seven. " * 20, encoding="utf-8")
    Path("short.md").write_text("The ferry leaves the old harbour at seven in the morning.\n", encoding="utf-8")


def test_a_text_over_the_limit_fails() -> None:
    code, said = run("long.md", "--platform", "x")
    assert code == 1
    assert "long.md" in said
    assert "of 280" in said


def test_a_text_that_fits_passes_and_a_folder_is_read() -> None:
    assert run("short.md", "--platform", "x")[0] == 0
    code, said = run(".", "--format", "json")
    assert code == 0
    assert json.loads(said)["fields"]["texts"] == 2


def test_one_check_alone() -> None:
    code, said = run("long.md", "--platform", "x", "--only", "language", "--format", "json")
    assert code == 0
    assert json.loads(said)["fields"]["checks"] == ["language"]


PRIVATE = {
    "a key": "ghp_" + "Zx9Qw8Er7Ty6Ui5Op4As" + "3Df2Gh1Jk0Lm9Nb8",
    "a card": "4539 1488 0343 6467",
    "a phone": "090-3141-5926",
    "a wide phone": "０３－３１４１－５９２６",
    "a mail": "greta.holm@lindvik.se",
    "an account": "GB82 WEST 1234 5698 7654 32",
}
FORMATS = ("", "text", "markdown", "json", "html", "sarif", "github", "gitlab", "rdjson", "checkstyle", "junit")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("skip", ["", "unsafe"])
def test_what_is_private_is_in_no_format_also_not_beside_another_finding(form: str, skip: str) -> None:
    """A log of CI is read by many: the line of a finding is shown, what is private in it is not."""
    Path("style.toml").write_text('[[terms]]\nuse = "use"\navoid = ["utilise"]\n', encoding="utf-8")
    lines = "".join(f"We utilise {what} of hers, {value}, here.\n\n" for what, value in PRIVATE.items())
    Path("a.md").write_text(lines, encoding="utf-8")
    words = ["a.md", "--style", "style.toml", "--skip", skip, "--language", "en"]
    said = run(*words, *(["--format", form] if form else []))[1]
    shown = said.replace("&nbsp;", " ").replace("\u00a0", " ")
    assert "utilise" in said
    for what, value in PRIVATE.items():
        middle = value[2:-2]
        assert middle not in shown, what
        assert json.dumps(middle).strip('"') not in shown, what
    for finding in findings(*words):
        if context := finding["place"]["context"]:
            line = lines.split("\n")[finding["place"]["line"] - 1]
            assert len(context) == len(line)
            assert context.startswith("We utilise a")


def test_what_json_writes_with_escapes_is_private_too() -> None:
    phone = "".join(f"\\u{ord(sign):04x}" for sign in PRIVATE["a wide phone"])
    text = f"Ring {phone} in in the morning."
    Path("a.json").write_text(f'{{"posts": [{{"platform": "x", "text": "{text}", "hashtags": []}}]}}', encoding="utf-8")
    found = findings("a.json", "--kind", "social")
    assert {"unsafe/phone"} < {finding["rule"] for finding in found}
    assert any(finding["place"]["context"] for finding in found)
    assert all(phone[10:-10] not in json.dumps(finding).replace("\\\\", "\\") for finding in found)


def findings(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*words, "--format", "json")[1])["findings"]
    return found


def test_the_answer_of_a_kind_is_checked_text_by_text_with_places_in_its_file() -> None:
    long = r"A \u00e4 \ud83d\ude00 \"word\" " + "of the ferry at seven " * 14
    Path("posts.json").write_text(
        '{"posts": [{"platform": "mastodon", "text": "Fits well.", "hashtags": [], "alt_text": ""},\n'
        f' {{"platform": "x", "hashtags": [], "alt_text": "", "text": "{long}"}}]}}\n',
        encoding="utf-8",
    )
    (found,) = findings("posts.json", "--kind", "social", "--only", "limits")
    place = found["place"]
    assert (found["rule"], place["path"], place["part"]) == ("limits/x", "posts.json", "posts[1].text")
    line = Path("posts.json").read_text(encoding="utf-8").split("\n")[place["line"] - 1]
    over = line[place["column"] - 1 :].removesuffix('"}]}')  # what X has no room for; "\u00e4" is one, an emoji two
    assert len(json.loads(f'"{long}"')) - len(over) == 280 - 1


def test_a_page_is_checked_in_the_language_that_it_names() -> None:
    said = "<p>Good bread needs time, and a starter that is fed every day with flour and water.</p>"
    Path("page.html").write_text(f'<html lang="ja"><body><h1>Bread</h1>{said}</body></html>', encoding="utf-8")
    assert [one["message"] for one in findings("page.html", "--only", "language")] == [
        "The text is in English, not in Japanese."
    ]


def test_json_that_is_not_of_the_kind_is_a_finding_at_its_place() -> None:
    Path("posts.json").write_text('{"posts":\n [{"platform": "cb radio", "text": "Ten four.", "hashtags": []}]}')
    found = findings("posts.json", "--kind", "social")
    assert {(one["rule"], one["place"]["line"], one["place"]["part"]) for one in found if "schema" in one["rule"]} == {
        ("form/schema", 2, "posts[0]"),
        ("form/schema", 2, "posts[0].platform"),
    }


@pytest.mark.parametrize("code", ["ja", "ja-JP", "JA"])
def test_a_language_may_be_named_with_its_country_and_in_capitals(code: str) -> None:
    Path("j.md").write_text("船は毎朝七時に出ます。今日は雨だ。明日は晴れます。\n", encoding="utf-8")
    assert {"style/register"} <= {one["rule"] for one in findings("j.md", "--lang", code)}


def test_a_report_of_ours_says_itself_what_it_is() -> None:
    words = ("write", "email", "Ferry", "--from", "short.md", "--format", "json", "-o", "mail.json", "--no-history")
    made = CliRunner().invoke(cli, [*words, "--model", "offline"])
    assert Path("mail.json").exists(), made.output
    report = json.loads(Path("mail.json").read_text(encoding="utf-8"))
    report["fields"]["subject"] = "x" * 70
    Path("mail.json").write_text(json.dumps(report), encoding="utf-8")
    rules = {one["rule"]: one["place"]["part"] for one in findings("mail.json")}
    assert rules["limits/email-subject"] == "subject"


def test_a_report_says_in_which_language_it_should_be() -> None:
    said = {"contentkit": 1, "kind": "article", "language": "ja", "body": f"{TWICE} Take a coat along.\n"}
    Path("made.json").write_text(json.dumps(said), encoding="utf-8")
    assert "language/other" in {one["rule"] for one in findings("made.json")}
    Path("made.json").write_text(json.dumps(said | {"language": "en"}), encoding="utf-8")
    assert "language/other" not in {one["rule"] for one in findings("made.json")}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_message_is_told_to_the_column_whatever_ends_its_lines(end: str) -> None:
    lines = ["Subject: HOURS CHANGE NOW!!", "", "Hello,", "", "we go to the the boat. {{last_name"]
    Path("m.eml").write_bytes(end.join([*lines, ""]).encode())
    told = {one["rule"]: (one["place"]["line"], one["place"]["column"]) for one in findings("m.eml")}
    assert (told["email/punctuation"], told["repetition/word"], told["email/merge-field-broken"]) == (
        (1, 26), (5, 13), (5, 24),
    )  # fmt: skip


def test_a_message_has_subject_preheader_and_body() -> None:
    Path("m.eml").write_text(
        "Subject: =?utf-8?q?Caf=C3=A9_hours_change_from_Monday_the_first_of_December_on=2C_all_week?=\n"
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        "Content-Type: text/plain; charset=utf-8\n\nThe harbour cafe opens at eight.\n\n--b\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        '<p style="display:none">Too short<br></p><p>The harbour</p>\n\n--b--\n',
        encoding="utf-8",
    )
    rules = {one["rule"]: one["place"] for one in findings("m.eml")}
    assert rules["limits/email-subject"]["line"] == 1
    assert rules["limits/email-preheader"]["line"] == 13
    assert rules["limits/email-preheader"]["context"].startswith('<p style="display:none">Too short')


def test_a_message_in_japanese_is_read_in_its_language_and_its_words_are_shown_decoded() -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "新しい時刻表のお知らせ"
    message.set_content("{{first_name}} 様\n\n船は毎朝7時に港を出ます。{{last_name までどうぞ。\n" * 9, cte="base64")
    message.add_alternative(f"<html><body>{'<p>船は毎朝7時に港を出ます。</p>' * 9}</body></html>", subtype="html")
    Path("m.eml").write_bytes(message.as_bytes())
    found = {one["rule"]: one["place"] for one in findings("m.eml")}
    assert "language/other" not in found
    place = found["email/merge-field-broken"]
    assert (place["part"], place["context"]) == ("body", "")
    assert "{{last_name" in place["quote"]
    said = run("m.eml")[1]
    assert "{{last_name" in said
    assert len(max(said.splitlines(), key=len)) < 100
    assert "lines more" not in said


TWICE = "The ferry to the island leaves at seven every morning from the old pier."


@pytest.mark.parametrize("order", [("made.json", "a.md", "m.eml"), ("a.md", "m.eml", "made.json")])
def test_files_of_several_kinds_have_each_the_checks_of_its_kind(order: tuple[str, ...]) -> None:
    """A translation may say twice what its original says twice; a text may not, and beside an email neither may."""
    made = {"contentkit": 1, "kind": "translate", "body": f"{TWICE}\n\n{TWICE}\n", "language": "en"}
    Path("made.json").write_text(json.dumps(made), encoding="utf-8")
    Path("a.md").write_text(f"{TWICE}\n\nTake a coat along.\n\n{TWICE}\n", encoding="utf-8")
    Path("m.eml").write_text(f"Subject: {'Ferry ' * 12}\n\nTickets cost little.\n", encoding="utf-8")
    told = sorted((one["place"]["path"], one["rule"]) for one in findings(*order) if one["place"]["path"] != "m.eml")
    assert told == [("a.md", "repetition/sentence")]
    assert "limits/email-subject" in {one["rule"] for one in findings(*order) if one["place"]["path"] == "m.eml"}
    ran = json.loads(run(*order, "--format", "json")[1])["fields"]["checks"]
    assert {"repetition", "grounding", "email"} <= set(ran)
    Path("b.md").write_text(f"Good day to all.\n\n{TWICE}\n", encoding="utf-8")
    assert "repetition/across" in {one["rule"] for one in findings("a.md", "b.md")}
    assert "repetition/across" not in {one["rule"] for one in findings("made.json", "b.md")}


def test_the_front_matter_of_an_article_is_what_search_pages_show() -> None:
    Path("a.md").write_text(
        "---\ntags: [a]\ntitle: 'A title that goes on for a good deal longer than any search page ever shows of it'\n"
        "description: Short.\n---\n# A\n\nThe ferry leaves at seven.\n",
        encoding="utf-8",
    )
    assert findings("a.md") == []
    found = findings("a.md", "--kind", "article")
    told = {one["rule"]: (one["place"]["line"], one["place"]["column"]) for one in found}
    assert told == {"limits/seo-title": (3, 9 + 60), "limits/seo-description": (4, 14)}


def test_what_is_empty_or_binary_is_told_and_fails_nobody() -> None:
    Path("empty.md").touch()
    Path("b.bin").write_bytes(bytes(range(256)) * 9)
    code, said = run("empty.md", "b.bin", "short.md")
    assert code == 0
    assert "2 of 3 files skipped" in said
    assert "not checked" in said


def test_a_path_is_told_as_it_is_called_from_here(tmp_path: Path) -> None:
    (found,) = findings(str(tmp_path / "long.md"), "--platform", "x", "--only", "limits")
    assert found["place"]["path"] == "long.md"


def test_only_so_many_are_shown_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTENTKIT_CHECK_MAX_FINDINGS", "1")
    Path("other.md").write_text("The ferry leaves at seven. " * 20)
    words = ("long.md", "other.md", "--platform", "x", "--only", "limits")
    assert "and 1 more: 1 major; --all shows them" in run(*words)[1]
    assert "more" not in run(*words, "--all")[1]
    assert len(findings(*words)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.md",), "There is no file"),
        (("short.md", "--platform", "xx"), "platform"),
        (("short.md", "--only", "limit"), "limits"),
        (("short.md", "--kind", "artikle"), "article"),
        (("short.md", "--lang", "english"), "no code of a language"),
        (("short.md", "--style", "no.toml"), "no.toml"),
        (("short.md", "--model", "offline"), "goes with --rewrite"),
        (("short.md", "--rewrite", "--fix"), "can't be done at once"),
        (("short.md", "--rewrite", "--model", "offline"), "Without a model no sentence"),
    ],
)
def test_a_wrong_request_is_one_sentence(words: tuple[str, ...], said: str) -> None:
    from contentkit.core.errors import UsageError

    with pytest.raises(UsageError) as error:
        run(*words)
    assert said in str(error.value)
