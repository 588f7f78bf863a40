"""A draft in one answer; a long one as an outline and then section after section, a series piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from contentkit import divide
from contentkit.ask import Asker, silent
from contentkit.core.chat import Finish, Notice, Reply, TextDelta, Usage
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.kit.prompts.series import pieces
from contentkit.models.engine import Preflight
from contentkit.series import is_series, plan_prompt, write_series
from contentkit.series import preflight as series_preflight

if TYPE_CHECKING:
    from contentkit.kit.prompts import Long, Prompt

# Tokens for a word of prose, generous enough for Japanese (where ``length`` counts characters) and for Markdown.
_TOKENS_PER_WORD = 2
_TOKENS_PER_POST, _TOKENS_PER_SECOND_OF_VIDEO, _FORM, _OUTLINE = 400, 12, 800, 1_000
# A text just long enough for an outline has about so many sections; longer ones have more of the same size.
_LEAST_SECTIONS = 4


def expected_tokens(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> int:
    """About how many tokens the whole draft will have: an estimate for windows and prices, never a bound."""
    info = asker.target.info
    tokens = (
        _FORM
        + _TOKENS_PER_WORD * int(fields.get("length") or 0)
        + _TOKENS_PER_POST * len(fields.get("platforms") or ())
        + _TOKENS_PER_SECOND_OF_VIDEO * int(fields.get("duration") or 0)
    )
    tokens *= pieces(prompt, fields)
    if info.reasoning:
        tokens *= 2
    return min(tokens, info.max_output or tokens, (info.context_window or tokens * 4) // 2)


def first_prompt(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Prompt:
    """The prompt of the first question: that of the outline where one is written first."""
    if is_series(asker, prompt, fields):
        return plan_prompt(asker, prompt, fields)
    plan = _plan(asker, prompt, fields)
    return asker.prompts.get(plan.outline, folder="parts", language=str(fields["language"])) if plan else prompt


def preflight(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Preflight:
    """What the draft will take: the tokens of its largest question, and the cost of all."""
    if parts := divide.parts_of(asker, prompt, fields):
        return _largest(asker, prompt, parts)
    expected, plan = expected_tokens(asker, prompt, fields), _plan(asker, prompt, fields)
    if is_series(asker, prompt, fields):
        return series_preflight(asker, prompt, fields, expected=expected)
    if plan is None:
        return asker.preflight(prompt, fields, expected=expected)
    outline = asker.preflight(first_prompt(asker, prompt, fields), fields, expected=_OUTLINE)
    sections = ceil(_LEAST_SECTIONS * int(fields["length"]) / plan.over)
    # Every section reads the material again, and what stands so far: half of the text on average.
    average = Usage(outline.input_tokens + expected // 2, expected // sections)
    section = asker.engine.price(asker.target, average)
    return replace(
        outline,
        input_tokens=outline.input_tokens + expected,
        output_tokens=max(_OUTLINE, expected // sections),
        cost=None if outline.cost is None or section is None else outline.cost + sections * section,
        questions=1 + sections,
    )


def first_fields(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the first question is rendered from: of a source that is given part after part, its first part."""
    return next(iter(divide.parts_of(asker, prompt, fields)), fields)


def _largest(asker: Asker, prompt: Prompt, parts: Sequence[Mapping[str, Any]]) -> Preflight:
    """Of a source in parts: the tokens of the largest question, and the cost of all."""
    looks = [asker.preflight(prompt, part, expected=divide.expected_tokens(asker, part)) for part in parts]
    costs = [look.cost for look in looks if look.cost is not None]
    cost = sum(costs) if len(costs) == len(looks) else None
    return replace(max(looks, key=lambda look: look.input_tokens), cost=cost, questions=len(looks))


async def write_draft(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Reply:
    """The answer to ``prompt``: section by section where the kind says so and the length asks for it, and piece by
    piece where several are asked for.

    A failure after some were written gives them back, with finish ``error`` or ``cancelled``.

    Raises:
        ProviderError, BudgetError: see ``Engine.ask``.
    """
    if parts := divide.parts_of(asker, prompt, fields):
        return await divide.write_by_parts(asker, prompt, parts)
    expected = expected_tokens(asker, prompt, fields)
    if is_series(asker, prompt, fields):
        return await write_series(asker, prompt, fields, expected=expected)
    plan = _plan(asker, prompt, fields)
    if plan is None:
        return await asker.ask(prompt, fields, expected=expected)
    asker.listen(Notice("writing an outline first"))
    # The outline is a plan, not a part of the text: what it streams is not shown.
    reply = await asker.ask(first_prompt(asker, prompt, fields), fields, expected=_OUTLINE, listen=silent)
    if reply.finish is not Finish.STOP:
        return reply
    return await _by_sections(asker, plan, fields, reply)


async def _by_sections(asker: Asker, plan: Long, fields: Mapping[str, Any], planned: Reply) -> Reply:
    prompt = asker.prompts.get(plan.section, folder="parts", language=str(fields["language"]))
    outline, last, whole = planned.data, planned, ""

    def add(text: str, *, shown: bool = True) -> None:
        nonlocal whole
        whole += text
        if shown:
            asker.listen(TextDelta(text))

    add(f"# {outline['title']}\n")
    for number, section in enumerate(outline["sections"], 1):
        asker.listen(Notice(f"section {number} of {len(outline['sections'])}: {section['heading']}"))
        asked = {**fields, "outline": outline, "section": section, "number": number, "so_far": whole}
        try:
            add("\n")
            last = await asker.ask(prompt, asked, expected=_TOKENS_PER_WORD * int(section["words"]) + 200)
        except ContentkitError as error:
            if number == 1:
                raise
            finish = Finish.CANCELLED if isinstance(error, CancelledError) else Finish.ERROR
            return replace(last, text=whole.rstrip("\n"), data=None, finish=finish, detail=str(error))
        add(_headed(last.text.strip(), str(section["heading"])), shown=False)
        add("\n")
        if last.finish is not Finish.STOP:
            return replace(last, text=whole.rstrip("\n"), data=None)
    add(_source_list(whole, fields))
    return replace(last, text=whole.rstrip("\n"), data=None)


def _plan(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Long | None:
    """How the draft is divided, or None for one answer."""
    if prompt.long is None or asker.target.endpoint.like == "offline":
        return None
    return prompt.long if int(fields.get("length") or 0) > prompt.long.over else None


def _headed(text: str, heading: str) -> str:
    """The section under its heading, whether or not the model wrote the heading."""
    return text if text.startswith("#") or not heading else f"## {heading}\n\n{text}"


def _source_list(text: str, fields: Mapping[str, Any]) -> str:
    """The closing list of the sources whose marks stand in the text; no section could write it alone."""
    used = [
        f"- [{number}] {source.title or source.origin}"
        for number, source in enumerate(fields.get("sources") or (), 1)
        if f"[{number}]" in text
    ]
    heading = "出典" if fields["language"] == "ja" else "Sources"
    return f"\n## {heading}\n\n" + "\n".join(used) + "\n" if used else ""
