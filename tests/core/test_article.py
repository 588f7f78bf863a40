"""What stands around an article: citations, contents, address, quotes and questions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.article import Answer, Extras, Wishes, completed, confirmed
from contentkit.core.article.citations import as_footnotes, cited, without_list, without_marks
from contentkit.core.article.contents import anchors, contents, slug
from contentkit.core.article.size import written
from contentkit.core.piece import SourceText

TEXT = """# The ferry

It sails at 7:40 [1]. Nobody `cites[3]` in code, and [2](https://example.com) is a link.

## Winter

In winter the last boat sails at 20:00, because of ice [1][4].
It carries 90 cars [9].

```
[5]
```

## Sources

- [1] made up
"""
SOURCES = [
    SourceText("/home/me/notes.md", "", title="Notes *of* a [pilot]"),
    SourceText("https://example.com/a", ""),
    SourceText("c.md", ""),
    SourceText("https://example.com/d", "", title="Winter"),
]


def test_marks_are_found_in_prose_alone() -> None:
    assert cited(TEXT) == (1, 4, 9)
    plain = without_marks(TEXT)
    assert "It sails at 7:40. Nobody `cites[3]` in code, and [2](https://example.com) is a link." in plain
    assert "because of ice.\nIt carries 90 cars." in plain
    assert "```\n[5]\n```" in plain
    assert "because of ice[^1][^4].\nIt carries 90 cars[9]." in as_footnotes(TEXT, 4)


def test_a_list_that_the_writer_made_goes_whatever_it_is_called() -> None:
    assert without_list(TEXT).endswith("```\n")
    for name in ("## 出典", "## References:", "### **Quellen**"):
        assert without_list(f"# T\n\nText.\n\n{name}\n\n- [1] x\n") == "# T\n\nText.\n"
    kept = "# T\n\n## Sources of the river\n\nText.\n"
    assert without_list(kept) == kept
    assert without_list("Sources\n") == "Sources\n"


def test_the_list_is_exactly_what_is_cited() -> None:
    text = completed(TEXT, Wishes("marks"), Extras(), SOURCES, "en")
    assert text.endswith(
        "## Sources\n\n- [1] Notes \\*of\\* a \\[pilot\\] (notes.md)\n- [4] [Winter](https://example.com/d)\n"
    )
    notes = completed(TEXT, Wishes("footnotes"), Extras(), SOURCES, "en")
    assert notes.endswith("\n[^1]: Notes \\*of\\* a \\[pilot\\] (notes.md)\n[^4]: [Winter](https://example.com/d)\n")
    assert "## Sources" not in notes
    none = completed(TEXT, Wishes("none"), Extras(), SOURCES, "en")
    assert cited(none) == ()
    assert "Sources" not in none
    assert completed("# 渡し船\n\n出ます [2]。\n", Wishes("marks"), Extras(), SOURCES, "ja").endswith(
        "## 出典\n\n- [2] <https://example.com/a>\n"
    )
    assert completed("# T\n\nNothing is cited.\n", Wishes("marks"), Extras(), SOURCES, "en").endswith("cited.\n")


def test_anchors_are_those_of_github() -> None:
    names = [
        "What's new?",
        "What's new?",
        "C++ & Rust_2",
        "目次：はじめに",
        "Émile — a life",
        "What's new?",
        "  two  spaces ",
    ]
    assert anchors(names) == [
        "whats-new", "whats-new-1", "c--rust_2", "目次はじめに", "émile--a-life", "whats-new-2", "two--spaces",
    ]  # fmt: skip
    assert anchors(["a-1", "a", "a"]) == ["a-1", "a", "a-2"]


def test_contents_list_the_sections_and_stand_before_them() -> None:
    text = "# T\n\nOpening.\n\n## One *two*\n\nA.\n\n### Deep [x]\n\nB.\n\n#### Deeper\n\n## `Code` #\n\nC.\n"
    assert contents(text, "ja") == "**目次**\n\n- [One two](#one-two)\n  - [Deep \\[x\\]](#deep-x)\n- [Code](#code)"
    whole = completed(text, Wishes(toc=True), Extras(), [], "en")
    assert whole.startswith("# T\n\nOpening.\n\n**Contents**\n\n- [One two](#one-two)\n")
    assert completed("# T\n\nNo sections.\n", Wishes(toc=True), Extras(), [], "en") == "# T\n\nNo sections.\n"


@pytest.mark.parametrize(
    ("title", "language", "name"),
    [
        ("The Parser Got Faster!", "en", "the-parser-got-faster"),
        ("Don't panic: it's ½ price", "en", "dont-panic-its-1-2-price"),
        ("Über die Straße", "de", "ueber-die-strasse"),
        ("Über Øresund à l'œuvre", "fr", "uber-oresund-a-loeuvre"),
        ("電気で走る渡し船", "ja", "電気で走る渡し船"),
        ("Ｐｙｔｈｏｎ入門：第１章", "ja", "python入門-第1章"),
        ("🎉🎉", "en", "untitled"),
        ("word " * 40, "en", "-".join(["word"] * 12)),
    ],
)
def test_the_address_is_ascii_of_latin_letters_and_the_same_every_time(title: str, language: str, name: str) -> None:
    assert slug(title, language) == name
    assert slug(name, language) == name


@given(st.text())
def test_any_title_has_an_address(title: str) -> None:
    name = slug(title)
    assert name
    assert not set(name) & set(" /?#%&\"'<>")
    assert name == slug(title)


ARTICLE = """# The ferry

It sails at **7:40** every morning [1].

## Winter

Ice stops the *last boat* at 20:00. More follows.
"""


def test_quotes_must_stand_in_the_article_word_for_word() -> None:
    data = {
        "pull_quotes": [
            "“It sails at 7:40 every morning”",
            "Ice stops the last boat at 21:00.",
            "Ice stops the last boat",
        ]
    }
    extras, notices = confirmed(data, ARTICLE, "en", Wishes(pull_quotes=3))
    assert extras.quotes == ("It sails at 7:40 every morning", "Ice stops the last boat")
    assert notices == ("1 pull quote was left out: the article does not say it word for word",)


def test_answers_must_be_the_articles() -> None:
    data = {"faq": [
        {"question": "When does it sail?", "answer": "It sails at 7:40 in the morning."},
        {"question": "And in winter?", "answer": "The last boat sails at 21:00."},
        {"question": "Who owns it?", "answer": "A cooperative of fishermen owns the whole company."},
    ]}  # fmt: skip
    extras, notices = confirmed(data, ARTICLE, "en", Wishes(faq=3))
    assert [answer.question for answer in extras.answers] == ["When does it sail?"]
    assert notices == ("2 questions were left out: the article does not answer it so",)
    asked = [("いつ出ますか。", "船は7時40分に出ます。"), ("運賃は。", "運賃は9ユーロです。")]
    data = {"faq": [{"question": question, "answer": answer} for question, answer in asked]}
    extras, _ = confirmed(data, "# 渡し船\n\n船は毎朝7時40分に港を出ます。\n", "ja", Wishes(faq=2))
    assert [answer.question for answer in extras.answers] == ["いつ出ますか。"]


def test_quotes_and_questions_stand_in_their_places() -> None:
    extras = Extras(quotes=("More follows.", "Ice stops the last boat at 20:00."), answers=(Answer("Why?", "Ice."),))
    text = completed(ARTICLE, Wishes("none"), extras, [], "en")
    assert text == (
        "# The ferry\n\nIt sails at **7:40** every morning.\n\n## Winter\n\n> More follows.\n\n"
        "Ice stops the *last boat* at 20:00. More follows.\n\n> Ice stops the last boat at 20:00.\n\n"
        "## Questions and answers\n\n### Why?\n\nIce.\n"
    )


def test_a_text_is_as_long_as_its_words() -> None:
    prose = """The ferry It sails at 7:40. Nobody cites[3] in code, and 2 is a link.
    Winter In winter the last boat sails at 20:00, because of ice. It carries 90 cars."""
    assert written(TEXT, "en") == len(prose.split())
    assert written("- one two\n- three\n\n1. four\n\n> five\n> six\n", "en") == 6
    assert written("# 題\n\n船は［要記入：時刻］出る。\n\n## 出典\n\n- [1] 長い長い題名\n", "ja") == 6


def squeezed(text: str) -> str:
    return re.sub(r"\[\^?\d+\]|\s", "", text)


@given(st.text() | st.sampled_from([TEXT, ARTICLE]), st.sampled_from(["none", "marks", "footnotes"]))
def test_nothing_of_the_text_is_lost(text: str, how: str) -> None:
    whole = completed(text, Wishes(how), Extras(), SOURCES, "en")
    assert squeezed(whole).startswith(squeezed(without_list(text)))


def test_wishes_are_those_of_a_kind_that_declares_them() -> None:
    assert Wishes.of({"topic": "x", "length": 3}) is None
    wishes = Wishes.of({"citations": "footnotes", "toc": True, "pull_quotes": None, "faq": 2, "front_matter": "hugo"})
    assert wishes == Wishes("footnotes", toc=True, faq=2, front_matter="hugo")
    assert wishes.asks
    assert not Wishes("marks", toc=True).asks
