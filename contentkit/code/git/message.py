"""The form of a commit's message, checked without a model: what git hands to a commit-msg hook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

import pygit2

from contentkit.code.git.repository import find_repository
from contentkit.core import secrets
from contentkit.core.change import text_lines
from contentkit.core.errors import UsageError
from contentkit.core.report import Finding, Place, Severity

SUBJECT = 72
"""Characters that a subject may have: lists and mails cut it after that."""

_SCISSORS = "------------------------ >8 ------------------------"
_UNFINISHED = re.compile(r"(?:fixup|squash|amend)! |(?:wip|do not merge)\b", re.IGNORECASE)
_MADE_BY_GIT = re.compile(r"Merge (?:branch|remote-tracking branch|tag|commit|pull request|branches)\b|Revert \"")


@dataclass(frozen=True, slots=True)
class Message:
    """A commit's message on its way.

    Attributes:
        path: how findings name its file.
        lines: (number in the file, text), without what git takes away itself.
        shared: the branch that it goes to is one that others build on, or "".
    """

    path: str
    lines: tuple[tuple[int, str], ...]
    shared: str = ""


def read(file: Path, cwd: Path, env: Mapping[str, str]) -> Message:
    """The message in ``file``, as git will keep it.

    Raises:
        UsageError: the file can't be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"The message {file} can't be read ({error.strerror}).") from None
    repository = find_repository(cwd, env)
    settings = _settings(repository)
    text = _decoded(data, settings.get("i18n.commitencoding", "utf-8"))
    sign = settings.get("core.commentstring") or settings.get("core.commentchar") or "#"
    if sign == "auto":  # git takes a sign that begins no line of the text, and its own comment comes last
        last = text.rstrip().rpartition("\n")[2][:1]
        sign = last if last and last in "#;@!$%^&|:" else "#"
    edited = env.get("GIT_EDITOR") != ":"  # git sets it so where it opens no editor
    cleanup = settings.get("commit.cleanup", "default")
    strips = cleanup == "strip" or (cleanup == "default" and edited)
    return Message(file.name, tuple(_kept(text, sign, strips=strips)), _shared_branch(repository))


def check(message: Message) -> list[Finding]:
    """What is wrong with the message. Only a secret is grave: it can't be taken back once it is pushed."""
    found = list(_secrets(message))
    written = [*dropwhile(lambda line: not line[1].strip(), message.lines)]
    if not written:
        return [*found, Finding("message/empty", "The message is empty.", place=Place(message.path))]
    (number, subject), (below, after) = [*written, (0, "")][:2]
    place = Place(message.path, number, number, quote=secrets.mask(subject))
    if len(subject.rstrip()) > SUBJECT and not _MADE_BY_GIT.match(subject):
        said = f"The subject has {len(subject.rstrip())} characters; lists and mails cut it after {SUBJECT}."
        found.append(Finding("message/long-subject", said, place=place, category="style"))
    if after.strip():
        said = "No blank line parts the subject from the rest, so git takes all of it for the subject."
        where = Place(message.path, below, below, quote=secrets.mask(after))
        found.append(Finding("message/no-blank-line", said, place=where, category="style"))
    if message.shared and unfinished(subject):
        said = f"A commit marked as unfinished goes to {message.shared!r}."
        found.append(Finding("message/unfinished", said, place=place, category="maintenance"))
    return found


def unfinished(subject: str) -> bool:
    """Whether the author marked the commit as one that must not stay: fixup!, squash!, amend!, WIP."""
    return bool(_UNFINISHED.match(subject.lstrip("[( ")))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _kept(text: str, sign: str, *, strips: bool) -> Iterable[tuple[int, str]]:
    for number, line in enumerate(text_lines(text), 1):
        if line == f"{sign} {_SCISSORS}":
            return
        if not (strips and line.startswith(sign)):
            yield number, line


def _secrets(message: Message) -> Iterable[Finding]:
    text = "\n".join(line for _, line in message.lines)
    for span in secrets.find(text):
        number, line = message.lines[text.count("\n", 0, span.start)]
        yield Finding(
            f"secrets/{span.rule}",
            f"The message holds a secret ({span.rule}); whoever gets the history can read it.",
            Severity.CRITICAL,
            Place(message.path, number, number, quote=secrets.mask(line)),
            category="security",
        )


def _settings(repository: pygit2.Repository | None) -> dict[str, str]:
    """What git's configuration says of messages; {} outside a repository."""
    if repository is None:
        return {}
    names = ("core.commentstring", "core.commentchar", "commit.cleanup", "i18n.commitencoding")
    config = repository.config
    return {name: config[name] or "" for name in names if name in config}


def _shared_branch(repository: pygit2.Repository | None) -> str:
    """The branch that is checked out where others build on it, else ""."""
    if repository is None or repository.head_is_detached:
        return ""
    here = _target(repository.references["HEAD"])
    return here.removeprefix("refs/heads/") if is_shared(repository, here) else ""


def is_shared(repository: pygit2.Repository, ref: str) -> bool:
    """Whether a branch ("refs/heads/main") is the remote's default one, or called as those usually are."""
    head = repository.references.get("refs/remotes/origin/HEAD")
    default = _target(head).removeprefix("refs/remotes/origin/") if head is not None else "main"
    return ref.removeprefix("refs/heads/") in (default, "main", "master")


def _target(ref: pygit2.Reference) -> str:
    """What a symbolic ref points to; pygit2 hands it over as bytes."""
    target = ref.raw_target
    return target.decode("utf-8", "replace") if isinstance(target, bytes) else str(target)
