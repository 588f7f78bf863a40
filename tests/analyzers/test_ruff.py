"""Ruff's findings on changed lines: by whose configuration, what of them is new, and how they can be mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from changes import Made, changed
from looking import FromOthers, look

from contentkit.analyzers import _ruff, ruff
from contentkit.code.edits import applied
from contentkit.core.change import FileChange
from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Severity

BAD = "import os\n\n\ndef f(x=[]):\n    return undefined(x)\n"


def found(*files: FileChange, tree: dict[str, str] | None = None, **settings: object) -> list[str]:
    return [finding.rule for finding in look("ruff", change=FromOthers(*files, tree=tree), **settings)]


def one(finding: list[Finding], rule: str) -> Finding:
    return next(each for each in finding if each.rule == rule)


def test_bugs_and_security_are_told_and_style_is_not() -> None:
    text = BAD + "import requests\nrequests.get('https://x', verify=False, timeout=1)\nx=1;y = 2\n"
    findings = look("ruff", changed("app/a.py", None, text))
    assert {finding.rule: finding.severity.value for finding in findings} == {
        "ruff/F401": "info",
        "ruff/B006": "minor",
        "ruff/F821": "major",
        "ruff/S501": "major",
    }
    assert one(findings, "ruff/S501").category == "security"
    place = one(findings, "ruff/F821").place
    assert place is not None
    assert (place.line, place.column, place.end_column) == (5, 12, 21)


def test_only_safe_fixes_are_edits_and_they_do_what_they_say() -> None:
    text = "import os, sys\nx = sys.argv\ny = f'é日本' + f'x'\n\n\ndef f(x=[]):\n    return x\n"
    findings = look("ruff", changed("a.py", None, text))
    fixed = applied(text, one(findings, "ruff/F401").edits)
    assert fixed == text.replace("import os, sys", "import sys")
    strings = [finding for finding in findings if finding.rule == "ruff/F541"]
    assert applied(text, strings[-1].edits) == text.replace("+ f'x'", "+ 'x'")
    assert one(findings, "ruff/B006").edits == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fix_that_deletes_a_line(end: str) -> None:
    text = f"import os{end}import sys{end}print(sys.argv){end}"
    (finding,) = look("ruff", changed("a.py", None, text))
    assert applied(text, finding.edits) == f"import sys{end}print(sys.argv){end}"


def test_what_ruff_said_before_is_not_said_again() -> None:
    before = "def f(x=[]):\n    return x\n"
    assert not found(changed("a.py", before, "class A:\n    def f(x=[]):\n        return x\n"))
    assert found(changed("a.py", before, before + "\n\ndef g(x=[]):\n    return x\n")) == ["ruff/B006"]
    assert not found(changed("a.py", "import os, sys\nprint(sys)\n", "import os, sys, re\nprint(sys, re)\n"))


def test_the_base_s_selection_holds_and_style_is_info() -> None:
    tree = {"pyproject.toml": "[tool.ruff]\nline-length = 20\nlint.select = ['E501', 'B']\n"}
    text = BAD + "# " + "x" * 30 + "\n"
    findings = look("ruff", change=FromOthers(changed("a.py", None, text), tree=tree))
    assert {(finding.rule, finding.severity) for finding in findings} == {
        ("ruff/E501", Severity.INFO),
        ("ruff/B006", Severity.MINOR),
    }


def test_the_head_s_configuration_counts_for_ones_own_work_alone() -> None:
    head = changed("ruff.toml", None, "lint.select = ['E401']\n")
    file = changed("a.py", None, BAD)
    assert "ruff/F821" in found(head, file)
    assert not look("ruff", change=Made(head, file))


def test_folders_have_their_own_configuration_and_ignores_hold() -> None:
    tree = {
        "ruff.toml": "extend = 'config/base.toml'\n[lint.per-file-ignores]\n'a.py' = ['F821']\n",
        "config/base.toml": "lint.ignore = ['B006']\n",
        "sub/.ruff.toml": "lint.select = ['F401']\n",
    }
    assert found(changed("a.py", None, BAD), tree=tree) == ["ruff/F401"]
    assert found(changed("b.py", None, BAD), tree=tree) == ["ruff/F401", "ruff/F821"]
    assert found(changed("sub/deep/c.py", None, BAD), tree=tree) == ["ruff/F401"]


@pytest.mark.parametrize(
    "configuration",
    [
        "extend = '/etc/ruff.toml'\n",
        "extend = '../outside.toml'\n",
        "extend = '~/x.toml'\n",
        "extend = '$HOME/x.toml'\n",
        "extend = 'not-there.toml'\n",
        "extend = 'ruff.toml'\n",
        "required-version = '==0.0.1'\n",
        "unknown-key = 3\n",
        "lint.select = ['NOPE999']\n",
        "lint = 3\n",
        "not toml",
        "target-version = 3\n",
        "cache-dir = '/nowhere'\nfix = true\noutput-format = 'full'\n",
        "# " + "x" * 300_000 + "\nlint.select = ['E501']\n",
        "src = ['/etc', '../..']\n",
    ],
)
def test_a_broken_or_hostile_configuration_changes_nothing_else(configuration: str) -> None:
    change = FromOthers(changed("a.py", None, BAD), tree={"ruff.toml": configuration})
    findings = look("ruff", change=change)
    assert not any(path.startswith(("..", "/", "~", "$")) for path in change.read)
    told = [finding for finding in findings if finding.rule != "ruff/configuration"]
    assert [finding.rule for finding in told] == ["ruff/F401", "ruff/B006", "ruff/F821"]
    for finding in findings:
        if finding.rule == "ruff/configuration":
            assert finding.severity is Severity.INFO
            assert finding.place is None


def test_a_configuration_that_can_t_be_used_is_told() -> None:
    change = FromOthers(changed("a.py", None, BAD), tree={"ruff.toml": "unknown-key = 3\n"})
    (told,) = [finding for finding in look("ruff", change=change) if finding.rule == "ruff/configuration"]
    assert "can't be used" in told.message


def test_nothing_outside_is_read_and_the_environment_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "outside.toml"
    secret.write_text("lint.select = ['E501']\n", encoding="utf-8")
    monkeypatch.setenv("RUFF_CONFIG", str(secret))
    monkeypatch.setenv("RUFF_OUTPUT_FORMAT", "full")
    assert not any(name.startswith("RUFF_") for name in _ruff._environment(tmp_path))
    change = FromOthers(changed("a.py", None, BAD), tree={"ruff.toml": f"extend = '{secret}'\n"})
    assert "ruff/F821" in [finding.rule for finding in look("ruff", change=change)]
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "ruff.toml").write_text("lint.select = ['E501']\n", encoding="utf-8")
    assert "ruff/F821" in found(changed("a.py", None, BAD))


@pytest.mark.parametrize(
    "path",
    ["../../etc/a.py", "/abs/a.py", "a/./b.py", "x" * 300 + ".py", "a\nb.py", "sp ace/é日.py", "C:/a.py", "-x.py"],
)
def test_odd_paths_are_looked_at_and_written_nowhere_else(path: str) -> None:
    findings = look("ruff", changed(path, None, BAD))
    assert {finding.place.path for finding in findings if finding.place} == {path}
    assert "ruff/F821" in [finding.rule for finding in findings]


def test_a_comment_of_the_change_hides_nothing_unseen() -> None:
    text = "def f():\n    return undefined  # noqa\n"
    file = changed("a.py", None, text)
    assert not look("ruff", change=Made(file))
    (finding,) = look("ruff", change=FromOthers(file))
    assert (finding.rule, finding.severity) == ("ruff/F821", Severity.MINOR)
    assert "hides" in finding.message
    secure = changed("a.py", None, "# ruff: noqa\nimport requests\nrequests.get('x', verify=False, timeout=1)\n")
    assert [finding.severity for finding in look("ruff", change=FromOthers(secure))] == [Severity.MAJOR]
    assert not found(changed("a.py", text, text.replace("def f", "def g")))


def test_tests_do_things_on_purpose() -> None:
    text = "import subprocess\n\n\ndef test_x():\n    assert f() == f()\n    subprocess.run('x', shell=True)\n    x.y\n"
    assert found(changed("tests/test_a.py", None, text)) == ["ruff/F821", "ruff/F821", "ruff/F821"]
    assert not found(changed("tests/data/a.py", None, text))


def test_lone_carriage_returns_and_form_feeds_shift_no_line() -> None:
    text = "a = 'x\\\ry'\n\x0cb = 1\nc = undefined\n"
    findings = look("ruff", changed("a.py", None, text))
    place = one(findings, "ruff/F821").place
    assert place is not None
    assert place.line == 3


def test_settings() -> None:
    assert found(changed("a.py", None, BAD), select=["F401"]) == ["ruff/F401"]
    assert found(changed("a.py", None, BAD), ignore=["F"]) == ["ruff/B006"]
    with pytest.raises(UsageError, match="must be a list of rules"):
        ruff.begin(Made(), {"select": "F"})
