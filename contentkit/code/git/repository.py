"""The one door to git: opening a repository, and reading its objects, with errors that say what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pygit2

from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""git's name of a folder without files; libgit2 knows it in every repository, stored or not."""
_PATHS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_READ = (*_PATHS, "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES", "GIT_NAMESPACE")
_AROUND = "Or hand over a patch: git diff | contentkit review --diff -"
_PLAIN = tuple(
    word
    for setting in ("core.splitIndex=false", "index.sparse=false", "core.fsmonitor=false", "core.hooksPath=/dev/null")
    for word in ("-c", setting)
)
_lock = threading.Lock()


def open_repository(cwd: Path, env: Mapping[str, str]) -> pygit2.Repository:
    """The repository around ``cwd``, or the one that git's own variables name.

    git runs hooks with GIT_INDEX_FILE at a temporary index (``commit -a``, ``commit PATH``) and GIT_DIR in a worktree.

    Raises:
        UsageError: there is none, or it can't be read.
    """
    with _environment(cwd, env):
        try:
            flags = pygit2.enums.RepositoryOpenFlag.FROM_ENV
            # As git does: what can't be unpacked is an error, but not every object is hashed again when it is read.
            pygit2.settings.enable_strict_hash_verification(False)
            repository = pygit2.Repository(_start(cwd, env), flags)
            if "GIT_INDEX_FILE" in env or not repository.is_bare:
                return _with_index(repository, flags, cwd, env)
            return repository
        except (pygit2.GitError, KeyError, OSError, ValueError) as error:
            raise _closed(str(error).strip("'"), cwd) from None


def _start(cwd: Path, env: Mapping[str, str]) -> str:
    return str(cwd / env["GIT_DIR"]) if env.get("GIT_DIR") else str(cwd)


