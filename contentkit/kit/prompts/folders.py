"""Where prompt files lie, and reading one without leaving its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from contentkit.core.errors import UsageError

MAX_BYTES = 256_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_VARIANT = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Found:
    """A prompt file and the place it was found in.

    Attributes:
        rank: position of its folder in the search order.
        language: from the file's name; "" for the base file.
    """

    path: Path
    origin: str
    rank: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders of prompts, the first to be searched first.

    Attributes:
        dirs: name of the origin and the folder that holds ``write/``, ``parts/`` and ``partials/``.
    """

    dirs: tuple[tuple[str, Path], ...]
    _included: dict[str, tuple[str, Path, tuple[int, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def names(self, folder: str) -> list[str]:
        """Names of the prompts in ``folder`` of any origin, sorted."""
        found = (path.name.split(".")[0] for _, root in self.dirs for path in _markdown(root / folder))
        return sorted({name for name in found if _NAME.fullmatch(name)})

    def files(self, folder: str) -> list[Found]:
        """Every prompt file in ``folder``, those that others hide included."""
        return [
            Found(path, origin, rank, _language_of(path))
            for rank, (origin, root) in enumerate(self.dirs)
            for path in sorted(_markdown(root / folder))
            if _NAME.fullmatch(path.name.split(".")[0])
        ]

    def find(self, name: str, folder: str, language: str = "", *, start: int = 0) -> Iterator[Found]:
        """Files for ``name``, best first: an earlier folder wins, then the closer language.

        Args:
            start: rank of the first folder to look in.
        """
        if not _NAME.fullmatch(name):
            return
        for rank, (origin, root) in enumerate(self.dirs):
            if rank < start:
                continue
            for suffix in _suffixes(language):
                path = root / folder / f"{name}{suffix and '.'}{suffix}.md"
                if path.is_file():
                    yield Found(path, origin, rank, suffix)

    def read(self, path: Path) -> str:
        """The text of a file in one of the folders, line ends made "\\n".

        Raises:
            UsageError: it leaves its folder by a symbolic link, is too large, or is no text.
        """
        real = path.resolve()
        if not any(real.is_relative_to(_real(origin, root)) for origin, root in self.dirs if path.is_relative_to(root)):
            raise UsageError(f"{path} leads out of its prompts folder.", hint="Copy the file in, or remove the link.")
        return read_text(real, path)

    def include(self, name: str) -> tuple[str, Path] | None:
        """Text and path of a template that another one names: "partials/sources.md", or "built-in:write/email.md".

        None when there is none.

        Raises:
            UsageError: the name or a link leads out of the prompt folders.
        """
        if (known := self._included.get(name)) and known[2] == _stamp(known[1]):
            return known[:2]  # a review includes the same few files hundreds of times
        wanted, _, inner = name.rpartition(":")
        parts = PurePosixPath(inner)
        odd = parts.is_absolute() or "\\" in name or any(part.startswith(".") for part in parts.parts)
        if odd or parts.suffix != ".md":
            raise UsageError(f"A prompt can't include {name!r}.", hint="Name a .md file inside the prompts folder.")
        for origin, root in self.dirs:
            path = root / parts
            if wanted in ("", origin) and path.is_file():
                stamp = _stamp(path)
                self._included[name] = (self.read(path), path, stamp)
                return self._included[name][:2]
        return None


def read_text(path: Path, shown: Path) -> str:
    """A prompt file's text; ``shown`` is the path to name in errors.

    Raises:
        UsageError: it can't be read, is too large, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{shown} can't be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise UsageError(f"{shown} is larger than {MAX_BYTES:,} bytes, too large for a prompt.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown} is not UTF-8 text (byte {error.start}).") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when the file at ``path`` does, or another one is put there; () when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _markdown(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.md") if path.is_file()] if folder.is_dir() else []


def _language_of(path: Path) -> str:
    middle = path.name.split(".")[1:-1]
    return middle[0] if middle else ""


def _suffixes(language: str) -> list[str]:
    """ "pt-BR" -> pt-BR, pt, and the base file."""
    if not _VARIANT.fullmatch(language):
        return [""]
    return list(dict.fromkeys([language, language.split("-")[0], ""]))


def _real(origin: str, root: Path) -> Path:
    # The user may keep their folder behind a link; a checkout that does so points at what it does not own.
    return root.parent.resolve() / root.name if origin == "project" else root.resolve()


def ordered(dirs: Sequence[tuple[str, Path]]) -> Folders:
    """Folders in the order given, each once."""
    return Folders(tuple(dict.fromkeys((origin, Path(root)) for origin, root in dirs)))
