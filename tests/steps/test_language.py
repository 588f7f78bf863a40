"""The language guard."""

from __future__ import annotations

from typing import Any

import pytest

from contentkit.core.piece import Piece
from contentkit.core.report import Severity
from contentkit.steps.language import after

ENGLISH = "Good bread needs time, and a starter that is fed every day with flour and water."
JAPANESE = "おいしいパンには時間がかかります。毎日、小麦粉と水を与えて種を育ててください。"
GERMAN = "Gutes Brot braucht Zeit und einen Sauerteig, der jeden Tag mit Mehl und Wasser gefüttert wird."


def found(language: str, body: str = "", output: Any = None) -> list[str]:
    return [finding.message for finding in after(Piece("any", language, body=body, output=output)).findings]


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("ja", JAPANESE), ("de", GERMAN), ("de-AT", GERMAN)])
def test_the_right_language_is_quiet(language: str, text: str) -> None:
    assert found(language, text) == []


def test_another_language_is_major_with_a_repair() -> None:
    (finding,) = after(Piece("any", "ja", body=ENGLISH)).findings
    assert finding.message == "The text is in English, not in Japanese."
    assert (finding.rule, finding.severity) == ("language/other", Severity.MAJOR)
    assert finding.repair.startswith("Write everything in Japanese.")


def test_the_first_wrong_part_of_an_output_is_named() -> None:
    output = {"posts": [{"text": JAPANESE}, {"text": ENGLISH}, {"text": ENGLISH}]}
    (finding,) = after(Piece("social", "ja", output=output)).findings
    assert finding.place is not None
    assert finding.place.path == "posts[1].text"


def test_code_links_names_and_marks_are_no_language() -> None:
    code = f"```python\n{'the = quick, brown, fox ' * 20}\n```\n"
    text = f"{JAPANESE}\n\n{code}\n[To fill: conclusion and next step, with everything that matters]\n\nhttps://example.com/the-quick"
    assert found("ja", text) == []


def test_a_quotation_in_another_language_is_allowed() -> None:
    assert found("de", "\n\n".join([GERMAN, ENGLISH, GERMAN, GERMAN, GERMAN])) == []


def test_too_little_to_tell_is_quiet() -> None:
    assert found("ja", "OK") == []
    assert found("", ENGLISH) == []


def test_short_parts_of_a_mail_are_told_by_their_small_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """To load the statistics of letters takes a third of the time that a draft takes."""
    monkeypatch.setattr("contentkit.core.text.prose.likely", lambda *_: pytest.fail("the letters were asked"))
    mail = {
        "subject": "The ferry is back at the pier",
        "body": "It leaves at nine.\n\nAll the tickets are at the kiosk.",
    }
    assert found("en", output=mail) == []
    mail = {"subject": "Die Fähre ist wieder am Steg", "body": "Sie legt um neun ab.\n\nDie Karten sind am Kiosk."}
    assert found("de", output=mail) == []


def test_small_words_of_a_title_do_not_make_a_japanese_text_english() -> None:
    text = "「The Lord of the Rings」は名作です。夏休みに家族で見るのにちょうどよい映画なので、ぜひ見てください。"
    assert found("en", text) == ["The text is in Japanese, not in English."]
    assert found("ja", text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lautta lähtee satamasta joka aamu kello yhdeksän.", "Finnish"),  # no small word of any language that is known
        ("So war es in der Innenstadt an der Alster.", "German"),  # "so", "in" and "an" are English too
    ],
)
def test_small_words_tell_only_where_they_are_of_one_language(text: str, name: str) -> None:
    assert found("en", text) == [f"The text is in {name}, not in English."]
