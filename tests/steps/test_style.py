"""The style guide: what each key finds, what it leaves alone, and what can't be said."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from contentkit.cli import cli
from contentkit.core.errors import UsageError
from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.fixes import settled
from contentkit.steps import repetition
from contentkit.steps._style import english
from contentkit.steps._style.guide import RULES, Guide, Japanese, Term, read_guide
from contentkit.steps._style.told import lines
from contentkit.steps.style import after, settings


def check(text: str, guide: dict[str, Any], language: str = "en") -> tuple[Finding, ...]:
    settings(guide)
    return after(Piece("text", language, body=text, name="a.md", settings={"style": guide})).findings


def quotes(text: str, guide: dict[str, Any], language: str = "en") -> list[tuple[str, str]]:
    return [
        (finding.rule.removeprefix("style/"), finding.place.quote if finding.place else "")
        for finding in check(text, guide, language)
    ]


def mended(text: str, guide: dict[str, Any], language: str = "en") -> str:
    """The text with every safe fix."""
    return settled(text, lambda one: check(one, guide, language), "a.md").text


def test_a_term_keeps_its_capitals_and_endings() -> None:
    guide = {"terms": [{"avoid": ["utilise", "utilize"], "use": "use", "inflect": True}]}
    text = "Utilise it; she utilises what he UTILIZED while utilizing. Utility stays."
    assert mended(text, guide) == "Use it; she uses what he USED while using. Utility stays."


def test_irregular_verbs_take_their_own_forms() -> None:
    guide = {"terms": [{"avoid": ["commence"], "use": "begin", "inflect": True}]}
    assert mended("It commenced, is commencing and commences.", guide) == "It began, is beginning and begins."


@pytest.mark.parametrize(
    ("avoid", "use", "text", "better"),
    [
        ("fix", "carry", "He fixes what she fixed.", "He carries what she carried."),
        ("try", "mend", "He tries what she tried, trying hard.", "He mends what she mended, mending hard."),
        ("end", "stop", "It ends, ended and is ending.", "It stops, stopped and is stopping."),
        ("watch", "free", "He watches, watched, is watching.", "He frees, freed, is freeing."),
    ],
)
def test_regular_verbs_take_the_ending_that_their_letters_ask(avoid: str, use: str, text: str, better: str) -> None:
    assert mended(text, {"terms": [{"avoid": [avoid], "use": use, "inflect": True}]}) == better


def test_a_term_within_the_right_one_is_right() -> None:
    guide = {"prefer": {"サーバ": "サーバー", "server": "web server"}}
    assert check("サーバーと web server。", guide, "ja") == ()
    assert mended("サーバの server", guide, "ja") == "サーバーの web server"


def test_a_forbidden_term_is_major_and_says_why() -> None:
    (finding,) = check("Our world-class team.", {"forbid": {"world-class": "Say what it does."}})
    assert finding.severity is Severity.MAJOR
    assert finding.message == "“world-class” is not to be used. Say what it does."
    assert finding.replacement is None


def test_a_name_has_one_writing_and_code_keeps_its_own() -> None:
    guide = {"names": ["GitHub", "macOS"]}
    assert mended("Github, GITHUB, `github`, github.com/x and MacOS", guide) == (
        "GitHub, GitHub, `github`, github.com/x and macOS"
    )


def test_inclusive_words_are_only_suggested() -> None:
    (finding,) = check("Put it on the whitelist.", {"inclusive": True})
    assert (finding.suggestion, finding.replacement) == ("allowlist", None)
    assert [rule for rule, _ in quotes("看護婦が来ました。", {"inclusive": True}, "ja")] == ["inclusive"]


def test_severities_are_the_guides_to_say() -> None:
    guide = {"prefer": {"utilise": "use"}, "severity": {"term": "critical"}}
    (finding,) = check("We utilise it.", guide)
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("guide", "said"),
    [
        ({"speling": "en-GB"}, "'spelling'"),
        ({"spelling": "en"}, "en-GB"),
        ({"sentence_words": -1}, "whole number"),
        ({"prefer": ["a"]}, "a table"),
        ({"terms": [{"use": "x"}]}, "avoid"),
        ({"terms": [{"avoid": ["a"], "usee": "x"}]}, "'use'"),
        ({"japanese": {"registre": "x"}}, "'register'"),
        ({"severity": {"spelling": "bad"}}, "critical"),
        ({"severity": {"speling": "minor"}}, "'spelling'"),
        ({"prefer": {"a": "b", "b": "a"}}, "instead of"),
        ({"reading_grade": -1}, "reading_grade must be a number from 0 on"),
        ({"sentence_words": -1}, "sentence_words must be a whole number from 0 on"),
        ({"sentence_words": True}, "sentence_words must be a whole number from 0 on"),
    ],
)
def test_a_wrong_guide_is_one_sentence(guide: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as error:
        settings(guide)
    assert said in str(error.value)


FULL: dict[str, Any] = {
    "names": ["GitHub", "macOS"],
    "prefer": {"サーバ": "サーバー", "utilise": "use", "server": "web server"},
    "forbid": {"world-class": ""},
    "terms": [{"avoid": ["log in"], "use": "sign in", "inflect": True}],
    "inclusive": True,
    "spelling": "en-GB",
    "headings": "sentence",
    "oxford_comma": "require",
    "contractions": "avoid",
    "numbers": "words",
    "sentence_words": 20,
    "paragraph_sentences": 4,
    "reading_grade": 8,
    "passive": 20,
    "japanese": {
        "register": "consistent", "writing": "kana", "letters": "half", "digits": "half", "punctuation": "、。",
        "spaces": "none", "sentence_characters": 60, "commas": 3, "particle_chain": 3, "double_negative": True,
        "dropped_ra": True, "redundant": True,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "text", "fixed"),
    [
        ("en-GB", "Color the center. We analyzed traveled data.", "Colour the centre. We analysed travelled data."),
        ("en-GB", "A program in Pearl Harbor; check the tire.", "A program in Pearl Harbor; check the tire."),
        (
            "en-US",
            "Colour the programme's centre at the ORGANISATION.",
            "Color the program's center at the ORGANIZATION.",
        ),
        ("en-GB-oxford", "We organise and analyze colors.", "We organize and analyse colours."),
        ("consistent", "Colour, behaviour and favor.", "Colour, behaviour and favour."),
        ("any", "Colour and favor.", "Colour and favor."),
        ("en-US", "We advertise, promise, revise and exercise.", "We advertise, promise, revise and exercise."),
    ],
)
def test_spelling(wanted: str, text: str, fixed: str) -> None:
    assert mended(text, {"spelling": wanted}) == fixed


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("require", "We sell apples, pears and plums.", ["pears"]),
        ("require", "In June, Tom and Ann left. However, cats and dogs bark.", []),
        ("require", "The ferry, old and slow, left. If it rains, cats and dogs stay.", []),
        ("require", "We sell apples, pears, and plums.", []),
        ("forbid", "We sell apples, pears, and plums.", ["pears,"]),
        ("forbid", "It rained all day, and the cats stayed in.", []),
    ],
)
def test_the_comma_before_and(wanted: str, text: str, found: list[str]) -> None:
    assert [quote for _, quote in quotes(text, {"oxford_comma": wanted})] == found


def test_a_long_series_is_put_right() -> None:
    assert (
        mended("It is red, green, blue and black.", {"oxford_comma": "require"}) == "It is red, green, blue, and black."
    )
    assert (
        mended("It is red, green, blue, and black.", {"oxford_comma": "forbid"}) == "It is red, green, blue and black."
    )


@given(
    st.lists(
        st.sampled_from(
            ["a", "bar baz", "x'y", "one two three four", "and", "x" * 31, ",", ", ", ", ", ",\n", " ", ". "]
        ),
        max_size=60,
    ).map("".join)
)
def test_a_series_begins_where_a_search_through_all_of_the_sentence_would_find_it(text: str) -> None:
    for start in (0, len(text) // 3):
        comma = text.rfind(",", start, len(text) - 1)
        if comma >= 0 and english._LAST_ITEM.match(text, comma + 1):
            one, other = (english._SERIES.search(text, at) for at in (start, english._begin(text, start, comma)))
            assert (one and one.span()) == (other and other.span())


def test_contractions() -> None:
    text = "Don't go; I'm sure you’ll see. Don't you? It's Tom's. Let's, he can't."
    assert mended(text, {"contractions": "avoid"}) == (
        "Do not go; I am sure you will see. Don't you? It's Tom's. Let us, he cannot."
    )
    assert ("contraction", "It's") in quotes(text, {"contractions": "avoid"})
    assert quotes("We do not know.", {"contractions": "use"}) == [("contraction", "do not")]


def test_numbers() -> None:
    text = "You have 3 apples, 5 minutes, step 4 things, Python 3 code and 3.5 times 10 cows."
    assert quotes(text, {"numbers": "words"}) == [("number", "3")]
    assert quotes("We saw three cows and twenty-three hens.", {"numbers": "digits"}) == [("number", "three")]


@pytest.mark.parametrize(
    ("wanted", "heading", "fixed"),
    [
        ("sentence", "# The Best Way to Write Code", "# The best way to write code"),
        ("sentence", "# GitHub: A Tour of NASA and Paris", "# GitHub: A tour of NASA and Paris"),
        ("title", "# The best way to write code in", "# The Best Way to Write Code In"),
    ],
)
def test_headings(wanted: str, heading: str, fixed: str) -> None:
    body = "\n\nIt is the best way to write code, and a tour of it.\n"
    assert mended(heading + body, {"headings": wanted, "names": ["GitHub"]}) == fixed + body


def test_lengths() -> None:
    text = "One two three four five six. One two. " + "Red. " * 3
    assert [rule for rule, _ in quotes(text, {"sentence_words": 5})] == ["sentence-length"]
    assert [rule for rule, _ in quotes(text, {"paragraph_sentences": 4})] == ["paragraph-length"]
    assert quotes("あ" * 30 + "。いう。", {"japanese": {"sentence_characters": 30}}, "ja") == [
        ("sentence-length", "あ" * 30 + "。")
    ]


def test_the_reading_grade_is_kincaids() -> None:
    hard = "Institutional considerations necessitate comprehensive organisational transformation. " * 20
    easy = "The cat sat on the mat and ate the fat rat. " * 20
    (finding,) = check(hard, {"reading_grade": 10})
    assert float(finding.message.split()[4]) > 20
    assert check(easy, {"reading_grade": 4}) == ()


def test_the_same_word_twice() -> None:
    assert mended("It is the the best that that had had.", {}) == "It is the best that that had had."
    assert check("It is the the best.", {"repeated_words": False}) == ()


def test_a_word_that_stands_twice_is_told_once() -> None:
    piece = Piece("article", "en", body="It is the the best. The ferry ferry left.", name="a.md")
    found = after(repetition.after(piece)).findings
    assert [(one.rule, one.severity) for one in found if "twice" in one.message] == [
        ("repetition/word", Severity.MINOR),
        ("repetition/word", Severity.INFO),
        ("style/repeated-word", Severity.MINOR),
    ]


def test_passive_sentences_are_counted() -> None:
    text = "The door was opened. " * 3 + "She went home. " * 7
    assert [rule for rule, _ in quotes(text, {"passive": 20})] == ["passive"]
    assert check(text, {"passive": 40}) == ()


@pytest.mark.parametrize("be", ["am", "are", "is", "was", "were", "be", "been", "being"])
def test_every_form_of_be_makes_a_passive(be: str) -> None:
    assert [rule for rule, _ in quotes(f"The doors {be} not quickly opened. " * 10, {"passive": 20})] == ["passive"]
    assert check(f"The doors x{be} opened. " * 10, {"passive": 20}) == ()


def test_one_register_and_quotations_keep_theirs() -> None:
    text = (
        "船は七時に出ます。島は静かです。港は広い。「もう帰る。」と父が言いました。\n\n- 時刻表を見る\n\n## 船に乗る\n"
    )
    assert quotes(text, {}, "ja") == []
    text = "船は七時に出ます。島は静かです。港は広かった。船が着く。"
    assert [quote for _, quote in quotes(text, {}, "ja")] == ["港は広かった。", "船が着く。"]
    assert [quote for _, quote in quotes(text, {"japanese": {"register": "dearu"}}, "ja")] == [
        "船は七時に出ます。", "島は静かです。"
    ]  # fmt: skip
    assert quotes(text, {"japanese": {"register": "any"}}, "ja") == []


@pytest.mark.parametrize(
    ("guide", "text", "fixed"),
    [
        (
            {"dropped_ra": True},
            "これは見れる。食べれない。見れば分かる。隠れる。",
            "これは見られる。食べられない。見れば分かる。隠れる。",
        ),
        ({"redundant": True}, "まず最初に、使用することができます。", "最初に、使用できます。"),
        ({}, "サーバとサーバーとサーバー", "サーバーとサーバーとサーバー"),
        ({}, "行なう人は行う。行った。変更に更に", "行う人は行う。行った。変更に更に"),
        (
            {"writing": "kana"},
            "一致します。変更に。更に見て下さい。又は",
            "一致します。変更に。さらに見てください。または",
        ),
        ({"writing": "any"}, "サーバとサーバー", "サーバとサーバー"),
        ({"letters": "half", "digits": "half"}, "ＡＢＣを１２回", "ABCを12回"),
        ({"letters": "full", "digits": "full"}, "ABCを12回", "ＡＢＣを１２回"),
        ({}, "ﾃｽﾄとｶﾞｲﾄﾞ", "テストとガイド"),
        ({"punctuation": "、。"}, "これは，日本語．3.5とv1.2", "これは、日本語。3.5とv1.2"),
        ({"punctuation": "，．"}, "これは、日本語。", "これは，日本語．"),
        ({"spaces": "none"}, "Python を 3 回 `x` を", "Pythonを3回 `x` を"),
        ({"spaces": "one"}, "Pythonを3回", "Python を 3 回"),
    ],
)
def test_japanese_fixes(guide: dict[str, Any], text: str, fixed: str) -> None:
    assert mended(text, {"japanese": guide}, "ja") == fixed


def test_japanese_findings() -> None:
    guide = {"japanese": {"double_negative": True, "commas": 3, "particle_chain": 3}}
    assert [rule for rule, _ in quotes("行けないわけではない。あ、い、う、え、お。市の南の港の北。", guide, "ja")] == [
        "double-negative", "commas", "particle-chain"
    ]  # fmt: skip


WORDS = st.sampled_from(
    """
    Github サーバ サーバー the the color colour Don't it's a,_b,_c_and_d log_in server 見れる することができ 下さい
    ください ， ． 。 です ＡＢ １２ ｶﾞ Web _ / // #_The_Code_Is `color` “color” 「サーバ」
    >_Github https:%%github.com%Github {{_color_}} <b_title='color'> 、 ,_
    """.replace("/", "\\").split()
).map(lambda word: word.replace("_", " ").replace("%", "/").replace("\\", "\n"))


@given(st.lists(WORDS, max_size=25), st.sampled_from(["", " "]), st.sampled_from(["en", "ja"]))
def test_fixing_twice_is_fixing_once(words: list[str], between: str, language: str) -> None:
    once = mended(between.join(words), FULL, language)
    assert mended(once, FULL, language) == once


@given(st.lists(WORDS, max_size=25), st.sampled_from(["en", "ja"]))
def test_what_is_no_prose_of_the_writer_stays(words: list[str], language: str) -> None:
    kept = "\n\n```\nGithub color ＡＢ\n```\n\n> Github color サーバ\n"
    assert mended(" ".join(words) + kept, FULL, language).endswith(kept)


def test_the_example_is_a_guide_and_the_page_has_every_key_and_rule() -> None:
    docs = Path(__file__).parents[2] / "docs"
    table = tomllib.loads((docs / "examples" / "style.toml").read_text(encoding="utf-8"))
    settings(table)
    page = (docs / "style.md").read_text(encoding="utf-8")
    keys = {field.name for kind in (Guide, Japanese, Term) for field in fields(kind)} - {"japanese", "tools"}
    assert [key for key in keys if f"`{key}`" not in page and f"[{key}]" not in page] == []
    assert set(table) | {"tools"} == {field.name for field in fields(Guide)}
    assert set(table["japanese"]) == {field.name for field in fields(Japanese)}
    assert [rule for rule in RULES if f"`style/{rule}`" not in page] == []


def test_a_model_is_told_the_guide_in_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    guide = 'spelling = "en-GB"\nnames = ["GitHub"]\n[japanese]\nregister = "desumasu"\n'
    Path("style.toml").write_text(guide + '[forbid]\n"{{ secret }}" = ""\n', encoding="utf-8")
    words = ["write", "article", "Ferries", "--style", "style.toml", "--model", "offline", "--dry-run"]
    said = CliRunner().invoke(cli, words, standalone_mode=False).stdout
    assert "- British spelling (colour, organise, centre)." in said
    assert "GitHub" in said
    assert "{{ secret }}" in said  # data, and no template
    said = CliRunner().invoke(cli, [*words, "--lang", "ja"], standalone_mode=False).stdout
    assert "文末は「です・ます」に統一する。" in said
    assert "British" not in said


TOLD = {
    "en": {
        "spelling": "British spelling (colour, organise, centre).",
        "headings": "Headings in sentence case.",
        "oxford_comma": "A comma before the last of several (red, green, and blue).",
        "contractions": "No contractions (do not, it is).",
        "numbers": "Zero to nine as words, except with units, versions and dates.",
        "sentence_words": "At most 20 words a sentence.",
        "paragraph_sentences": "At most 4 sentences a paragraph.",
        "reading_grade": "Easy enough for a Flesch-Kincaid grade of 8: short sentences, short words.",
        "passive": "Active verbs; hardly any passive.",
        "inclusive": "Words that leave nobody out (chair, they, allowlist).",
        "names": "Names are written so: GitHub, macOS.",
    },
    "ja": {
        "writing": "補助動詞・接続詞・副詞はかなで書く（ください、または、すべて）。",
        "letters": "英字は半角。",
        "digits": "数字は半角。",
        "punctuation": "句読点は「、。」。",
        "spaces": "和文と英数字の間に空白を入れない。",
        "sentence_characters": "一文は60字以内。",
        "commas": "読点は一文に3つまで。",
        "particle_chain": "「の」を3回以上続けない。",
        "double_negative": "二重否定を使わない。",
        "dropped_ra": "ら抜き言葉を使わない。",
        "redundant": "冗長な言い方（することができる、まず最初に）を使わない。",
    },
}


@pytest.mark.parametrize(("language", "key"), [(language, key) for language, rows in TOLD.items() for key in rows])
def test_what_the_guide_asks_is_told_to_the_model_and_nothing_else(language: str, key: str) -> None:
    whole = FULL["japanese"] if language == "ja" and key in FULL["japanese"] else FULL
    table = {key: whole[key]} if whole is FULL else {"japanese": {key: whole[key]}}
    assert list(lines(read_guide(table), language)) == [TOLD[language][key]]
    assert TOLD[language][key] in lines(read_guide(FULL), language)


def test_a_draft_is_checked_by_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("style.toml").write_text('[forbid]\nferry = "Say boat."\n', encoding="utf-8")
    Path("notes.md").write_text("The ferry leaves the old harbour at seven in the morning.\n" * 3, encoding="utf-8")
    words = [
        "write",
        "article",
        "--from",
        "notes.md",
        "--style",
        "style.toml",
        "--model",
        "offline",
        "--format",
        "json",
    ]
    report = json.loads(CliRunner().invoke(cli, words, standalone_mode=False).stdout)
    assert "style/forbidden" in {finding["rule"] for finding in report["findings"]}
