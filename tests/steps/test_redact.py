"""What goes to a host holds no secret; what comes back holds them again."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secretmaker import TOKENS, private_key

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Severity
from contentkit.steps import redact

TOKEN = TOKENS["github"](random.Random(1))
OTHER = TOKENS["stripe"](random.Random(2))


def piece(text: str, **fields: Any) -> Piece:
    return Piece("article", "en", True, fields, (SourceText("a.md", text),), host="api.example.com")


def answered(sent: Piece, body: str) -> Piece:
    return redact.after(replace(sent, body=body))


def test_the_same_secret_has_the_same_placeholder_in_sources_and_nested_fields() -> None:
    sent = redact.before(piece(f"Use {TOKEN}.", topic=f"about {TOKEN}", notes=[{"k": [f"x {OTHER}", 3]}], n=7))
    assert sent.sources[0].text == "Use [secret-1:github-token]."
    assert sent.fields == {
        "topic": "about [secret-1:github-token]",
        "notes": [{"k": ["x [secret-2:stripe-key]", 3]}],
        "n": 7,
    }
    assert sent.notices == ("2 secrets were kept from api.example.com.",)


def test_nothing_is_hidden_from_a_local_model() -> None:
    local = replace(piece(TOKEN), hosted=False)
    assert redact.before(local) is local


def test_text_without_a_secret_goes_as_it_is() -> None:
    clean = piece("Nothing to hide.")
    assert redact.before(clean) is clean
    assert redact.after(clean) is clean


def test_a_value_found_once_is_hidden_wherever_it_stands() -> None:
    sent = redact.before(piece('db_password = "Tr0ub4dor&33PgAM"\n', topic="log in with Tr0ub4dor&33PgAM"))
    assert "Tr0ub4dor" not in str(sent.sources) + str(sent.fields)


def test_a_plain_word_is_hidden_only_where_it_is_a_password() -> None:
    sent = redact.before(piece("https://app:sunshine@db.example.com is full of sunshine"))
    assert sent.sources[0].text == "https://app:[secret-1:url-password]@db.example.com is full of sunshine"


def test_lines_keep_their_numbers() -> None:
    key = private_key(random.Random(3))
    text = f"one\n{key}\nlast\n"
    sent = redact.before(piece(text))
    assert sent.sources[0].text.split("\n").index("last") == text.split("\n").index("last")
    assert answered(sent, sent.sources[0].text).body == text


def test_a_multi_line_secret_comes_back_where_the_model_dropped_its_empty_lines() -> None:
    key = private_key(random.Random(3))
    sent = redact.before(piece(key))
    assert answered(sent, "Key: [secret-1:private-key]\n\nEnd").body == f"Key: {key}\n\nEnd"


def test_output_trees_are_restored_too() -> None:
    sent = redact.before(piece(TOKEN))
    back = redact.after(replace(sent, output={"posts": [{"text": "t [secret-1:github-token]", "n": 1}]}, body=""))
    assert back.output == {"posts": [{"text": f"t {TOKEN}", "n": 1}]}


@pytest.mark.parametrize(
    "bent",
    [
        "[Secret-1: GitHub-Token]",
        "［secret-1：github-token］",
        "【シークレット-1:github-token】",
        "\\[secret-1:github-token\\]",
        "[ secret 1 : github token ]",
        "[secret-1]",
        "(secret-1:github-token)",
        "%5Bsecret-1%3Agithub-token%5D",
        "<secret-1>",
        "[Geheimnis-1:github-token]",
        "[secret‑1:github‑token]",
    ],
)
def test_bent_placeholders_are_restored(bent: str) -> None:
    back = answered(redact.before(piece(TOKEN)), f"Use {bent} now.")
    assert back.body == f"Use {TOKEN} now."
    assert not back.findings


@pytest.mark.parametrize(
    "lost", ["[secret-7:github-token]", "[secret-1:password]", "secret-1 here", "[secret-1:github-tok"]
)
def test_a_placeholder_that_tells_nothing_is_a_finding(lost: str) -> None:
    back = answered(redact.before(piece(TOKEN)), f"Use {lost}")
    assert [finding.severity for finding in back.findings] == [Severity.MAJOR]
    assert back.findings[0].repair
    assert TOKEN not in back.body


def test_placeholders_of_the_users_own_text_are_left_alone() -> None:
    text = f"Docs: [secret-1:github-token] and secret-2 stand for {TOKEN}."
    sent = redact.before(piece(text))
    assert list(sent.vault) == ["[secret-3:github-token]"]
    back = answered(sent, sent.sources[0].text)
    assert back.body == text
    assert not back.findings


def test_a_second_round_knows_the_first() -> None:
    sent = redact.before(piece(TOKEN))
    again = redact.before(replace(sent, fields={"extra": f"{TOKEN} {OTHER}"}))
    assert again.fields["extra"] == "[secret-1:github-token] [secret-2:stripe-key]"
    assert redact.before(again).notices == again.notices


def test_a_placeholder_of_the_first_round_is_no_secret_of_the_second() -> None:
    sent = redact.before(piece(f"{TOKEN}aB3!dEf9 and {TOKEN}"))
    again = redact.before(replace(sent, fields={"draft": "[secret-1:github-token]aB3!dEf9xyz"}))
    assert again.fields == {"draft": "[secret-1:github-token]aB3!dEf9xyz"}


def test_many_secrets_are_all_hidden() -> None:
    rng = random.Random(9)
    tokens = [TOKENS["npm"](rng) for _ in range(500)]
    sent = redact.before(piece("\n".join(tokens), other=" x".join(token + "." for token in tokens)))
    assert not any(token in str(sent.sources) + str(sent.fields) for token in tokens)
    assert answered(sent, sent.sources[0].text).body == "\n".join(tokens)


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([make(random.Random(index)) for index, make in enumerate(TOKENS.values())]),
    st.sampled_from(
        [
            "[secret-1:github-token]",
            "(secret 2)",
            "[x-1:password]",
            "【秘密-3:jwt】",
            "secret-4",
            "[secret-05]",
            "\n",
            "[",
            "]",
            'password = "',
            '"',
            "https://u:",
            "@host",
            "%5Bsecret-1%5D",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_hiding_and_restoring_gives_the_text_back(text: str) -> None:
    sent = redact.before(piece(text))
    assert answered(sent, sent.sources[0].text).body == text
    assert sent.sources[0].text.count("\n") == text.count("\n")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TOKENS)), st.integers(0, 10_000), st.text(max_size=40), st.text(max_size=40))
def test_no_canary_goes_out(kind: str, seed: int, before: str, after: str) -> None:
    canary = TOKENS[kind](random.Random(seed))
    sent = redact.before(piece(f"{before} {canary} {after}", deep={"a": [f'k = "{canary}"']}))
    assert canary not in str(sent.sources) + repr(sent.fields)


def test_a_key_that_holds_a_run_of_x_by_chance_is_no_placeholder() -> None:
    canary = TOKENS["anthropic"](random.Random(1859))
    assert "xxxx" in canary.lower()
    assert canary not in str(redact.before(piece(f"The key is {canary}.")).sources)
    assert "sk-ant-api03-xxxxxxxxxxxx" in str(redact.before(piece("Write sk-ant-api03-xxxxxxxxxxxx.")).sources)


def test_a_secret_that_holds_another_is_hidden_whole_in_what_is_said_of_the_answer() -> None:
    """What checks say of the restored answer goes to the model again, and to it the tail of a password is one too."""
    sent = redact.before(piece("password = 'kQ7!vz9Lm2'\napi_password = 'kQ7!vz9Lm2-Tz44x'\n"))
    short, long = sorted(sent.vault.values(), key=len)
    assert long.startswith(short)
    said = redact.conceal(f"drop {long} and {short}", sent.vault)
    assert "Tz44x" not in said
    assert redact.restore(said, sent.vault) == f"drop {long} and {short}"
