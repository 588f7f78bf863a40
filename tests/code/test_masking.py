"""Values are hidden, names and line numbers stay, and nothing depends on what was hidden before."""

from __future__ import annotations

import random

import pytest
from changes import Made, changed
from hypothesis import given
from hypothesis import strategies as st
from secretmaker import TOKENS, private_key

from contentkit.code.chunks import chunks
from contentkit.code.masking import Hide, hider
from contentkit.core.change import FileChange, Hunk, Line, Status

TOKEN = TOKENS["github"](random.Random(1))
OTHER = TOKENS["stripe"](random.Random(2))
KEY = private_key(random.Random(3), lines=20)


def masked(file: FileChange) -> list[str]:
    hide = hider(file)
    return [hide.line(line) for line in file.lines()]


def test_values_are_hidden_and_names_stay() -> None:
    file = changed("a.py", "x = 1\n", f'x = 1\nGITHUB_TOKEN = "{TOKEN}"\nSTRIPE = "{OTHER}"\nagain = "{TOKEN}"\n')
    assert masked(file) == [
        "x = 1",
        'GITHUB_TOKEN = "[secret-1:github-token]"',
        'STRIPE = "[secret-2:stripe-key]"',
        'again = "[secret-1:github-token]"',
    ]


def test_a_key_that_begins_above_the_hunk_is_hidden() -> None:
    before = f"key: |\n{KEY}\nname: a\n"
    lines = before.split("\n")
    lines[14] = lines[14][::-1]
    file = changed("a.yml", before, "\n".join(lines))
    assert not any("BEGIN" in line.text for line in file.lines())
    assert set(masked(file)) <= {"[secret-1:private-key]", "[secret-2:private-key]"}


def test_a_key_that_loses_its_first_line_stays_hidden() -> None:
    before = f"{KEY}\nname: a\n"
    file = changed("key.pem", before, before.split("\n", 1)[1])
    shown = "\n".join(masked(file))
    assert not any(part in shown for line in KEY.split("\n")[1:-1] for part in (line[:8], line[-8:]))


def test_a_key_that_is_moved_without_its_first_line_stays_hidden() -> None:
    inner = [f"    {line}" for line in KEY.split("\n")[1:-1]]
    shown = "\n".join(masked(changed("key.txt", f"{KEY}\n", "\n".join(["data", *inner, ""]))))
    assert not any(part in shown for line in inner for part in (line.strip()[:8], line[-8:]))


def test_a_value_told_by_its_name_is_hidden_where_nothing_tells() -> None:
    file = changed("a.py", "", 'db_password = "Tr0ub4dor&33PgAM"\nlogin("root", "Tr0ub4dor&33PgAM")\n')
    assert "Tr0ub4dor" not in "\n".join(masked(file))


def test_a_deleted_secret_is_hidden_too() -> None:
    assert masked(changed("a.py", f'token = "{TOKEN}"\n', "token = read()\n")) == [
        'token = "[secret-1:github-token]"',
        "token = read()",
    ]


def test_without_the_file_the_hunks_are_searched() -> None:
    lines = (Line(" ", 4, 4, "-----BEGIN RSA PRIVATE KEY-----"), *(Line("+", None, 5 + at, text) for at, text in
             enumerate(KEY.split("\n")[1:])))  # fmt: skip
    file = FileChange("k", Status.MODIFIED, "k", (Hunk(4, 1, 4, len(lines), lines),))
    assert set(masked(file)) == {"[secret-1:private-key]"}


def test_placeholders_that_stand_in_the_file_are_not_given_out_again() -> None:
    file = changed("a.py", "", f'# [secret-1:github-token]\nt = "{TOKEN}"\n')
    assert masked(file)[1] == 't = "[secret-2:github-token]"'


def test_other_text_is_hidden_with_its_lines_kept_whatever_came_before() -> None:
    hide = hider(changed("a.py", "", f't = "{TOKEN}"\n'))
    text = f"a {OTHER}\n{KEY}\nb {TOKEN}\n"
    once = hide(text)
    hide(f"c {OTHER} d\n")
    assert hide(text) == once
    assert once.count("\n") == text.count("\n")
    assert once.startswith("a [secret:stripe-key]\n[secret:private-key]\n")
    assert once.endswith("\nb [secret-1:github-token]\n")
    assert Hide()("plain") == "plain"


def test_a_secret_that_git_cut_behind_the_at_line_is_hidden() -> None:
    hide = hider(changed("a.py", "", f't = "{TOKEN}"\n'))
    assert hide.cut(f't = "{TOKEN[:20]}') == 't = "[secret-1:github-token]'
    assert hide.cut("def total(items):") == "def total(items):"


def test_a_file_of_nothing_but_passwords_is_hidden_in_time() -> None:
    rng = random.Random(4)
    rows = [f"password_{at} = 'Tr0ub4dor{rng.randrange(10**9):09d}xQ'" for at in range(5000)]
    plain = [f"use('{row.split(chr(39))[1]}')" for row in rows[::7]]
    shown = masked(changed("a.py", "", "\n".join([*rows, *plain, ""])))
    assert not any("Tr0ub4dor" in line for line in shown)
    assert shown[-1].startswith("use('[secret-")


@pytest.mark.parametrize("name", sorted(TOKENS))
@given(seed=st.integers(0, 10_000), at=st.integers(0, 30), edit=st.integers(0, 60), gone=st.booleans())
def test_no_piece_of_a_secret_is_in_a_prompt(name: str, seed: int, at: int, edit: int, gone: bool) -> None:
    """A secret anywhere in the file, the change anywhere else, or the secret itself moved or removed."""
    rng = random.Random(seed)
    secret = TOKENS[name](rng)
    rows = [f"value_{row} = compute({row})" for row in range(30)]
    before = [*rows[:at], f'api_key = """{secret}"""', *rows[at:]]
    after = "\n".join(before).split("\n")
    if gone:
        del after[edit % len(after)]
    else:
        after.insert(edit % len(after), "inserted = True")
    texts = ["\n".join(before) + "\n", "\n".join(after) + "\n"]
    if seed % 2:
        texts.reverse()
    file = changed("a.py", *texts)
    other = f'from a import value_1\n\n\ndef use():\n    return value_1, """{secret}"""\n'
    for chunk in chunks(file, Made(file, tree={"b.py": other}), size=len, budget=3000, context=1500, hide=hider(file)):
        lines = [line for line in secret.split("\n") if "PRIVATE KEY" not in line]
        for line in lines:
            assert not any(line[place : place + 8] in chunk.text for place in range(len(line) - 7))
