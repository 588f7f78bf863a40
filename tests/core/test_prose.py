"""Sentences, languages and terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentkit.core.text.prose import detect, key_terms, sentences


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Smith paid $3.50.", "J. K. Rowling wrote it, e.g. in the U.S. in 1990.", "See Fig. 3 for more."]),
        ("en", ['"Really?" he asked.', '"Yes."', "She left...", "Then nothing."]),
        ("en", ["“You must follow me.", "I shall have to controvert one or two ideas.”", "He paused."]),
        ("en", ["**Have a clear handle.**", "A short one works, too.", "See https://example.com/a.b for v1.2.3."]),
        ("en", ["It works on Yahoo! too.", "Is that so?", "Yes!"]),
        ("de", ["Das gilt z.B. für Nr. 3 im Haus.", "Am 3. Mai kommt Dr. Müller.", "Schluss."]),
        ("fr", ["M. Dupont est là.", "Il parle."]),
    ],
)
def test_spaced_languages(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["「はい。」と言った。", "そして、彼は帰った。"],
        ["「本当？」", "「うん。」", "Yahoo!ニュースで見た。"],
        ["どうですか?", "はい！"],
        ["次は（注。参照）です。", "値は3.5です。"],
        ["誰にとって（あなただけではなく！）役立つかを書く。", "終わり"],
        ["（詳細は別に書く。）", "次の話です。"],
        ["`<img>` を返します。", "`<img>` は要素です。"],
    ],
)
def test_japanese(expected: list[str]) -> None:
    assert sentences("".join(expected), "ja") == expected


def test_lists_and_paragraphs_end_sentences() -> None:
    text = "Steps\n\n1. First do this\n2. Then that. And more\n- a dash\n\nDone"
    assert sentences(text) == ["Steps", "1. First do this", "2. Then that.", "And more", "- a dash", "Done"]


def test_a_wrapped_line_is_no_end() -> None:
    assert sentences("One sentence over\ntwo lines. Next.") == ["One sentence over\ntwo lines.", "Next."]


@given(st.text() | st.text("aB1 .!?。！？」「（）()[]*`_\"'\n…"), st.sampled_from(["", "en", "ja", "de"]))
def test_nothing_is_lost_or_added(text: str, language: str) -> None:
    found = sentences(text, language)
    assert "".join("".join(found).split()) == "".join(text.split())
    position = 0
    for sentence in found:
        assert sentence
        assert sentence == sentence.strip()
        position = text.index(sentence, position) + len(sentence)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The quick brown fox jumps over the lazy dog near the river.", "en"),
        ("Der schnelle braune Fuchs springt über den faulen Hund am Fluss.", "de"),
        ("Le renard brun saute par-dessus le chien paresseux près de la rivière.", "fr"),
        ("`npm install` を実行して、README.md の手順に従います。", "ja"),
        ("人工智能正在改变我们的生活和工作方式。", "zh"),
        ("빠른 갈색 여우가 게으른 개를 뛰어넘습니다.", "ko"),
        ("Быстрая коричневая лиса прыгает через ленивую собаку у реки.", "ru"),
        ("", ""),
        ("ok", ""),
        ("東京", ""),
        ("12345 !!! ???", ""),
    ],
)
def test_detect(text: str, language: str) -> None:
    assert detect(text) == language


def test_small_words_tell_a_language_only_where_no_other_has_as_many() -> None:
    assert detect("The names, the dates and the sums of it are in the table that is at the end of this page.") == "en"
    assert detect("Was im Haus der Frau war, das war auch in dem Haus, in dem wir und ihr es so oft sahen.") == "de"
    italian = "La fabbrica dei sogni è la storia di un uomo che non si arrende mai e che lotta per il suo paese."
    dutch = "De boot vertrekt elke ochtend uit de oude haven, maar in de winter was er geen dienst om te varen."
    assert (detect(italian), detect(dutch)) == ("it", "nl")


@given(st.text())
def test_detect_is_steady_and_never_fails(text: str) -> None:
    assert detect(text) == detect(text)


def test_key_terms_keep_phrases_and_fold_plurals() -> None:
    text = (
        "Sourdough bread needs time. A sourdough bread rises slowly. Bakers who love sourdough bread keep a starter. "
        "The starter is fed with flour. Flours differ. Good starters smell of apples."
    )
    terms = key_terms([text], "en", 4)
    assert terms[0].lower() == "sourdough bread"
    assert {"starter", "flour"} & {term.lower() for term in terms}
    assert "the" not in terms


def test_key_terms_of_japanese_without_a_dictionary() -> None:
    text = "サワードウは天然酵母のパンです。天然酵母は小麦粉と水で育てます。サワードウの酸味は乳酸菌の働きです。"
    terms = key_terms([text], "ja", 3)
    assert terms[:2] == ["サワードウ", "天然酵母"] or terms[:2] == ["天然酵母", "サワードウ"]


def test_german_terms_are_nouns() -> None:
    text = "Das Brot braucht Zeit. Gutes Brot geht langsam. Wer Brot will, pflegt den Sauerteig. Sauerteig lebt."
    assert set(key_terms([text], "de", 2)) == {"Brot", "Sauerteig"}


def test_ctrl_c_while_the_languages_are_loaded_is_no_unknown_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """langdetect takes whatever comes then for a broken profile, and would go on with half of its languages."""
    from langdetect import detector_factory

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    text = "Il traghetto lascia il vecchio porto ogni mattina e porta molte persone al di là delle acque."
    monkeypatch.setattr(detector_factory, "_factory", None)
    with monkeypatch.context() as patch:
        patch.setattr(detector_factory.json, "load", stopped)
        with pytest.raises(KeyboardInterrupt):
            detect(text + " E così via.")
    assert detect(text + " E così via.") == "it"


def test_code_tags_and_addresses_are_in_no_language() -> None:
    code = "```js\nimport {render} from 'https://modules.example/engine?module';\nrender(the, body, of, the, page);\n"
    code = f"{code}```\n"
    prose = "これは読み込みの方法です。[Getting started](https://docs.example/getting/started/with/the/engine)を見てください。"
    assert detect(f"{code * 3}\n{prose}\n{code * 3}") == "ja"
    assert detect("<div class='wide' style='color: red'>\n" * 9 + "船は朝に出ます。夜に戻ります。") == "ja"
    assert (
        detect("```\n" + "let the engine = new Engine();\n" * 2000 + "```\n" + "船は朝に出ます。夜に戻ります。\n" * 40)
        == "ja"
    )
    assert detect("```\nThis is nothing but what stands in a block of code, and it is English.\n```") == "en"


def test_terms_are_whole_words_in_chinese_and_without_particles_in_korean() -> None:
    chinese = "编辑器可以帮助你编写代码。正确的编辑器能做代码检查，代码检查会发现问题。你的编辑器支持代码检查吗？"
    assert key_terms([chinese], "zh", 2) == ["代码检查", "编辑器"]
    korean = "객체를 직접 변경하지 마세요. 새로운 객체를 만들고, 객체는 읽기 전용으로 다룹니다. 하지만 배열을 씁니다."
    terms = key_terms([korean], "ko", 4)
    assert terms[0] == "객체"
    assert not {"객체를", "새로운", "하지만", "배열을"} & set(terms)
