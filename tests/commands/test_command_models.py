"""``contentkit models`` as a user meets it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contentkit.commands._models_pull import Shown
from contentkit.commands.models import command
from contentkit.core.errors import UsageError
from contentkit.models import hub

KEY = "sk-canary-0123456789abcdef"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def rows(*words: str) -> list[list[str]]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.stdout.splitlines()]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration file; the working folder is empty."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("CONTENTKIT_CONFIG", str(path))
    monkeypatch.setenv("CONTENTKIT_PROBE", "0")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    path.write_text("")
    return path


# list


@pytest.mark.usefixtures("config")
def test_a_pipe_gets_six_columns_and_no_colour() -> None:
    lines = rows("--provider", "anthropic")
    assert lines == rows("list", "--provider", "anthropic")
    assert {len(line) for line in lines} == {6}
    assert ["anthropic:claude-sonnet-5-5", "1000000", "2", "10", "closed", ""] in lines
    assert "\x1b" not in run("--provider", "anthropic").output


@pytest.mark.usefixtures("config")
def test_an_unknown_price_is_blank_and_never_nothing() -> None:
    line = next(line for line in rows("--provider", "anthropic") if line[0] == "anthropic:claude-sonnet-5")
    assert line[2:4] == ["", ""]


@pytest.mark.usefixtures("config")
def test_filters_narrow_together() -> None:
    lines = rows("--local", "--language", "ja", "--licence", "MIT", "--min-context", "8k")
    assert "transformers:sbintuitions/sarashina2.2-3b-instruct-v0.1" in [line[0] for line in lines]
    assert all(line[0].startswith(("transformers:", "ollama:")) and line[4] == "mit" for line in lines)
    assert all(int(line[1]) >= 8000 for line in lines)


@pytest.mark.usefixtures("config")
def test_a_price_filter_leaves_the_unknown_out_and_says_so() -> None:
    result = run("--provider", "anthropic", "--max-price", "10")
    prices = [line.split("\t")[3] for line in result.stdout.splitlines()]
    assert prices
    assert all(float(price) <= 10 for price in prices)
    assert "1 left out" in result.stderr


@pytest.mark.usefixtures("config")
def test_open_weights_are_never_of_a_closed_vendor() -> None:
    names = [line[0] for line in rows("--open")]
    assert names
    assert not [name for name in names if name.startswith(("openai:", "anthropic:", "xai:"))]


@pytest.mark.usefixtures("config")
def test_json_is_an_array_with_nulls_for_the_unknown() -> None:
    shown = json.loads(run("--provider", "anthropic", "--format", "json").stdout)
    row = next(row for row in shown if row["id"] == "anthropic:claude-sonnet-5")
    assert row["price"]["input"] is None
    assert "disagree" in row["note"]


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--provider", "anthropc"], "anthropic"),
        (["--licence", "apache"], "apache-2.0"),
    ],
)
def test_a_misspelt_filter_names_the_nearest(words: list[str], hint: str) -> None:
    error = run(*words).exception
    assert isinstance(error, UsageError)
    assert hint in str(error)


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("words", [["--min-context", "32x"], ["--min-context", "-3"], ["frobnicate"], ["chek"]])
def test_what_makes_no_sense_is_a_usage_error(words: list[str]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.usefixtures("config")
def test_nothing_found_is_said() -> None:
    result = run("--min-context", "900m")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no model fits" in result.stderr


def test_the_users_own_rows_are_listed(config: Path) -> None:
    row = '[[models]]\nprovider = "myhost"\nname = "poet"\ncontext_window = 4096\nprice = { input = 1, output = 3 }\n'
    (config.parent / "models.toml").write_text(row)
    assert rows("--provider", "myhost") == [["myhost:poet", "4096", "1", "3", "", ""]]


# show, suggest


@pytest.mark.usefixtures("config")
def test_show_tells_all_of_one_model() -> None:
    shown = run("show", "claude-sonnet-5-5").stdout
    for words in ("anthropic:claude-sonnet-5-5", "1,000,000 tokens", "$2 read, $10 written", "default sampling only"):
        assert words in shown
    assert "price:          unknown" in run("show", "anthropic:claude-sonnet-5").stdout
    assert json.loads(run("show", "claude-sonnet-5-5", "--format", "json").stdout)["sampling"] is False


@pytest.mark.usefixtures("config")
def test_show_asks_back_when_it_is_not_clear() -> None:
    assert "anthropic:claude-sonnet-5-5" in str(run("show", "claude-sonet-5-5").exception)
    assert "Say which" in str(run("show", "openai/gpt-oss-120b").exception)


@pytest.mark.usefixtures("config")
def test_suggestions_for_japanese_begin_with_models_made_for_it() -> None:
    lines = rows("suggest", "--language", "ja", "--max-parameters", "4")
    assert lines[0][5] == "en,ja"
    assert {line[4] for line in lines} <= {"apache-2.0", "mit"}
    assert all(float(line[1]) <= 4 for line in lines)
    assert "contentkit models pull" in run("suggest", "--language", "ja").stderr


def test_suggestions_keep_to_the_licences_that_are_allowed(config: Path) -> None:
    config.write_text('allowed_licences = ["mit"]\n')
    assert {line[4] for line in rows("suggest")} == {"mit"}


# pull


@pytest.mark.usefixtures("config")
def test_pull_shows_the_licence_and_the_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def pull(name: str, **given: Any) -> hub.Pulled:
        asked.update(given, name=name)
        offer = hub.Offer(name, "abc", "gemma", "https://terms.example", {"model.safetensors": 2_000_000})
        for done in range(0, 2_000_001, 250_000):
            given["progress"](hub.Progress(offer, "model.safetensors", done, 2_000_000))
        return hub.Pulled(offer, tmp_path, 2_000_000)

    monkeypatch.setattr(hub, "pull", pull)
    result = run("pull", "transformers:google/gemma-3-1b-it", "--accept-licence", "gemma")
    assert result.exit_code == 0, result.output
    assert (asked["name"], asked["accept"]) == ("google/gemma-3-1b-it", ("gemma",))
    assert "2.0 MB, licence gemma (https://terms.example)" in result.stderr
    assert [line for line in result.stderr.splitlines() if "50 %" in line]
    assert "--model transformers:google/gemma-3-1b-it" in result.stderr
    assert result.stdout.strip() == str(tmp_path)


@pytest.mark.usefixtures("config")
def test_ollamas_models_are_ollamas_matter() -> None:
    assert "ollama pull qwen3:8b" in str(run("pull", "ollama:qwen3:8b").exception)


def test_progress_goes_on_where_it_was_cut(capsys: pytest.CaptureFixture[str]) -> None:
    offer = hub.Offer("a/b", "abc", "mit", "", {"m": 100})
    with Shown() as shown:
        for done in (55, 61, 100):
            shown(hub.Progress(offer, "m", done, 100))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[1].split(" %")[0].strip() for line in lines[1:]] == ["60", "100"]


# check


class Host(BaseHTTPRequestHandler):
    """Answers by the first part of the path."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind == "hangs":
            self.server.stop.wait(20)  # type: ignore[attr-defined]
            return
        bodies = {
            "good": (200, {"data": [{"id": f"model-{number}"} for number in range(5)]}),
            "empty": (200, {"data": []}),
            "refuses": (401, {"error": {"message": f"bad key {self.headers.get('authorization')}"}}),
            "nonsense": (200, "<html>"),
        }
        status, body = bodies[kind]
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.stop = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stop.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def stanzas(host: str, *names: str) -> str:
    return "".join(f'[providers.{name}]\nlike = "openai"\nurl = "{host}/{name}/v1"\n' for name in names)


