"""Our requests against the OpenAPI documents that OpenAI and Ollama publish, where these are at hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from questions import QUESTIONS

from contentkit.core.model import Endpoint, ModelInfo
from contentkit.providers import ollama, openai

SPECS = Path(__file__).parents[2] / "../shared/data/specs"
pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the OpenAPI documents in ../shared are not here")


@cache
def document(name: str) -> dict[str, Any]:
    import yaml

    # OpenAI's alternatives overlap: a message fits its easy form and its full one, which oneOf would forbid.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (SPECS / f"{name}-openapi.yaml").read_text(encoding="utf-8").replace("oneOf:", "anyOf:")
    return dict(yaml.load(text, Loader=loader))


def problems(name: str, schema: str, body: Any) -> list[str]:
    import jsonschema

    spec = document(name)
    rules = {"$ref": f"#/components/schemas/{schema}", "components": spec["components"]}
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in jsonschema.Draft202012Validator(rules).iter_errors(body)
    ]


def fields(name: str, schema: str) -> set[str]:
    """All properties that a schema and what it is made of name."""
    found: set[str] = set()
    parts = [document(name)["components"]["schemas"][schema]]
    while parts:
        part = parts.pop()
        if "$ref" in part:
            part = document(name)["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        found |= set(part.get("properties", {}))
        parts += part.get("allOf", [])
    return found


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("api", "schema"), [("chat", "CreateChatCompletionRequest"), ("responses", "CreateResponse")])
def test_openai(question: str, api: str, schema: str) -> None:
    endpoint = Endpoint("openai", "openai", "https://api.openai.com/v1", settings={"api": api, "schema": "native"})
    body = dict(openai.build(QUESTIONS[question], endpoint).body or {})
    assert problems("openai", schema, body) == []
    assert set(body) <= fields("openai", schema)


@pytest.mark.parametrize("question", QUESTIONS)
def test_ollama(question: str) -> None:
    request = replace(QUESTIONS[question], info=ModelInfo("ollama", "a-model", reasoning=True))
    body = dict(ollama.build(request, Endpoint("ollama", "ollama", "http://127.0.0.1:11434")).body or {})
    assert problems("ollama", "ChatRequest", body) == []
    assert set(body) - fields("ollama", "ChatRequest") <= {"truncate", "shift"}  # in the server, not in the document
    assert set(body["options"]) <= fields("ollama", "ModelOptions")


def test_a_wrong_request_would_be_seen() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": 5}]}
    assert problems("ollama", "ChatRequest", body)
    assert problems("openai", "CreateChatCompletionRequest", body)
