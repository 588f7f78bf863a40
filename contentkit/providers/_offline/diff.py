"""A commit message and a pull request's description out of a diff: what was changed, named and counted; never why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from contentkit.code.patches.file import sections
from contentkit.code.patches.patch import hunks
from contentkit.core.change import FileChange, Hunk, Status
from contentkit.core.errors import UsageError
from contentkit.core.piece import SourceText
from contentkit.core.text.counting import Rule, count
from contentkit.providers._offline.diff_words import Labels, labels_for

_SUBJECT = Rule("commit-subject", "weighted", hard=72, soft=50)
_HARD, _SOFT = 72, 50
_MOST_FILES = 12
_DEFINED = re.compile(
    r"\s*(?:(?:export|default|pub|public|private|protected|static|final|abstract|async)\s+)*"
    r"(?P<word>def|class|func|function|fn|interface|struct|enum|trait)\s+(?:\([^)]*\)\s*)?(?P<name>[A-Za-z_$][\w$]*)"
)
_CALLED = ("def", "func", "function", "fn")
_DOCS = re.compile(r"(?:^|/)docs?/|\.(?:md|rst|txt|adoc)$|(?:^|/)(?:README|CHANGELOG|LICENSE)", re.IGNORECASE)
_TESTS = re.compile(r"(?:^|/)(?:tests?|spec|__tests__)/|(?:^|/)test_[^/]*$|[._-](?:test|spec)s?\.\w+$|Test\.java$")
_CI = re.compile(r"^\.(?:github|gitlab|circleci|ci)/|(?:^|/)(?:\.(?:gitlab-ci|travis)\.yml|Jenkinsfile|action\.yml)$")
_BUILD = re.compile(
    r"(?:^|/)(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.txt|package(?:-lock)?\.json|[^/]+\.lock|Makefile"
    r"|Dockerfile|pom\.xml|build\.gradle(?:\.kts)?|go\.(?:mod|sum)|Cargo\.toml|CMakeLists\.txt)$"
)
_ROW = re.compile(r"^[ACDMRT]  (?:.* -> )?(?P<path>.+)  \+(?P<added>\d+) -(?P<deleted>\d+)(?:  .*)?$", re.MULTILINE)
_TYPES = (("ci", _CI), ("test", _TESTS), ("docs", _DOCS), ("build", _BUILD))


@dataclass(frozen=True, slots=True)
class _Part:
    """What was done to one file: ``act`` is a key of the labels, ``names`` the functions and classes it was done to."""

    path: str
    old_path: str
    act: str
    names: tuple[str, ...]
    added: int
    deleted: int

    @property
    def verb(self) -> str:
        """The act on the file as a whole."""
        return "change" if self.act.endswith(" in") else self.act

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """Code before tests before words; then what changed most."""
        plain = not any(pattern.search(self.path) for pattern in (_DOCS, _BUILD, _CI))
        return plain, not _TESTS.search(self.path), self.added + self.deleted


def commit_message(sources: Sequence[SourceText], fields: Mapping[str, Any]) -> dict[str, str]:
    """Subject and body of a commit message. The body holds no mark for what is open, so that git can take it."""
    parts, labels = _parts(sources), labels_for(str(fields.get("language") or ""))
    topic = str(fields.get("topic") or "").strip()
    said = [_listed(parts, labels), _total(parts, labels)] if parts else []
    return {"subject": _subject(parts, labels, fields), "body": "\n\n".join(part for part in (topic, *said) if part)}


def pr_description(sources: Sequence[SourceText], fields: Mapping[str, Any]) -> dict[str, str]:
    """Title and description of a pull request, with the place for the reason marked where nobody gave one."""
    parts, labels = _parts(sources), labels_for(str(fields.get("language") or ""))
    commits = [subject for source in sources for subject in _log(source)]
    said = [str(fields.get("topic") or "").strip() or labels.why]
    if parts:
        said += [f"## {labels.changed}", _listed(parts, labels, code=True), _total(parts, labels)]
    if commits:
        said += [f"## {labels.commits}", "\n".join(f"- {subject}" for subject in commits)]
    if fields.get("issue"):
        said.append(str(fields["issue"]))
    alone = commits[0] if len(commits) == 1 and count(commits[0], _SUBJECT) <= _HARD else ""
    return {"subject": alone or _subject(parts, labels, {**fields, "style": ""}), "body": "\n\n".join(said)}


def _parts(sources: Sequence[SourceText]) -> list[_Part]:
    """The heaviest file first."""
    parts: list[_Part] = []
    for source in sources:
        counts = _counts(source.text)
        parts += (_part(file, counts) for file in _files(source.text))
    return sorted(parts, key=lambda part: part.weight, reverse=True)


def _counts(text: str) -> dict[str, tuple[int, int]]:
    """Lines added and deleted by path, from the list that ``sources/diff.py`` puts in front: it has those of files too
    whose lines are not shown."""
    head = text.partition("\ndiff --git ")[0]
    return {row["path"]: (int(row["added"]), int(row["deleted"])) for row in _ROW.finditer(head)}


def _files(text: str) -> Iterator[FileChange]:
    """The files of the diff in the text; none where it holds no diff that can be read."""
    data = text.encode("utf-8", "replace")
    try:
        for section in sections(data):
            path, old = (name.decode("utf-8", "replace") for name in (section.path, section.old_path))
            body = hunks(data[section.begin : section.end])
            yield FileChange(path, section.status, old, body, binary=section.binary)
    except UsageError:
        return


def _part(file: FileChange, counts: Mapping[str, tuple[int, int]]) -> _Part:
    counted = sum(1 for _ in file.lines("+")), sum(1 for _ in file.lines("-"))
    added, deleted = counted if file.hunks else counts.get(file.path, counted)
    act = {Status.ADDED: "add", Status.COPIED: "add", Status.DELETED: "remove"}.get(file.status, "change")
    names: list[str] = []
    if file.status is Status.RENAMED and not added + deleted:
        act = "rename"
    elif act == "change":
        act, names = _acts(file.hunks)
    return _Part(file.path, file.old_path or file.path, act, tuple(names), added, deleted)


def _acts(parts: Sequence[Hunk]) -> tuple[str, list[str]]:
    """What was done to which functions: all of them new, all of them gone, or changed."""
    touched: dict[str, set[str]] = {}
    for hunk in parts:
        here = _name(hunk.section)
        for line in hunk.lines:
            own = _name(line.text)
            here = own or here
            if line.kind != " " and here and line.text.strip():
                touched.setdefault(here, set()).add(line.kind if own else "within")
    made, gone = ([name for name, how in touched.items() if sign in how and other not in how]
                  for sign, other in ("+-", "-+"))  # fmt: skip
    if made and len(made) == len(touched):
        return "add in", made
    if gone and len(gone) == len(touched):
        return "remove in", gone
    return ("change in", list(touched)) if touched else ("change", [])


def _name(text: str) -> str:
    """The function or class that the line begins, or ""."""
    found = _DEFINED.match(text)
    if found is None:
        return ""
    return f"{found['name']}()" if found["word"] in _CALLED else found["name"]


def _log(source: SourceText) -> list[str]:
    """Subjects of the commits of a log."""
    if not source.origin.startswith("git:"):
        return []
    return [line.removeprefix("## ") for line in source.text.split("\n") if line.startswith("## ")]


# -- saying it ---------------------------------------------------------------------------------------------------------


def _subject(parts: Sequence[_Part], labels: Labels, fields: Mapping[str, Any]) -> str:
    """The longest of the ways to say it that is short enough to be shown whole."""
    if not parts:
        topic = " ".join(str(fields.get("topic") or "").split())
        return topic if topic and count(topic, _SUBJECT) <= _HARD else labels.empty
    before = f"{_type(parts)}: " if fields.get("style") == "conventional" else ""
    ways = [_lowered(way) if before else way for way in _ways(parts, labels)]
    fitting = [way for way in ways if count(before + way, _SUBJECT) <= _SOFT]
    fitting += [way for way in ways if count(before + way, _SUBJECT) <= _HARD]
    return before + (fitting or ways[-1:])[0]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _ways(parts: Sequence[_Part], labels: Labels) -> Iterator[str]:
    """From the most telling to the barest."""
    main, others = parts[0], parts[1:]
    end = _others(main, others, labels)
    file, old = PurePosixPath(main.path).name, PurePosixPath(main.old_path).name
    if main.names:
        yield labels.acts[main.act].format(what=labels.names(main.names), file=file) + end
    yield labels.acts[main.verb].format(file=file, old=old) + end
    yield labels.acts[main.verb].format(file=labels.files(len(parts)), old=old)


def _others(main: _Part, others: Sequence[_Part], labels: Labels) -> str:
    """What stands behind the main file: " and two other files", or ", add two other files" where they differ."""
    if not others:
        return ""
    number = labels.others(len(others))
    verbs = {part.verb for part in others}
    if verbs == {main.verb} and main.verb != "rename":
        return labels.rest.format(number)
    return labels.then[verbs.pop() if len(verbs) == 1 else "change"].format(number)


def _listed(parts: Sequence[_Part], labels: Labels, *, code: bool = False) -> str:
    """A line for each file, the rest counted."""
    lines = []
    for part in parts[:_MOST_FILES]:
        path = f"`{part.path}`" if code else part.path
        done = labels.sorts[part.act].format(what=labels.names(part.names), old=part.old_path)
        counted = f" (+{part.added} -{part.deleted})" if part.added + part.deleted else ""
        lines.append(f"- {path}: {done}{counted}")
    if len(parts) > _MOST_FILES:
        lines.append(f"- {labels.more.format(len(parts) - _MOST_FILES)}")
    return "\n".join(lines)


def _total(parts: Sequence[_Part], labels: Labels) -> str:
    added, deleted = sum(part.added for part in parts), sum(part.deleted for part in parts)
    return labels.total.format(labels.files(len(parts)), added, deleted)


def _type(parts: Sequence[_Part]) -> str:
    """The type of Conventional Commits, as far as paths and statuses tell it; whether a change of code mends or adds,
    they don't."""
    for name, pattern in _TYPES:
        if all(pattern.search(part.path) for part in parts):
            return name
    return "feat" if parts[0].act in ("add", "add in") else "chore"