def _with_index(
    repository: pygit2.Repository, flags: pygit2.enums.RepositoryOpenFlag, cwd: Path, env: Mapping[str, str]
) -> pygit2.Repository:
    """The repository with its index read, also a sparse or split one, which libgit2 does not know: git makes it plain.

    An index that is damaged is an error where it is needed, not here.
    """
    try:
        repository.index.read(False)
        return repository
    except pygit2.GitError as error:
        if "mandatory extension" not in str(error):
            return repository
    with tempfile.TemporaryDirectory(prefix="contentkit-") as folder:
        copy = Path(folder, "index")
        shutil.copyfile(cwd / env.get("GIT_INDEX_FILE", Path(repository.path, "index")), copy)
        try:
            # No hook and no helper program of the repository is started by it.
            subprocess.run(
                ["git", *_PLAIN, "update-index", "--force-write-index"],
                cwd=cwd, env={**env, "GIT_INDEX_FILE": str(copy)}, check=True, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            raise unreadable("its index is a sparse or split one, and git could not write it as a plain one") from None
        _set("GIT_INDEX_FILE", str(copy))  # whoever called puts the variable back
        repository = pygit2.Repository(_start(cwd, env), flags)
        repository.index.read(False)
        return repository


def find_repository(cwd: Path, env: Mapping[str, str]) -> pygit2.Repository | None:
    """As ``open_repository``, None where there is no repository that can be read."""
    try:
        return open_repository(cwd, env)
    except UsageError:
        return None


@contextmanager
def _environment(cwd: Path, env: Mapping[str, str]) -> Iterator[None]:
    """git's variables in the process while libgit2 reads them, with paths counted from ``cwd``."""
    wanted = {name: env[name] for name in _READ if env.get(name)}
    wanted |= {name: str(cwd / wanted[name]) for name in _PATHS if name in wanted}
    with _lock:
        before = {name: os.environ.get(name) for name in _READ}
        try:
            for name in _READ:
                _set(name, wanted.get(name))
            yield
        finally:
            for name, value in before.items():
                _set(name, value)


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    elif os.environ.get(name) != value:
        os.environ[name] = value


def _closed(said: str, cwd: Path) -> UsageError:
    low = said.lower()
    if "not owned" in low:
        path = pygit2.discover_repository(str(cwd)) or str(cwd)
        folder = Path(path).parent if Path(path).name == ".git" else Path(path)
        return UsageError(
            f"The git repository {folder} belongs to another user, so git does not trust it.",
            hint=f"If you do: git config --global --add safe.directory {folder}",
        )
    if "object format" in low or "objectformat" in low:
        return Unreadable("This git repository uses SHA-256 names, which can't be read yet.", hint=_AROUND)
    if "could not find" in low or "not found" in low:
        return UsageError("This folder is in no git repository.", hint="Change into one (cd), or give a patch.")
    return unreadable(said)


class Unreadable(UsageError):
    """A repository that git may read and libgit2 can't."""


def unreadable(said: str) -> Unreadable:
    """The same, with the reason."""
    return Unreadable(f"The git repository can't be read: {said}.", hint=_AROUND)


def commit(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    """The commit that a name stands for.

    Raises:
        UsageError: there is none; the hint names what is near, or what a shallow clone lacks.
    """
    if repository.head_is_unborn and name.startswith(("HEAD", "@")):
        raise UsageError("This git repository has no commit yet.", hint="Review what is staged: --staged")
    try:
        return repository.revparse_single(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError):
        raise _unknown(repository, name) from None


def known(repository: pygit2.Repository, name: str) -> bool:
    """Whether a name stands for a commit."""
    try:
        repository.revparse_single(name).peel(pygit2.Commit)
    except (KeyError, ValueError, pygit2.GitError):
        return False
    return True


def _unknown(repository: pygit2.Repository, name: str) -> UsageError:
    bare = name.split("~")[0].split("^")[0]
    if bare in ("HEAD", "@") and not known(repository, "HEAD"):
        return unreadable("HEAD leads to no commit (git fsck says what is damaged)")
    if repository.is_shallow:
        return UsageError(f"{name!r} is not in this shallow clone.", hint=DEEPER)
    if bare != name and not name.removeprefix(bare).strip("~^0123456789") and known(repository, bare):
        return UsageError(f"{name!r} goes back further than the history.")
    if name.lower().endswith(("@{u}", "@{upstream}", "@{push}")):
        return UsageError(f"There is no {name}.", hint="Name the branch, or set one: git branch --set-upstream-to=REF")
    names = {name.lower(): name for name in branches(repository)}
    near = nearest(bare, names)
    hint = (
        f"Did you mean {names[near]!r}?" if near else "See git tag and git branch; a path that is gone goes after --."
    )
    return UsageError(f"There is no commit, tag or branch called {name!r}.", hint=hint)


DEEPER = "Get the whole history: git fetch --unshallow (in CI: fetch-depth: 0)."


def branches(repository: pygit2.Repository) -> list[str]:
    """Tags and branches by the names that people type."""
    prefixes = ("refs/tags/", "refs/heads/", "refs/remotes/")
    return [
        name.removeprefix(prefix) for name in repository.references for prefix in prefixes if name.startswith(prefix)
    ]


def is_cut(repository: pygit2.Repository, one: pygit2.Commit) -> bool:
    """Whether a commit's parents are beyond the edge of a shallow clone."""
    if not repository.is_shallow:
        return False
    if any(parent not in repository for parent in one.parent_ids):
        return True
    for folder in (Path(repository.path), *Path(repository.path).parents[:2]):  # a worktree's is the main folder's
        edge = folder / "shallow"
        if edge.is_file():
            return str(one.id) in edge.read_text(encoding="ascii", errors="replace").split()
    return False


def data(repository: pygit2.Repository, name: str) -> bytes:
    """The bytes of a stored file.

    Raises:
        Missing: it isn't there (a partial clone) or is damaged.
    """
    try:
        return repository.odb.read(pygit2.Oid(hex=name))[1]
    except KeyError:
        raise Missing("its content is not in this clone (a partial clone fetches it when git reads it)") from None
    except (pygit2.GitError, ValueError, OSError) as error:
        raise Missing(f"its content can't be read: {error}") from None


def size(repository: pygit2.Repository, name: str) -> int:
    """Bytes of a stored file, without reading it whole.

    Raises:
        Missing: as ``data``.
    """
    try:
        return int(repository.odb.read_header(pygit2.Oid(hex=name))[1])
    except KeyError:
        raise Missing("its content is not in this clone (a partial clone fetches it when git reads it)") from None
    except (pygit2.GitError, ValueError, OSError) as error:
        raise Missing(f"its content can't be read: {error}") from None


class Missing(UsageError):
    """An object of the repository is not there or damaged."""


def shown(raw: bytes) -> str:
    """A path as text. Bytes that are no UTF-8 are written ``\\xe9``, so that every format can hold the path."""
    return raw.decode("utf-8", "backslashreplace")


def message(one: pygit2.Commit) -> str:
    """In the commit's own encoding; pygit2's ``message`` assumes UTF-8 where git says otherwise."""
    try:
        return one.raw_message.decode(one.message_encoding or "utf-8", "replace")
    except LookupError:
        return one.raw_message.decode("utf-8", "replace")
