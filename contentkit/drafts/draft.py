"""A draft in one answer; a long one as an outline and then section after section, a series piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.article import Wishes
from contentkit.core.article.citations import cited, source_list
from contentkit.core.article.size import written
from contentkit.core.chat import Finish, Notice, Reply, TextDelta, Usage
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.money import total
from contentkit.drafts import divide
from contentkit.drafts.series import is_series, plan_prompt, write_series
from contentkit.drafts.series import preflight as series_preflight
from contentkit.kit.prompts.series import pieces
from contentkit.models.engine import Preflight

if TYPE_CHECKING:
    from contentkit.kit.prompts import Long, Prompt

# Tokens for a word of prose, generous enough for Japanese (where ``length`` counts characters) and for Markdown.
_TOKENS_PER_WORD = 2
_TOKENS_PER_POST, _TOKENS_PER_SECOND_OF_VIDEO, _FORM, _OUTLINE, _FINISH = 400, 12, 800, 1_000, 900
# A text just long enough for an outline has about two sections of it, and none has more or less than so many.
_SECTIONS, _LEAST_SECTIONS, _MOST_SECTIONS = 2, 3, 8
# What a section may be given more or less than planned, so that the whole has the length that was asked.
_LEAST_SHARE, _MOST_SHARE = 0.6, 1.6


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
        return _with_extras(asker, asker.preflight(prompt, fields, expected=expected), fields, expected)
    outline = asker.preflight(first_prompt(asker, prompt, fields), fields, expected=_OUTLINE)
    sections = max(_LEAST_SECTIONS, min(_MOST_SECTIONS, ceil(_SECTIONS * int(fields.get("length") or 0) / plan.over)))
    # Every section reads the material again, and what stands so far: half of the text on average.
    average = Usage(outline.input_tokens + expected // 2, expected // sections)
    section = asker.engine.price(asker.target, average)
    whole = replace(
        outline,
        input_tokens=outline.input_tokens + expected,
        output_tokens=max(_OUTLINE, expected // sections),
        cost=total([outline.cost, *[section] * sections]),
        questions=outline.questions + sections,
    )
    return _with_extras(asker, whole, fields, expected)


def _with_extras(asker: Asker, look: Preflight, fields: Mapping[str, Any], expected: int) -> Preflight:
    """The same with the question for what stands around the text, where one is asked (``finish``): it reads the text
    alone."""
    wishes = Wishes.of(fields)
    if wishes is None or not wishes.asks:
        return look
    price = asker.engine.price(asker.target, Usage(expected + _FINISH, _FINISH))
    return replace(look, cost=total([look.cost, price]), questions=look.questions + 1)


def first_fields(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the first question is rendered from: of a source that is given part after part, its first part."""
    return next(iter(divide.parts_of(asker, prompt, fields)), fields)


def _largest(asker: Asker, prompt: Prompt, parts: Sequence[Mapping[str, Any]]) -> Preflight:
    """Of a source in parts: the tokens of the largest question, and the cost of all."""
    looks = [asker.preflight(prompt, part, expected=divide.expected_tokens(asker, part)) for part in parts]
    cost = total(look.cost for look in looks)
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
    left = [int(section["words"]) for section in outline["sections"]]

    def add(text: str, *, shown: bool = True) -> None:
        nonlocal whole
        whole += text
        if shown:
            asker.listen(TextDelta(text))

    add(f"# {outline['title']}\n")
    for number, section in enumerate(outline["sections"], 1):
        asker.listen(Notice(f"section {number} of {len(outline['sections'])}: {section['heading']}"))
        # A section that ran over or short is made up for by those that follow.
        section = {**section, "words": _share(int(fields.get("length") or 0), whole, left, str(fields["language"]))}
        left.pop(0)
        following = outline["sections"][number] if left else None
        asked = {**fields, "outline": outline, "section": section, "number": number, "so_far": whole, "next": following}
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
    if Wishes.of(fields) is None:  # else it is made when all is checked
        listed = source_list(fields.get("sources") or (), cited(whole), str(fields["language"]))
        add(f"\n{listed}\n" if listed else "")
    return replace(last, text=whole.rstrip("\n"), data=None)


def _plan(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Long | None:
    """How the draft is divided, or None for one answer. What the user wishes goes first (``--outline``)."""
    if prompt.long is None or asker.target.endpoint.like == "offline" or fields.get("outline") is False:
        return None
    wished = fields.get("outline") is True
    return prompt.long if wished or int(fields.get("length") or 0) > prompt.long.over else None


def _share(length: int, whole: str, left: Sequence[int], language: str) -> int:
    """Words for the next section, so that all of it comes to ``length``: its part of what is left, within bounds.

    Args:
        left: the plan of this section and of those after it.
    """
    if not length:
        return left[0]
    rest = (length - written(whole, language)) * left[0] / sum(left)
    return round(max(left[0] * _LEAST_SHARE, min(rest, left[0] * _MOST_SHARE)))


def _headed(text: str, heading: str) -> str:
    """The section under its heading, whether or not the model wrote the heading."""
    return text if text.startswith("#") or not heading else f"## {heading}\n\n{text}"
