"""Prompt files: what they may say, where they are found, and what the user's values become."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.kit.prompts import Prompts, builtin_dir

Write = Any
DOCS = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a prompt file into the folder of an origin."""

    def made(text: str, name: str = "write/trial.md", origin: str = "project") -> Path:
        path = tmp_path / origin / "prompts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return made


@pytest.fixture
def prompts(tmp_path: Path) -> Prompts:
    origins = ("project", "user", "acme")
    return Prompts([*((name, tmp_path / name / "prompts") for name in origins), ("built-in", builtin_dir())])


def said(prompts: Prompts, name: str, asked: str = "", **values: Any) -> str:
    messages = prompts.render(prompts.get(name, language=asked), values)
    return "\n".join(message.text for message in messages)


# -- finding


def test_a_file_in_the_project_is_a_kind(prompts: Prompts, write: Write) -> None:
    built_in = prompts.kinds()
    write("Write an announcement of {{ topic }}.", "write/announcement.md")
    assert prompts.kinds() == sorted([*built_in, "announcement"])
    assert said(prompts, "announcement", topic="Tea") == "Write an announcement of Tea."
    assert prompts.get("announcement").origin == "project"


def test_the_project_goes_before_the_user_before_plugins_before_the_built_in(prompts: Prompts, write: Write) -> None:
    for origin in ("acme", "user", "project"):
        write(f"from {origin}", "write/article.md", origin)
        assert said(prompts, "article") == f"from {origin}"
        assert prompts.get("article").origin == origin


def test_an_unknown_kind_answers_with_the_nearest(prompts: Prompts) -> None:
    with pytest.raises(UsageError, match=r"'vidoe-script'.*Did you mean 'video-script'"):
        prompts.get("vidoe-script")


@pytest.mark.parametrize("name", ["../write/article", "write/article", ".article", "Article", "article.ja", ""])
def test_a_name_is_no_path(prompts: Prompts, name: str) -> None:
    with pytest.raises(UsageError, match="There is no"):
        prompts.get(name)


def test_readme_files_and_variants_are_no_kinds_of_their_own(prompts: Prompts, write: Write) -> None:
    write("x", "write/README.md")
    write("x", "write/notes.txt")
    write("x", "write/article.fr.md")
    assert [kind for kind in prompts.kinds() if kind.startswith(("README", "notes", "article"))] == ["article"]


# -- languages


def test_a_variant_is_taken_for_its_language_and_the_base_for_all_others(prompts: Prompts, write: Write) -> None:
    write("base in {{ language_name }}")
    write("日本語で", "write/trial.ja.md")
    write("em português do Brasil", "write/trial.pt-BR.md")
    assert said(prompts, "trial", "ja", language="ja") == "日本語で"
    assert said(prompts, "trial", "pt-BR") == "em português do Brasil"
    assert said(prompts, "trial", "de", language="de") == "base in German"
    assert said(prompts, "trial", "../x", language="xx") == "base in xx"
    assert prompts.get("trial", language="ja").language == "ja"


def test_a_variant_has_from_its_base_what_it_leaves_out(prompts: Prompts) -> None:
    base, variant = prompts.get("video-script"), prompts.get("video-script", language="ja")
    assert variant.schema == base.schema
    assert variant.limits == base.limits
    assert variant.inputs == base.inputs
    assert variant.layout != base.layout
    lengths = {item.name: item for item in prompts.get("article", language="ja").common}
    assert (lengths["length"].default, lengths["length"].type) == (1500, "integer")


def test_the_project_s_base_file_is_not_passed_over_for_a_built_in_variant(prompts: Prompts, write: Write) -> None:
    write("mine, in {{ language_name }}", "write/article.md")
    assert said(prompts, "article", "ja", language="ja") == "mine, in Japanese"


