"""A batch from inside: replies that were put down are used again, question by question."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeProvider

from contentkit.batch import Limits, Tally, batch
from contentkit.batches.deliver import restore, write_results
from contentkit.batches.enrol import Order, entries
from contentkit.core.chat import Event, Request
from contentkit.core.errors import OverloadedError
from contentkit.core.model import Price
from contentkit.kit.journal import Journal, JournalError, Outcome, Standing
from contentkit.kit.kit import Kit
from contentkit.kit.rows import Row
from contentkit.models.catalogue import Catalogue
from contentkit.models.purse import Purse

TEXT = "# The ferry\n\nThe ferry leaves the old harbour every morning and carries many people over the water."
OUTLINE = json.dumps(
    {
        "title": "The ferry",
        "summary": "It leaves every morning.",
        "sections": [
            {"heading": f"Part {part}", "points": [f"Point {part}"], "words": 300}
            for part in ("one", "two", "three", "four")
        ],
    }
)


class Batch:
    """One folder; ``run`` is a process of its own as far as the journal knows."""

    def __init__(self, folder: Path, rows: Sequence[dict[str, Any]], kind: str = "article", **order: Any) -> None:
        self.folder, self.order = folder, Order(kind, "fake:one", **order)
        self.told: list[Outcome] = []
        kit = Kit.load(folder, {}, history=False)
        prompt = kit.prompts.get(kind)
        made = entries(
            kit.prompts,
            prompt,
            self.order,
            (Row(n, n + 1, row) for n, row in enumerate(rows, 1)),
            name="rows",
            folders=None,
        )
        journal = Journal(folder)
        journal.begin(asdict(self.order), made)
        journal.close()

    async def run(
        self, provider: FakeProvider, *, price: Price | None = None, most: float | None = None, **limits: Any
    ) -> tuple[Standing, Tally]:
        journal = Journal(self.folder)
        try:
            standing = journal.reopen()
            kit = Kit.load(self.folder, {}, history=False)
            kit.prompts = kit.prompts.steady()
            kit.providers["fake"] = provider
            if price:
                kit.catalogue = Priced(kit.catalogue, price)  # type: ignore[assignment]
            kit.purse = Purse(most, standing.spent, patient=True)
            tally = await batch(kit, self.order, journal, self.folder, Limits(**limits), self._hear)
            return standing, tally
        finally:
            write_results(journal, self.folder, self.order.form)
            journal.close()

    def _hear(self, outcome: Outcome | None, tally: Tally) -> None:
        self.told += [outcome] if outcome else []

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


class Priced:
    """A catalogue that knows what one model costs."""

    def __init__(self, catalogue: Catalogue, price: Price) -> None:
        self._catalogue, self._price = catalogue, price

    def info(self, provider: str, name: str) -> Any:
        from dataclasses import replace

        return replace(self._catalogue.info(provider, name), price=self._price)


def kinds(provider: FakeProvider) -> list[str]:
    return [str(request.fields["kind"]) for request in provider.requests]


async def test_sections_that_were_paid_for_are_not_asked_again(tmp_path: Path) -> None:
    made = Batch(tmp_path, [{"topic": "The ferry"}], fields={"length": 3000})
    broken = FakeProvider(OUTLINE, TEXT, TEXT, OverloadedError("too busy", status=503))
    await made.run(broken)
    assert kinds(broken) == ["outline", "section", "section", "section"]
    assert [path.name for path in tmp_path.glob("*.md")] == ["row-000001.partial.md"]
    assert made.rows[0]["state"] == "failed"
    whole = FakeProvider(TEXT)
    await made.run(whole)
    assert kinds(whole) == ["section", "section"]
    assert [path.name for path in tmp_path.glob("*.md")] == ["row-000001.md"]
    text = (tmp_path / "row-000001.md").read_text(encoding="utf-8")
    assert all(f"## Part {part}" in text or "The ferry leaves" in text for part in ("one", "four"))
    assert made.rows[0]["report"]["usage"]["input_tokens"] == 50, "the account is that of a run without a break"


async def test_an_answer_that_broke_the_schema_was_paid_for_too(tmp_path: Path) -> None:
    """Stopped between the first answer and its repair, only the repair is asked when it goes on."""
    made = Batch(tmp_path, [{"topic": "The ferry"}], kind="email")
    good = json.dumps({"subject": "The ferry", "preheader": "It leaves every morning from the old harbour",
                       "body": "Hello,\n\nthe ferry leaves the old harbour every morning at seven.",
                       "call_to_action": "Book", "signature": "The team"})  # fmt: skip
    stopped = Waiting("this is no JSON")
    task = asyncio.create_task(made.run(stopped))
    await stopped.asked_twice.wait()
    task.cancel()
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    again = FakeProvider(good)
    standing, tally = await made.run(again)
    assert standing.unknown == 1
    assert len(again.requests) == 1
    assert "no JSON" in again.requests[0].messages[-2].text
    assert (tally.done, tally.failed) == (1, 0)


class Waiting(FakeProvider):
    """Answers the first question, and lets the second wait for ever."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.asked_twice = asyncio.Event()

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        async for event in super().stream(request):
            if len(self.requests) > 1:
                self.asked_twice.set()
                await asyncio.Event().wait()
            yield event


