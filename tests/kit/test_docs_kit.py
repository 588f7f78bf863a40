"""docs/configuration.md and docs/plugins.md can't lie: their settings and examples are tried."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contentkit.kit.config import load
from contentkit.kit.config.settings import SETTINGS, STANZA

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
PLUGINS = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("name", [*SETTINGS, *STANZA])
def test_every_setting_is_in_the_documentation(name: str) -> None:
    assert re.search(rf"`[^`]*\b{re.escape(name)}\b[^`]*`", CONFIGURATION)


def test_what_only_the_user_may_say_is_marked() -> None:
    for row in re.findall(r"^\| `.*$", CONFIGURATION, re.MULTILINE):
        names = re.findall(r"`([\w.]+)`", row.split("|")[1])
        known = [{**STANZA, **SETTINGS}[name] for name in names if name in {**STANZA, **SETTINGS}]
        private = {setting.private for setting in known}
        assert len(private) <= 1, f"of these, only some are the user's to say: {row}"
        assert private != {True} or "†" in row
        assert private != {False} or "†" not in row or "‡" in row
        assert all(("‡" in row) == (setting.stricter is not None) for setting in known)


def test_the_settings_in_the_examples_hold(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, user = blocks(CONFIGURATION, "toml")
    (tmp_path / "contentkit.toml").write_text(project)
    own = home / "config" / "contentkit" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text(user)
    config = load(tmp_path, {"ACME_KEY": "k" * 20, "ACME_GATE": "g"})
    assert (config.model, config.max_cost, config.read.timeout, config.rules["x"]) == (
        "ollama:qwen3:4b", 0.25, 10.0, {"hard": 25000},
    )  # fmt: skip
    acme = config.endpoint("acme")
    assert acme.key is not None
    assert acme.settings["headers"]["x-gate"].reveal() == "g"


def test_the_example_of_a_plugin_is_one(tmp_path: Path) -> None:
    (pyproject,) = blocks(PLUGINS, "toml")
    (module,) = blocks(PLUGINS, "python")
    (tmp_path / "contentkit_shout.py").write_text(module)
    info = tmp_path / "contentkit_shout-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: contentkit-shout\nVersion: 0.1.0\n")
    import tomllib

    entry_points = tomllib.loads(pyproject)["project"]["entry-points"]["contentkit"]
    (info / "entry_points.txt").write_text("[contentkit]\n" + "".join(f"{k} = {v}\n" for k, v in entry_points.items()))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "CONTENTKIT_PROBE": "0"}
    code = (
        "from contentkit.kit.plugins import shelf, complaints; from contentkit.core.report import Report\n"
        "print(shelf('reports').get('shout').render(Report('article', 'hello')), complaints())"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "HELLO ()\n", done.stderr
    doctor = subprocess.run(
        [sys.executable, "-m", "contentkit", "doctor", "--json"], env=env, capture_output=True, text=True, cwd=tmp_path
    )
    rows = [json.loads(line) for line in doctor.stdout.splitlines()]
    assert [row["detail"] for row in rows if row["name"] == "plugins"] == ["shout: format shout"]


def test_the_example_of_an_analyzer_is_one(tmp_path: Path) -> None:
    (module,) = blocks(PLUGINS, "py")
    (tmp_path / "contentkit_fixme.py").write_text(module)
    info = tmp_path / "contentkit_fixme-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: contentkit-fixme\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[contentkit]\nfixme = contentkit_fixme\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "CONTENTKIT_PROBE": "0"}
    patch = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,3 @@\n FIXME old\n+FIXME new\n b\n"
    done = subprocess.run(
        [sys.executable, "-m", "contentkit", "review", "--diff", "-", "--fail-on", "info", "--format", "json"],
        env=env, capture_output=True, text=True, cwd=tmp_path, input=patch,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["rule"], finding["place"]["line"]) == ("fixme/left", 2)


def test_config_check_reads_what_reviews_are_told(tmp_path: Path) -> None:
    (tmp_path / "contentkit.toml").write_text(
        '[review]\nlenses = ["bugz"]\n[review.analyzers.rufff]\nenabled = false\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "contentkit", "config", "check"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "Did you mean 'bugs'?" in done.stderr
    assert "Did you mean 'ruff'?" in done.stderr
