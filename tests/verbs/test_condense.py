"""Sources longer than the window are condensed in rounds; nothing is cut silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fakes import FakeProvider
from hypothesis import given
from hypothesis import strategies as st

from contentkit.ask import Asker
from contentkit.core.chat import Done, Event, Finish, Message, Notice, Schema, TextDelta
from contentkit.core.errors import BadReplyError, CancelledError, ContextTooLongError, QuotaError
from contentkit.core.model import ModelInfo
from contentkit.core.piece import SourceText
from contentkit.drafts.condense import condense, split
from contentkit.models import tokens
from contentkit.models.engine import Engine, Target


@dataclass
class BarePrompt:
    name: str = "condense"
    form: str = ""
    schema: Schema | None = None
    requires: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


class BarePrompts:
    """Renders the source and nothing else."""

    def get(self, name: str, folder: str = "write", language: str = "") -> BarePrompt:
        return BarePrompt(name)

    def render(self, prompt: BarePrompt, fields: Mapping[str, Any]) -> tuple[Message, ...]:
        return (Message.of("user", fields["source"].text),)


def asker(provider: FakeProvider, heard: list[Event] | None = None) -> Asker:
    target = Target(provider, ModelInfo("fake", "one", context_window=4000))
    return Asker(BarePrompts(), target, Engine(), listen=(heard if heard is not None else []).append)  # type: ignore[arg-type]


def fits(most: int) -> Any:
    def judge(sources: Sequence[SourceText]) -> bool:
        return sum(tokens.estimate(source.text).tokens for source in sources) <= most

    return judge


LONG = "\n\n".join(f"Paragraph {number} says that the boat left the harbour on a Tuesday." for number in range(600))


async def test_every_part_is_read_and_the_result_fits() -> None:
    provider = FakeProvider(lambda request: request.messages[0].text[:200])
    heard: list[Event] = []
    sources = (SourceText("a.md", LONG), SourceText("b.md", LONG[::-1]))
    short = await condense(asker(provider, heard), sources, topic="", language="en", window=4000, fits=fits(3000))
    assert fits(3000)(short)
    assert [source.origin for source in short] == ["a.md", "b.md"]
    asked = "".join(request.messages[0].text for request in provider.requests)
    assert asked.startswith(LONG[:3000])
    assert sum(len(request.messages[0].text) for request in provider.requests) == 2 * len(LONG)
    assert any(isinstance(event, Notice) and "condensing" in event.message for event in heard)


async def test_a_model_that_does_not_shorten_is_an_error_and_not_a_cut() -> None:
    provider = FakeProvider(lambda request: request.messages[0].text)
    with pytest.raises(ContextTooLongError, match="also after condensing"):
        await condense(asker(provider), [SourceText("a", LONG)], topic="", language="en", window=4000, fits=fits(3000))


@pytest.mark.parametrize(
    ("answer", "error"),
    [([TextDelta("half"), Done(Finish.LENGTH)], BadReplyError), (QuotaError("no money"), QuotaError)],
)
async def test_a_failed_part_fails_the_whole_as_itself(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await condense(
            asker(FakeProvider(answer)), [SourceText("a", LONG)], topic="", language="en", window=4000, fits=fits(3000)
        )


@given(st.text(), st.integers(50, 500))
def test_the_parts_joined_are_the_text(text: str, most: int) -> None:
    assert "".join(split(text, most)) == text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), max_size=40), st.integers(60, 200))
def test_no_part_is_much_longer_than_asked(lines: list[str], most: int) -> None:
    for part in split("\n".join(lines), most):
        assert tokens.estimate(part).tokens <= most * 2


def test_whole_paragraphs_go_into_a_part_as_long_as_they_fit() -> None:
    parts = split(LONG, 200)
    sizes = [tokens.estimate(part).tokens for part in parts]
    assert max(sizes) <= 200
    assert min(sizes[:-1]) > 150
    assert all(part.startswith("Paragraph ") for part in parts)


async def test_a_part_is_condensed_in_the_language_of_its_source() -> None:
    asked: list[Mapping[str, Any]] = []

    class Prompts(BarePrompts):
        def render(self, prompt: BarePrompt, fields: Mapping[str, Any]) -> tuple[Message, ...]:
            asked.append(fields)
            return super().render(prompt, fields)

    one = asker(FakeProvider(lambda request: request.messages[0].text[:200]))
    sources = [SourceText("a.md", LONG, language="de"), SourceText("b.md", LONG)]
    await condense(replace(one, prompts=Prompts()), sources, topic="", language="en", window=4000, fits=fits(3000))
    assert {(fields["source"].origin, fields["language"]) for fields in asked} == {("a.md", "de"), ("b.md", "en")}


async def test_a_round_that_saves_nothing_is_the_last() -> None:
    provider = FakeProvider(lambda request: request.messages[0].text)
    with pytest.raises(ContextTooLongError):
        await condense(asker(provider), [SourceText("a", LONG)], topic="", language="en", window=4000, fits=fits(3000))
    assert sum(len(request.messages[0].text) for request in provider.requests) == len(LONG)


async def test_stopping_in_a_part_is_stopping() -> None:
    provider = FakeProvider([TextDelta("half"), Done(Finish.CANCELLED)])
    with pytest.raises(CancelledError, match="while condensing"):
        await condense(asker(provider), [SourceText("a", LONG)], topic="", language="en", window=4000, fits=fits(3000))
