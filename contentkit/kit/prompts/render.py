"""A prompt and its values -> messages. What is a value stays a value: it starts no message and is never rendered."""

from __future__ import annotations

import re
import secrets
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import CodeType
from typing import Any, TypeVar, cast

from jinja2 import BaseLoader, BytecodeCache, Environment, TemplateError, TemplateNotFound, UndefinedError
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateSyntaxError

from contentkit.core.chat import Message, Role
from contentkit.core.errors import UsageError
from contentkit.kit.prompts.file import split
from contentkit.kit.prompts.folders import Folders
from contentkit.kit.prompts.prompt import Prompt
from contentkit.kit.prompts.sandbox import Sandbox

_ROLE_LINE = re.compile(r"^(system|user|assistant):[ \t]*$", re.MULTILINE)
T = TypeVar("T")
_BODY, _LAYOUT = "this prompt", "this layout"


# Unguessable sign of where a message starts. It is made once in a process, so that a template is compiled once; no
# value can learn it, since texts are cut at it before they go anywhere.
_ROLE = secrets.token_hex(16)
_MOST_COMPILED = 500


class _Compiled(BytecodeCache):
    """Templates that this process compiled: that takes longer than rendering them, and a review asks hundreds of
    questions with the same ones."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        if len(self._kept) >= _MOST_COMPILED:
            self._kept.clear()
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _Loader(BaseLoader):
    """The prompt itself and what it includes, with role lines turned into marks that no value can know."""

    def __init__(self, folders: Folders, own: Mapping[str, tuple[str, str, int]], role: str) -> None:
        self._folders = folders
        self._own = own
        self._role = role

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        if template in self._own:
            text, path, line = self._own[template]
        else:
            found = self._folders.include(template)
            if found is None:
                raise TemplateNotFound(template)
            path = str(found[1])
            _, text, line = split(found[0], path)
        return _at_line(self._marked(text), line), path, None

    def _marked(self, text: str) -> str:
        return text if not self._role else _ROLE_LINE.sub(rf"{self._role}\1;", text)


def messages(folders: Folders, prompt: Prompt, values: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages that ``prompt`` makes of ``values``.

    Raises:
        UsageError: the template is wrong, needs a value that is not there, or tries what is not allowed.
    """
    # Digits stay what they are under |upper and the like.
    edge = str(secrets.randbits(128))
    own = {_BODY: (prompt.body, str(prompt.body_path), prompt.body_line)}
    given = {**values, "fence": fence(values)}
    text = _run(_Loader(folders, own, _ROLE), _BODY, str(prompt.path), given, edge)
    head, *rest = re.split(f"{_ROLE}(system|user|assistant);", text)

    def trimmed(part: str) -> str:
        return part.strip().replace(edge, "")

    if not rest:
        return (Message.of("user", trimmed(head)),)
    if head.strip():
        raise UsageError(f"{prompt.path} has text before its first role line.", hint="Begin with a line 'system:'.")
    return tuple(Message.of(cast(Role, role), trimmed(part)) for role, part in zip(rest[::2], rest[1::2], strict=True))


def layout(folders: Folders, prompt: Prompt, data: Any, values: Mapping[str, Any]) -> str:
    """The structured answer as Markdown, by the prompt's layout.

    Raises:
        UsageError: the layout is wrong or does not fit the data.
    """
    own = {_LAYOUT: (prompt.layout, str(prompt.layout_path), prompt.layout_line)}
    text = _run(_Loader(folders, own, ""), _LAYOUT, str(prompt.path), {**values, "data": data})
    return text.strip() + "\n"


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a template names, in branches not taken too.

    Attributes:
        variables: names that it expects from outside, with their lines.
        files: files that it includes, imports or extends.
    """

    variables: dict[str, int]
    files: tuple[str, ...]


def mentions(folders: Folders, text: str, path: str, line: int) -> Mentions:
    """What the template ``text``, which starts at ``line`` of ``path``, names.

    Raises:
        UsageError: it is no valid template.
    """
    from jinja2 import meta, nodes

    def read(sandbox: Sandbox) -> Mentions:
        tree = sandbox.parse(_at_line(text, line), "", path)
        outside = meta.find_undeclared_variables(tree) - set(sandbox.globals)
        names = {node.name: node.lineno for node in tree.find_all(nodes.Name) if node.name in outside}
        files = (name for name in meta.find_referenced_templates(tree) if name is not None)
        return Mentions(names, tuple(dict.fromkeys(files)))

    return _guarded(lambda: read(Sandbox(_Loader(folders, {}, ""))), path)


def fence(values: Mapping[str, Any]) -> str:
    """A word that stands in none of the values: material inside tags named with it can't close them.

    The same sources give the same word: so the same question is the same request, and the questions of one run begin
    alike.
    """
    texts = _texts(_foreign(values))
    digest = sha256()
    for text in _texts(values.get("sources", ())):
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    word = digest.hexdigest()[:8]
    while any(word in text for text in texts):
        word = sha256(word.encode()).hexdigest()[:8]
    return word


def _run(loader: _Loader, name: str, path: str, values: Mapping[str, Any], edge: str = "") -> str:
    sandbox = Sandbox(loader, given=sum(map(len, _texts(_foreign(values)))), edge=edge)
    sandbox.bytecode_cache = _COMPILED
    return _guarded(lambda: sandbox.get_template(name).render(values), path)


def _guarded(make: Callable[[], T], path: str) -> T:
    """What ``make`` gives; whatever a template can do wrong becomes one sentence with file and line."""
    try:
        return make()
    except TemplateSyntaxError as error:
        where = f"{error.filename or path}, line {error.lineno}"
        raise UsageError(f"{where}: {_sentence(error.message or 'the template is wrong')}") from error
    except TemplateNotFound as error:
        raise UsageError(f"{_where(error, path)}: there is no prompt file {error.message!r} to include.") from error
    except UndefinedError as error:
        hint = "Declare it under inputs, or test it with 'is defined'."
        raise UsageError(f"{_where(error, path)}: {_sentence(error.message or 'undefined')}", hint=hint) from error
    except RecursionError as error:
        raise UsageError(f"{path}: the template is nested too deeply, or calls or includes itself.") from error
    except SyntaxError as error:
        # The template was well formed, the Python made of it was not: twenty loops in one another, a name given twice.
        raise UsageError(f"{path}: {error.msg}, once compiled.") from error
    except UsageError as error:
        raise UsageError(f"{_where(error, path)}: {error.message}", hint=error.hint) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise UsageError(f"{_where(error, path)}: {_sentence(str(error))}") from error


def _where(error: BaseException, path: str) -> str:
    """File and line of the template where ``error`` came up."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".md")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else path


def _sentence(message: str) -> str:
    message = message.splitlines()[0] if message else "the template failed"
    return message if message.endswith(".") else f"{message}."


def _at_line(text: str, line: int) -> str:
    """``text`` pushed down to its line in the file, so that errors name it; the push makes no output."""
    return f"{{#{chr(10) * (line - 1)}-#}}{text}" if line > 1 else text


def _foreign(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the limits of the platforms: many, the same in every question, and our own."""
    return {name: value for name, value in values.items() if name != "rules"}


def _texts(value: Any) -> list[str]:
    """Every string in the values that templates see, in their order."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif item is None or isinstance(item, int | float):
            continue
        elif isinstance(item, Mapping):
            waiting += reversed(list(item.values()))
        elif isinstance(item, list | tuple):
            waiting += reversed(item)
        elif hasattr(item, "__dataclass_fields__"):
            waiting += [getattr(item, name) for name in reversed(list(item.__dataclass_fields__))]
    return found
