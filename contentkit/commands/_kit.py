"""The kit of this folder, with what the command line changes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


def loaded(*, history: bool | None, cache: bool | None, allow_private: bool, timeout: float | None) -> Kit:
    """Its configuration, but for what was typed.

    Args:
        history, cache: as ``Kit.load``.
        timeout: seconds for each question; None as configured.
    """
    from contentkit.kit.kit import Kit

    kit = Kit.load(history=history, cache=cache)
    if allow_private:
        kit.config = replace(kit.config, read=replace(kit.config.read, allow_private=True))
    if timeout:
        kit.config = replace(kit.config, deadline=timeout)
    return kit
