"""A part of a change and lenses -> findings: one question for each lens and sample, side by side."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker
from contentkit.code.anchors import resolve
from contentkit.code.chunks import Chunk
from contentkit.code.facts import facts, near
from contentkit.core.agree import agreed
from contentkit.core.chat import Notice, Request
from contentkit.core.errors import BudgetError, CancelledError, ContentkitError, ProviderError, UsageError
from contentkit.core.report import Finding, Severity
from contentkit.kit.prompts import NOT_LENSES

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Prompts

EXPECTED = 600
"""Tokens of an answer, as estimated: most are an empty list, a few are long."""

_SUMMARY = 250
_MOST_FILES = 200

_CATEGORIES = {"bugs": "bug", "design": "maintenance"}
_SEVERITIES = {
    Severity.CRITICAL: "critical blocker severe fatal highest",
    Severity.MAJOR: "major high important serious error significant",
    Severity.MINOR: "minor medium moderate low warning small",
    Severity.INFO: "info informational information note notice nit trivial hint suggestion",
}
_WORDS = {word: severity for severity, words in _SEVERITIES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Examined:
    """What the lenses found in one part of a change.

    Attributes:
        findings: not verified yet; on lines that changed, or on the file.
        failed: which lenses gave no answer and why; "" when each gave one.
        dropped: findings whose place was nowhere in this part.
        demoted: findings moved to the file, since their lines were wrong.
        relocated: findings whose mark was wrong and whose quote told the place.
        summary: what this part does, in a sentence of the model, or "".
    """

    findings: tuple[Finding, ...] = ()
    failed: str = ""
    dropped: int = 0
    demoted: int = 0
    relocated: int = 0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one file when the whole change is summed up.

    Attributes:
        status: "modified" and so on.
        added, deleted: lines.
        note: why it was not reviewed, or what else happened to it.
        summary: what was seen in it.
    """

    path: str
    status: str
    added: int
    deleted: int
    note: str = ""
    summary: str = ""


@dataclass(slots=True)
class _Answers:
    """The samples of one lens, by their numbers: which came first must make no difference."""

    lens: str
    samples: dict[int, list[Finding]] = field(default_factory=dict)
    summaries: dict[int, str] = field(default_factory=dict)
    errors: list[ContentkitError] = field(default_factory=list)
    how: Counter[str] = field(default_factory=Counter)

    @property
    def findings(self) -> list[list[Finding]]:
        """Those of each answer that came."""
        return [self.samples[number] for number in sorted(self.samples)]

    @property
    def summary(self) -> str:
        """What the first answer says that says something."""
        return next(filter(None, (self.summaries[number] for number in sorted(self.summaries))), "")


def lenses(prompts: Prompts, names: Sequence[str], language: str = "") -> tuple[Prompt, ...]:
    """The lenses called ``names``, each of them once.

    Raises:
        UsageError: there is none of that name, or its file asks for no findings.
    """
    found = []
    for name in dict.fromkeys(names):
        prompt = prompts.get(name, "review", language)
        if name in NOT_LENSES:
            raise UsageError(f"{name!r} is no lens.", hint=f"Lenses: {', '.join(lens_names(prompts))}.")
        if prompt.schema is None or "findings" not in prompt.schema.body.get("properties", {}):
            raise UsageError(
                f"{prompt.path} asks for no findings.", hint="Put 'extends: bugs' into its front matter for the schema."
            )
        found.append(prompt)
    return tuple(found)


def lens_names(prompts: Prompts) -> list[str]:
    """Every lens that can be asked for. Reads no file."""
    return [name for name in prompts.kinds("review") if name not in NOT_LENSES]


async def examine(
    asker: Asker,
    lenses: Sequence[Prompt],
    chunk: Chunk,
    *,
    told: Sequence[Finding] = (),
    instructions: str = "",
    samples: int = 1,
    language: str = "en",
    gate: asyncio.Semaphore | None = None,
) -> Examined:
    """Ask each lens about ``chunk``.

    A lens that fails is named in ``failed``; what the others found is kept, also when money or allowance ran out
    between them.

    Args:
        told: what analyzers found in this file; what stands on other lines is left out.
        instructions: the project's rules.
        samples: answers for each lens; findings at one place are one, and the share of the answers that had it is its
            confidence.
        gate: bounds how many questions of a run are under way.

    Raises:
        BudgetError, ProviderError (a lasting one): no lens answered, and none will.
        CancelledError: stopped by the user.
        UsageError: a prompt file is wrong.
    """
    fields = {**facts(chunk), "told": near(chunk, told), "instructions": instructions, "language": language}
    answers = [_Answers(lens.name) for lens in lenses]
    try:
        async with asyncio.TaskGroup() as group:
            for lens, answer in zip(lenses, answers, strict=True):
                request = asker.request(lens, {**fields, "lens": lens.name}, {"chunk": chunk})
                for sample in range(samples):
                    group.create_task(_sample(asker, request, sample, chunk, answer, gate))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None  # the first stopped the others
    _give_up(answers)
    merged = [finding for answer in answers for finding in agreed(answer.findings)]
    how = sum((answer.how for answer in answers), Counter[str]())
    why: dict[str, list[str]] = {}
    for answer in answers:
        if not answer.findings and answer.errors:
            why.setdefault(answer.errors[0].message, []).append(answer.lens)
    failed = [f"{', '.join(names)}: {message}" for message, names in why.items()]
    summary = next((answer.summary for answer in answers if answer.summary), "")
    return Examined(tuple(merged), "; ".join(failed), how[""], how["file"], how["quote"], summary)


