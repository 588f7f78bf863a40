"""Plugins as an environment has them: distributions on the path with an entry point in our group."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contentkit.core.errors import UsageError
from contentkit.kit import plugins
from contentkit.kit.plugins import Shelf, complaints, installed, prompt_folders, shelf

Install = Callable[..., None]

GOOD = """
from contentkit.kit.hookspecs import hookimpl

@hookimpl
def contentkit_shelf(shelf):
    return {"shout": "good_shout:Shout"} if shelf == "reports" else {}
"""
SHOUT = """
class Shout:
    @staticmethod
    def render(report):
        return report.body.upper()
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put a distribution of one or more modules on the path, as pip leaves it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    installed.cache_clear()
    before = set(sys.modules)

    def install(name: str, *, value: str = "", group: str = "contentkit", **modules: str) -> None:
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {value or next(iter(modules))}\n")
        for module, source in modules.items():
            (site / f"{module}.py").write_text(source)
        installed.cache_clear()

    yield install
    installed.cache_clear()
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(site)):
            del sys.modules[name]


def test_a_shelf_lists_its_files_without_importing_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shelf_of_two"
    package.mkdir()
    for name in ("__init__", "_hidden", "one", "two"):
        (package / f"{name}.py").write_text("" if name == "__init__" else f"word = {name!r}")
    monkeypatch.syspath_prepend(str(tmp_path))
    things: Shelf[object] = Shelf("numbers", "shelf_of_two", "number")
    assert things.names() == ["one", "two"]
    assert not any(name.startswith("shelf_of_two.") for name in sys.modules)
    assert getattr(things.get("two"), "word") == "two"  # noqa: B009
    assert "shelf_of_two.one" not in sys.modules
    with pytest.raises(UsageError, match=r"no number called 'twoo'. Did you mean 'two'\?"):
        things.get("twoo")
    for name in ("_hidden", "__init__", "os", "../one", "one.two", ""):
        with pytest.raises(UsageError):
            things.get(name)


def test_a_plugin_adds_a_format_and_is_imported_at_first_use(install: Install) -> None:
    from contentkit.core.report import Report

    install("good", good=GOOD, good_shout=SHOUT)
    assert "shout" in shelf("reports").names()
    assert "shout" in shelf("reports")
    assert "good_shout" not in sys.modules
    assert shelf("reports").get("shout").render(Report("article", "quiet")) == "QUIET"
    assert installed().names() == ["good"]
    assert complaints() == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import a_library_nobody_has", "can't be loaded and is left out: ModuleNotFoundError"),
        ("syntax error", "can't be loaded and is left out: SyntaxError"),
        ("raise SystemExit(3)", "can't be loaded and is left out: SystemExit: 3"),
        ("x = 1", "has no function marked @hookimpl"),
        (GOOD.replace("contentkit_shelf", "contentkit_shelves"), "unknown hook"),
        (GOOD.replace("(shelf)", "(shelf, colour)"), "colour"),
        (GOOD.replace("return", "1 / 0; return"), "contentkit_shelf failed: ZeroDivisionError"),
        (GOOD.replace("return", "return 7 #"), "must give names with things, not 7"),
    ],
)
def test_a_broken_plugin_is_one_sentence_and_the_rest_works(install: Install, source: str, said: str) -> None:
    install("abroken", abroken=source)
    install("good", good=GOOD, good_shout=SHOUT)
    names = shelf("reports").names()
    assert "shout" in names
    assert "json" in names
    (sentence,) = complaints()
    assert "'abroken'" in sentence
    assert said in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import a_library_nobody_has", "can't be loaded: ModuleNotFoundError"),
        ("", "can't be loaded: AttributeError"),
        ("class Shout: pass", "has no render"),
    ],
)
def test_a_broken_thing_names_its_plugin_when_it_is_used(install: Install, source: str, said: str) -> None:
    install("good", good=GOOD, good_shout=source)
    with pytest.raises(UsageError, match=f"The format 'shout' of plugin 'good' {said}"):
        shelf("reports").get("shout")


