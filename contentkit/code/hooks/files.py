"""The hook files of a repository: where git looks for them, and putting ours there and taking it away again.

The ``git`` program itself is asked where it looks: only it knows all of its configuration (included files, worktrees,
``-c``). A hook that is there already moves to ``NAME.before-contentkit`` beside ours, which runs it first.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from contentkit.code.hooks.script import KEPT, is_ours, python_of, script
from contentkit.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Folder:
    """Where git looks for a repository's hooks.

    Attributes:
        path: the folder; it may not exist yet.
        said_by: who says so ("core.hooksPath in file:~/.gitconfig"), "" for git's own default.
        trouble: why a hook that is written there does more than the user asks for, or "".
        bare: the repository has no work tree here.
    """

    path: Path
    said_by: str = ""
    trouble: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One hook of a repository.

    Attributes:
        path: where git looks; ours may stand beside it (``below``).
        owner: whose hook git starts: "contentkit", "other" for another tool's or the user's, "" where none is.
        ours: where our script stands, None where it does not.
        kept: the hook that was there before ours and runs first, or None.
        python: the interpreter that our script names.
        changed: our script is not what this installation would write: another version wrote it, or a hand changed it.
        runs: the executable bit is set, so git starts it.
    """

    name: str
    path: Path
    owner: Literal["contentkit", "other", ""]
    ours: Path | None = None
    kept: Path | None = None
    python: str = ""
    changed: bool = False
    runs: bool = False

    @property
    def below(self) -> bool:
        """pre-commit was installed after us: it moved ours aside and runs it."""
        return self.ours is not None and self.ours != self.path


def folder(cwd: Path, env: Mapping[str, str]) -> Folder:
    """Where git looks for hooks when it runs in ``cwd``.

    Raises:
        UsageError: there is no git or no repository, or hooks are switched off.
    """
    git_dir = Path(_git(["rev-parse", "--absolute-git-dir"], cwd, env))
    common = _common(git_dir)
    bare = _git(["rev-parse", "--is-bare-repository"], cwd, env) == "true"
    said = _git(["config", "--show-origin", "-z", "--type=path", "--get", "core.hooksPath"], cwd, env, unset=1)
    if not said:
        path = common / "hooks"
        shared = path.resolve() != common.resolve() / "hooks"
        return Folder(path, trouble=f"{path} leads to {path.resolve()}" if shared else "", bare=bare)
    origin, _, value = said.rstrip("\0").partition("\0")
    if not value:
        raise UsageError("core.hooksPath is empty, so git runs no hooks.", hint="git config --unset core.hooksPath")
    top = git_dir if bare else Path(_git(["rev-parse", "--show-toplevel"], cwd, env))
    path = Path(os.path.normpath(top / value))
    if path.exists() and not path.is_dir():
        raise UsageError(f"core.hooksPath ({origin}) is {path}, which is no folder, so git runs no hooks.")
    return Folder(path, f"core.hooksPath in {origin}", _trouble(path, None if bare else top, common), bare)


def _trouble(path: Path, top: Path | None, common: Path) -> str:
    """Why a hook in a folder that somebody chose is more than a hook of this repository."""
    path, common = path.resolve(), common.resolve()
    if path.is_relative_to(common):
        return ""
    if top is not None and path.is_relative_to(top.resolve()):
        return f"{path} is part of the work tree, so the hook would become a file of the project"
    return f"{path} lies outside of this repository, so the hook would run for every repository that shares it"


def _common(git_dir: Path) -> Path:
    """The folder that the worktrees of a repository share; git looks for hooks there."""
    try:
        return Path(os.path.normpath(git_dir / (git_dir / "commondir").read_text(encoding="utf-8").strip()))
    except FileNotFoundError:
        return git_dir


def _git(words: list[str], cwd: Path, env: Mapping[str, str], *, unset: int = 0) -> str:
    """What git prints, without the line feed at its end; "" where it leaves with ``unset``."""
    try:
        done = subprocess.run(["git", *words], cwd=cwd, env=dict(env), capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"The program git can't be run ({error.strerror}).", hint="Install git.") from None
    if done.returncode and done.returncode != unset:
        said = os.fsdecode(done.stderr).strip().removeprefix("fatal: ").partition("\n")[0]
        if said.startswith("not a git repository"):
            raise UsageError("This folder is in no git repository.", hint="Change into one (cd).")
        raise UsageError(f"git says: {said}.", hint="Run it in the work tree of a git repository.")
    return os.fsdecode(done.stdout).removesuffix("\n")


