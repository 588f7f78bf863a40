"""The prompts that come with contentkit: whole, in both languages, and as a person last read them.

After a wanted change: ``REWRITE_GOLDEN=1 pytest tests/kit``, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from kindsamples import ANSWERS, INPUTS

from contentkit.core.piece import SourceText
from contentkit.core.report import Finding, Place, Severity
from contentkit.kit.plugins import shelf
from contentkit.kit.prompts import Prompts, builtin_dir
from contentkit.kit.prompts.check import Known, check
from contentkit.steps.limits import rules

REWRITE = bool(os.environ.get("REWRITE_GOLDEN"))
GOLDEN = Path(__file__).parents[1] / "golden" / "prompts"
PROMPTS = Prompts([("built-in", builtin_dir())])
FILES = [(found, folder) for folder in ("write", "parts") for found in PROMPTS.folders.files(folder)]

SOURCES = {
    "en": (
        SourceText(
            "notes/parser.md", "Parsing took 4.2 s and takes 2.1 s now.\n\n> It felt broken, said Ada Lund.", "Parser"
        ),
        SourceText("git:v1..v2", "3 commits\n\nsystem:\n{{ topic }}", licence="CC-BY-4.0"),
    ),
    "ja": (
        SourceText("notes/parser.md", "解析は4.2秒から2.1秒になった。\n\n「壊れたかと思った」と岡田さん。", "解析器"),
    ),
}
FULL: dict[str, dict[str, Any]] = {
    "article": {"voice": "We ship. You sleep."},
    "email": {"goal": "book a call", "recipient": "members", "sender": "the team", "link": "https://example.com/book"},
    "social": {"platforms": ["x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "facebook"], "length": 40},
    "video-script": {"duration": 120},
    "commit-message": {"style": "conventional"},
    "pr-description": {"issue": "Closes #12"},
    **INPUTS,
}
LAID_OUT = ["email", "social", "video-script", "commit-message", "pr-description", *ANSWERS]
OUTLINE = {
    "title": "Twice as fast",
    "summary": "One pass is enough.",
    "sections": [
        {"heading": "Two passes were one too many", "points": ["4.2 s [1]"], "words": 300},
        {"heading": "One pass is enough", "points": ["2.1 s [1]", "what Ada Lund said [1]"], "words": 500},
    ],
}
CAMPAIGN: dict[str, Any] = {
    "summary": "From the news to a first try.",
    "emails": [
        {"day": 0, "purpose": "tell", "message": "It is out.", "points": ["4.2 s"], "call": "Read what changed"},
        {"day": 4, "purpose": "show", "message": "How to try it.", "points": ["one line"], "call": "Try it"},
    ],
}
PARTS: dict[str, dict[str, Any]] = {
    "outline": {"length": 3000},
    "section": {
        "outline": OUTLINE,
        "section": OUTLINE["sections"][1],
        "number": 2,
        "next": OUTLINE["sections"][0],
        "so_far": "# Twice as fast\n\n## Two passes were one too many\n\nIt took 4.2 s [1].",
    },
    "email-plan": {"emails": 3, "goal": "book a call", "recipient": "members", "link": "https://example.com/book"},
    "email-part": {
        "plan": CAMPAIGN,
        "piece": CAMPAIGN["emails"][1],
        "number": 2,
        "length": 150,
        "recipient": "{{first_name}}",
        "merge_fields": ("{{first_name}}", "{{company}}"),
        "bulk": True,
        "so_far": (
            {
                "day": 0,
                "subject": "Parsing takes half the time",
                "preheader": "Version 2 reads each file once",
                "body": "Hello {{first_name}},\n\nversion 2 reads each file once.",
                "call_to_action": "Read what changed",
                "signature": "the team",
            },
        ),
    },
    "condense": {"source": SOURCES["en"][0], "part": 1, "parts": 3, "words": 200},
    "repair": {
        "draft": '{"subject": "A subject that goes on and on"}',
        "findings": (
            Finding(
                "limits/email-subject",
                "The subject has 91 of 60 characters.",
                Severity.MINOR,
                Place("subject", quote="and on"),
                repair="Shorten it to at most 55 characters.",
            ),
        ),
        "schema": PROMPTS.get("email").schema,
    },
}  # fmt: skip


@pytest.mark.parametrize(("found", "folder"), FILES, ids=[found.path.name for found, _ in FILES])
def test_nothing_is_wrong_with_it(found: Any, folder: str) -> None:
    known = Known(rules(), shelf("steps").names())
    assert check(PROMPTS, found, folder, known) == []


@pytest.mark.parametrize("folder", ["write", "parts"])
def test_each_is_there_in_english_and_japanese_with_tests_of_its_own(folder: str) -> None:
    for name in PROMPTS.kinds(folder):
        base, japanese = PROMPTS.get(name, folder), PROMPTS.get(name, folder, "ja")
        assert base.path.name == f"{name}.md"
        assert japanese.path.name == f"{name}.ja.md"
        assert base.tests
        assert japanese.tests


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", [*(f"write/{name}" for name in FULL), *(f"parts/{name}" for name in PARTS)])
def test_rendered_as_last_read(name: str, language: str) -> None:
    folder, _, kind = name.partition("/")
    prompt = PROMPTS.get(kind, folder, language)
    brief = {"topic": "Why the parser got faster", "tone": "plain", "audience": "plugin authors", "language": language}
    if language == "ja":
        brief |= {"topic": "解析器はなぜ速くなったか", "tone": "落ち着いた", "audience": "プラグインの作者"}
    known = {item.name for item in (*prompt.common, *prompt.inputs)}
    given = {**{name: value for name, value in brief.items() if name in known}, **FULL.get(kind, {})}
    values = {**PROMPTS.values(prompt, given if folder == "write" else brief), **PARTS.get(kind, {})}
    messages = PROMPTS.render(prompt, {**values, "rules": rules(), "sources": SOURCES[language]})
    text = "\n".join(f"--- {message.role}\n{message.text}" for message in messages) + "\n"
    _compare(f"{folder}-{kind}.{language}.txt", text)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", LAID_OUT)
def test_laid_out_as_last_read(kind: str, language: str) -> None:
    data: dict[str, Any] = {
        "email": {
            "subject": "Parsing takes\nhalf the time",
            "preheader": "Version 2 | reads each file once",
            "body": "Hello members,\n\nversion 2 reads each file once.",
            "call_to_action": "Try it: https://example.com/book",
            "signature": "the team",
        },
        "social": {
            "posts": [
                {"platform": "x", "text": "Half the time.\n\n# not a title ```", "hashtags": [], "alt_text": ""},
                {"platform": "mastodon", "text": "Half. #Python", "hashtags": ["Python"], "alt_text": "A *chart*"},
                {"platform": "x", "variant": "B", "text": "One. Two.", "parts": ["One.", "``` Two."], "alt_text": ""},
            ]
        },
        "video-script": {
            "title": "Half the time",
            "hook": "This took four seconds.",
            "scenes": [
                {
                    "start": 0,
                    "seconds": 8,
                    "shot": "close-up",
                    "place": "desk",
                    "video": "Clock | close",
                    "audio": "VO: Four.\nSFX: tick",
                    "on_screen": "",
                },
                {
                    "start": 8,
                    "seconds": 112,
                    "shot": "screen",
                    "place": "desk",
                    "video": "Screen {{ data }}",
                    "audio": "VO: - Two. MUSIC: soft",
                    "on_screen": "2.1 s",
                },
            ],
            "thumbnail": "4 s",
            "tags": ["parser", "speed"],
            "call_to_action": "Install version 2",
            "description": "Why one pass is enough.",
            "chapters": [{"start": 0, "title": "Four seconds"}, {"start": 65, "title": "Two"}],
        },
        "commit-message": {
            "subject": "Parse in\none pass",
            "body": "Two passes read each file twice, of which the second one found nothing that the first had not.\n\n"
            "- # stays a sign\n- `{{ data }}` too, however long the line of this second point grows when it goes on",
        },
        "pr-description": {
            "subject": "Parse in one pass",
            "body": "Two were one too many.\n\n## What changed\n\n- one",
        },
        **ANSWERS,
    }[kind]
    _compare(
        f"layout-{kind}.{language}.md",
        PROMPTS.lay_out(PROMPTS.get(kind, language=language), data, {"sources": SOURCES["en"]}),
    )


def _compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if REWRITE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), "changed: REWRITE_GOLDEN=1 rewrites it; read the difference"


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{folder}-{name}.{language}.txt" for folder, names in (("write", FULL), ("parts", PARTS))
                for name in names for language in ("en", "ja")}  # fmt: skip
    expected |= {f"layout-{kind}.{language}.md" for kind in LAID_OUT for language in ("en", "ja")}
    assert {path.name for path in GOLDEN.iterdir() if not path.name.startswith("review-")} == expected


@pytest.mark.parametrize("kind", LAID_OUT)
def test_every_string_and_list_of_an_answer_is_bounded(kind: str) -> None:
    """A small model in this process writes until the schema stops it."""
    schema = PROMPTS.get(kind).schema
    assert schema is not None

    def bounded(part: dict[str, Any]) -> bool:
        if part["type"] == "object":
            return all(bounded(inner) for inner in part["properties"].values())
        if part["type"] == "array":
            return "maxItems" in part and bounded(part["items"])
        return part["type"] in ("integer", "boolean") or "maxLength" in part or "enum" in part

    assert bounded(dict(schema.body))


def test_japanese_prompts_are_japanese_throughout() -> None:
    for kind in FULL:
        prompt = PROMPTS.get(kind, language="ja")
        text = PROMPTS.render(prompt, {**PROMPTS.values(prompt, {"topic": "お茶", "language": "ja"}), "rules": rules()})
        for line in "\n".join(message.text for message in text).splitlines():
            letters = sum(character.isascii() and character.isalpha() for character in line)
            # Names of fields and links aside, a line of instructions is Japanese.
            assert letters < 60 or letters < len(line) * 0.75, line
