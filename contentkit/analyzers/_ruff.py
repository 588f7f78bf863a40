"""Running ruff over texts: they are laid out in a folder of their own, never in the user's work tree."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from contentkit.analyzers._fixes import Part
from contentkit.core.errors import ContentkitError

SYNTAX = "invalid-syntax"
"""What ruff calls a file, or a construct of it, that Python would not compile."""

_TIMEOUT = 120.0
_LONE_RETURN = re.compile(r"\r(?!\n)")


class RuffSettingsError(ContentkitError):
    """Ruff did not take its configuration."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing ruff said. Lines and columns are 1-based, columns in code points; ``safe`` is its fix, if safe."""

    path: str
    code: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    safe: tuple[Part, ...] = ()


class Sheets:
    """Texts in a temporary folder, under their own paths where a file system takes those. ``close`` removes all.

    Attributes:
        broken: path -> why ruff did not come to its end with it.
    """

    def __init__(self) -> None:
        self._holder = tempfile.TemporaryDirectory(prefix="contentkit-")
        self.folder = Path(self._holder.name).resolve() / "files"
        self.folder.mkdir()
        self.broken: dict[str, str] = {}
        self._out = self.folder.parent / "said"
        self._paths: dict[str, str] = {}
        self._places: dict[str, str] = {}

    def __contains__(self, path: object) -> bool:
        return path in self._places

    def __iter__(self) -> Iterator[str]:
        """Paths of the texts."""
        return iter(self._places)

    def add(self, path: str, text: str) -> None:
        """Lay out one text. A lone carriage return, which ruff counts as the end of a line, becomes a space."""
        self._places[path] = self._write(path, _LONE_RETURN.sub(" ", text).encode("utf-8", "replace"))
        self._paths[self._places[path]] = path

    def text(self, path: str) -> str:
        """A text as it was laid out."""
        return (self.folder / self._places[path]).read_bytes().decode("utf-8")

    def write(self, path: str, text: str) -> None:
        """Lay out a file that is not looked at, such as a configuration."""
        self._write(path, text.encode("utf-8"))

    def close(self) -> None:
        """Remove the folder."""
        self._holder.cleanup()

    def _write(self, path: str, data: bytes) -> str:
        if fits(path):
            try:
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                with (self.folder / path).open("xb") as file:
                    file.write(data)
                return path
            except (OSError, UnicodeError):  # too long, not for this system, or two that differ in case
                pass
        place = f"{len(self._paths)}-odd{PurePosixPath(path).suffix if path.isascii() else '.py'}"
        (self.folder / place).write_bytes(data)
        return place

    def ruff(self, *options: str) -> Iterator[Said]:
        """What ``ruff check`` says of all texts. One that it does not survive is looked at no further: see ``broken``.

        Raises:
            RuffSettingsError: it did not take its configuration.
            ContentkitError: it is not there or took too long.
        """
        code, why = self._run(".", *options)
        if not code:
            yield from self._answers()
        elif code == 2:
            raise RuffSettingsError(why)
        else:
            for place in self._paths:
                code, why = self._run(place, *options)
                if code:
                    self.broken[self._paths[place]] = why
                else:
                    yield from self._answers()

    def check(self) -> None:
        """Raise what kept ruff from looking at a text.

        Raises:
            ContentkitError: there was one.
        """
        if self.broken:
            raise ContentkitError("; ".join(f"{path}: {why}" for path, why in sorted(self.broken.items())[:5]))

    def _run(self, what: str, *options: str) -> tuple[int, str]:
        command = [_program(), "check", "--no-cache", "--output-format", "json-lines", "--exit-zero", "--quiet",
                   "--force-exclude", "--no-fix", "--no-respect-gitignore", *options, "--", what]  # fmt: skip
        with self._out.open("wb") as stdout, tempfile.TemporaryFile() as stderr:
            try:
                done = subprocess.run(
                    command, cwd=self.folder, env=_environment(self.folder.parent), stdin=subprocess.DEVNULL,
                    stdout=stdout, stderr=stderr, timeout=_TIMEOUT, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                raise ContentkitError(f"ruff took more than {_TIMEOUT:.0f} seconds.") from None
            except OSError as error:
                raise ContentkitError(f"ruff could not be started: {error.strerror}.") from None
            stderr.seek(0)
            return done.returncode, _why(stderr.read(4000).decode("utf-8", "replace"), done.returncode)

    def _answers(self) -> Iterator[Said]:
        with self._out.open("rb") as lines:
            for line in lines:
                yield self._said(json.loads(line))

    def _said(self, data: Mapping[str, Any]) -> Said:
        place = os.path.relpath(data["filename"], self.folder).replace(os.sep, "/")
        start, end, fix = data["location"] or {}, data["end_location"] or {}, data.get("fix") or {}
        safe = fix.get("applicability") == "safe"
        return Said(
            self._paths.get(place, place),
            data["code"] or SYNTAX,
            data["message"],
            start.get("row", 1),
            start.get("column", 1),
            end.get("row", 1),
            end.get("column", 1),
            tuple(_part(edit) for edit in fix.get("edits", ())) if safe else (),
        )


def fits(path: str) -> bool:
    """Whether a path stays inside the folder that it is put in."""
    parts = path.split("/")
    return not path.startswith("/") and not any(
        part in ("", ".", "..")
        or "\0" in part
        or "\\" in part
        or ":" in part
        or len(part.encode("utf-8", "replace")) > 200
        for part in parts
    )


def _part(edit: Mapping[str, Any]) -> Part:
    start, end = edit["location"], edit["end_location"]
    return Part(start["row"], start["column"], end["row"], end["column"], edit["content"] or "")


def _program() -> str:
    """ruff beside this Python, or where its package says."""
    beside = Path(sys.executable).with_name("ruff.exe" if os.name == "nt" else "ruff")
    if beside.is_file():
        return str(beside)
    try:
        return str(importlib.import_module("ruff").find_ruff_bin())
    except (ImportError, FileNotFoundError):
        raise ContentkitError("ruff is not installed.", hint="Install it: pip install ruff") from None


def _environment(home: Path) -> dict[str, str]:
    """Without ruff's own variables, and with no settings of the user."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("RUFF_", "UV_"))}
    return kept | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "APPDATA": str(home), "NO_COLOR": "1"}


def _why(said: str, code: int) -> str:
    causes = [line.partition("Cause:")[2].strip() for line in said.split("\n") if "Cause:" in line]
    line = next((line for line in [*reversed(causes), *said.split("\n")] if line.strip()), "")
    return f"ruff ended with {code}: {line.strip()[:300]}" if line else f"ruff ended with {code}."
