"""Where a provider's key comes from: an environment variable, a command of the user's, or the keyring. Never a file."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from typing import Any

from contentkit.core.errors import UsageError
from contentkit.core.model import Secret

SERVICE = "contentkit"
"""The keyring's service name: ``keyring set contentkit openai``."""

COMMAND_TIMEOUT = 60.0
"""Seconds: a password manager may ask the user for a finger."""


def set_variable(stanza: Mapping[str, Any], env: Mapping[str, str]) -> str:
    """The name of the first variable of the stanza that holds a key, or ""."""
    return next((name for name in stanza.get("key_env", ()) if env.get(name, "").strip()), "")


def key(name: str, stanza: Mapping[str, Any], env: Mapping[str, str]) -> Secret | None:
    """The key of a provider, or None when there is none.

    The keyring is asked only for providers that need a key, since it may ask the user in turn.

    Raises:
        UsageError: the command failed, or what was found can't be a key. The sentence never holds it.
    """
    if stanza.get("keyless"):
        return None
    if variable := set_variable(stanza, env):
        return _checked(env[variable], variable)
    if command := stanza.get("key_command"):
        return _checked(_run(name, command), f"The key_command of providers.{name}")
    if stanza.get("needs_key") and (found := _from_keyring(name)):
        return _checked(found, f"The keyring's entry {SERVICE}/{name}")
    return None


def values(stanzas: Iterable[Mapping[str, Any]], env: Mapping[str, str]) -> tuple[Secret, ...]:
    """Every key that the environment holds for a stanza: what must not be written anywhere."""
    names = {variable for stanza in stanzas for variable in stanza.get("key_env", ())}
    return tuple(Secret(env[name].strip()) for name in sorted(names) if len(env.get(name, "").strip()) >= 8)


def _checked(text: str, where: str) -> Secret:
    """A key travels in an HTTP header: one line of ASCII without blanks."""
    text = text.strip()
    if not text:
        raise UsageError(f"{where} gave an empty key.")
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise UsageError(f"{where} holds something that is no key: it has blanks, line breaks or non-ASCII letters.")
    return Secret(text)


def _run(name: str, command: str | tuple[str, ...]) -> str:
    """The first line that the user's command prints. It may speak to the user on stderr and the terminal."""
    words = shlex.split(command, posix=os.name != "nt") if isinstance(command, str) else list(command)
    where = f"The key_command of providers.{name}"
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=COMMAND_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise UsageError(f"{where} gave no key within {COMMAND_TIMEOUT:g} s.") from None
    except (OSError, ValueError, IndexError) as error:
        raise UsageError(f"{where} can't be run ({type(error).__name__}).", hint="Try it in a terminal.") from None
    if done.returncode:
        raise UsageError(f"{where} failed with exit code {done.returncode}.", hint="Try it in a terminal.")
    return done.stdout.decode("utf-8", "replace").strip().partition("\n")[0]


def _from_keyring(name: str) -> str | None:
    """What the system's keyring holds for us; None also where there is no keyring or it does not work."""
    try:
        import keyring
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except Exception:  # a backend may raise anything: no D-Bus, a locked chain, a dialogue that was closed
        return None
    return found
