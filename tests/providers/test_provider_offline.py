"""The offline engine: every sentence is from a source, every form is kept, every limit held."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentkit.core.chat import Done, Event, Finish, Notice, Request, Schema, TextDelta, fold
from contentkit.core.errors import ModelNotFoundError
from contentkit.core.model import Endpoint
from contentkit.core.piece import Piece, SourceText
from contentkit.core.text.markdown import plain
from contentkit.kit.prompts import Prompts, builtin_dir
from contentkit.providers.offline import connect
from contentkit.steps.limits import after, rules

ENGLISH = """---
title: Bread that keeps
description: A front matter line that must never be shown.
---

[![build](https://ci.example/badge.svg)](https://ci.example) [Home](/) | [Docs](/docs) | [Blog](/blog)

Sourdough bread keeps for a week because its acids slow mould down. Yeast bread is stale after two days. A baker who
wants fewer trips to the oven therefore starts with a sourdough culture.

## The culture

A sourdough culture is flour and water in which wild yeasts and bacteria live. Feed the culture once a day with equal
weights of flour and water. This is why it smells of apples. A culture that is fed rises by half within four hours.

You need only three things:

- a jar with a loose lid
- wholemeal flour, 50 g a day
- water at 26 °C

```sh
echo "code is never prose and must not be shown"
```

## The dough

The dough for one loaf takes 500 g of flour, 350 g of water, 100 g of culture and 10 g of salt. Mix flour and water
first and let them rest for an hour. Then add the culture and the salt. Dr. Weber measured a rise of 2.5 cm in her
kitchen, i.e. about a quarter. However, a cold kitchen doubles the time.

| Step | Hours |
|---|---|
| a table is | never prose |

Click here to subscribe to our newsletter. {{ template.marker }} stays out of it as well.

## The oven

A very hot oven gives the loaf its spring. Heat a cast-iron pot to 250 degrees for forty minutes before the loaf goes
in. Steam keeps the crust soft while the loaf still grows. Take the lid off after twenty minutes to let the crust brown.
Is the loaf done? Knock on its bottom and listen for a hollow sound. The loaf wants two hours of rest on a rack.

## Licence

This text is free to share with attribution to its authors.
"""

JAPANESE = """# 水出し緑茶のいれ方

水出し緑茶は、冷たい水でゆっくりと茶葉の旨味を引き出す飲み方です。熱い湯でいれるお茶より苦味が少なく、子どもにも飲みやすい味になります。

## 茶葉を選ぶ

水出しには、深蒸しの煎茶が向いています。これは葉が細かく、味が早く出るからです。深蒸しの煎茶は、三十年ほど前から静岡で広く作られています。
茶葉の量は、水一リットルに対して十五グラムが目安です。

用意するものは次のとおりです。

- ふたのできる容器
- 煎茶の茶葉
- 軟水

## 水と時間

軟水を使うと、お茶の旨味がよく出ます。冷蔵庫で三時間から六時間ほど置くと、ちょうどよい濃さになります。「もう少し濃くしたい。」と思ったら、
茶葉を増やすより時間をのばしてください。水出し緑茶は、いれてから一日のうちに飲みきるのが安全です。

```text
コードは本文ではありません。
```

## 器と出し方

ガラスの器に注ぐと、緑茶の色が美しく見えます。容器を軽く振ってから注ぐと、濃さがむらなく整います。また、氷を入れると香りが弱くなります。
"""

KINDS = {
    kind: Prompts([("built-in", builtin_dir())]).get(kind) for kind in ("article", "email", "social", "video-script")
}
PLATFORMS = ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"]
ENDPOINT = Endpoint("offline", "offline", local=True)
MARKS = re.compile(r"\[[^\[\]]*\]|［[^［］]*］")


def ask(kind: str, sources: Sequence[SourceText], language: str, **more: Any) -> list[Event]:
    prompt = KINDS[kind]
    fields = {
        "kind": kind, "form": prompt.form, "topic": "", "language": language, "sources": tuple(sources),
        "rules": rules(), "platforms": PLATFORMS, "duration": 90, "length": 600, **more,
    }  # fmt: skip
    return run(Request("draft", (), fields, schema=prompt.schema))


def run(request: Request) -> list[Event]:
    async def gather() -> list[Event]:
        return [event async for event in connect(ENDPOINT).stream(request)]

    return asyncio.run(gather())


def english() -> SourceText:
    return SourceText("bread.md", ENGLISH)


def japanese() -> SourceText:
    return SourceText("tea.md", JAPANESE)


def squeezed(text: str) -> str:
    return "".join(text.split())


def prose(kind: str, text: str) -> Iterator[str]:
    """The sentences of a draft: no titles and headings, no marks of what is open, no hashtags, no source list."""
    if kind == "article":
        body = re.split(r"^## (?:Sources|出典|Quellen)$", text, flags=re.MULTILINE)[0]
        paragraphs = [plain(MARKS_OF_SOURCES.sub("", line)) for line in body.splitlines() if not line.startswith("#")]
    elif kind == "email":
        data = json.loads(text)
        paragraphs = [data["preheader"], *data["body"].split("\n\n"), data["call_to_action"]]
    elif kind == "social":
        paragraphs = [
            re.sub(r"#\w+", "", line) for post in json.loads(text)["posts"] for line in post["text"].splitlines()
        ]
    else:
        data = json.loads(text)
        paragraphs = [data["hook"], data["description"], data["call_to_action"]]
        paragraphs += [scene["audio"].removeprefix("VO: ").removeprefix("NA: ") for scene in data["scenes"]]
    for paragraph in paragraphs:
        words = MARKS.sub("", paragraph).strip().removeprefix("- ")
        yield from (part for part in SPLIT.split(words) if part.strip())


# Coarser or finer than the engine's own idea of a sentence does not matter: parts of sentences stand in the source too.
SPLIT = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"”’)])\s+|(?<=[。！？])(?![」』）)])\s*|(?<=[。！？][」』）)])\s*")
MARKS_OF_SOURCES = re.compile(r" \[\d+\]")


def assert_from_sources(kind: str, text: str, sources: Sequence[SourceText]) -> int:
    """Every sentence stands in a source, white space and inline Markdown aside; the number of sentences."""
    held = [squeezed(plain(source.text)) + squeezed(source.text) for source in sources]
    found = list(prose(kind, text))
    for sentence in found:
        assert any(squeezed(sentence) in text for text in held), f"{kind} invented: {sentence!r}"
    return len(found)


def check(kind: str, text: str, language: str) -> Any:
    """The draft obeys its schema and breaks no hard limit."""
    prompt = KINDS[kind]
    if prompt.schema is None:
        return text
    data = json.loads(text)
    jsonschema.validate(data, prompt.schema.body)
    piece = after(Piece(kind, language, limits=prompt.limits, output=data))
    assert [finding.message for finding in piece.findings if finding.severity == "major"] == []
    return data


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("source", "language"), [(english(), "en"), (japanese(), "ja")])
def test_every_sentence_is_from_the_source(kind: str, source: SourceText, language: str) -> None:
    reply = fold(ask(kind, [source], language))
    check(kind, reply.text, language)
    assert assert_from_sources(kind, reply.text, [source]) >= 4
    for never in ("never prose", "must never", "must not be shown", "コードは", "subscribe", "{{", "badge"):
        assert never not in reply.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_real_documents(kind: str, shared: Path) -> None:
    for path in sorted((shared / "data" / "sources").glob("*.md")):
        source, language = SourceText(path.name, path.read_text(encoding="utf-8")), path.name[:2]
        reply = fold(ask(kind, [source], language))
        check(kind, reply.text, language)
        assert assert_from_sources(kind, reply.text, [source]) >= 4, path.name


def test_an_article_follows_the_source() -> None:
    text = fold(ask("article", [english()], "en")).text
    assert text.startswith("[Offline draft:")
    headings = re.findall(r"^##? (.+)$", text, re.MULTILINE)
    assert headings == ["Bread that keeps", "The culture", "The dough", "The oven", "Sources"]
    lines = [line for line in text.split("\n\n") if line]
    assert lines[2].startswith("Sourdough bread keeps for a week")
    assert "- a jar with a loose lid\n- wholemeal flour, 50 g a day\n- water at 26 °C" in text
    assert text.index("A sourdough culture is") < text.index("The dough for one loaf") < text.index("A very hot oven")
    assert "[To fill: conclusion and next step]" in text
    assert "- [1] Bread that keeps (bread.md)" in text


def test_what_leans_on_the_sentence_before_comes_only_with_it() -> None:
    text = fold(ask("article", [english(), japanese()], "en", length=90)).text
    assert "This is why it smells" not in text or "equal weights of flour and water. This is why" in text
    assert "However, a cold kitchen" not in text or "about a quarter. However" in text


@pytest.mark.parametrize(("source", "language"), [(english(), "en"), (japanese(), "ja")])
@pytest.mark.parametrize("kind", KINDS)
def test_leaning_sentences_never_stand_apart(kind: str, source: SourceText, language: str) -> None:
    text = plain(fold(ask(kind, [source], language)).text)
    whole = squeezed(plain(source.text))
    for leaning in (
        "This is why it smells of apples.",
        "Then add the culture",
        "However, a cold",
        "これは葉が細かく",
        "また、氷を",
    ):
        at = squeezed(text).find(squeezed(leaning))
        if at >= 0:
            before = whole.find(squeezed(leaning))
            assert squeezed(text)[at - 6 : at] == whole[before - 6 : before]


def test_sources_have_their_own_marks() -> None:
    other = SourceText(
        "https://example.com/tea",
        "# Tea\n\nGreen tea brewed in cold water is mild. Leave it for six hours in the fridge.",
    )
    text = fold(ask("article", [english(), other], "en")).text
    assert re.search(r"mild\..*\[2\]", text)
    assert "- [2] Tea (https://example.com/tea)" in text
    assert "[1]" not in fold(ask("article", [english(), other], "en", marks=False)).text


def test_a_japanese_article_has_japanese_labels() -> None:
    text = fold(ask("article", [japanese()], "ja", length=2000)).text
    assert text.startswith("［オフライン下書き：")
    assert "# 水出し緑茶のいれ方" in text
    assert "## 出典" in text
    assert "水出し緑茶は、冷たい水でゆっくりと茶葉の旨味を引き出す飲み方です。熱い湯で" in text
    assert "用意するものは次のとおりです。 [1]\n\n- ふたのできる容器\n- 煎茶の茶葉\n- 軟水" in text


def test_the_length_is_kept_about() -> None:
    short, long = (fold(ask("article", [english()], "en", length=words)).text.split() for words in (100, 600))
    assert len(short) < len(long)


@pytest.mark.parametrize(("make", "language"), [(english, "en"), (japanese, "ja")])
@pytest.mark.parametrize("length", [40, 80, 150, 300, 900])
def test_no_article_is_longer_than_was_asked(make: Callable[[], SourceText], language: str, length: int) -> None:
    from contentkit.core.article.size import written

    slack = max(length // 10, 15 if language == "en" else 40)
    assert written(fold(ask("article", [make()], language, length=length)).text, language) <= length + slack


def test_an_email_marks_what_only_the_sender_knows() -> None:
    data = check("email", fold(ask("email", [english()], "en")).text, "en")
    assert data["subject"] == "Bread that keeps"
    assert data["body"].split("\n\n")[:2] == [data["body"].split("\n")[0], "[To fill: greeting]"]
    assert data["body"].startswith("[Offline draft")
    assert data["signature"] == "[To fill: name of the sender]"
    assert data["call_to_action"] == "[To fill: call to action]"
    told = {"recipient": "members", "sender": "the team", "goal": "book a course", "link": "https://example.com/book"}
    data = check("email", fold(ask("email", [english()], "en", **told)).text, "en")
    assert data["body"].split("\n\n")[1] == "Hello members,"
    assert data["signature"] == "the team"
    assert data["call_to_action"] == "Book a course https://example.com/book"


@pytest.mark.parametrize("source", [english(), japanese()])
def test_posts_are_for_the_platforms_asked_and_fit(source: SourceText) -> None:
    language = "ja" if source.origin == "tea.md" else "en"
    link = "https://example.com/" + "path/" * 30
    data = check("social", fold(ask("social", [source], language, link=link)).text, language)
    assert [post["platform"] for post in data["posts"]] == PLATFORMS
    for post in data["posts"]:
        assert all(f"#{tag}" in post["text"] for tag in post["hashtags"])
        assert (link in post["text"]) == (post["platform"] != "instagram")
    assert len({post["text"].split("\n")[0] for post in data["posts"]}) >= 3


@pytest.mark.parametrize("source", [english(), japanese()])
def test_a_thread_takes_more_of_the_material_and_each_post_fits(source: SourceText) -> None:
    from contentkit.core.text.counting import fits
    from contentkit.core.text.thread import split

    language = "ja" if source.origin == "tea.md" else "en"
    told = ask("social", [source], language, platforms=["x", "bluesky", "linkedin"], thread=True)
    data = json.loads(fold(told).text)
    jsonschema.validate(data, KINDS["social"].schema.body)
    posts = {post["platform"]: post["text"] for post in data["posts"]}
    plain = fold(ask("social", [source], language, platforms=["x", "bluesky", "linkedin"])).text
    assert len(posts["x"]) > len(json.loads(plain)["posts"][0]["text"])
    assert posts["linkedin"] == json.loads(plain)["posts"][2]["text"]  # there are no threads there
    for name in ("x", "bluesky"):
        parts = split(posts[name], rules()[name], numbered=True)
        assert all(fits(part.text, rules()[name]) for part in parts)


@pytest.mark.parametrize("platform", ["x", "linkedin"])
def test_versions_for_a_test_share_no_sentence(platform: str) -> None:
    data = check("social", fold(ask("social", [english()], "en", platforms=[platform], ab=2)).text, "en")
    first, second = (set(re.split(r"(?<=[.!?])\s+", post["text"].partition("\n\n#")[0])) for post in data["posts"])
    assert first
    assert second
    assert not first & second


def test_posts_keep_the_length_asked() -> None:
    free, short = (
        json.loads(fold(ask("social", [english()], "en", platforms=["linkedin"], length=length)).text)["posts"][0][
            "text"
        ]
        for length in (None, 25)
    )
    assert len(re.sub(r"#\w+", "", free).split()) > 25
    assert 5 < len(re.sub(r"#\w+", "", short).split()) <= 25


def test_what_only_a_model_can_heed_is_told() -> None:
    notices = fold(ask("email", [english()], "en", tone="warm", voice="Hey!")).notices
    assert "Offline drafts keep the words of the sources: for tone, voice, choose a model." in notices


@given(st.integers(1, 400), st.booleans())
@settings(max_examples=40, deadline=None)
def test_posts_fit_any_limit_or_are_marked(hard: int, wide: bool) -> None:
    known = rules({"x": {"hard": hard}})
    source, language = (japanese(), "ja") if wide else (english(), "en")
    reply = fold(ask("social", [source], language, platforms=["x"], rules=known))
    text = json.loads(reply.text)["posts"][0]["text"]
    from contentkit.core.text.counting import count

    assert count(text, known["x"]) <= hard or text.startswith(("[To fill", "［要記入"))


def test_a_script_is_timed_and_its_chapters_are_taken() -> None:
    data = check("video-script", fold(ask("video-script", [english()], "en", duration=90)).text, "en")
    start = 0
    for scene in data["scenes"]:
        assert scene["start"] == start
        start += scene["seconds"]
        spoken = len(scene["audio"].removeprefix("VO: ").removeprefix("NA: ").split())
        assert scene["seconds"] >= spoken / 150 * 60 - 1
    assert 45 <= start <= 90
    assert data["scenes"][0]["audio"] == f"VO: {data['hook']}"
    assert data["scenes"][0]["video"] == "[To fill: picture]"
    assert [chapter["start"] for chapter in data["chapters"]][:1] in ([], [0])


def test_time_and_chapters_hold_at_any_length() -> None:
    with_chapters = 0
    for source, language in ((english(), "en"), (japanese(), "ja")):
        for duration in range(6, 200, 7):
            data = check(
                "video-script", fold(ask("video-script", [source], language, duration=duration)).text, language
            )
            assert duration // 3 <= data["scenes"][-1]["start"] + data["scenes"][-1]["seconds"] <= duration
            assert {scene["audio"][:4] for scene in data["scenes"]} == {"NA: " if language == "ja" else "VO: "}
            with_chapters += bool(data["chapters"])
    assert with_chapters > 10


def test_a_form_bends_to_a_schema_of_its_own() -> None:
    post = {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": 120}},
        "additionalProperties": False,
    }
    schema = {"type": "object", "properties": {"posts": {"type": "array", "items": post, "maxItems": 2}}}
    fields = {"form": "social", "language": "en", "sources": (english(),), "rules": rules(), "platforms": PLATFORMS}
    data = json.loads(fold(run(Request("draft", (), fields, schema=Schema("mine", schema)))).text)
    jsonschema.validate(data, schema)
    assert len(data["posts"]) == 2


def test_posts_share_no_sentence_while_there_are_others() -> None:
    lines = (
        "The lighthouse at Hook was lit by monks for centuries.", "Herring spoils within two days of the catch.",
        "A dredger clears the channel every second spring.", "Tugs of this port burn vegetable oil since March.",
        "Ropes of hemp rot faster than ropes of nylon.", "Customs officers weigh each sack of coffee twice.",
        "Night pilots board from a rope ladder.", "The dry dock holds ships of up to ninety metres.",
        "Cranes stop working when gusts pass fifty knots.", "Barnacles slow a hull by a tenth in one summer.",
        "Sailors call the fog here the grey aunt.", "Two divers inspect the sluice gate each October.",
    )  # fmt: skip
    text = "# Harbours\n\n" + "\n\n".join(lines)
    data = json.loads(
        fold(ask("social", [SourceText("ships.md", text)], "en", platforms=["x", "threads", "facebook"])).text
    )
    said = [line for post in data["posts"] for line in post["text"].splitlines() if line in lines]
    assert len(said) >= 6
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("title", ["Introduction", "はじめに", "IV", "README", "Chapter 3", "概要"])
def test_a_title_that_stands_over_any_text_is_no_title(title: str) -> None:
    source = SourceText("one.md", english().text, title=title)
    assert "# [To fill: title]" in fold(ask("article", [source], "en")).text
    subject = json.loads(fold(ask("email", [source], "en")).text)["subject"]
    assert subject in " ".join(english().text.split())
    assert not subject.endswith(".")


def test_a_short_script_has_no_chapters() -> None:
    assert json.loads(fold(ask("video-script", [english()], "en", duration=20)).text)["chapters"] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ja", "de", "fr"])
@pytest.mark.parametrize("text", [None, "", "```\ncode only\n```\n", "# Only\n\n## Headings\n", "- [a](b)\n- [c](d)\n"])
def test_without_usable_material_there_is_an_outline_with_open_points(
    kind: str, language: str, text: str | None
) -> None:
    sources = [] if text is None else [SourceText("empty.md", text)]
    events = ask(kind, sources, language, topic="Slow bread")
    reply = fold(events)
    check(kind, reply.text, language)
    assert assert_from_sources(kind, reply.text.replace("Slow bread", ""), sources) <= 1
    assert re.search(r"\[To fill|［要記入|\[Noch zu füllen", reply.text)
    assert any("outline" in event.message for event in events if isinstance(event, Notice))


def test_a_source_of_lists_gives_its_lists_whole() -> None:
    plants = "- Water the plants before the sun is high.\n- Use rain water where you can.\n- Feed them in May."
    text = f"# Tips\n\n## Plants\n\n{plants}\n"
    draft = fold(ask("article", [SourceText("tips.md", text)], "en")).text
    assert (
        "- Water the plants before the sun is high.\n- Use rain water where you can.\n- Feed them in May. [1]" in draft
    )
    posts = json.loads(fold(ask("social", [SourceText("tips.md", text)], "en", platforms=["x"])).text)["posts"]
    assert posts[0]["text"].startswith("Water the plants before the sun is high.")


def test_a_source_in_another_language_is_named() -> None:
    notices = [event.message for event in ask("article", [english(), japanese()], "en") if isinstance(event, Notice)]
    assert "In another language than the rest, and not used: tea.md." in notices
    assert not any("read closely" in notice for notice in notices)


def test_a_source_of_headings_gives_an_outline_of_them() -> None:
    log = SourceText(
        "git:v1..HEAD", "# Git log\n\n" + "".join(f"## Change {number}\n\nabc\n\n" for number in range(20))
    )
    text = fold(ask("article", [log], "en")).text
    assert "- Change 0\n- Change 1\n" in text
    assert "- Change 19\n" in text


def test_what_does_not_fit_a_field_is_left_open_not_replaced() -> None:
    data = json.loads(fold(ask("email", [english()], "en", goal="act " * 200)).text)
    assert data["call_to_action"].startswith("[To fill")


def test_only_sources_in_the_language_asked_speak_where_there_are_any() -> None:
    text = fold(ask("article", [english(), japanese()], "ja")).text
    assert "水出し緑茶" in text
    assert "Sourdough" not in re.split("## 出典", text)[0]


def test_the_topic_leads_the_choice() -> None:
    data = json.loads(fold(ask("social", [english()], "en", topic="oven crust steam", platforms=["bluesky"])).text)
    assert "crust" in data["posts"][0]["text"] or "oven" in data["posts"][0]["text"]


def test_the_same_question_gives_the_same_draft() -> None:
    for kind in KINDS:
        assert fold(ask(kind, [english()], "en")).text == fold(ask(kind, [english()], "en")).text


def test_it_streams_and_says_that_it_is_a_draft() -> None:
    events = ask("article", [english()], "en")
    assert sum(isinstance(event, TextDelta) for event in events) > 5
    assert events[-1] == Done(Finish.STOP, "offline")
    assert any(event.message.startswith("Offline draft") for event in events if isinstance(event, Notice))
    assert fold(events).usage is None


async def test_the_socket() -> None:
    provider = connect(ENDPOINT)
    assert provider.takes_schema(Request("draft", ()))
    assert list(await provider.models()) == ["draft"]
    with pytest.raises(ModelNotFoundError, match="no offline model called 'gpt'"):
        async for _ in provider.stream(Request("gpt", ())):
            pass
    await provider.aclose()
    await provider.aclose()


PRESS = {
    "type": "object",
    "properties": {
        "headline": {"type": "string", "minLength": 3, "maxLength": 80},
        "points": {"type": "array", "items": {"type": "string", "maxLength": 200}, "minItems": 2, "maxItems": 3},
        "keywords": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "mood": {"enum": ["glad", "grave"]},
        "price": {"type": "number", "minimum": 5},
        "year": {"type": ["integer", "null"], "exclusiveMinimum": 2000, "multipleOf": 10},
        "contact": {"$ref": "#/$defs/person"},
        "urgent": {"type": "boolean"},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["headline", "points", "mood", "price", "year", "contact", "urgent", "either"],
    "additionalProperties": False,
    "$defs": {"person": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
}


@pytest.mark.parametrize("source", [[english()], [japanese()], []])
def test_any_schema_is_filled_honestly(source: list[SourceText]) -> None:
    fields = {"kind": "press", "form": "", "language": "en", "sources": tuple(source), "topic": ""}
    reply = fold(run(Request("", (), fields, schema=Schema("press", PRESS))))
    data = json.loads(reply.text)
    jsonschema.validate(data, PRESS)
    if source:
        held = squeezed(plain(source[0].text))
        assert all(squeezed(point) in held for point in data["points"])
    else:
        assert all(point.startswith("[To fill") for point in data["points"])


strings = st.fixed_dictionaries(
    {"type": st.just("string")}, optional={"minLength": st.integers(0, 9), "maxLength": st.integers(9, 400)}
)
numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={"minimum": st.integers(-9, 9), "maximum": st.integers(9, 99)},
)
leaves = st.one_of(
    strings, numbers, st.just({"type": "boolean"}), st.just({"enum": ["a", 1, None]}), st.just({"type": "null"})
)


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    arrays = st.builds(
        lambda items, least: {"type": "array", "items": items, "minItems": least, "maxItems": least + 2},
        inner,
        st.integers(0, 3),
    )
    names = st.sampled_from(["title", "body", "tags", "x", "summary"])
    return arrays | st.builds(
        lambda parts: {
            "type": "object",
            "properties": parts,
            "required": list(parts)[:2],
            "additionalProperties": False,
        },
        st.dictionaries(names, inner, max_size=4),
    )


@given(st.recursive(leaves, _nested, max_leaves=8))
@settings(max_examples=60, deadline=None)
def test_any_schema_is_obeyed(schema: Mapping[str, Any]) -> None:
    fields = {"language": "en", "sources": (english(),)}
    reply = fold(run(Request("draft", (), fields, schema=Schema("any", schema))))
    jsonschema.validate(json.loads(reply.text), schema)


@given(st.text(max_size=400) | st.text("ab. \n#-*`[](){}<>日。「」", max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_source_breaks_it(text: str) -> None:
    for kind in KINDS:
        check(kind, fold(ask(kind, [SourceText("any", text)], "en")).text, "en")


def test_a_huge_source_is_read_in_pieces_and_that_is_said() -> None:
    import time

    lines = [
        f"Loaf number {number} was baked with care by baker {number % 97} in the old town." for number in range(26_000)
    ]
    for joint in ("\n\n", " "):
        started = time.perf_counter()
        events = ask("article", [SourceText("big.md", joint.join(lines))], "en")
        assert time.perf_counter() - started < 10
        assert any("characters were read closely" in event.message for event in events if isinstance(event, Notice))
        assert len(fold(events).text) < 20_000


def test_titles_of_other_texts_and_sentences_in_another_language_are_not_picked() -> None:
    text = """# 船の記録

渡し船は朝七時に古い港を出て、島まで三十分かかります。

- [Sailing on time | Ferries: all you need in one place. Timetables & prices.](https://ferry.example/guide)

The ferry leaves the old harbour at seven in the morning.

夜は八時に戻り、次の朝まで島の桟橋につながれます。

乗り場は<Spot step={1}>港の西の端</Spot>にあり、いつでも誰かが立っています。
"""
    for kind in ("article", "social"):
        told = fold(ask(kind, [SourceText("ferry.md", text)], "ja")).text
        assert "渡し船は朝七時に" in told
        assert "Timetables" not in told
        assert "The ferry leaves" not in told
        assert "step=" not in told


def test_a_line_that_is_nothing_but_a_link_is_the_title_of_another_text() -> None:
    text = """# The ferry

The ferry leaves the old harbour at seven in the morning.

- [The harbours of the north were built by fishermen. They are all you need to see.](https://ferry.example/guide)

It comes back at eight in the evening and stays at the pier.
"""
    told = fold(ask("article", [SourceText("ferry.md", text)], "en")).text
    assert "The ferry leaves the old harbour" in told
    assert "built by fishermen" not in told


def test_what_fails_beside_the_loop_is_raised_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(request: Request) -> None:
        raise ModelNotFoundError("gone", model=request.model)

    monkeypatch.setattr("contentkit.providers.offline.draft", fails)
    with pytest.raises(ModelNotFoundError, match="gone"):
        ask("article", [SourceText("a.md", ENGLISH)], "en")
