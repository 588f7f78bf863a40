"""What a dialect reads from a stanza can be said in the configuration, and what can be said is read by one."""

from __future__ import annotations

import re
from pathlib import Path

import contentkit.providers
from contentkit.kit.config.settings import STANZA
from contentkit.kit.config.stanzas import NOT_SETTINGS

SHELF = Path(contentkit.providers.__path__[0])
# By the choice of a model, and by what keeps to a provider's rates.
READ_ELSEWHERE = {"probe", "requests_per_minute", "tokens_per_minute"}
IN_A_LOOP = {"max_string", "max_items"}


def read_by_dialects() -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SHELF.rglob("*.py"))
    return set(re.findall(r"""settings\.get\(\s*"(\w+)\"""", source)) | IN_A_LOOP


def test_every_setting_that_is_read_can_be_said() -> None:
    assert read_by_dialects() - set(STANZA) == set()


def test_every_setting_that_can_be_said_is_read() -> None:
    assert set(STANZA) - read_by_dialects() - NOT_SETTINGS - READ_ELSEWHERE == set()
