"""What is wrong with a prompt file, found without a model: names, templates, schema, and its own tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.text.counting import Rule
from contentkit.kit.prompts import Prompts
from contentkit.kit.prompts.folders import Found
from contentkit.kit.prompts.prompt import NOT_LENSES, Case, Input, Prompt

_ALWAYS = frozenset({"rules", "house", "sources", "fence", "language_name"})

REVIEWED: Mapping[str, Any] = {
    "lens": "bugs",
    "part": False,
    "code": "File: till.py (modified)\n\n@@ -11,1 +11,2 @@\n 11#0de| def due(cents):\n+12#a3f|     return cents / 100",
    "told": (),
    "instructions": "",
    "first": "+12#a3f",
    "last": "+12#a3f",
    "message": "Half a cent is lost.",
    "scenario": "due(5) is rounded.",
    "severity": "minor",
    "files": (),
    "more": 0,
    "added": 1,
    "deleted": 0,
}
"""What a review gives its prompts, as an example; their tests change some of it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What prompts may name: rules of length, and steps."""

    rules: Mapping[str, Rule]
    steps: Collection[str]


def check(prompts: Prompts, found: Found, folder: str, known: Known) -> list[Finding]:
    """Everything wrong with the file; major what breaks it, minor what is unwise."""
    try:
        prompt = prompts.load(found, folder)
    except UsageError as error:
        return [_finding("broken", error, found.path)]
    templates = list(_templates(prompts, prompt))
    # A template that names what is not there would only say so again.
    renders = [] if templates else list(_renders(prompts, prompt, known))
    return [*_names(prompts, prompt, known), *templates, *_schema(prompt), *_lens(prompt), *renders]


def sample(schema: Mapping[str, Any]) -> Any:
    """A small value that obeys ``schema``, to try a layout with."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {}))] * max(1, schema.get("minItems", 1))
    plain: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
    if kind in plain:
        return max(plain[kind], schema.get("minimum", 0)) if kind in ("integer", "number") else plain[kind]
    return "x" * max(1, schema.get("minLength", 1))


def _example_values(prompt: Prompt) -> dict[str, Any]:
    """A value for every input: its example, else its default, else a word for it."""
    return {item.name: _example(item) for item in (*prompt.common, *prompt.inputs) if item.required or item.example} | (
        {"language": prompt.language} if prompt.language else {"language": "en"}
    )


def _example(item: Input) -> Any:
    if item.example is not None:
        return item.example
    if item.enum:
        return [item.enum[0]] if item.type == "list" else item.enum[0]
    least = item.minimum or 1
    words: dict[str, Any] = {"integer": int(least), "number": least, "boolean": True, "list": [item.name]}
    return words.get(item.type, item.name)


def _names(prompts: Prompts, prompt: Prompt, known: Known) -> Iterator[Finding]:
    for name in prompt.steps:
        if name not in known.steps:
            yield _unknown("step", name, known.steps, prompt.path)
    for path, rule in prompt.limits.items():
        holder = _at(prompt.schema.body if prompt.schema else {}, path)
        if prompt.schema and holder is None:
            yield _finding("limit", f"The limit {path!r} names no part of output.schema.", prompt.path)
        elif rule.startswith("$"):
            yield from _sibling(prompt, path, rule[1:], known)
        elif rule not in known.rules:
            yield _unknown("rule of length", rule, known.rules, prompt.path)
    for path in prompt.plain:
        if prompt.schema and _at(prompt.schema.body, path) is None:
            yield _finding("plain", f"The plain text {path!r} is no part of output.schema.", prompt.path)
    asked = [prompt.long.outline, prompt.long.section] if prompt.long else []
    asked += [prompt.series.plan, prompt.series.part] if prompt.series else []
    for name in asked:
        if name not in prompts.kinds("parts"):
            yield _unknown("prompt in parts", name, prompts.kinds("parts"), prompt.path)


def _sibling(prompt: Prompt, path: str, rule: str, known: Known) -> Iterator[Finding]:
    """What is wrong with a rule that a sibling names: "platform", or "platform-alt-text" for a part of a post."""
    key, dash, part = rule.partition("-")
    beside = ".".join([*path.split(".")[:-1], key])
    holder = _at(prompt.schema.body if prompt.schema else {}, beside)
    if holder is None:
        yield _finding("limit", f"The limit of {path!r} is named by {beside!r}, which is not there.", prompt.path)
    for name in (holder or {}).get("enum", ()):
        # Of a part of a post a place may have no limit.
        if name not in known.rules and not (dash and f"{name}-{part}" in known.rules):
            yield _unknown("rule of length", str(name), known.rules, prompt.path)