def test_of_several_things_the_broken_one_is_left_out(install: Install) -> None:
    two = GOOD.replace('"shout":', '"hush": "no_such_module", "shout":')
    install("good", good=two, good_shout=SHOUT)
    reports = shelf("reports")
    assert [thing.render for thing in reports.working(["json", "hush", "shout"])][1:]
    assert complaints() == (
        "The format 'hush' of plugin 'good' can't be loaded: ModuleNotFoundError: No module named 'no_such_module'",
    )
    with pytest.raises(UsageError, match="no format called"):
        list(reports.working(["nothing-of-the-kind"]))


def test_a_plugin_takes_no_name_that_is_taken(install: Install) -> None:
    install("agood", agood=GOOD, good_shout=SHOUT)
    install("thief", thief=GOOD.replace('"shout": "good_shout:Shout"', '"shout": 1, "json": 2'))
    assert shelf("reports").get("json").__name__ == "contentkit.reports.json"
    assert shelf("reports").get("shout").render  # the first plugin's
    assert sorted(complaints()) == [
        "Plugin 'thief': its format 'json' is left out: contentkit has one of that name.",
        "Plugin 'thief': its format 'shout' is left out: agood has one of that name.",
    ]


def test_a_plugin_brings_prompts(install: Install, tmp_path: Path) -> None:
    hook = "from contentkit.kit.hookspecs import hookimpl\n@hookimpl\ndef contentkit_prompts():\n    return {!r}\n"
    install("words", words=hook.format(str(tmp_path)))
    install("wrong", wrong=hook.format("/no/such/folder"))
    assert prompt_folders() == (("words", tmp_path),)
    assert complaints() == ("Plugin 'wrong': its folder of prompts is not a folder: '/no/such/folder'.",)


def _loaded(code: str, *paths: Path) -> set[str]:
    """Names of modules after running ``code`` in a fresh Python."""
    setup = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n{code}\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", setup], capture_output=True, text=True, check=True).stdout.split())


def test_a_broken_command_of_a_plugin_breaks_no_other(install: Install, tmp_path: Path) -> None:
    hook = "from contentkit.kit.hookspecs import hookimpl\n@hookimpl\ndef contentkit_shelf(shelf):\n    return {!r}\n"
    install("tools", tools=hook.format({"hello": "hello_tool", "broken": "no_such_tool"}).replace(
        "return", "return {} if shelf != 'commands' else "))  # fmt: skip
    (tmp_path / "site" / "hello_tool.py").write_text(
        "import click\n@click.command()\ndef command():\n    'Say hello.'\n    click.echo('hello')\n"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from contentkit.cli import main; main()"
        return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)

    assert (run("hello").stdout, run("hello").returncode) == ("hello\n", 0)
    listed = run("--help")
    assert "Say hello." in listed.stdout
    assert "  history" in listed.stdout
    assert listed.returncode == 0
    assert "The command 'broken' of plugin 'tools' can't be loaded" in listed.stderr
    broken = run("broken")
    assert broken.returncode == 2
    assert "can't be loaded" in broken.stderr


def test_nothing_is_loaded_where_no_plugin_is(install: Install, tmp_path: Path) -> None:
    listing = "from contentkit.kit.plugins import shelf; shelf('commands').names()"
    assert not _loaded(listing) & {"pluggy", "importlib.metadata", "importlib.resources", "pkgutil"}
    install("other", group="console_scripts", value="other:main")
    assert "pluggy" not in _loaded(listing, tmp_path / "site")
    install("good", good=GOOD, good_shout=SHOUT)
    assert "pluggy" in _loaded(listing, tmp_path / "site")


def test_a_thing_that_is_built_in_asks_no_plugin(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> plugins.Plugins:
        raise AssertionError("plugins were looked for")

    monkeypatch.setattr(plugins, "installed", never)
    assert "json" in shelf("reports")
    assert shelf("reports").get("json")
