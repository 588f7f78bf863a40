"""A prompt file -> Prompt: every key checked, every mistake one sentence with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from contentkit.core.chat import Options, Schema
from contentkit.core.piece import SourceText
from contentkit.kit.prompts import front_matter
from contentkit.kit.prompts.folders import Found
from contentkit.kit.prompts.front_matter import FrontMatter
from contentkit.kit.prompts.inputs import inputs_of, whole
from contentkit.kit.prompts.prompt import COMMON, STEPS, Case, Long, Prompt, Series

split = front_matter.split

KEYS = ("name", "version", "description", "language", "extends", "model", "requires", "options", "inputs", "output",
        "steps", "unchecked", "limits", "plain", "form", "long", "by_parts", "series", "sources", "language_of",
        "tests", "metadata")  # fmt: skip
_FORMS = (
    *("article", "email", "social", "video-script", "commit-message", "pr-description", "finish"),
    *("summary", "faq", "press-release", "newsletter", "product-description", "release-notes", "customer-reply"),
)
# A file may come from a stranger: it can take what lies in this repository's git, and no file or address.
_OWN_SOURCES = ("diff:", "git:")
_REQUIRES = ("schema", "images", "reasoning", "writing")
_LEAST_PART = 50


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file alone: the keys it gives, ready to be laid over those of the file it extends.

    Attributes:
        inputs: name -> attributes given; False takes a common one away.
        line_of_input: name -> where it stands, for errors.
    """

    found: Found
    front: FrontMatter
    extends: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, dict[str, Any] | Literal[False]] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


def parse(text: str, found: Found) -> Parsed:
    """Read one file.

    Raises:
        UsageError: with file, line and what mends it.
    """
    path = str(found.path)
    head, body, line = front_matter.split(text, path)
    front = front_matter.parse(head, path)
    front.known(front.data, KEYS, free="x-")
    if found.path.parent.name == "review":
        _only_asks(front)
    given: dict[str, Any] = {}
    for key in ("version", "description", "language", "form", "language_of"):
        if key in front.data:
            given[key] = _text(front, key)
    front.one_of(given.get("form"), _FORMS, "form")
    stem = found.path.name.split(".")[0]
    if front.data.get("name", stem) != stem:
        raise front.wrong(f"'name' must be {stem!r}, as the file is called.", "name")
    given |= _lists(front) | _mappings(front) | _output(front, stem)
    if "long" in front.data:
        given["long"] = _long(front)
    if "by_parts" in front.data:
        given["by_parts"] = front.typed(front.data["by_parts"], int, "by_parts")
        if given["by_parts"] < _LEAST_PART:
            raise front.wrong(f"'by_parts' must be at least {_LEAST_PART} words.", "by_parts")
    if "series" in front.data:
        given["series"] = _series(front)
    if "sources" in front.data:
        given["sources"] = _sources(front)
    if "tests" in front.data:
        given["tests"] = _tests(front)
    extends = front.typed(front.data.get("extends", ""), str, "extends")
    return Parsed(found, front, extends, given, inputs_of(front), body, line)


def build(chain: list[Parsed], folder: str) -> Prompt:
    """The prompt of a file (the last of the chain) and the files it extends.

    Raises:
        UsageError: an input is wrong.
    """
    own = chain[-1]
    prompt = Prompt(own.found.path.name.split(".")[0], own.found.path, own.found.origin, folder, own.found.language)
    given: dict[str, Any] = {}
    inputs: dict[str, dict[str, Any] | Literal[False]] = {}
    for link in chain:
        given |= link.given
        for name, attributes in link.inputs.items():
            inputs[name] = False if attributes is False else {**(inputs.get(name) or {}), **attributes}
        if link.body.strip():
            given |= {"body": link.body, "body_path": link.found.path, "body_line": link.body_line}
    # A file is never tested by the tests of the one it extends.
    given["tests"] = own.given.get("tests", ())
    given["language"] = own.found.language or own.given.get("language", "")
    # Topic, tone, reader and length are for texts; a review has none of them.
    common = tuple(item for item in COMMON if folder != "review" or item.name == "language")
    known = {item.name: item for item in common}
    made = {
        name: whole(_front(chain, name), name, attributes, known.get(name))
        for name, attributes in inputs.items()
        if attributes is not False
    }
    given["common"] = tuple(made.get(item.name, item) for item in common if inputs.get(item.name) is not False)
    if folder == "review":
        given["steps"] = ()  # secrets are hidden line by line before the prompt is rendered
    given["inputs"] = tuple(item for item in made.values() if item.name not in known)
    if (spoken := given.get("language_of")) and spoken not in {*made, *known}:
        raise own.front.wrong(f"'language_of' names no input: {spoken!r}.", "language_of")
    series = given.get("series")
    if series and series.count not in made:
        raise own.front.wrong(f"'series' counts by an input that is not there: {series.count!r}.", "series", "count")
    return replace(prompt, **given)


def _front(chain: list[Parsed], name: str) -> FrontMatter:
    """Of the file that says of an input last, for errors."""
    return next(link.front for link in reversed(chain) if name in link.inputs)


