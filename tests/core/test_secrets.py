"""Secrets are found exactly where they stand, and nothing else is."""

from __future__ import annotations

import base64
import json
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest
from secretmaker import TOKENS, chars, private_key

from contentkit.core.secrets import Span, find, mask

PLACES = (
    "TOKEN={}",
    'x = "{}"',
    "x = '{}'",
    '{{"a": "{}"}}',
    "a: {}",
    "see {} for it",
    "<a>{}</a>",
    '+  foo("{}")',
    "# {}",
    "トークンは「{}」です。",
    "`{}`",
    '\\"{}\\"',
    "{},next",
    "({})",
    "a\n{}\nb",
)
NAMES = (
    'password = "{}"',
    "DB_PASSWORD={}",
    "db_password: {}",
    '"password": "{}",',
    "  client_secret = '{}'",
    "API_KEY={}",
    'apiKey: "{}",',
    '"access_token": "{}"',
    'const token = "{}";',
    "export SECRET_KEY={}",
    "--password {}",
    "--api-key={}",
    "Password={};Server=db",
    "AccountKey={};EndpointSuffix=x",
    'passphrase "{}";',
    'if (password == "{}") {{',
    'if "{}" != api_key:',
    "<password>{}</password>",
    'os.environ["API_KEY"] = "{}"',
    'var jwtSecret string = "{}"',
    'password: str = "{}"',
    '"apikey" => "{}",',
    'set("db.password", "{}")',
    "SECRET={} # prod",
    "+password={}",
    "?api_key={}&b=1",
    "X-Api-Key: {}",
    "postgres://app:{}@db/prod",
    "Authorization: Bearer {}",
    'login(token="{}")',
)


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(text)]


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("seed", range(3))
def test_a_token_is_found_exactly_wherever_it_stands(kind: str, seed: int) -> None:
    rng = random.Random(f"{kind}{seed}")
    for place in PLACES:
        token = TOKENS[kind](rng)
        assert found(place.format(token)) == [token], place


@pytest.mark.parametrize("syntax", NAMES)
def test_a_value_is_found_by_the_name_beside_it(syntax: str) -> None:
    rng = random.Random(syntax)
    for value in (chars(rng, 12) + "7", chars(rng, 40, "0123456789abcdef"), chars(rng, 24) + "4+w="):
        assert found(syntax.format(value)) == [value]


@pytest.mark.parametrize(
    "text",
    [
        'API_KEY = os.environ["API_KEY"]',
        "password: str = Field(min_length=8)",
        "export TOKEN=$(gh auth token)",
        "password: ${link}",
        'token = "<your-token>"',
        "api_key = YOUR_API_KEY",
        'password = "changeme"',
        "secret: ''",
        'token == "xxx"',
        "--hash=sha256:5fe57224543b499cb35531b4f7d3f27bd98643b1e053ecc7c7ed6775336f7c15",
        "id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "index 1043756..67ab8c2 100644",
        "commit 1f3870be274f6c49b3e31a0c6728957f",
        "const SECRET_LENGTH = 32",
        "max_tokens = 4096",
        "primary_key = 'customer_id_17'",
        "パスワード: 入力してください",
        '"password": "Enter your password"',
        "The password is required, and the token expires.",
        "-----BEGIN CERTIFICATE-----",
        'integrity="sha512-z3HkVHmhXyGmJ1dTGbtWJ0mRsqvKp5mT3rBJSSQc5u0AUZz3vNfPlGWVmHpyzN3ZNQyoPg=="',
        "password = password",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIcdBKOK3QH03o5EEGa6s4kyF91dTzDE3OlLIci8F3H9H dev@example.com",
        "self.token = settings.auth.token",
        "https://example.com:8080/a@b",
        'token_url = "https://example.com/oauth/t0ken"',
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "sk-your-api-key-goes-right-here",
        "eyJAAAA.eyJBBB",
        "sk-spinner-container-for-large-items",
        'password = "[secret-1:password]"',
        "tokenizer = AutoTokenizer.from_pretrained('gpt2')",
        "the key: value pairs of a map",
    ],
)
def test_names_placeholders_code_digests_and_prose_are_no_secrets(text: str) -> None:
    assert found(text) == []


def test_headers_and_credentials_in_base64() -> None:
    basic = base64.b64encode(b"admin:WBvPR2ICtcXL").decode()
    assert found(f"Authorization: Basic {basic}") == [basic]
    assert found("WWW-Authenticate: Basic realm=example") == []


def test_a_private_key_in_a_json_string_and_one_that_was_cut() -> None:
    rng = random.Random(5)
    key = private_key(rng, kind="", end="\\n")
    assert found(f'  "private_key": "{key}",') == [key]
    cut = private_key(rng)[:400]
    assert found(f"{cut}\n") == [cut]
    assert found('BEGIN = "-----BEGIN PRIVATE KEY-----"\nEND = "-----END PRIVATE KEY-----"') == []


def test_mask_names_the_kind_and_keeps_the_rest() -> None:
    token = TOKENS["github"](random.Random(1))
    assert mask(f"url https://x/?t={token} ok") == "url https://x/?t=[github-token] ok"
    assert mask("nothing here") == "nothing here"


def test_spans_are_sorted_and_do_not_overlap() -> None:
    rng = random.Random(2)
    text = "\n".join(f'password = "{make(rng)}" https://u:{chars(rng, 12)}@h/' for make in TOKENS.values())
    spans = find(text)
    assert all(isinstance(span, Span) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "password=",
        'password="',
        "-----BEGIN RSA PRIVATE KEY-----",
        "://a:",
        "eyJhbGciOi.",
        "Authorization: ",
        "curl -u ",
        "token=(",
        "key_",
        "Mabcdefghijklmnopqrstuvwx.",
        "<password>",
        "sk-",
        "secret: {",
        "token, ",
        "A1b/",
        "machine a login b ",
    ],
)
def test_a_long_line_takes_time_in_proportion(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        started = time.perf_counter()
        find(text)
        return time.perf_counter() - started

    small, large = min(seconds(20_000) for _ in range(2)), seconds(160_000)
    assert large < 24 * small + 0.3, f"{small:.3f} s for 20 kB, {large:.3f} s for 160 kB"


def test_published_samples(shared: Path) -> None:
    samples = json.loads((shared / "data/secrets/samples.json").read_text())
    right = wanted = false = negatives = 0
    for sample in samples:
        text = "".join(sample["line_parts"])
        spans = [(span.start, span.end) for span in find(text)]
        if sample["expect"] == "negative":
            negatives += 1
            false += bool(spans)
        elif sample["kind"] != "aws-docs-example":
            wanted += 1
            right += all(any(a <= start and end <= b for a, b in spans) for start, end in sample["secret_spans"])
    assert right >= 0.97 * wanted
    assert false <= 0.03 * negatives


def test_a_token_behind_a_line_end_that_is_spelled_out() -> None:
    token = TOKENS["github"](random.Random(1))
    assert found(rf'{{"said": "Take this:\n{token}\nand go"}}') == [token]


def test_a_form_that_begins_with_no_sign_of_its_own() -> None:
    key = f"{chars(random.Random(1), 32, '0123456789abcdef')}-us12"
    assert found(f"curl the list with {key} today") == [key]