def test_a_variant_alone_stands_on_the_base_further_down(prompts: Prompts, write: Write) -> None:
    write("auf Deutsch: {{ platforms|join(' ') }}", "write/social.de.md", "user")
    assert said(prompts, "social", "de") == "auf Deutsch: x linkedin"
    assert prompts.get("social", language="de").schema == prompts.get("social").schema


# -- extends


def test_a_file_that_extends_its_own_name_changes_the_one_it_hides(prompts: Prompts, write: Write) -> None:
    write("---\nextends: social\ninputs:\n  platforms: {default: [mastodon]}\n---\n", "write/social.md")
    prompt = prompts.get("social")
    assert prompts.values(prompt, {})["platforms"] == ["mastodon"]
    assert prompt.origin == "project"
    assert prompt.body == Prompts([("built-in", builtin_dir())]).get("social").body


def test_blocks_and_includes_by_origin(prompts: Prompts, write: Write) -> None:
    write("system:\n{% block who %}a{% endblock %}\nuser:\nGo", "write/base.md", "user")
    write("{% extends 'write/base.md' %}{% block who %}b, was {{ super() }}{% endblock %}", "write/child.md")
    messages = prompts.render(prompts.get("child"), {})
    assert [(m.role, m.text) for m in messages] == [("system", "b, was a"), ("user", "Go")]
    write("mine", "partials/facts.md")
    write("{% include 'partials/facts.md' %} {% include 'built-in:partials/facts.md' %}")
    assert said(prompts, "trial").startswith("mine What is true")


@pytest.mark.parametrize("text", ["---\nextends: other\n---\nx", "---\nextends: trial\n---\nx"])
def test_extending_nothing_is_an_error_with_its_line(prompts: Prompts, write: Write, text: str) -> None:
    write(text)
    with pytest.raises(UsageError, match=r"trial\.md, line 2: there is no prompt"):
        prompts.get("trial")


def test_circles_are_an_error(prompts: Prompts, write: Write) -> None:
    write("---\nextends: b\n---\n", "write/a.md")
    write("---\nextends: a\n---\n", "write/b.md")
    with pytest.raises(UsageError, match="extends itself"):
        prompts.get("a")


