"""The house stands as docs/architecture.md draws it: imports run downwards, shelves keep apart, words match files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import click
import pytest

from contentkit.kit.plugins import shelf

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "contentkit"

# A verb may call only those after it. What stands in a room is a part of one.
ROOMS = {"drafts", "reviews", "batches", "campaigns", "scores"}
VERBS = [
    "drafts.reword",
    "campaign",
    "campaigns.survey",
    "campaigns.plan",
    "refine",
    "batch",
    "batches.submit",
    "batches.deliver",
    "batches.enrol",
    "fix",
    "learn",
    "split",
    "check",
    "evaluate",
    "scores.grade",
    "scores.prefer",
    "scores.run",
    "reviews.preview",
    "review",
    "reviews.judge",
    "reviews.run",
    "reviews.instruct",
    "reviews.analyse",
    "reviews.examine",
    "reviews.verify",
    "reviews.suggest",
    "reviews.rank",
    "reviews.compare",
    "reviews.quote",
    "reviews.apply",
    "write",
    "drafts.finish",
    "drafts.moderate",
    "drafts.mend",
    "drafts.rewrite",
    "drafts.prepare",
    "drafts.draft",
    "drafts.divide",
    "drafts.series",
    "drafts.condense",
    "ask",
]

# From the top down; a file may import from lower layers and from its own folder.
LAYERS = [
    {"__main__"},
    {"cli"},
    {"commands"},
    {*VERBS, *ROOMS},
    {"kit"},
    {"models"},  # drives the providers, and shares the hub's cache with one of them
    {"providers", "sources", "steps", "reports", "analyzers", "engines"},
    {"code"},  # reads git and source code; a source and the analyzers stand on it
    {"core"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# A library that only these files may import: one border for each.
BORDERS = {
    "httpx": {"providers", "sources", "kit/choose.py"},
    "pygit2": {"sources/git.py", "code/git", "code/patches", "code/reading", "code/diff.py"},
    "sqlite3": {"kit"},
    "torch": {"providers", "models/hub.py"},
    "rich": {"commands", "reports"},
}


def modules() -> dict[str, Path]:
    files = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imports(path: Path, *, runtime_only: bool = False) -> Iterator[str]:
    """Full names of what a file imports; without what stands under TYPE_CHECKING if ``runtime_only``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[ast.AST] = set()
    if runtime_only:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                skipped.update(child for part in node.body for child in ast.walk(part))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def place(name: str) -> str:
    parts = name.split(".")[1:]
    return ".".join(parts[: 2 if parts[:1] and parts[0] in ROOMS else 1])


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_run_downwards_only(name: str) -> None:
    here = place(name)
    assert here in RANK, f"{name} has no floor in the house"
    for target in imports(modules()[name]):
        if not target.startswith("contentkit.") or (there := place(target)) not in RANK:
            continue
        if here == there:
            continue
        if here in VERBS and there in VERBS:
            assert VERBS.index(here) < VERBS.index(there), f"{name} imports {target}: a verb calls only later ones"
            continue
        assert RANK[here] < RANK[there], f"{name} imports {target}, which is not below it"


def test_there_is_no_import_circle() -> None:
    known = modules()
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        targets = set()
        for target in imports(path, runtime_only=True):
            while target and target not in known:
                target = target.rpartition(".")[0]
            targets.add(target)
        graph[name] = targets - {"", name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"import circle: {' -> '.join(circle.args[1])}")


@pytest.mark.parametrize(("library", "homes"), BORDERS.items())
def test_a_library_has_one_border(library: str, homes: set[str]) -> None:
    for path in modules().values():
        if any(target.split(".")[0] == library for target in imports(path, runtime_only=True)):
            where = path.relative_to(PACKAGE).as_posix()
            assert any(where == home or where.startswith(f"{home}/") for home in homes), f"{where} imports {library}"


def test_core_does_no_io() -> None:
    banned = {"os", "pathlib", "socket", "httpx", "sqlite3", "subprocess", "io", "tempfile", "shutil"}
    for path in (PACKAGE / "core").rglob("*.py"):
        used = {target.split(".")[0] for target in imports(path)}
        assert not used & banned, f"{path.name} imports {used & banned}"
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & {"open", "print", "input"}, path.name


