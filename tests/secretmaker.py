"""Secrets that no service ever issued: random characters in published formats, made at run time."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

_ALNUM = string.ascii_letters + string.digits
_WORD = _ALNUM + "_-"
_HEX = "0123456789abcdef"


def chars(rng: random.Random, count: int, alphabet: str = _ALNUM) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


def jwt(rng: random.Random) -> str:
    def part(data: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part({"sub": chars(rng, 8)}), chars(rng, 43, _WORD[:-2])))


def private_key(rng: random.Random, kind: str = "RSA ", lines: int = 12, end: str = "\n") -> str:
    body = end.join(base64.b64encode(rng.randbytes(48)).decode() for _ in range(lines))
    return f"-----BEGIN {kind}PRIVATE KEY-----{end}{body}{end}-----END {kind}PRIVATE KEY-----"


TOKENS: dict[str, Callable[[random.Random], str]] = {
    "github": lambda rng: "ghp" + "_" + chars(rng, 36),
    "github-fine": lambda rng: "github" + "_pat_" + chars(rng, 22) + "_" + chars(rng, 59),
    "gitlab": lambda rng: "glpat" + "-" + chars(rng, 20),
    "aws-id": lambda rng: "AKIA" + chars(rng, 16, string.ascii_uppercase + "234567"),
    "stripe": lambda rng: "sk" + "_live_" + chars(rng, 24),
    "slack": lambda rng: f"xoxb-{chars(rng, 12, string.digits)}-{chars(rng, 12, string.digits)}-{chars(rng, 24)}",
    "openai": lambda rng: "sk" + "-proj-" + chars(rng, 40) + "T3Blbk" + "FJ" + chars(rng, 40),
    "anthropic": lambda rng: "sk" + "-ant-api03-" + chars(rng, 93) + "AA",
    "google": lambda rng: "AIza" + chars(rng, 35),
    "huggingface": lambda rng: "hf" + "_" + chars(rng, 34, string.ascii_letters),
    "npm": lambda rng: "npm" + "_" + chars(rng, 36),
    "pypi": lambda rng: "pypi" + "-AgEIcHlwaS5vcmc" + chars(rng, 150),
    "sendgrid": lambda rng: "SG." + chars(rng, 22) + "." + chars(rng, 43),
    "digitalocean": lambda rng: "dop" + "_v1_" + chars(rng, 64, _HEX),
    "databricks": lambda rng: "dapi" + chars(rng, 32, _HEX),
    "telegram": lambda rng: chars(rng, 10, "123456789") + ":AA" + chars(rng, 33),
    "vault": lambda rng: "hvs." + chars(rng, 95),
    "shopify": lambda rng: "shpat" + "_" + chars(rng, 32, _HEX),
    "discord-bot": lambda rng: "M" + chars(rng, 23) + "." + chars(rng, 6) + "." + chars(rng, 27),
    "slack-hook": lambda rng: (
        "https://hooks.slack.com/services/T" + chars(rng, 8) + "/B" + chars(rng, 10) + "/" + chars(rng, 24)
    ),
    "azure": lambda rng: chars(rng, 3) + "8Q~" + chars(rng, 34),
    "jwt": jwt,
    "private-key": private_key,
}
