"""JSON, TOML and YAML: what is wrong with a document, and which documents are not what their ending says."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath

from contentkit.analyzers._look import Spot
from contentkit.analyzers._paths import language
from contentkit.analyzers._python import is_template


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document does not parse, and where (1-based)."""

    why: str
    line: int
    column: int = 1


_KINDS = {".json": "json", ".jsonc": "jsonc", ".webmanifest": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
# Programs that read these take comments and commas at the end.
_WITH_COMMENTS = re.compile(
    r"[jt]sconfig.*\.json|\..*rc(?:\.json)?|.*\.code-workspace|devcontainer\.json|api-extractor.*\.json|turbo\.json"
    r"|biome\.json|deno\.json|nx\.json|project\.json|rush\.json|tslint\.json|typedoc\.json|renovate\.json|angular\.json"
    r"|language-configuration\.json|settings\.json|launch\.json|tasks\.json|extensions\.json|keybindings\.json"
    r"|wrangler\.json|appsettings.*\.json|tsdoc\.json|jsdoc.*\.json|.*\.tmlanguage\.json|oxlint.*\.json|knip\.json",
    re.IGNORECASE,
)
_LARGEST = 2_000_000
# What takes the readers more than linear time: names with very many parts, brackets in brackets.
_DEEP_NAME = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*){200}")
_DEEPEST = 500


def kind(path: str) -> str:
    """ "python", "json", "jsonc", "toml", "yaml", or "" for what is not read here."""
    if language(path) == "python":
        return "python"
    name = PurePosixPath(path)
    what = _KINDS.get(name.suffix.lower(), "")
    if what == "json" and (_WITH_COMMENTS.fullmatch(name.name) or ".vscode" in name.parts):
        return "jsonc"
    return what


def fault(what: str, path: str, text: str, *, old: str | None) -> Fault | None:
    """What is wrong with a document, or None when nothing is, when it was wrong before, or when it is a template."""
    wrong = _read(what, text)
    if wrong is None or _excused(what, path, text, old):
        return None
    if old is not None and old.strip():
        return None if _read(what, old) is not None else wrong
    return None if what == "json" and _loose(path, text) else wrong


def _excused(what: str, path: str, text: str, old: str | None) -> bool:
    if what == "yaml" and "templates" in PurePosixPath(path).parts:
        return True  # of Helm
    return is_template(path, text) and not (old is not None and is_template(path, old))


def _loose(path: str, text: str) -> bool:
    """A new file that is JSON with comments, or JSON on every line. A comma too many alone is a slip."""
    if PurePosixPath(path).name in ("package.json", "composer.json", "manifest.json"):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    with_comments = any(found[0][0] == "/" for found in _COMMENT.finditer(text))
    return (with_comments and _jsonc(text) is None) or (
        len(lines) > 1 and all(_json(line) is None for line in lines[:1000])
    )


def _read(what: str, text: str) -> Fault | None:
    if len(text) > _LARGEST:
        return None
    return {"json": _json, "jsonc": _jsonc, "toml": _toml, "yaml": _yaml}[what](text.removeprefix("\ufeff"))


def _json(text: str) -> Fault | None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return Fault(error.msg, error.lineno, error.colno)
    except (ValueError, RecursionError):  # a number of too many digits; brackets in brackets
        pass
    return None


_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)')
_LAST_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"?|,(?=\s*[}\]])')


def _jsonc(text: str) -> Fault | None:
    def blank(found: re.Match[str]) -> str:
        return found[0] if found[0][0] == '"' else re.sub(r"[^\n]", " ", found[0])

    bare = _LAST_COMMA.sub(blank, _COMMENT.sub(blank, text))
    return _json(bare) if bare.strip() else None


_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def _toml(text: str) -> Fault | None:
    if _DEEP_NAME.search(text):
        return None
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        why = _AT.sub("", str(error))
        return Fault(why, int(at[1]), int(at[2])) if at and at[1] else Fault(why, max(text.rstrip().count("\n") + 1, 1))
    except (ValueError, RecursionError):
        pass
    return None


# Allowed by YAML 1.2, and refused by the reader.
_TAB_BEFORE_COMMENT = re.compile(r"^[ \t]*\t[ \t]*(?=#|\r?$)", re.MULTILINE)


def _yaml(text: str) -> Fault | None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", None)
    if _depth(text) > _DEEPEST or (loader is None and len(text) > _LARGEST // 20):
        return None
    text = _TAB_BEFORE_COMMENT.sub(lambda found: " " * len(found[0]), text)
    try:
        for _ in yaml.parse(text, Loader=loader or yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            line, column = Spot(text)(min(error.problem_mark.index, len(text)))
            return Fault(error.problem or "it does not parse", line, column)
    except (yaml.YAMLError, ValueError, RecursionError):  # a character that the reader does not take
        pass
    return None


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in re.finditer(r"[\[{\]}]", text):
        depth = max(depth + (1 if found[0] in "[{" else -1), 0)
        deepest = max(deepest, depth)
    return deepest