# -- mistakes in the file


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("inputz: {}", "line 2: there is no key 'inputz'. Did you mean 'inputs'?"),
        ("version: 1\ninputs:\n  day: {typ: string}", "line 4: there is no key 'typ' in 'day'. Did you mean 'type'?"),
        ("inputs:\n  day: {type: text}", "line 3: 'type' can't be 'text'. One of: string, integer"),
        ("inputs:\n  Day: {}", "line 3: an input can't be called 'Day'."),
        (
            "inputs:\n  day:\n    type: integer\n    default: soon",
            "line 5: the default of 'day' must be a whole number",
        ),
        ("inputs:\n  day: {enum: [a, b], default: c}", "line 3: the default of 'day' can't be 'c'; it is one of a, b"),
        ("inputs:\n  day: {required: true, default: x}", "line 3: 'day' is required, so it can't have a default."),
        ("inputs:\n  length: {type: string}", "line 3: 'length' is known to every kind, as a integer."),
        ("inputs:\n  sources: {}", "line 3: 'sources' is there already"),
        ("inputs: [a]", "line 2: 'inputs' must be a mapping."),
        ("steps: 5", "line 2: 'steps' must be a list of texts."),
        ("description: [a]", "line 2: 'description' must be a text."),
        ("form: poem", "line 2: 'form' can't be 'poem'."),
        ("language_of: mail", "line 2: 'language_of' names no input: 'mail'."),
        ("inputs:\n  mail: {file: 1}", "line 3: 'file' must be a truth value."),
        ("requires: [wings]", "line 2: 'requires' can't be 'wings'."),
        ("options: {temprature: 1}", "line 2: there is no key 'temprature' in 'options'. Did you mean 'temperature'?"),
        ("options: {temperature: hot}", "line 2: the option 'temperature' can't be 'hot'."),
        ("long: {over: 100}", "line 2: 'long' needs 'outline'."),
        ("limits: {title: 60}", "line 2: 'title' must be a text."),
        ("output: {schema: {type: object, properties: 5}, layout: x}", "line 2: the schema is wrong"),
        ("output: {schema: {type: array}, layout: x}", "line 2: the schema must be of type 'object'."),
        ("output: {schema: {type: object}}", "needs output.layout"),
        ("tests: [{givn: {}}]", "line 2: there is no key 'givn' in '0'. Did you mean 'given'?"),
        ("name: other", "line 2: 'name' must be 'trial', as the file is called."),
        ("a: [", "the front matter is no valid YAML"),
        ("- a", "line 2: the front matter must be keys and values."),
        ("description: x: y", "line 2: the front matter is no valid YAML"),
    ],
)
def test_a_mistake_in_the_front_matter_is_one_sentence_with_its_line(
    prompts: Prompts, write: Write, head: str, message: str
) -> None:
    path = write(f"---\n{head}\n---\nx")
    with pytest.raises(UsageError) as error:
        prompts.get("trial")
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("one\n{{ topik }}", "line 6: 'topik' is undefined."),
        ("one\n\n{% if %}", "line 7: "),
        ("{{ topic", "line 5: "),
        ("{{ topic|shout }}", "line 5: No filter named 'shout'."),
        ("{{ sources }}", "line 5: tuple has no one text"),
        ("{% include 'partials/none.md' %}", "there is no prompt file 'partials/none.md' to include."),
        ("a line\nsystem:\nb", "has text before its first role line"),
        ("{{ 1 // 0 }}", "line 5: "),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "nested too deeply"),
        ("{% for a in [1] %}" * 25 + "{% endfor %}" * 25, "too many statically nested blocks"),
        ("{% macro m(a, a) %}{% endmacro %}", "duplicate argument"),
        ("user:\n\n{{ topik }}", "line 7: 'topik' is undefined."),
    ],
)
def test_a_mistake_in_the_template_names_its_line_in_the_file(
    prompts: Prompts, write: Write, body: str, message: str
) -> None:
    path = write(f"---\nversion: 1\ndescription: x\n---\n{body}")
    with pytest.raises(UsageError) as error:
        said(prompts, "trial", topic="t", sources=())
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_a_mistake_in_a_partial_or_a_layout_names_that_line(prompts: Prompts, write: Write) -> None:
    partial = write("---\nversion: 1\n---\na\n{{ nothing }}", "partials/p.md")
    path = write(
        "---\noutput:\n  schema: {type: object}\n  layout: |\n    a\n    {{ data.b }}\n---\n"
        "{% include 'partials/p.md' %}"
    )
    with pytest.raises(UsageError, match="line 5: 'nothing' is undefined") as error:
        said(prompts, "trial")
    assert str(error.value).startswith(str(partial))
    with pytest.raises(UsageError, match="line 6: ") as error:
        prompts.lay_out(prompts.get("trial"), {}, {})
    assert str(error.value).startswith(str(path))


def test_keys_of_one_s_own_begin_with_x(prompts: Prompts, write: Write) -> None:
    write("---\nx-team: press\nmetadata: {reviewed: 2026-01-01}\n---\nHi")
    assert prompts.get("trial").extra == {"x-team": "press"}


def test_windows_line_ends_and_a_byte_order_mark_are_fine(prompts: Prompts, write: Write) -> None:
    write("").write_bytes(b"\xef\xbb\xbf---\r\nversion: 2\r\n---\r\nsystem:\r\nHi\r\nuser:\r\nGo\r\n")
    prompt = prompts.get("trial")
    assert prompt.version == "2"
    assert [m.role for m in prompts.render(prompt, {})] == ["system", "user"]


# -- values

