"""The catalogue knows what it knows, and a price that is not sure is unknown."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.model import Price
from contentkit.models.catalogue import Catalogue, closest

ROOT = Path(__file__).parents[2]
UNKNOWN = Price()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_catalogue", ROOT / "scripts" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_small_and_says_where_it_comes_from() -> None:
    path = files("contentkit.models") / "catalogue.json"
    text = path.read_text("utf-8")
    assert len(text.encode()) < 150_000
    sources = json.loads(text)["sources"]
    assert all(source["as_of"] and source["url"] for source in sources.values())


def test_every_row_has_a_source_and_a_day(catalogue: Catalogue) -> None:
    rows = catalogue.all()
    assert len(rows) > 300
    assert [row.id for row in rows if not row.source or not row.as_of] == []


def test_no_shipped_price_is_zero_or_half(catalogue: Catalogue) -> None:
    hosted = [row for row in catalogue.all() if row.provider != "transformers"]
    assert [row.id for row in hosted if row.price.input == 0 and row.price.output == 0] == []
    assert [row.id for row in hosted if (row.price.input is None) != (row.price.output is None)] == []


@pytest.mark.parametrize(
    "provider", ["openai", "anthropic", "gemini", "mistral", "deepseek", "groq", "xai", "together", "openrouter"]
)
def test_a_default_exists_with_a_middling_price(catalogue: Catalogue, provider: str) -> None:
    name = catalogue.default(provider)
    info = catalogue.info(provider, name)
    assert catalogue.known(provider, name)
    assert info.price.output is not None
    assert 0.3 <= info.price.output <= 20
    assert "retires" not in catalogue.note(provider, name)


def test_local_defaults_are_free_of_licence_traps(catalogue: Catalogue) -> None:
    for provider in ("transformers", "ollama"):
        assert catalogue.info(provider, catalogue.default(provider)).licence == "apache-2.0"


def test_an_unknown_model_is_a_row_of_unknowns(catalogue: Catalogue) -> None:
    info = catalogue.info("mistral", "mistral-of-tomorrow")
    assert (info.id, info.price, info.context_window) == ("mistral:mistral-of-tomorrow", UNKNOWN, None)
    assert not catalogue.known("mistral", "mistral-of-tomorrow")
    assert catalogue.info("nobody", "x").price == UNKNOWN


@pytest.mark.parametrize(
    ("provider", "name", "same_as"),
    [
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("openai", "gpt-4o-2024-11-20", "gpt-4o"),
        ("gemini", "models/gemini-2.5-flash", "gemini-2.5-flash"),
        ("together", "openai/GPT-OSS-120B", "openai/gpt-oss-120b"),
    ],
)
def test_names_that_mean_a_row_have_its_price(catalogue: Catalogue, provider: str, name: str, same_as: str) -> None:
    info, plain = catalogue.info(provider, name), catalogue.info(provider, same_as)
    assert info.name == name
    assert info.price == plain.price != UNKNOWN
    assert info.context_window == plain.context_window is not None


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("openai", "gpt-4o-2099-01-01"),  # a snapshot that no price list names
        ("openrouter", "openai/gpt-4.1:online"),  # web search costs extra
        ("openrouter", "openai/gpt-4.1:nitro"),
        ("azure", "gpt-4.1"),  # a deployment: the price depends on its kind and region
        ("vllm", "Qwen/Qwen3-8B"),
        ("ollama", "qwen3:8b-q4_K_M"),
    ],
)
def test_names_that_are_only_alike_have_the_window_and_no_price(catalogue: Catalogue, provider: str, name: str) -> None:
    info = catalogue.info(provider, name)
    assert info.context_window is not None
    assert info.price == UNKNOWN


def test_free_variants_and_this_machine_cost_nothing(catalogue: Catalogue) -> None:
    assert catalogue.info("openrouter", "openai/gpt-oss-20b:free").price.input == 0
    assert catalogue.info("offline", "draft").price.output == 0
    assert catalogue.info("transformers", "somebody/anything").price.output == 0


def test_long_questions_have_their_own_price(catalogue: Catalogue) -> None:
    price = catalogue.info("openai", "gpt-6.1-sol").price
    assert price.long_from == 272_000
    assert price.long is not None
    assert price.input is not None
    assert price.long.input is not None
    assert price.long.input > price.input
    assert "272,000" in catalogue.note("openai", "gpt-6.1-sol")


def test_sources_that_disagree_leave_the_price_unknown(catalogue: Catalogue) -> None:
    assert catalogue.info("anthropic", "claude-sonnet-5").price == UNKNOWN
    assert "disagree" in catalogue.note("anthropic", "claude-sonnet-5")


@pytest.mark.parametrize(
    ("provider", "name", "sampling", "bytes_per_token"),
    [
        ("anthropic", "claude-sonnet-4-5", True, None),
        ("anthropic", "claude-opus-4-6", True, None),
        ("anthropic", "claude-opus-4-7", False, 2.8),
        ("anthropic", "claude-sonnet-5-5", False, 2.8),
        ("anthropic", "claude-opus-7", False, 2.8),  # newer than the catalogue
        ("openrouter", "anthropic/claude-opus-4.7", False, 2.8),
        ("openrouter", "anthropic/claude-sonnet-4.5", True, None),
        ("openai", "gpt-4.1", True, None),
        ("openai", "gpt-5.4", False, None),
        ("openai", "o3", False, None),
        ("openai", "gpt-8-nova", False, None),
    ],
)
def test_what_a_model_refuses(
    catalogue: Catalogue, provider: str, name: str, sampling: bool, bytes_per_token: float | None
) -> None:
    info = catalogue.info(provider, name)
    assert (info.sampling, info.bytes_per_token) == (sampling, bytes_per_token)


def test_there_are_small_open_models_for_japanese(catalogue: Catalogue) -> None:
    small = [
        row
        for row in catalogue.all()
        if row.provider == "transformers" and "ja" in row.languages and (row.parameters or 99) <= 4
    ]
    assert len(small) >= 8
    assert {"apache-2.0", "mit"} <= {row.licence for row in small}


def test_hosted_open_models_know_their_licence(catalogue: Catalogue) -> None:
    info = catalogue.info("groq", "openai/gpt-oss-20b")
    assert (info.open_weights, info.licence, info.parameters) == (True, "apache-2.0", 20.9)
    assert catalogue.info("openai", "gpt-4.1").open_weights is False


def test_the_nearest_id(catalogue: Catalogue) -> None:
    assert closest(catalogue, "anthropic:claude-sonet-5-5") == "anthropic:claude-sonnet-5-5"
    assert closest(catalogue, "claude-sonnet-55") == "anthropic:claude-sonnet-5-5"
    assert closest(catalogue, "zzzzzzzzzzzz") == ""


# The user's own file


def mine(tmp_path: Path, text: str, name: str = "catalogue.toml") -> Catalogue:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return Catalogue.load(path)


def test_the_users_row_goes_over_the_shipped_one(tmp_path: Path) -> None:
    own = mine(
        tmp_path,
        '[[models]]\nprovider = "anthropic"\nname = "claude-sonnet-5"\nprice = { input = 1.5, output = 7 }\n',
    )
    info = own.info("anthropic", "claude-sonnet-5")
    assert (info.price.input, info.price.output) == (1.5, 7)
    assert info.context_window == 1_000_000
    assert info.source.endswith("catalogue.toml")
    assert "disagree" not in own.note("anthropic", "claude-sonnet-5")


def test_the_users_price_takes_the_shipped_tier_away(tmp_path: Path) -> None:
    own = mine(tmp_path, '[[models]]\nprovider="openai"\nname="gpt-6.1-sol"\nprice={input=1, output=2}\n')
    assert own.info("openai", "gpt-6.1-sol").price == Price(1, 2)


def test_a_model_of_ones_own_in_json(tmp_path: Path) -> None:
    row = {"provider": "myhost", "name": "m", "context_window": 8192, "aliases": ["m-latest"], "languages": ["ja"]}
    own = mine(tmp_path, json.dumps({"models": [row]}), "catalogue.json")
    assert own.info("myhost", "m-latest").context_window == 8192
    assert "myhost:m" in own.ids()


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert Catalogue.load(tmp_path / "absent.toml").ids() == Catalogue.load().ids()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("models = 3", "no list of models"),
        ("[[models]\n", "can't be read"),
        ('[[models]]\nname = "x"\n', "has no provider"),
        ('[[models]]\nprovider = "p"\nname = "x"\ncontext_windw = 3\n', "'context_window'"),
        ('[[models]]\nprovider = "p"\nname = "x"\ncontext_window = "big"\n', "must be a number over 0"),
        ('[[models]]\nprovider = "p"\nname = "x"\nprice = { inputs = 1 }\n', "has no 'inputs'"),
        ('[[models]]\nprovider = "p"\nname = "x"\nprice = { input = -1 }\n', "0 or more"),
        ('[[models]]\nprovider = "p"\nname = "x"\nsampling = "no"\n', "true or false"),
        ('[[models]]\nprovider = "p"\nname = "x"\nover = { input = 3 }\n', "needs 'tokens'"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        mine(tmp_path, text)
    assert words in str(error.value)
    assert "catalogue.toml" in str(error.value)


# The script that makes the file, on lists written for the test

HOST = {"litellm": "acme", "genai": "acme", "prefix": "acme/", "keep": ["*"], "drop": ["*-tts"], "open_weights": False}
FACTS: dict[str, Any] = {"families": [], "open": [], "licences": {}}


def entry(input_price: float, output_price: float, **more: Any) -> dict[str, Any]:
    return {
        "litellm_provider": "acme",
        "mode": "chat",
        "input_cost_per_token": input_price / 1e6,
        "output_cost_per_token": output_price / 1e6,
        "max_input_tokens": 1000,
        **more,
    }


def made(script: ModuleType, litellm: dict[str, Any], genai: list[dict[str, Any]]) -> dict[str, Any]:
    data = {"litellm": litellm, "genai-prices": [{"id": "acme", "models": genai}], "openrouter": []}
    rows: dict[str, Any] = script.hosted("acme", HOST, data, FACTS, "2026-11-21")
    return {name: script.compact(row) for name, row in rows.items()}


def test_script_keeps_agreed_prices_and_drops_disputed_ones(script: ModuleType) -> None:
    rows = made(
        script,
        {"acme/a": entry(1, 2), "acme/b": entry(1, 2), "acme/c": entry(0, 0), "acme/d": entry(0, 0)},
        [
            {"id": "a", "prices": {"input_mtok": 1, "output_mtok": 2}},
            {"id": "b", "prices": {"input_mtok": 1, "output_mtok": 3}},
            {"id": "c", "prices": {"input_mtok": 1, "output_mtok": 3}},
        ],
    )
    assert rows["a"]["price"] == {"input": 1, "output": 2}
    for name in "bcd":
        assert "price" not in rows[name]


def test_script_leaves_out_what_is_withdrawn_or_no_text_model(script: ModuleType) -> None:
    rows = made(
        script,
        {
            "acme/old": entry(1, 2, deprecation_date="2026-11-21"),
            "acme/going": entry(1, 2, deprecation_date="2026-12-31"),
            "acme/a-tts": entry(1, 2),
            "acme/pictures": entry(1, 2) | {"mode": "image_generation"},
        },
        [],
    )
    assert list(rows) == ["going"]
    assert rows["going"]["retires"] == "2026-12-31"


def test_script_folds_dated_names_only_when_they_are_the_same(script: ModuleType) -> None:
    rows = made(
        script,
        {"acme/m": entry(1, 2), "acme/m-2026-01-01": entry(1, 2), "acme/m-2025-01-01": entry(5, 15)},
        [],
    )
    assert rows["m"]["aliases"] == ["m-2026-01-01"]
    assert rows["m-2025-01-01"]["price"] == {"input": 5, "output": 15}


def test_script_takes_the_price_of_the_day_and_the_tier(script: ModuleType) -> None:
    prices = [
        {"prices": {"input_mtok": 9, "output_mtok": 9}},
        {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 1, "output_mtok": 2}},
        {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 7, "output_mtok": 7}},
    ]
    tier = {"input_cost_per_token_above_200k_tokens": 3 / 1e6, "output_cost_per_token_above_200k_tokens": 4 / 1e6}
    rows = made(script, {"acme/m": entry(1, 2, **tier)}, [{"id": "m", "prices": prices}])
    assert rows["m"]["price"] == {"input": 1, "output": 2}
    assert rows["m"]["over"] == {"tokens": 200_000}  # only one of the two knows it: unknown above, never the low price


def test_script_runs_on_the_real_lists_and_makes_what_ships(shared: Path, tmp_path: Path) -> None:
    lists = shared / "data" / "catalogue"
    shipped = ROOT / "contentkit" / "models" / "catalogue.json"
    out = tmp_path / "catalogue.json"
    names = ("litellm-*.json", "genai-prices-*.json", "models.dev-*.json")
    litellm, genai, openrouter = (next(lists.glob(name)) for name in names)
    command = [sys.executable, str(ROOT / "scripts" / "catalogue.py"), "--out", str(out)]
    command += ["--litellm", str(litellm), "--genai-prices", str(genai), "--openrouter", str(openrouter)]
    command += ["--as-of", json.loads(shipped.read_text("utf-8"))["as_of"]]
    subprocess.run(command, check=True, capture_output=True)
    assert out.read_text("utf-8") == shipped.read_text("utf-8")
