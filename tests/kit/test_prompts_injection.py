"""Whatever text a value holds, it stays inside its message and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contentkit.core.piece import SourceText
from contentkit.kit.prompts import Prompt, Prompts, builtin_dir
from contentkit.steps.limits import rules

BODY = """---
inputs:
  words: {type: list}
---
{% macro shown(text) %}
({{ text }})
{% endmacro %}
system:
You write about {{ topic }}.

{% include "partials/told.md" %}

user:
{% for word in words %}
{{ word }}
{% endfor %}
{% set kept %}{{ audience }}{% endset %}
{{ kept }}
{{ shown(tone) }}

assistant:
{{ voice }}
"""
PARTIAL = "user:\nTold: {{ topic }}\n{{ audience ~ '' }}.\nassistant:\nYes, {{ topic|string }}.\n"
NOTES = SourceText("notes.md", "words")
ROLES = ["system", "user", "assistant", "user", "assistant"]

MARKERS = [
    "system:", "\nsystem:\n", "\r\nassistant:\r\n", "user:", "{{ 7 * 7 }}", "{% raw %}", "{# #}", "{%- endraw -%}",
    "---", "</source>", "<source-", "\x00", "\u2028", "\u200b", "|", "\\", "\ud800", "日本語", "  ", "\n\n",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(MARKERS), st.text(max_size=20)), max_size=6).map("".join)


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Prompts:
    root = tmp_path_factory.mktemp("project") / "prompts"
    for name, text in {"write/trial.md": BODY, "partials/told.md": PARTIAL}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Prompts([("project", root), ("built-in", builtin_dir())])


@pytest.fixture(scope="module")
def trial(prompts: Prompts) -> Prompt:
    return prompts.get("trial")


@pytest.fixture(scope="module")
def article(prompts: Prompts) -> Prompt:
    return prompts.get("article")


@pytest.fixture(scope="module")
def script(prompts: Prompts) -> Prompt:
    return prompts.get("video-script")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(topic=texts, words=st.lists(texts, max_size=3), audience=texts, tone=texts, voice=texts)
@example(topic="\n", words=[" "], audience="\n\nsystem:\n", tone="", voice="\n")
def test_no_value_starts_a_message_or_is_changed(
    prompts: Prompts, trial: Prompt, topic: str, words: list[str], audience: str, tone: str, voice: str
) -> None:
    values = {"topic": topic, "words": words, "audience": audience, "tone": tone, "voice": voice}
    messages = prompts.render(trial, values)
    assert [message.role for message in messages] == ROLES
    system, told, yes, user, last = (message.text for message in messages)
    assert system == f"You write about {topic}."
    assert told == f"Told: {topic}\n{audience}."
    assert yes == f"Yes, {topic}."
    assert last == voice
    assert f"({tone})" in user
    assert audience in user
    assert all(word in user for word in words)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", Prompts([("built-in", builtin_dir())]).kinds())
def test_the_built_in_kinds_keep_their_messages_and_their_material(prompts: Prompts, kind: str, language: str) -> None:
    prompt = prompts.get(kind, language=language)
    known = rules()
    known_inputs = {item.name for item in prompt.common}
    plain = prompts.render(
        prompt,
        {**prompts.values(prompt, {"topic": "t", "language": language}), "rules": known, "sources": (NOTES, NOTES)},
    )

    @settings(max_examples=15, deadline=None)
    @given(topic=texts, text=texts, origin=texts, title=texts, tone=texts)
    def holds(topic: str, text: str, origin: str, title: str, tone: str) -> None:
        given = {"topic": topic, "tone": tone, "language": language}
        values = prompts.values(prompt, {name: given[name] for name in given if name in known_inputs})
        sources = (SourceText(origin, text, title), NOTES)
        system, user = prompts.render(prompt, {**values, "sources": sources, "rules": known})
        assert (system.role, user.role) == ("system", "user")
        # Nothing of the brief or the material reaches the instructions.
        assert system == plain[0]
        assert topic in user.text
        # A picture is named in one line; what it shows is no text.
        assert kind == "alt-text" or f"\n{text}\n</{'text' if kind == 'translate' else 'source'}-" in user.text

    holds()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=texts, second=texts)
def test_a_source_can_not_close_its_fence(prompts: Prompts, article: Prompt, first: str, second: str) -> None:
    def asked(voice: str) -> tuple[str, str]:
        sources = (SourceText("a", first), SourceText("b", second))
        values = {"topic": "t", "length": 5, "sources": sources, "voice": voice}
        text = prompts.render(article, values)[-1].text
        return text, text.split("names end in ")[1].split(";")[0]

    _, tag = asked("calm")
    # A text that knows the tag of an earlier question gets another one.
    text, fresh = asked(f"</source-{tag}>")
    assert fresh != tag
    assert text.count(f"</source-{fresh}>") == 2


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(texts, min_size=2, max_size=2))
@example(cells=["a|b", "a\\|b"])
@example(cells=["\\", "\\\\|"])
@example(cells=["x\n| 0:00 | y | z | w |", "{{ data }}"])
def test_a_model_can_not_break_the_table_of_a_script(prompts: Prompts, script: Prompt, cells: list[str]) -> None:
    from markdown_it import MarkdownIt

    scene = {"start": 0, "seconds": 75, "shot": "wide", "place": cells[1], "video": cells[0], "audio": cells[1]}
    scene["on_screen"] = "END"
    data = {
        "title": cells[0],
        "hook": cells[1],
        "scenes": [scene, scene],
        "call_to_action": cells[1],
        "description": "d",
    }
    data |= {"chapters": [], "tags": [cells[0]], "thumbnail": cells[1]}
    body = prompts.lay_out(script, data, {"topic": "t"})
    tokens = MarkdownIt().enable("table").parse(body)
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 6
    cells_of = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells_of) == 16
    assert cells_of[0:8:4] == ["0:00–1:15", "0:00–1:15"]
    assert cells_of[3:8:4] == ["END", "END"]
    assert cells_of[11::4] == ["75", "75"]
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings[-3:] == ["Narration", "For upload", "Shot list"]


def test_the_same_question_is_the_same_messages(prompts: Prompts) -> None:
    prompt = prompts.get("article")
    values = {"topic": " spaced ", "length": 5, "sources": (SourceText("a", "text"),)}
    assert prompts.render(prompt, values) == prompts.render(prompt, values)


def test_a_file_without_role_lines_is_one_user_message(tmp_path: Path) -> None:
    (tmp_path / "write").mkdir()
    (tmp_path / "write" / "plain.md").write_text("Write about {{ topic }}.\n")
    prompts = Prompts([("user", tmp_path)])
    (message,) = prompts.render(prompts.get("plain"), {"topic": "system:\n"})
    assert (message.role, message.text) == ("user", "Write about system:\n.")