async def summarise(
    asker: Asker,
    prompt: Prompt,
    parts: Sequence[Part],
    *,
    language: str = "en",
    gate: asyncio.Semaphore | None = None,
) -> str:
    """What the whole change does, in a few sentences of Markdown, from what is known of its files.

    Of a change of very many files the largest are named, and the others counted.

    Raises:
        BudgetError, ProviderError: there is no answer.
        UsageError: the prompt file is wrong.
    """
    largest = sorted(parts, key=lambda part: -(part.added + part.deleted))[:_MOST_FILES]
    fields = {
        "files": tuple(part for part in parts if part in largest),
        "more": len(parts) - len(largest),
        "added": sum(part.added for part in parts),
        "deleted": sum(part.deleted for part in parts),
        "language": language,
    }
    reply = await asker.whole(asker.request(prompt, fields), expected=_SUMMARY, gate=gate)
    return reply.text.strip()


def _give_up(answers: Sequence[_Answers]) -> None:
    """Raise what will stop all further questions too, unless there are answers to keep."""
    if any(answer.findings for answer in answers):
        return
    for error in (error for answer in answers for error in answer.errors):
        if isinstance(error, BudgetError) or (isinstance(error, ProviderError) and error.lasting):
            raise error


async def _sample(
    asker: Asker, request: Request, number: int, chunk: Chunk, answers: _Answers, gate: asyncio.Semaphore | None
) -> None:
    try:
        reply = await asker.whole(_varied(asker, request, number), expected=EXPECTED, gate=gate)
    except CancelledError:
        raise
    except (BudgetError, ProviderError) as error:
        answers.errors.append(error)
        asker.listen(Notice(f"a question got no answer: {error}"))  # the report tells which part and lens
        return
    answers.summaries[number] = str(reply.data.get("summary") or "").strip()
    answers.samples[number] = _read(reply.data.get("findings") or (), chunk, answers)


def _varied(asker: Asker, request: Request, sample: int) -> Request:
    """The first sample as the prompt has it; the others with another seed and some freedom, or they would be equal.

    The seed also tells them apart in the replay cache, for models that take none.
    """
    if sample == 0:
        return request
    options = replace(request.options, seed=(request.options.seed or 0) + sample)
    if asker.target.info.sampling is not False:
        options = replace(options, temperature=max(options.temperature or 0.0, 0.7))
    return replace(request, options=options)


def _read(items: Sequence[Mapping[str, Any]], chunk: Chunk, answers: _Answers) -> list[Finding]:
    findings = []
    for item in items:
        text = {name: str(item.get(name) or "").strip() for name in ("message", "scenario", "category")}
        if not text["message"]:
            continue
        placed = resolve(
            chunk,
            anchor=str(item.get("anchor") or ""),
            end=str(item.get("end_anchor") or ""),
            quote=str(item.get("quote") or ""),
        )
        answers.how[placed.how] += 1
        if placed.place is not None and placed.how:
            findings.append(
                Finding(
                    f"{answers.lens}/{_slug(text['category'])}",
                    text["message"],
                    severity(item.get("severity")),
                    placed.place,
                    _CATEGORIES.get(answers.lens, answers.lens),
                    confidence=_confidence(item.get("confidence")),
                    verified=False,
                    scenario=text["scenario"],
                )
            )
    return findings


def severity(word: object) -> Severity:
    """The severity that a model means; minor where it says nothing that we know."""
    return _WORDS.get(re.sub(r"[^a-z]", "", str(word).lower()), Severity.MINOR)


def _confidence(value: object) -> float:
    """0 to 1; per cent are understood, and what is no number is one half."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value:
        return 0.5
    return round(min(1.0, max(0.0, value / 100 if 1 < value <= 100 else value)), 3)


def _slug(category: str) -> str:
    """A category as the second half of a rule's id."""
    return re.sub(r"[^a-z0-9]+", "-", category.lower()).strip("-")[:40].strip("-") or "other"
