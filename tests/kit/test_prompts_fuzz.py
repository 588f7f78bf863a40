"""Whatever stands in a prompt file, it is read, or refused with one sentence that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentkit.core.errors import UsageError
from contentkit.kit.prompts import Prompts, builtin_dir
from contentkit.kit.prompts.file import KEYS

INNER = [
    "type", "default", "enum", "required", "minimum", "maximum", "example", "description", "schema", "layout", "given",
    "sources", "contains", "lacks", "data", "over", "outline", "section", "temperature", "stop", "effort", "properties",
    "items", "topic", "length", "origin", "text",
]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
VALUES = st.recursive(
    SCALARS | st.sampled_from(["string", "integer", "list", "object", "array", "trial", "article"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.one_of(st.sampled_from(INNER), st.integers(), st.text(max_size=4)), inner, max_size=4)
    ),
    max_leaves=12,
)
HEADS = st.one_of(
    st.dictionaries(st.sampled_from([*KEYS, "x-own"]), VALUES, max_size=4),
    st.fixed_dictionaries(
        {
            "inputs": st.dictionaries(
                st.sampled_from(["day", "topic", "length"]), st.dictionaries(st.sampled_from(INNER[:8]), VALUES)
            )
        }
    ),
    st.fixed_dictionaries({"output": st.dictionaries(st.sampled_from(["schema", "layout"]), VALUES)}),
    st.fixed_dictionaries({"tests": st.lists(st.dictionaries(st.sampled_from(INNER[10:15]), VALUES), max_size=2)}),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    (folder / "write").mkdir()
    return folder


def read(folder: Path, text: str) -> None:
    path = folder / "write" / "trial.md"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    prompts = Prompts([("project", folder), ("built-in", builtin_dir())])
    said = ""
    try:
        prompt = prompts.get("trial")
        given = {item.name: item.example for item in (*prompt.inputs, *prompt.common) if item.required}
        prompts.render(prompt, prompts.values(prompt, given))
    except UsageError as error:
        said = error.message
    assert "\n" not in said


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(head=HEADS)
def test_any_front_matter(folder: Path, head: dict[str, Any]) -> None:
    read(folder, f"---\n{yaml.safe_dump(head, allow_unicode=True)}---\nHi {{{{ topic }}}}")


BITS = [
    "---\n",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "system:\n",
    "if",
    "for",
    "x",
    "in",
    "end",
    " ",
    "\n",
    "|",
    "topic",
    "(",
    "'",
]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(bits=st.lists(st.sampled_from(BITS), max_size=14))
def test_any_body(folder: Path, bits: list[str]) -> None:
    read(folder, "".join(bits))
