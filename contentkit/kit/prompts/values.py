"""What the user gives for the inputs of a prompt, made typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown
from contentkit.kit.prompts.prompt import Input, Prompt

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def values(prompt: Prompt, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every input of ``prompt`` by name: what was given, else its default.

    Text is read as the input's type, so that "30" is 30 and "x, threads" is a list.

    Raises:
        UsageError: an unknown name, a required one missing, or a value of the wrong type.
    """
    inputs = {item.name: item for item in (*prompt.common, *prompt.inputs)}
    for name in given:
        if name not in inputs:
            raise unknown(f"input of {prompt.name}", name, inputs)
    return {name: _value(prompt, item, given.get(name)) for name, item in inputs.items()}


def converted(item: Input, value: Any) -> Any:
    """``value`` as the input's type.

    Raises:
        ValueError: it can't be; the message follows the input's name in a sentence.
    """
    if item.type == "list":
        made: Any = [_one(item, part, "string") for part in _listed(value)]
        _bounded(item, len(made), "needs", "items")
    else:
        made = _one(item, value, item.type)
        if item.type in ("integer", "number"):
            _bounded(item, made, "must be", "")
    return made


def _value(prompt: Prompt, item: Input, given: Any) -> Any:
    option = f"--{item.name.replace('_', '-')}"
    if given is None or (item.required and given in ("", [], ())):
        if item.required:
            example = f" For example: {item.example}" if item.example is not None else ""
            raise UsageError(
                f"{prompt.name} needs {item.name!r}: {(item.description or 'it has no default').rstrip('.')}.",
                hint=f"Give {'a topic' if item.name == 'topic' else option}.{example}",
            )
        return item.default
    if given == "" and item.type != "list":
        return item.default if item.type != "string" else ""
    try:
        return converted(item, given)
    except ValueError as error:
        raise UsageError(f"{option} {error}.") from error


def _listed(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    if not isinstance(value, str):
        raise ValueError(f"must be a list, not {value!r}")  # noqa: TRY004
    if value.lstrip().startswith("["):
        try:
            return list(json.loads(value))
        except ValueError:
            pass
    return [part for piece in value.split(",") if (part := piece.strip())]


def _one(item: Input, value: Any, kind: str) -> Any:
    made = _READ[kind](value)
    if item.enum and made not in item.enum:
        raise ValueError(f"can't be {made!r}; it is one of {', '.join(map(str, item.enum))}")
    return made


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"must be text, not {value!r}")  # noqa: TRY004
    return str(value)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value.strip()) if isinstance(value, str) and len(value) < 20 else int("")
    except ValueError:
        raise ValueError(f"must be a whole number, not {value!r}") from None


def _number(value: Any) -> float:
    try:
        made = float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else float("")
    except (ValueError, OverflowError):
        raise ValueError(f"must be a number, not {value!r}") from None
    if made != made or made in (float("inf"), float("-inf")):
        raise ValueError(f"must be a number, not {value!r}")
    return made


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in (*_TRUE, *_FALSE):
        raise ValueError(f"must be yes or no, not {value!r}")
    return word in _TRUE


_READ = {"string": _string, "integer": _integer, "number": _number, "boolean": _boolean}


def _bounded(item: Input, size: float, verb: str, unit: str) -> None:
    if item.minimum is not None and size < item.minimum:
        raise ValueError(f"{verb} at least {item.minimum:g} {unit}".rstrip())
    if item.maximum is not None and size > item.maximum:
        raise ValueError(f"{verb} at most {item.maximum:g} {unit}".rstrip())
