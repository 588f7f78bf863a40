"""No check raises, whatever the text, and what it finds lies in it. Every check on the shelf joins by being there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.piece import Piece, SourceText
from contentkit.core.text.document import document
from contentkit.kit.plugins import shelf

CHECKS = [name for name in shelf("steps").names() if getattr(shelf("steps").get(name), "CHECK", False)]

GUIDE: dict[str, Any] = {
    "names": ["GitHub"],
    "prefer": {"サーバ": "サーバー", "utilise": "use"},
    "forbid": {"world-class": ""},
    "terms": [{"avoid": ["log in"], "use": "sign in", "inflect": True}],
    "inclusive": True,
    "spelling": "en-GB",
    "headings": "title",
    "oxford_comma": "require",
    "contractions": "avoid",
    "numbers": "words",
    "sentence_words": 10,
    "paragraph_sentences": 3,
    "reading_grade": 5,
    "passive": 10,
    "japanese": {
        "writing": "kana", "letters": "half", "digits": "full", "punctuation": "，．", "spaces": "one",
        "sentence_characters": 20, "commas": 2, "particle_chain": 2, "double_negative": True, "dropped_ra": True,
        "redundant": True,
    },
}  # fmt: skip
ODD = {
    "empty": "",
    "spaces": " \t\r\n\u3000\u00a0\n" * 50,
    "tabs": "\t" * 200_000,
    "only code": "```python\nprint('GitHub github')\n```\n",
    "an open fence": "```\n" + "word " * 200,
    "right to left": "שלום עולם. \u202eevil\u202c مرحبا بالعالم، كيف الحال؟ " * 20,
    "combining marks": "Z\u0351\u036b\u0343\u036a\u0302a\u0302\u0301\u0300l\u0335g\u0321o\u0322 " * 100,
    "a long line": "word, " * 20_000,
    "a long word": "あ" * 20_000,
    "lone carriage returns": "# One\rtwo\rthree\n\rGithub\r",
    "surrogates and controls": "a\ud800b\x00c\x1b[31m\ufeff\u2028d\u0085e",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇯🇵" * 200,
    "openers": "「『（【([{<" * 500,
    "open brackets": "Words. " + "[" * 100_000 + " ［［",
    "marks": "*_`~[]()!#>-" * 500,
    "front matter alone": "---\ntitle: x\n---\n",
    "turkish": "İİİıııI Github İ github " * 30,
}
WORDS = st.sampled_from(
    [
        "Github",
        "サーバ",
        "サーバー",
        "the",
        "the",
        "utilise",
        "world-class",
        "log",
        "in",
        "が、",
        "の",
        "の",
        "の",
        "です。",
        "である。",
        "1,234",
        "[1]",
        "https://a.b/c",
        "「引用」",
        "“quoted”",
        "#",
        "\n\n",
        "-",
        "*",
        ">",
        "```",
        "`",
        "```",
        "{{name}}",
        "e.g.",
        "U.S.",
        "Don't",
        "，．",
        "ABC",
        "１２",
        "it's",
        "not",
        "only",
        "but",
        "also\n",
    ]
)


def piece(text: str, language: str) -> Piece:
    source = SourceText("notes.md", "The ferry carried 1,234 people. サーバーが動く。")
    return Piece("text", language, body=text, sources=(source,), name="a.md", settings={"style": GUIDE})


def look(name: str, text: str, language: str) -> None:
    read = document(text, language)
    for finding in shelf("steps").get(name).after(piece(text, language)).findings:
        assert finding.message
        assert finding.rule.partition("/")[0] == name
        if finding.place and finding.place.path == "a.md" and (span := read.span(finding.place)):
            assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize("language", ["en", "ja", "de", ""])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("name", CHECKS)
def test_odd_texts(name: str, text: str, language: str) -> None:
    look(name, text, language)


@pytest.mark.parametrize("name", CHECKS)
@given(text=st.text(max_size=300) | st.lists(WORDS, max_size=60).map(" ".join), language=st.sampled_from(["en", "ja"]))
@settings(max_examples=30)
def test_any_text(name: str, text: str, language: str) -> None:
    look(name, text, language)


@pytest.mark.parametrize("name", CHECKS)
@given(texts=st.lists(st.text(max_size=100), max_size=3))
@settings(max_examples=20)
def test_any_answer(name: str, texts: list[str]) -> None:
    step: Any = shelf("steps").get(name)
    output = {"posts": [{"platform": "x", "text": text} for text in texts], "title": "a title of words", "n": 3}
    for finding in step.after(Piece("social", "en", output=output, settings={"style": GUIDE})).findings:
        assert finding.message