TYPED = """---
inputs:
  company: {required: true, description: Who it is about., example: Acme}
  pages: {type: integer, default: 2, minimum: 1, maximum: 9}
  ratio: {type: number}
  colour: {type: boolean, default: false}
  papers: {type: list, enum: [herald, times], default: [herald], minimum: 1}
  mood: {enum: [calm, loud], default: calm}
---
{{ company }}"""


def test_values_are_typed_and_defaults_fill_the_rest(prompts: Prompts, write: Write) -> None:
    write(TYPED)
    prompt = prompts.get("trial")
    given = {"company": "Acme", "pages": "3", "ratio": " 1.5 ", "colour": "yes", "papers": "times, herald"}
    values = prompts.values(prompt, given)
    assert values == {
        "company": "Acme", "pages": 3, "ratio": 1.5, "colour": True, "papers": ["times", "herald"], "mood": "calm",
        "topic": "", "tone": "", "audience": "", "length": None, "voice": "", "language": "en",
    }  # fmt: skip
    assert prompts.values(prompt, {"company": "A", "papers": ["times"]})["papers"] == ["times"]
    assert prompts.values(prompt, {"company": "A", "papers": '["times"]'})["papers"] == ["times"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "trial needs 'company': Who it is about. Give --company. For example: Acme"),
        ({"company": ""}, "trial needs 'company'"),
        ({"compny": "A"}, "There is no input of trial called 'compny'. Did you mean 'company'?"),
        ({"company": "A", "pages": "two"}, "--pages must be a whole number, not 'two'."),
        ({"company": "A", "pages": 2.5}, "--pages must be a whole number, not 2.5."),
        ({"company": "A", "pages": True}, "--pages must be a whole number, not True."),
        ({"company": "A", "pages": 10}, "--pages must be at most 9."),
        ({"company": "A", "pages": "0"}, "--pages must be at least 1."),
        ({"company": "A", "ratio": "nan"}, "--ratio must be a number, not 'nan'."),
        ({"company": "A", "colour": "blue"}, "--colour must be yes or no, not 'blue'."),
        ({"company": "A", "papers": "herald,sun"}, "--papers can't be 'sun'; it is one of herald, times."),
        ({"company": "A", "papers": ""}, "--papers needs at least 1 items."),
        ({"company": "A", "mood": "odd"}, "--mood can't be 'odd'; it is one of calm, loud."),
        ({"company": {"a": 1}}, "--company must be text"),
    ],
)
def test_a_wrong_value_is_one_sentence(prompts: Prompts, write: Write, given: dict[str, Any], message: str) -> None:
    write(TYPED)
    with pytest.raises(UsageError) as error:
        prompts.values(prompts.get("trial"), given)
    assert str(error.value).startswith(message)


def test_a_kind_can_make_a_common_input_its_own(prompts: Prompts, write: Write) -> None:
    write("---\ninputs:\n  topic: {required: true, description: The news}\n  length: {default: 90}\n---\n{{ topic }}")
    prompt = prompts.get("trial")
    assert prompt.inputs == ()
    assert prompts.values(prompt, {"topic": "Tea"})["length"] == 90
    with pytest.raises(UsageError, match=r"trial needs 'topic': The news\. Give a topic"):
        prompts.values(prompt, {})


def test_a_kind_can_do_without_a_common_input(prompts: Prompts, write: Write) -> None:
    write("---\ninputs:\n  tone: false\n  length: false\n---\n{{ topic }}")
    prompt = prompts.get("trial")
    assert {"tone", "length"}.isdisjoint(item.name for item in prompt.common)
    with pytest.raises(UsageError, match="length"):
        prompts.values(prompt, {"length": "300"})
    write("---\nextends: trial\ninputs:\n  tone: {}\n---\n", "write/second.md")
    second = {item.name for item in prompts.get("second").common}
    assert "tone" in second
    assert "length" not in second
    write("---\ninputs:\n  topic: false\n---\n{{ topic }}")
    with pytest.raises(UsageError, match="line 3: 'topic' can't be taken away"):
        prompts.get("trial")


