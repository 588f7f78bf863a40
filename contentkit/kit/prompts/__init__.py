"""Prompt files: finding, reading and rendering them. See docs/prompts.md for the format."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from contentkit.core.chat import Message
from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown
from contentkit.core.text.languages import language_name
from contentkit.kit.prompts.folders import Found, ordered
from contentkit.kit.prompts.prompt import COMMON, NOT_LENSES, STEPS, Case, Input, Long, Prompt, Series

if TYPE_CHECKING:
    from contentkit.kit.config import Config
    from contentkit.kit.prompts.file import Parsed

__all__ = [
    "COMMON",
    "NOT_LENSES",
    "STEPS",
    "Case",
    "Input",
    "Long",
    "Prompt",
    "Prompts",
    "Series",
    "builtin_dir",
]


def builtin_dir() -> Path:
    """The prompts that came with contentkit: inside the package, or beside it in an editable install."""
    package = Path(__file__).parents[2]
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


class Prompts:
    """The prompts that can be asked for.

    Args:
        dirs: origin ("project", "user", a plugin's name, "built-in") and folder, the first to win.
    """

    def __init__(self, dirs: Sequence[tuple[str, Path]]) -> None:
        self.folders = ordered(dirs)
        self._steady: dict[tuple[str, str, str], Prompt] | None = None

    @classmethod
    def of(cls, config: Config, plugins: Iterable[tuple[str, Path]] | None = None) -> Self:
        """The project's prompts, the user's, those of plugins (by default all installed), and the built-in ones."""
        from contentkit.kit.plugins import prompt_folders

        # Outside of a project there is only the user's folder.
        own = zip(("project", "user")[-len(config.prompt_dirs) :], config.prompt_dirs, strict=True)
        others = prompt_folders() if plugins is None else plugins
        return cls([*own, *others, ("built-in", builtin_dir())])

    def steady(self) -> Self:
        """The same prompts, each file read once: for a run of many pieces."""
        steady = copy.copy(self)
        steady._steady = {}
        return steady

    def kinds(self, folder: str = "write") -> list[str]:
        """Names of the prompts in ``folder``, sorted. Reads no file."""
        return self.folders.names(folder)

    def get(self, name: str, folder: str = "write", language: str = "") -> Prompt:
        """The prompt called ``name`` for a result in ``language``.

        An earlier folder wins over a closer language, so that a project's ``article.md`` is never passed over.

        Raises:
            UsageError: there is none, or its file is wrong.
        """
        if self._steady is not None and (name, folder, language) in self._steady:
            return self._steady[name, folder, language]
        found = next(self.folders.find(name, folder, language), None)
        if found is None:
            what = {"write": "kind of content", "review": "lens"}.get(folder, f"prompt in {folder}")
            raise unknown(what, name, self.kinds(folder), listing="contentkit prompts list")
        prompt = self.load(found, folder)
        if self._steady is not None:
            self._steady[name, folder, language] = prompt
        return prompt

    def load(self, found: Found, folder: str) -> Prompt:
        """The prompt in one particular file.

        Raises:
            UsageError: the file is wrong.
        """
        from contentkit.kit.prompts.file import build

        prompt = build(self._chain(found, folder), folder)
        if prompt.schema is not None and not prompt.layout and folder != "review":
            raise UsageError(
                f"{prompt.path}: a prompt with output.schema needs output.layout.",
                hint="Say how the answer becomes Markdown.",
            )
        return prompt

    def values(self, prompt: Prompt, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every input by name, typed, with defaults.

        Raises:
            UsageError: an unknown name, a required one missing, or a value of the wrong type.
        """
        from contentkit.kit.prompts.values import values

        return values(prompt, given)

    def render(self, prompt: Prompt, fields: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages to send.

        Raises:
            UsageError: the template is wrong, or needs a value that is not there.
        """
        from contentkit.kit.prompts.render import messages

        return messages(self.folders, prompt, _always(prompt, fields))

    def lay_out(self, prompt: Prompt, data: Any, fields: Mapping[str, Any]) -> str:
        """The structured answer as Markdown.

        Raises:
            UsageError: the layout is wrong, or does not fit the data.
        """
        from contentkit.kit.prompts.render import layout

        return layout(self.folders, prompt, data, _always(prompt, fields))

    def _chain(self, found: Found, folder: str) -> list[Parsed]:
        """The file, and before it those that it extends, the farthest first."""
        from contentkit.kit.prompts.file import parse

        chain: list[Parsed] = []
        here: Found | None = found
        while here is not None:
            if any(here.path == link.found.path for link in chain):
                raise UsageError(f"{found.path}: the file extends itself, by way of {chain[-1].found.path}.")
            chain.append(parse(self.folders.read(here.path), here))
            here = self._extended(chain[-1], folder)
        return chain[::-1]

    def _extended(self, parsed: Parsed, folder: str) -> Found | None:
        """What a file extends: what it says, else, for a language variant, the base file of the same name."""
        here = parsed.found
        own = here.path.name.split(".")[0]
        name = parsed.extends or (own if here.language else "")
        if not name:
            return None
        # A file that extends its own name means the one it hides.
        start = here.rank if name != own or here.language else here.rank + 1
        base = next(self.folders.find(name, folder, "" if name == own else here.language, start=start), None)
        if base is None and parsed.extends:
            raise parsed.front.wrong(f"there is no prompt {name!r} to extend.", "extends")
        return base


def _always(prompt: Prompt, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, and what templates always have."""
    language = str(fields.get("language") or prompt.language or "en")
    inputs = {item.name: item.default for item in (*prompt.common, *prompt.inputs)}
    always = {"rules": {}, "house": (), "sources": (), "language_name": language_name(language)}
    return {**always, **inputs, **fields, "language": language}
