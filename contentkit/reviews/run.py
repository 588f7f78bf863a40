"""One review on its way: parts of a change, each before every lens, and each finding before a second look.

Parts are asked side by side; what fails is told of its part alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contentkit.ask import Asker, Gate
from contentkit.code.visible import one_line, visible
from contentkit.core.chat import Notice
from contentkit.core.errors import BudgetError, CancelledError, ContentkitError, ProviderError
from contentkit.core.report import Finding
from contentkit.drafts.prepare import learned
from contentkit.reviews.examine import Examined, examine, summarise
from contentkit.reviews.examine import Part as About
from contentkit.reviews.quote import hidden
from contentkit.reviews.verify import verify

if TYPE_CHECKING:
    from contentkit.code.chunks import Chunk
    from contentkit.code.masking import Hide
    from contentkit.core.change import Change
    from contentkit.kit.config.review import ReviewSettings
    from contentkit.kit.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts of a review share.

    Attributes:
        lenses: the prompts that look; ``verifier`` looks again at what they find, ``mender`` asks for a fix,
            ``summariser`` sums the change up. None asks no such question.
        instructions: path -> the project's rules for it.
        language: of what the model says.
    """

    change: Change
    asker: Asker
    settings: ReviewSettings
    lenses: Sequence[Prompt]
    verifier: Prompt | None
    mender: Prompt | None
    summariser: Prompt | None
    instructions: Callable[[str], str]
    language: str = "en"

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every prompt that may be asked with."""
        return (*self.lenses, *filter(None, (self.verifier, self.mender, self.summariser)))


WAITING = "not reached"
"""Why a part does not count as reviewed that was never asked about."""


@dataclass(slots=True)
class Part:
    """One chunk on its way. ``failed`` says why it does not count as reviewed; it starts as not yet asked.

    Attributes:
        findings: by number; those that the second look refuted are gone.
        waiting: number of a finding that had no second look yet -> the unit that it is in; ``unseen``: why it has none.
    """

    chunk_units: tuple[str, ...]
    path: str
    hide: Hide
    findings: dict[int, Finding] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)
    unseen: dict[int, str] = field(default_factory=dict)
    examined: Examined | None = None
    rejected: int = 0
    failed: str = WAITING

    def gaps(self, late: str) -> Iterator[tuple[str, str]]:
        """Units that do not count as reviewed, and why; ``late`` is why nothing more was asked."""
        if self.failed:
            why = (late or self.failed) if self.failed == WAITING else self.failed
            yield from ((unit, why) for unit in self.chunk_units)
        else:
            yield from ((unit, self.unseen.get(number) or late or WAITING) for number, unit in self.waiting.items())


class Run:
    """One review on its way: its parts, and the gate that their questions pass."""

    def __init__(self, bench: Bench, told: Mapping[str, Sequence[Finding]]) -> None:
        self.bench = bench
        self.told = told
        self.parts: list[Part] = []
        self.files: dict[str, About] = {}
        self.gate = Gate(bench.settings.concurrency)

    async def prepare(self) -> None:
        """Learn what the server tells of the model. A server that does not answer is found out by the questions."""
        asker = self.bench.asker
        self.bench = replace(self.bench, asker=replace(asker, target=await learned(asker.target)))

    async def all(self, paths: Sequence[str]) -> None:
        """Every part of every file. Files are read as their turn comes, so that few are held at a time."""
        room = asyncio.Semaphore(2 * self.bench.settings.concurrency)
        tasks: set[asyncio.Task[None]] = set()
        try:
            for part, chunk in self.parts_of(paths):
                await room.acquire()
                task = asyncio.create_task(self._one(part, chunk))
                tasks.add(task)
                task.add_done_callback(lambda _: room.release())
                await asyncio.sleep(0)  # the questions go out while the next file is read
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def parts_of(self, paths: Sequence[str]) -> Iterator[tuple[Part, Chunk]]:
        from contentkit.code.chunks import chunks
        from contentkit.code.masking import hider
        from contentkit.models import tokens

        settings, info = self.bench.settings, self.bench.asker.target.info
        for path in paths:
            file = self.bench.change.file(path)
            hide = hider(file)
            added, deleted = (sum(1 for _ in file.lines(kind)) for kind in ("+", "-"))
            self.files[path] = About(one_line(hide(path)), file.status.name.lower(), added, deleted, hide(file.note))
            made = chunks(
                file,
                self.bench.change,
                size=lambda text: tokens.estimate(text, info.bytes_per_token).tokens,
                budget=settings.chunk_tokens,
                context=settings.context_tokens,
                hide=hide,
            )
            # All parts of a file at once: a hunk in two parts is reviewed when both were, also if one is never reached.
            parts = [Part(chunk.units, path, hide) for chunk in made]
            self.parts += parts
            yield from zip(parts, made, strict=True)

    async def _one(self, part: Part, chunk: Chunk) -> None:
        try:
            await self._examined(part, chunk)
        except CancelledError as error:
            raise asyncio.CancelledError from error
        except ContentkitError as error:
            part.failed = str(error)

    async def _examined(self, part: Part, chunk: Chunk) -> None:
        bench = self.bench
        examined = await examine(
            bench.asker,
            bench.lenses,
            chunk,
            told=[hidden(finding, part.hide) for finding in self.told.get(part.path, ())],
            instructions=bench.instructions(part.path),
            samples=bench.settings.samples,
            language=bench.language,
            gate=self.gate,
        )
        part.examined = examined
        part.findings = dict(enumerate(hidden(finding, part.hide) for finding in examined.findings))
        part.failed = examined.failed
        if bench.verifier is not None:
            part.waiting = {number: _unit(chunk, finding) for number, finding in part.findings.items()}
            await asyncio.gather(*(self._again(part, number, chunk, bench.verifier) for number in list(part.findings)))
        if bench.mender is not None:
            await asyncio.gather(*(self._mended(part, number, chunk, bench.mender) for number in list(part.findings)))

    async def _again(self, part: Part, number: int, chunk: Chunk, prompt: Prompt) -> None:
        """Look at a finding again. What one look says counts at once, whatever becomes of the others."""
        bench, finding = self.bench, part.findings[number]
        instructions = bench.instructions(part.path)
        try:
            kept = await verify(
                bench.asker, prompt, finding, chunk, language=bench.language, instructions=instructions, gate=self.gate
            )
        except CancelledError:
            raise
        except (BudgetError, ProviderError) as error:
            bench.asker.listen(Notice(f"{part.path}: a finding stays unverified: {error.message}"))
            part.unseen[number] = f"a finding was not looked at again: {error.message}"
            return
        del part.waiting[number]
        if kept is None:
            del part.findings[number]
            part.rejected += 1
        else:
            part.findings[number] = hidden(kept, part.hide)

    async def _mended(self, part: Part, number: int, chunk: Chunk, prompt: Prompt) -> None:
        """Ask for a fix of a finding."""
        from contentkit.reviews.suggest import suggest

        bench, finding = self.bench, part.findings[number]
        instructions = bench.instructions(part.path)
        part.findings[number] = await suggest(
            bench.asker, prompt, finding, chunk, language=bench.language, instructions=instructions, gate=self.gate
        )

    async def summary(self) -> str:
        """What the whole change does, from what was seen in its files; "" where one file is all, or no answer came."""
        prompt, files = self.bench.summariser, [file for file in self.summed_up() if file.summary]
        if prompt is None or len(files) < 2:
            return ""
        try:
            return await summarise(
                self.bench.asker, prompt, self.summed_up(), language=self.bench.language, gate=self.gate
            )
        except (BudgetError, ProviderError) as error:
            self.bench.asker.listen(Notice(f"the change is not summed up: {error}"))
            return ""

    def summed_up(self) -> list[About]:
        """The files with what was seen in their parts."""
        said: dict[str, list[str]] = {}
        for part in self.parts:
            if part.examined and part.examined.summary:
                said.setdefault(part.path, []).append(" ".join(visible(part.hide(part.examined.summary)).split()))
        return [replace(file, summary=" ".join(said.get(path, ()))) for path, file in self.files.items()]

    def files_summed_up(self) -> str:
        """The same as a list in Markdown."""
        return "\n".join(f"- `{file.path}`: {file.summary}" for file in self.summed_up() if file.summary)


def _unit(chunk: Chunk, finding: Finding) -> str:
    """The unit that the finding is in; the first one for a finding about the file."""
    place = finding.place
    for unit, hunk in zip(chunk.units, chunk.hunks, strict=True):
        numbers = (line.old if place and place.side == "LEFT" else line.new for line in hunk.lines)
        if place is not None and place.line is not None and place.line in numbers:
            return unit
    return chunk.units[0]