def _only_asks(front: FrontMatter) -> None:
    """A lens is no kind of content: its answer becomes findings, not a text."""
    for key in ("steps", "unchecked", "limits", "plain", "form", "long", "by_parts", "series", "language_of"):
        if key in front.data:
            raise front.wrong(
                f"a prompt in review/ has no {key!r}.", key, hint="Remove it; it has a use in write/ only."
            )


def _text(front: FrontMatter, key: str) -> str:
    value = front.data[key]
    if key == "version" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return str(front.typed(value, str, key)).strip()


def _lists(front: FrontMatter) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key in ("model", "requires", "steps", "unchecked", "plain"):
        if key in front.data:
            value = front.data[key]
            given[key] = tuple(front.typed([value] if isinstance(value, str) else value, str, key, many=True))
    for name in given.get("requires", ()):
        front.one_of(name, _REQUIRES, "requires")
    if "steps" in given and "redact" not in given["steps"]:
        # No file may send what the others would have hidden.
        given["steps"] = (*given["steps"], STEPS[-1])
    return given


def _mappings(front: FrontMatter) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key in ("options", "limits", "metadata"):
        if key in front.data:
            given[key] = front.typed(front.data[key], dict, key)
    for path, rule in given.get("limits", {}).items():
        front.typed(rule, str, "limits", str(path))
    if "options" in given:
        given["options"] = _options(front, given["options"])
    extra = {key: value for key, value in front.data.items() if key.startswith("x-")}
    return {**given, "extra": extra} if extra else given


def _options(front: FrontMatter, options: dict[str, Any]) -> dict[str, Any]:
    front.known(options, [item.name for item in fields(Options)], "options")
    kinds: dict[str, tuple[type, ...]] = {"effort": (str,), "temperature": (int, float), "top_p": (int, float)}
    for name, value in options.items():
        if name == "stop":
            options = {**options, "stop": tuple(front.typed(value, str, "options", "stop", many=True))}
        elif not isinstance(value, kinds.get(name, (int,))) or isinstance(value, bool):
            raise front.wrong(f"the option {name!r} can't be {value!r}.", "options", name)
    return options


def _output(front: FrontMatter, name: str) -> dict[str, Any]:
    if "output" not in front.data:
        return {}
    output = front.typed(front.data["output"], dict, "output")
    front.known(output, ("schema", "layout"), "output")
    given: dict[str, Any] = {}
    if output.get("schema") is not None:
        given["schema"] = Schema(name.replace("-", "_"), _schema(front, output["schema"]))
    elif "schema" in output:
        given["schema"] = None
    if "layout" in output:
        given["layout"] = front.typed(output["layout"], str, "output", "layout")
        given["layout_path"] = Path(front.path)
        given["layout_line"] = front.text_lines["output", "layout"]
    return given


def _schema(front: FrontMatter, body: Any) -> dict[str, Any]:
    from jsonschema import Draft202012Validator, SchemaError

    front.typed(body, dict, "output", "schema")
    try:
        Draft202012Validator.check_schema(body)
    except SchemaError as error:
        where = [str(step) for step in error.absolute_path]
        raise front.wrong(f"the schema is wrong: {error.message}.", "output", "schema", *where) from error
    if body.get("type") != "object":
        raise front.wrong("the schema must be of type 'object'.", "output", "schema")
    return dict(body)


def _long(front: FrontMatter) -> Long:
    value = front.typed(front.data["long"], dict, "long")
    front.known(value, ("over", "outline", "section"), "long")
    for key in ("over", "outline", "section"):
        if key not in value:
            raise front.wrong(f"'long' needs {key!r}.", "long")
        front.typed(value[key], int if key == "over" else str, "long", key)
    return Long(**value)


def _series(front: FrontMatter) -> Series:
    value = front.typed(front.data["series"], dict, "series")
    front.known(value, ("count", "plan", "part"), "series")
    for key in ("count", "plan", "part"):
        if key not in value:
            raise front.wrong(f"'series' needs {key!r}.", "series")
        front.typed(value[key], str, "series", key)
    return Series(**value)


def _sources(front: FrontMatter) -> tuple[str, ...]:
    sources = tuple(front.typed(front.data["sources"], str, "sources", many=True))
    for number, source in enumerate(sources):
        if not source.startswith(_OWN_SOURCES):
            raise front.wrong(
                f"a prompt can't take {source!r} by itself.",
                "sources",
                str(number),
                hint="Only diff: and git:, since a prompt file may be a stranger's; others are for --from.",
            )
    return sources


def _tests(front: FrontMatter) -> tuple[Case, ...]:
    cases = []
    for at, value in enumerate(front.typed(front.data["tests"], dict, "tests", many=True)):
        here = ("tests", str(at))
        front.known(value, ("given", "sources", "contains", "lacks", "data"), *here)
        sources = front.typed(value.get("sources", []), dict, *here, "sources", many=True)
        for number, source in enumerate(sources):
            front.known(source, [item.name for item in fields(SourceText)], *here, "sources", str(number))
        cases.append(
            Case(
                front.typed(value.get("given", {}), dict, *here, "given"),
                tuple(SourceText(**{"origin": "", "text": "", **source}) for source in sources),
                tuple(front.typed(value.get("contains", []), str, *here, "contains", many=True)),
                tuple(front.typed(value.get("lacks", []), str, *here, "lacks", many=True)),
                value.get("data"),
                front.lines[here],
            )
        )
    return tuple(cases)