def test_asyncio_is_started_in_one_place_for_each_command() -> None:
    for name, path in modules().items():
        if place(name) not in ("commands", "cli"):
            assert "asyncio.run(" not in path.read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", ["providers", "steps", "sources", "reports", "analyzers", "engines", "commands"])
def test_everything_on_a_shelf_keeps_its_contract(name: str) -> None:
    needed = {
        "providers": ["connect"],
        "steps": [],
        "sources": ["takes", "read"],
        "reports": ["render"],
        "analyzers": ["begin"],
        "engines": ["place"],
        "commands": ["command"],
    }
    things = shelf(name)  # type: ignore[call-overload]
    assert things.names()
    for word in things.names():
        thing = things.get(word)
        assert all(hasattr(thing, attribute) for attribute in needed[name]), word
        if name == "steps":
            assert hasattr(thing, "before") or hasattr(thing, "after"), word


def test_every_prompt_parses_and_names_existing_steps_and_limits() -> None:
    from contentkit.kit.prompts import Prompts, builtin_dir
    from contentkit.steps.limits import rules

    prompts = Prompts([("built-in", builtin_dir())])
    kinds = prompts.kinds()
    assert {"article", "email", "social", "video-script"} <= set(kinds)
    steps, known = set(shelf("steps").names()), set(rules())
    found = [(file.path.name.split(".")[0], file.path.parent.name, file.language)
             for folder in ("write", "parts", "review") for file in prompts.folders.files(folder)]  # fmt: skip
    assert len(found) >= 2 * len(kinds)
    for name, folder, language in found:
        prompt = prompts.get(name, folder, language)
        assert set(prompt.steps) <= steps
        assert {rule for rule in prompt.limits.values() if not rule.startswith("$")} <= known


def docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def commands(command: click.Command, words: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    """The command and all below it, each with the words that are typed for it."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from commands(below, [*words, name])


def every_command() -> list[tuple[list[str], click.Command]]:
    shelved = shelf("commands")
    return [pair for name in shelved.names() for pair in commands(shelved.get(name).command, ["contentkit", name])]


def test_every_command_is_in_the_docs() -> None:
    text = docs()
    for words, _ in every_command():
        typed = " ".join(words if words[1] != "write" else words[:2])
        assert re.search(rf"\b{typed}\b", text), f"no docs of {typed}"


def test_every_option_is_in_the_docs() -> None:
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", docs()))
    for words, command in every_command():
        for param in command.params:
            if param.param_type_name == "option":
                assert named & {*param.opts, *param.secondary_opts}, f"no docs of {' '.join(words)} {param.opts[0]}"


def test_the_docs_name_no_command_that_is_not_there() -> None:
    names = set(shelf("commands").names())
    for found in re.findall(r"^\s*\$? ?contentkit ([a-z]+)", docs(), flags=re.MULTILINE):
        assert found in names, f"the docs show `contentkit {found}`"


def options(words: list[str]) -> set[str]:
    """The options of a command as it is typed; of ``write KIND`` those of the kind, or of all kinds for one unknown."""
    command: click.Command = shelf("commands").get(words[0]).command
    context = click.Context(command)
    for word in words[1:]:
        if not isinstance(command, click.Group) or (below := command.get_command(context, word)) is None:
            break
        command = below
    if isinstance(command, click.Group) and words[0] == "write":
        return set.union(*(options(["write", kind]) for kind in command.list_commands(context)))
    if words == ["models"]:  # alone it is its list
        return options(["models", "list"])
    return {flag for param in command.params for flag in (*param.opts, *param.secondary_opts)} | {"--help", "-h"}


def test_the_docs_show_no_option_that_is_not_there() -> None:
    made_up = {"--company", "--embargo"}  # inputs of the kind that docs/prompts.md writes as an example
    shown = 0
    for line in re.findall(
        r"contentkit ([a-z][^`|&#\n]*)", docs() + (ROOT / "README.ja.md").read_text(encoding="utf-8")
    ):
        typed = re.sub(r"'[^']*'|\"[^\"]*\"", "", line)
        words = typed.split(" -")[0].split()[:2]
        for flag in re.findall(r"(?<=\s)--?[a-z][a-z-]*", typed):
            shown += 1
            assert flag in options(words) | made_up, f"the docs show `contentkit {line}`, with {flag}"
    assert shown > 30


def test_links_between_the_docs_hold() -> None:
    for page in [ROOT / "README.md", ROOT / "README.ja.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