def test_check_tells_what_works_and_why_the_rest_does_not(
    config: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("good", "empty", "refuses", "nonsense", "hangs")
    keyed = stanzas(host, *names).replace(
        "[providers.refuses]\n", '[providers.refuses]\nkey_env = ["REFUSES_API_KEY"]\nneeds_key = true\n'
    )
    config.write_text(keyed)
    monkeypatch.setenv("REFUSES_API_KEY", KEY)
    result = run("check", "--timeout", "1.5", *(word for name in names for word in ("--provider", name)))
    assert result.exit_code == 0, result.output
    told = {line.split("\t")[0]: line.split("\t")[1:] for line in result.stdout.splitlines()}
    assert told["good"][0] == "works"
    assert "5 models" in told["good"][1]
    assert "model-0, model-1, model-2 and 2 more" in told["good"][1]
    assert "no models" in told["empty"][1]
    assert told["refuses"][0] == told["nonsense"][0] == told["hangs"][0] == "fails"
    assert "401" in told["refuses"][1]
    assert KEY not in result.output
    assert "no answer within 1.5 s" in told["hangs"][1]


@pytest.mark.usefixtures("config")
def test_check_lists_what_is_not_set_up_with_the_variable() -> None:
    result = run("check", "--timeout", "5")
    assert result.exit_code == 0
    assert "offline\tworks" in result.stdout
    assert "openai (set OPENAI_API_KEY)" in result.stderr
    assert "fails" not in result.stdout


def test_check_in_json(config: Path, host: str) -> None:
    config.write_text(stanzas(host, "good"))
    told = json.loads(run("check", "--provider", "good", "--format", "json").stdout)
    assert told[0]["state"] == "works"
    assert told[0]["models"][0] == "model-0"


@pytest.mark.usefixtures("config")
def test_check_of_an_unknown_provider_names_the_nearest() -> None:
    assert "anthropic" in str(run("check", "--provider", "anthropc").exception)


def test_a_fault_of_one_provider_does_not_hide_the_others(
    config: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contentkit.kit.kit import Kit

    config.write_text(stanzas(host, "good"))
    original = Kit.provider

    def broken(self: Kit, name: str) -> Any:
        if name == "offline":
            raise RuntimeError(KEY)
        return original(self, name)

    monkeypatch.setattr(Kit, "provider", broken)
    result = run("check", "--provider", "good", "--provider", "offline")
    assert "good\tworks" in result.stdout
    assert "internal error (RuntimeError)" in result.stdout
    assert KEY not in result.output


def test_mask_hides_the_key_a_server_repeats() -> None:
    from contentkit.commands._models_check import _masked
    from contentkit.core.model import Endpoint, Secret

    kit: Any = SimpleNamespace(providers={"x": SimpleNamespace(endpoint=Endpoint("x", "openai", key=Secret(KEY)))})
    assert _masked(kit, "x", f"you sent {KEY}!") == "you sent ***!"