def _at(schema: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The schema of a part of the answer: "posts[].text"."""
    here: Any = schema
    for step in path.split("."):
        name = step.removesuffix("[]")
        here = here.get("properties", {}).get(name)
        if here is None:
            return None
        if step.endswith("[]"):
            here = here.get("items", {})
    return here if isinstance(here, Mapping) else None


def _templates(prompts: Prompts, prompt: Prompt) -> Iterator[Finding]:
    """Files and variables that templates name, in branches that no test takes too."""
    from contentkit.kit.prompts.render import mentions

    inputs = {item.name for item in (*prompt.common, *prompt.inputs)} | _ALWAYS
    given = {name for case in prompt.tests for name in case.given} | _more(prompt).keys()
    places = [(prompt.body, prompt.body_path, prompt.body_line, inputs | given)]
    if prompt.layout:
        places.append((prompt.layout, prompt.layout_path, prompt.layout_line, inputs | given | {"data"}))
    for text, path, line, names in places:
        try:
            said = mentions(prompts.folders, text, str(path), line)
            for file in said.files:
                if prompts.folders.include(file) is None:
                    yield _finding("include", f"There is no prompt file {file!r} to include.", path)
        except UsageError as error:
            yield _finding("template", error, path)
            continue
        for name, where in sorted(said.variables.items()):
            if name not in names:
                near = nearest(name, names)
                hint = f"Did you mean {near!r}?" if near else "Declare it under inputs."
                yield _finding("variable", f"{path}, line {where}: there is no input {name!r}. {hint}", path)


def _schema(prompt: Prompt) -> Iterator[Finding]:
    """What hosted models refuse in a schema that they are held to."""
    if prompt.schema is None:
        return
    for where, part in _objects(prompt.schema.body, "output.schema"):
        properties = list(part.get("properties", {}))
        if part.get("additionalProperties") is not False or sorted(part.get("required", [])) != sorted(properties):
            message = f"{where}: strict models want every property required, and additionalProperties: false."
            yield _finding("schema", message, prompt.path, Severity.MINOR)


def _lens(prompt: Prompt) -> Iterator[Finding]:
    """A lens answers with findings."""
    if prompt.folder != "review" or prompt.name in NOT_LENSES:
        return
    if prompt.schema is None or "findings" not in prompt.schema.body.get("properties", {}):
        message = f"{prompt.path} asks for no findings. Put 'extends: bugs' into its front matter for the schema."
        yield _finding("lens", message, prompt.path)


def _objects(schema: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(schema, Mapping):
        return
    if schema.get("type") == "object":
        yield where, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _objects(inner, f"{where}.{name}")
    yield from _objects(schema.get("items"), f"{where}[]")


def _renders(prompts: Prompts, prompt: Prompt, known: Known) -> Iterator[Finding]:
    # A part is given more than its inputs say (an outline, a draft): its tests tell what.
    cases = (
        prompt.tests if prompt.folder == "parts" and prompt.tests else (*prompt.tests, Case(_example_values(prompt)))
    )
    for case in cases:
        where = f"{prompt.path}, line {case.line}: " if case.line else f"{prompt.path}: "
        try:
            yield from _case(prompts, prompt, case, known, where)
        except UsageError as error:
            yield _finding("render", error, prompt.path)


def _case(prompts: Prompts, prompt: Prompt, case: Case, known: Known, where: str) -> Iterator[Finding]:
    given = dict(case.given)
    given.setdefault("language", prompt.language or "en")
    inputs = {item.name for item in (*prompt.common, *prompt.inputs)}
    values = prompts.values(prompt, {name: value for name, value in given.items() if name in inputs})
    values = {**_more(prompt), **given, **values, "rules": known.rules, "house": (), "sources": case.sources}
    text = "\n".join(message.text for message in prompts.render(prompt, values))
    for wanted in case.contains:
        if wanted not in text:
            yield _finding("test", f"{where}the messages lack {wanted!r}.", prompt.path)
    for unwanted in case.lacks:
        if unwanted in text:
            yield _finding("test", f"{where}the messages hold {unwanted!r}.", prompt.path)
    if prompt.schema:
        data = case.data if case.data is not None else sample(prompt.schema.body)
        yield from _fits(prompt, data, where)
        if prompt.layout:
            prompts.lay_out(prompt, data, values)


def _more(prompt: Prompt) -> Mapping[str, Any]:
    """What a prompt is given beside its inputs, where that is the same for all of its folder."""
    return REVIEWED if prompt.folder == "review" else {}


def _fits(prompt: Prompt, data: Any, where: str) -> Iterator[Finding]:
    from jsonschema import Draft202012Validator

    assert prompt.schema is not None
    for error in Draft202012Validator(prompt.schema.body).iter_errors(data):
        yield _finding("test", f"{where}the test's data breaks output.schema: {error.message}.", prompt.path)


def _unknown(what: str, name: str, names: Collection[str], path: Path) -> Finding:
    near = nearest(name, names)
    hint = f"Did you mean {near!r}?" if near else f"Known: {', '.join(sorted(names)[:12])}."
    return _finding("name", f"There is no {what} called {name!r}. {hint}", path)


def _finding(rule: str, what: UsageError | str, path: Path, severity: Severity = Severity.MAJOR) -> Finding:
    text = str(what)
    message = text if text.startswith(str(path)) else f"{path}: {text}"
    return Finding(f"prompt/{rule}", message, severity, Place(str(path)), "prompt")
