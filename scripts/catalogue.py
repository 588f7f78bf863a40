"""Makes contentkit/models/catalogue.json from public price lists and the choices and facts in catalogue.toml.

    python scripts/catalogue.py --as-of 2026-11-21 --litellm model_prices_and_context_window.json \
        --genai-prices data_slim.json --openrouter models.json

The files come from https://github.com/BerriAI/litellm, https://github.com/pydantic/genai-prices and
https://openrouter.ai/api/v1/models. Where two of them name different prices for a model, its price is left out and the
disagreement noted: an unknown price is better than a wrong one. A price of zero is taken as unknown too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE.parent / "contentkit" / "models" / "catalogue.json"
Row = dict[str, Any]

_DATED = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2})$")
_TIER = re.compile(r"^input_cost_per_token_above_(\d+)k_tokens$")
_LITELLM_PRICES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
}
_GENAI_PRICES = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
}
_OPENROUTER_PRICES = {
    "input": "prompt",
    "output": "completion",
    "cache_read": "input_cache_read",
    "cache_write": "input_cache_write",
}


def million(dollars: Any) -> float:
    """Dollars a token as dollars a million tokens, without the noise of binary fractions."""
    return round(float(dollars) * 1_000_000, 6)


def priced(price: Row) -> Row:
    """The price if it says something: input and output both known, and not both zero."""
    if not is_zero(price) and "input" in price and "output" in price:
        return {key: value for key, value in price.items() if value or key in ("input", "output")}
    return {}


def is_zero(price: Row) -> bool:
    return price.get("input") == 0 and price.get("output") == 0


# litellm


def litellm_rows(data: Mapping[str, Row], host: Row, as_of: str) -> Iterator[tuple[str, Row]]:
    """Name and row of each chat model of a host that is not withdrawn."""
    prefix = host.get("prefix", "")
    for key, entry in data.items():
        if entry.get("litellm_provider") != host.get("litellm") or entry.get("mode") not in ("chat", "responses"):
            continue
        if not key.startswith(prefix) or str(entry.get("deprecation_date", "9999")) <= as_of:
            continue
        yield key[len(prefix) :], litellm_row(entry, host.get("schema_flag", "supports_response_schema"))


def litellm_row(entry: Row, schema_flag: str) -> Row:
    price = {ours: million(entry[theirs]) for ours, theirs in _LITELLM_PRICES.items() if theirs in entry}
    row: Row = {
        "context_window": entry.get("max_input_tokens") or entry.get("max_tokens"),
        "max_output": entry.get("max_output_tokens"),
        "price": priced(price),
        "zero": is_zero(price) or None,
        "sampling": entry.get("supports_sampling_params"),
        "schema": entry.get(schema_flag),
        "images": entry.get("supports_vision"),
        "reasoning": entry.get("supports_reasoning"),
        "retires": entry.get("deprecation_date"),
        "source": ["litellm"],
    }
    over = litellm_tier(entry)
    if over and row["price"]:
        row["over"] = over
    return row


def litellm_tier(entry: Row) -> Row:
    """What a question with a longer input costs, where long ones cost more."""
    tiers = sorted(int(found[1]) for found in map(_TIER.match, entry) if found)
    if not tiers:
        return {}
    suffix = f"_above_{tiers[0]}k_tokens"
    prices = {o: million(entry[t + suffix]) for o, t in _LITELLM_PRICES.items() if t + suffix in entry}
    return {"tokens": tiers[0] * 1000} | prices if len(tiers) == 1 else {"tokens": tiers[0] * 1000}


# genai-prices


def genai_rows(data: list[Row], host: Row, as_of: str) -> Iterator[tuple[str, Row]]:
    for provider in data:
        if provider["id"] != host.get("genai"):
            continue
        for model in provider["models"]:
            yield model["id"], genai_row(model, as_of)


def genai_row(model: Row, as_of: str) -> Row:
    prices = genai_current(model["prices"], as_of)
    flat: Row = {}
    for ours, theirs in _GENAI_PRICES.items():
        value = prices.get(theirs)
        if value is not None:
            flat[ours] = float(value["base"] if isinstance(value, dict) else value)
    row: Row = {"context_window": model.get("context_window"), "price": priced(flat), "source": ["genai-prices"]}
    tiers = [(ours, value) for ours, key in _GENAI_PRICES.items() if isinstance(value := prices.get(key), dict)]
    starts = {tier["start"] for _, value in tiers for tier in value["tiers"]}
    if row["price"] and len(starts) == 1:
        row["over"] = {"tokens": starts.pop()} | {ours: float(value["tiers"][0]["price"]) for ours, value in tiers}
    elif starts:
        row["over"] = {"tokens": min(starts)}
    return row


def genai_current(prices: Row | list[Row], as_of: str) -> Row:
    """The prices of the day. Prices by the hour are left out: no one figure is right."""
    if isinstance(prices, dict):
        return prices
    current: Row = {}
    for entry in prices:
        limits = entry.get("constraint") or {}
        if "start_time" in limits:
            return {}
        if limits.get("start_date", "") <= as_of:
            current = entry["prices"]
    return current


# OpenRouter


def openrouter_rows(data: list[Row]) -> Iterator[tuple[str, Row]]:
    for model in data:
        if ":" in model["id"] or model["id"].startswith(("~", "openrouter/")):
            continue  # variants and moving aliases
        takes = model.get("supported_parameters") or []
        price = {o: million(model["pricing"][t]) for o, t in _OPENROUTER_PRICES.items() if t in model["pricing"]}
        yield (
            model["id"],
            {
                "context_window": model.get("context_length"),
                "max_output": (model.get("top_provider") or {}).get("max_completion_tokens"),
                "price": priced(price) if min(price.values(), default=0) >= 0 else {},
                "sampling": "temperature" in takes,
                "schema": "structured_outputs" in takes,
                "images": "image" in model["architecture"]["input_modalities"],
                "reasoning": "reasoning" in takes,
                "hub": model.get("hugging_face_id") or None,
                "source": ["openrouter"],
            },
        )


# Merging


def wanted(name: str, host: Row) -> bool:
    plain = _DATED.sub("", name)
    return any(fnmatchcase(plain, rule) for rule in host["keep"]) and not any(
        fnmatchcase(plain, rule) for rule in host.get("drop", ())
    )


def merge(name: str, first: Row, second: Row) -> Row:
    """One row of two: facts of the first go before, and prices must agree."""
    row = {key: value if value not in (None, {}) else second.get(key) for key, value in (second | first).items()}
    row["source"] = first["source"] + second["source"]
    ours, theirs = first["price"], second["price"]
    if first.get("zero") and theirs:
        row["price"], row["over"] = {}, None
        row["note"] = f"{first['source'][0]} says free, {second['source'][0]} says otherwise"
    elif ours and theirs and not agree(ours, theirs):
        row["price"], row["over"] = {}, None
        row["note"] = "sources disagree on the price: " + ", ".join(
            f"{part['source'][0]} says ${part['price']['input']:g} in and ${part['price']['output']:g} out"
            for part in (first, second)
        )
        print(f"  {name}: {row['note']}", file=sys.stderr)
    elif ours and theirs and not same_tier(first.get("over"), second.get("over")):
        # The base price is sure; above the lower threshold it is not.
        row["over"] = {"tokens": min(o["tokens"] for o in (first.get("over"), second.get("over")) if o)}
    return row


def agree(ours: Row, theirs: Row) -> bool:
    return all(abs(ours[key] - theirs[key]) <= 0.02 * max(ours[key], theirs[key]) for key in ("input", "output"))


def same_tier(ours: Row | None, theirs: Row | None) -> bool:
    if not ours or not theirs:
        return not ours and not theirs
    return bool(ours["tokens"] == theirs["tokens"]) and agree(ours, theirs)


def fold_dated(rows: dict[str, Row]) -> dict[str, Row]:
    """Dated names become aliases of the plain one where price and window are the same; others stay rows."""
    kept: dict[str, Row] = {}
    for name, row in sorted(rows.items()):
        base = rows.get(_DATED.sub("", name)) if _DATED.search(name) else None
        if base is not None and all(base.get(key) == row.get(key) for key in ("price", "context_window")):
            base.setdefault("aliases", []).append(name)
        else:
            kept[name] = row
    return kept


def enrich(provider: str, name: str, row: Row, facts: Row) -> Row:
    """Licence, languages and abilities that the price lists leave open."""
    hub = row.pop("hub", None) or name
    for family in facts["families"]:
        if any(fnmatchcase(f"{provider}:{name}", rule) for rule in family["match"]):
            for key in (key for key in family if key != "match"):
                # What a family is known to refuse goes before what a price list says of the model.
                row[key] = family[key] if family[key] is False or row.get(key) is None else row[key]
    open_row = next((entry for entry in facts["open"] if entry["hub"].lower() == hub.lower()), None)
    licence = next((value for rule, value in facts["licences"].items() if fnmatchcase(hub.lower(), rule)), None)
    if open_row:
        row |= {"languages": open_row["languages"], "parameters": open_row["parameters"]}
    if licence or open_row or hub != name:
        row["open_weights"] = True
        row["licence"] = licence or (open_row or {}).get("licence")
    return row


def hosted(host_name: str, host: Row, files: Row, facts: Row, as_of: str) -> dict[str, Row]:
    first = dict(
        litellm_rows(files["litellm"], host, as_of) if "litellm" in host else openrouter_rows(files["openrouter"])
    )
    second = dict(genai_rows(files["genai-prices"], host, as_of))
    rows: dict[str, Row] = {}
    for name in sorted({name for name in first if wanted(name, host)} | set(host.get("newer", ()))):
        left, right = first.get(name), second.get(name)
        row = merge(f"{host_name}:{name}", left, right) if left and right else dict(left or right or {})
        if "schema" in host:
            row["schema"] = host["schema"]
        row.setdefault("open_weights", host.get("open_weights"))
        rows[name] = enrich(host_name, name, row, facts)
    return fold_dated(rows)


def local(facts: Row) -> tuple[dict[str, Row], dict[str, Row]]:
    """Rows of transformers and of ollama."""
    hub: dict[str, Row] = {}
    ollama: dict[str, Row] = {}
    for entry in facts["open"]:
        row = {key: value for key, value in entry.items() if key not in ("hub", "ollama")}
        row |= {"open_weights": True, "sampling": True, "schema": True, "source": [entry.get("source", "model-card")]}
        hub[entry["hub"]] = row
        if tags := entry.get("ollama"):
            ollama[tags[0]] = row | {"hub": entry["hub"]} | ({"aliases": tags[1:]} if tags[1:] else {})
    return hub, ollama


def compact(row: Row) -> Row:
    row["source"] = ", ".join(row["source"])
    return {key: value for key, value in row.items() if value not in (None, {}, []) and key != "zero"}


def facts_of(path: Path) -> Row:
    facts = tomllib.loads(path.read_text("utf-8"))
    for entry in facts["open"]:
        if isinstance(entry["languages"], str):
            entry["languages"] = facts["languages"][entry["languages"]]
    return facts


def build(files: Row, facts: Row, as_of: str) -> Row:
    models = {name: hosted(name, host, files, facts, as_of) for name, host in facts["hosts"].items()}
    models["transformers"], models["ollama"] = local(facts)
    newest = max(model["created"] for model in files["openrouter"])
    dates = {"openrouter": datetime.fromtimestamp(newest, UTC).date().isoformat()}
    sources = {
        name: source | {"as_of": source.get("as_of") or dates.get(name, as_of)}
        for name, source in facts["sources"].items()
    }
    defaults = {name: host["default"] for name, host in facts["hosts"].items()} | facts["local"]
    for provider, name in defaults.items():
        if name not in models[provider]:
            raise SystemExit(
                f"The default of {provider}, {name!r}, is not in the data: choose another in catalogue.toml."
            )
    return {
        "version": 1,
        "as_of": as_of,
        "sources": sources,
        "defaults": defaults,
        "families": facts["families"],
        "models": {host: {name: compact(row) for name, row in rows.items()} for host, rows in models.items()},
    }


def written(catalogue: Row) -> str:
    """JSON with a line a model, so that a change shows as a change of lines."""
    head = {key: value for key, value in catalogue.items() if key != "models"}
    lines = [json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ",", ' "models": {']
    hosts = []
    for host, rows in catalogue["models"].items():
        body = ",\n".join(
            f"   {json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in rows.items()
        )
        hosts.append(f"  {json.dumps(host)}: {{\n{body}\n  }}")
    return "\n".join(lines) + "\n" + ",\n".join(hosts) + "\n }\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("litellm", "genai-prices", "openrouter"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")
    parser.add_argument("--as-of", default=datetime.now(UTC).date().isoformat(), help="the day the files were fetched")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    files = {
        "litellm": json.loads(given.litellm.read_text("utf-8")),
        "genai-prices": json.loads(given.genai_prices.read_text("utf-8")),
        "openrouter": json.loads(given.openrouter.read_text("utf-8"))["data"],
    }
    catalogue = build(files, facts_of(HERE / "catalogue.toml"), given.as_of)
    text = written(catalogue)
    json.loads(text)
    given.out.write_text(text, "utf-8")
    counts = ", ".join(f"{host} {len(rows)}" for host, rows in catalogue["models"].items())
    print(f"{given.out.name}: {len(text.encode()) / 1024:.0f} KB; {counts}", file=sys.stderr)


if __name__ == "__main__":
    main()