def state(where: Folder, name: str) -> State:
    """What stands at the place of the hook called ``name``."""
    path = where.path / name
    legacy = path.with_name(f"{name}.legacy")
    ours = next((place for place in (path, legacy) if _is_ours(place)), None)
    text = _text(ours) if ours else ""
    python = python_of(text)
    return State(
        name,
        path,
        "contentkit" if ours == path else "other" if os.path.lexists(path) else "",
        ours,
        _kept(path) if os.path.lexists(_kept(path)) else None,
        python,
        changed=bool(ours) and text != script(name, python),
        runs=os.access(path, os.X_OK),
    )


def install(where: Folder, name: str, python: str, *, force: bool = False) -> State:
    """Put our hook in its place; a foreign one is kept beside it. Doing it again changes nothing.

    At every moment either the old hook or ours, which runs it, has the name that git looks for.

    Args:
        force: write ours anew although it is not as it was written.

    Raises:
        UsageError: our script was changed, two foreign hooks would have to be kept, or the folder can't be written to.
    """
    with _told(where.path):
        where.path.mkdir(parents=True, exist_ok=True)
        for _ in range(5):  # another install, or another tool, may come between looking and writing
            now = state(where, name)
            _refuse_changed(now, force)
            if now.ours is None and now.owner == "other":
                _keep(now.path)
            if _put(now.ours or now.path, script(name, python), over=now.ours is not None or now.owner == "other"):
                break
    return state(where, name)


def uninstall(where: Folder, name: str, *, force: bool = False) -> bool:
    """Take our hook away and put back what was there: the same file, so the same bytes and mode.

    Returns:
        False when ours is not there.

    Raises:
        UsageError: our script was changed and not ``force``, or the folder can't be written to.
    """
    now = state(where, name)
    _refuse_changed(now, force)
    place = now.ours or now.path
    if now.ours is None and (now.kept is None or now.owner):
        return False
    with _told(where.path):
        if now.kept:
            os.replace(now.kept, place)
        else:
            place.unlink(missing_ok=True)
    return True


def _refuse_changed(now: State, force: bool) -> None:
    if now.changed and not force:
        raise UsageError(
            f"{now.ours} was written by another version of contentkit, or changed by hand.",
            hint="With --force what is in it is lost.",
        )


def _text(path: Path) -> str:
    """A hook's text, "" where there is none that can be read."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _is_ours(path: Path) -> bool:
    return not path.is_symlink() and is_ours(_text(path))


def _kept(path: Path) -> Path:
    return path.with_name(path.name + KEPT)


def _keep(path: Path) -> None:
    """Give the foreign hook its second name while it still has the first. A link stays a link."""
    kept = _kept(path)
    try:
        if not _link(path, kept):
            _copy(path, kept)
    except FileExistsError:
        if _same(path, kept) or _is_ours(path):  # an install that was stopped half way, or another one just now
            return
        raise UsageError(
            f"There are two hooks to keep: {path} and {kept}.",
            hint="Make one of the two, or take one away, and install again.",
        ) from None


def _same(one: Path, other: Path) -> bool:
    def content(path: Path) -> tuple[bytes, int]:
        link = path.is_symlink()
        return os.fsencode(os.readlink(path)) if link else path.read_bytes(), path.lstat().st_mode

    return content(one) == content(other)


def _copy(path: Path, kept: Path) -> None:
    if path.is_symlink():
        kept.symlink_to(os.readlink(path))
    else:
        os.rename(_draft(path, path.read_bytes(), stat.S_IMODE(path.stat().st_mode)), kept)


def _put(path: Path, text: str, *, over: bool) -> bool:
    """Write ``text`` as an executable file, whole. False when, not ``over``, something is there."""
    draft = _draft(path, text.encode("utf-8", "surrogateescape"), 0o755)
    try:
        if over or not _link(draft, path):
            os.replace(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _link(old: Path, new: Path) -> bool:
    """Give a file a second name. False where the file system has no hard links; FileExistsError where it is taken."""
    try:
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        return False
    return True


def _draft(path: Path, data: bytes, mode: int) -> Path:
    draft = path.with_name(f".contentkit-{secrets.token_hex(8)}.tmp")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(draft, mode)
    return draft


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"The hooks folder {path} can't be written to ({error.strerror or error}).") from None
