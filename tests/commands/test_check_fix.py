"""``contentkit check --fix`` as a user types it: what changes, and above all what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contentkit.cli import cli
from contentkit.core.errors import UsageError

GUIDE = """
names = ["GitHub"]
[prefer]
utilise = "use"
"サーバ" = "サーバー"
"""


def run(*words: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(cli, ["check", *words, "--only", "style"], input=stdin, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("style.toml").write_text(GUIDE, encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfWe utilise Github.\r\nAnd more.\r\n",
        "We utilise Github, caf\xe9.\n".encode("cp1252"),
        "サーバを使う。Github を見る。\r\n".encode("cp932") * 5,
        "We utilise Github.\n".encode("utf-16"),
    ],
)
def test_encoding_mark_and_line_ends_stay(data: bytes) -> None:
    path = Path("a.md")
    path.write_bytes(data)
    run("a.md", "--style", "style.toml", "--fix")
    first = path.read_bytes()
    assert first != data
    swaps = [("utilise", "use"), ("Github", "GitHub"), ("サーバ", "サーバー")]
    for encoding in ("utf-8-sig", "cp1252", "cp932", "utf-16"):
        expected = None
        try:
            expected = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        for old, new in swaps:
            expected = expected.replace(old, new)
        if expected.encode(encoding) == first:
            break
    else:
        pytest.fail(repr(first))
    run("a.md", "--style", "style.toml", "--fix")
    assert path.read_bytes() == first


def test_code_addresses_quotations_and_front_matter_stay() -> None:
    text = (
        "---\ntitle: utilise Github\n---\n\n`utilise` <b title='Github'> [x](https://github.com/Github) “utilise”\n\n"
        "> Github utilise\n\n```\nGithub\n```\n{{ github }} サーバー\n"
    )
    Path("a.md").write_text(text, encoding="utf-8")
    assert run("a.md", "--style", "style.toml", "--fix").return_value == 0
    assert Path("a.md").read_text(encoding="utf-8") == text


def test_a_diff_writes_nothing() -> None:
    Path("a.md").write_text("We utilise it.\n", encoding="utf-8")
    result = run("a.md", "--style", "style.toml", "--fix", "--diff")
    assert result.return_value == 1
    assert "-We utilise it.\n+We use it.\n" in result.stdout
    assert Path("a.md").read_text(encoding="utf-8") == "We utilise it.\n"


def test_standard_input_goes_to_standard_output() -> None:
    assert run("-", "--style", "style.toml", "--fix", stdin="We utilise Github.").stdout == "We use GitHub."


def test_what_was_converted_is_refused() -> None:
    Path("a.html").write_text("<html><body><p>We utilise Github every day of the week.</p></body></html>")
    before = Path("a.html").read_bytes()
    result = run("a.html", "--style", "style.toml", "--fix")
    assert "converted" in result.stderr
    assert result.return_value == 3
    assert Path("a.html").read_bytes() == before


def test_a_letter_that_the_encoding_has_not_is_refused() -> None:
    Path("guide.toml").write_text('[prefer]\n"yen" = "₹"\n', encoding="utf-8")
    Path("a.md").write_bytes("The caf\xe9 takes yen.\n".encode("cp1252"))
    result = run("a.md", "--style", "guide.toml", "--fix")
    assert "'₹'" in result.stderr
    assert result.return_value == 3


def test_a_diff_alone_is_a_wrong_request() -> None:
    Path("a.md").write_text("x\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--fix"):
        run("a.md", "--diff")