async def test_a_source_that_changed_meanwhile_gets_the_answer_that_was_paid_for(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("The ferry leaves at 7:40 every morning.")
    made = Batch(tmp_path, [{"topic": "The ferry", "from": str(notes)}])
    await made.run(FakeProvider(TEXT))
    journal = Journal(tmp_path)
    journal._do(journal._commit, [("UPDATE rows SET state = 'left', report = NULL", ())], True)
    journal.close()
    notes.write_text("The ferry leaves at 9:15 every morning.")
    provider = FakeProvider("never asked")
    await made.run(provider)
    assert not provider.requests
    assert "old harbour" in (tmp_path / "row-000001.md").read_text(encoding="utf-8")


async def test_money_that_is_only_held_back_is_waited_for(tmp_path: Path) -> None:
    made = Batch(tmp_path, [{"topic": f"The ferry {row}"} for row in range(12)])
    provider = FakeProvider(TEXT, local=False, url="https://vendor.example")
    estimate = 0.02  # about, of each row; what it really costs is a hundredth of it
    _, tally = await made.run(provider, price=Price(1.0, 10.0), most=2.2 * estimate, at_once=8)
    assert (tally.done, tally.stopped) == (12, None)
    assert 0 < tally.spent < estimate


async def test_no_more_rows_than_asked_and_none_twice(tmp_path: Path) -> None:
    made = Batch(tmp_path, [{"topic": f"The ferry {row}"} for row in range(450)])
    provider = FakeProvider(TEXT)
    _, tally = await made.run(provider, rows=250)
    assert tally.done == len(provider.requests) == 250
    standing, tally = await made.run(provider)
    assert (standing.done, tally.done) == (250, 200)
    assert len({request.messages[-1].text for request in provider.requests}) == 450
    assert len(list(tmp_path.glob("*.md"))) == 450


async def test_a_fault_of_a_plugin_fails_its_row_alone(tmp_path: Path) -> None:
    def answer(request: Request) -> str:
        if "ferry 3" in request.messages[-1].text:
            raise KeyError("a plugin's own")
        return TEXT

    made = Batch(tmp_path, [{"topic": f"The ferry {row}"} for row in range(6)])
    _, tally = await made.run(FakeProvider(answer))
    assert (tally.done, tally.failed) == (5, 1)
    assert made.told[-1].code in (0, 70)
    assert [row["exit_code"] for row in made.rows] == [0, 0, 0, 70, 0, 0]


async def test_a_journal_that_cant_be_written_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Batch(tmp_path, [{"topic": f"The ferry {row}"} for row in range(30)])
    provider, commit, times = FakeProvider(TEXT), Journal._commit, 0

    def failing(self: Journal, statements: Any, lasting: bool) -> None:
        nonlocal times
        times += 1
        if times > 4:
            raise JournalError("The disk is full.")
        commit(self, statements, lasting)

    monkeypatch.setattr(Journal, "_commit", failing)
    with pytest.raises(JournalError, match="The disk is full"):
        await made.run(provider, at_once=2)
    assert len(provider.requests) < 10


async def test_the_results_are_a_line_a_row_whatever_is_in_them(tmp_path: Path) -> None:
    made = Batch(tmp_path, [{"id": "=1+1\u2028x", "topic": "The ferry"}, {"topic": "B"}])
    await made.run(FakeProvider(TEXT + "\u2028\u0085 =cmd()"), rows=1)
    rows = made.rows
    assert [(row["id"], row["state"], row["file"]) for row in rows] == [
        ("=1+1\u2028x", "done", "1-1-x.md"),
        ("row-2", "left", ""),
    ]
    assert (tmp_path / "results.jsonl").read_text(encoding="utf-8").count("\n") == 2
    assert set(rows[0]) == {"row", "id", "state", "exit_code", "error", "file", "model", "cost", "findings", "report"}
    journal = Journal(tmp_path)
    (tmp_path / "1-1-x.md").unlink()
    assert restore(journal, tmp_path, "markdown") == 1
    journal.close()


async def test_failures_that_lie_far_apart_are_found_without_reading_what_is_done(tmp_path: Path) -> None:
    def answer(request: Request) -> Any:
        asked = request.messages[-1].text
        return OverloadedError("busy", status=503) if "ferry 1 of" in asked or "ferry 298 of" in asked else TEXT

    made = Batch(tmp_path, [{"topic": f"The ferry {row} of many"} for row in range(300)])
    _, tally = await made.run(FakeProvider(answer))
    assert (tally.done, tally.failed) == (298, 2)
    journal = Journal(tmp_path)
    journal.reopen()
    claims = journal._do(journal._next, 0)
    journal.close()
    assert [entry.number for entry, _ in claims] == [2, 299]
    standing, tally = await made.run(FakeProvider(TEXT))
    assert (standing.done, tally.done) == (298, 2)


async def test_names_of_rows_leave_nothing_in_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every interned name stays in a table of the interpreter, which grows by megabytes in a long batch."""
    interned: list[str] = []

    def intern(text: str) -> str:
        interned.append(text)
        return text

    made = Batch(tmp_path, [{"id": f"pier-{row}", "topic": "The ferry"} for row in range(5)])
    monkeypatch.setattr("sys.intern", intern)
    await made.run(FakeProvider(TEXT))
    assert [row["file"] for row in made.rows] == [f"pier-{row}.md" for row in range(5)]
    assert not [text for text in interned if "pier-" in text or text.endswith(".tmp")]