# Who sends what to whom is of the message, not of its words.
ENVELOPE = {"mail_from", "mail_to", "reply_to", "unsubscribe", "postal_address"}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "kind",
    [
        *("article", "email", "social", "video-script", "summary", "faq", "press-release", "newsletter"),
        *("product-description", "release-notes", "customer-reply", "translate"),
    ],
)
def test_every_option_of_a_built_in_kind_reaches_its_prompt(kind: str, language: str, prompts: Prompts) -> None:
    from contentkit.core.piece import SourceText
    from contentkit.steps.limits import rules

    prompt = prompts.get(kind, language=language)
    options = [item for item in (*prompt.common, *prompt.inputs) if item.name != "language"]
    assert len(options) >= 4
    for item in options:
        if item.name in HEEDED_IN_CODE or re.search(rf"\b{item.name}\b", prompt.layout):
            continue
        given: Any = {
            "string": item.enum[-1] if item.enum else "Zebra",
            "integer": min(77, item.maximum or 77),
            "list": ["threads"],
            "boolean": not item.default,
        }[item.type]
        texts = []
        for more in ({}, {item.name: given}):
            values = prompts.values(prompt, {"language": language, **more})
            messages = prompts.render(
                prompt, {**values, "rules": rules(), "sources": (SourceText("notes.md", "Tea."),)}
            )
            texts.append("".join(message.text for message in messages))
        word = given[0] if isinstance(given, list) else str(given)
        if item.name in ENVELOPE:
            assert texts[0] == texts[1], f"--{item.name} is nothing that a model needs to see"
            continue
        assert texts[0] != texts[1], f"--{item.name} changes nothing"
        assert item.type == "boolean" or item.enum or word in texts[1]


HEEDED_IN_CODE = {"outline", "citations", "toc", "pull_quotes", "faq", "seo", "front_matter"}
"""Inputs of articles that change what is asked, and what stands around the text, and not the prompt; see
test_finish.py."""


# -- the docs


def test_the_example_in_the_docs_is_sound_and_works(prompts: Prompts, write: Write) -> None:
    from contentkit.kit.plugins import shelf
    from contentkit.kit.prompts.check import Known, check
    from contentkit.kit.prompts.folders import Found
    from contentkit.steps.limits import rules

    example = DOCS.split("````markdown\n")[1].split("````\n")[0]
    path = write(example, "write/announcement.md")
    assert check(prompts, Found(path, "project", 0), "write", Known(rules(), shelf("steps").names())) == []
    prompt = prompts.get("announcement")
    assert [item.name for item in prompt.inputs] == ["company", "embargo"]
    data = {"headline": "Ninety cars", "lead": "It\nsails.", "text": "More.", "contact": "[name]"}
    body = prompts.lay_out(prompt, data, {"embargo": "3 May"})
    assert body == "# Ninety cars\n\n*Embargo: 3 May*\n\n**It sails.**\n\nMore.\n\nContact: [name]\n"


def test_the_docs_name_every_key_filter_and_partial() -> None:
    from jinja2 import DictLoader

    from contentkit.kit.prompts.file import KEYS
    from contentkit.kit.prompts.prompt import INPUT_TYPES
    from contentkit.kit.prompts.sandbox import Sandbox

    front = DOCS.split("## The file")[1]
    keys = {"output": "output.schema"}
    assert [key for key in KEYS if f"`{keys.get(key, key)}`" not in front] == []
    assert [kind for kind in INPUT_TYPES if kind not in front] == []
    said = set(re.findall(r"[a-z]+", front.split("Filters: ")[1].split("### Languages")[0]))
    filters = {name for name in Sandbox(DictLoader({})).filters if not name.startswith("_")} - {"d"}
    assert filters <= said
    partials = {path.name.replace(".ja.md", ".md") for path in (builtin_dir() / "partials").iterdir()}
    assert {name for name in partials if f"partials/{name}" not in front} == set()
