"""What every source on the shelf keeps to; a new file is picked up without touching this one."""

from __future__ import annotations

import inspect

import pytest

from contentkit.core.errors import UsageError
from contentkit.core.piece import ReadLimits
from contentkit.kit.plugins import shelf

NAMES = shelf("sources").names()
NOWHERE = {
    "git": "git:no-such-name..HEAD",
    "web": "http://127.0.0.1:9/",
    "documents": "no/such/file.pdf",
    "text": "no/such/file.md",
}


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_takes_and_reads_without_blocking(name: str) -> None:
    source = shelf("sources").get(name)
    assert isinstance(source.takes("notes.md"), bool)
    assert inspect.iscoroutinefunction(source.read)
    assert list(inspect.signature(source.read).parameters) == ["reference", "limits"]


@pytest.mark.parametrize("name", [name for name in NAMES if name in NOWHERE])
async def test_what_is_not_there_is_one_sentence_with_a_way_out(name: str) -> None:
    source = shelf("sources").get(name)
    assert source.takes(NOWHERE[name])
    with pytest.raises(UsageError) as error:
        await source.read(NOWHERE[name], ReadLimits())
    assert error.value.message.endswith(".")
    assert error.value.hint


@pytest.mark.parametrize("reference", ["http://x/", "https://x/", "git:", "a.pdf", "-", "a.md"])
def test_exactly_the_sources_before_text_are_choosy(reference: str) -> None:
    takers = [name for name in NAMES if name != "text" and shelf("sources").get(name).takes(reference)]
    assert len(takers) <= 1
