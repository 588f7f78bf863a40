"""Several pieces of one campaign: a plan first, then each piece in sight of the plan and of what stands already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.chat import Finish, Notice, Reply, Schema, Usage
from contentkit.core.errors import CancelledError, ContentkitError
from contentkit.core.mail.letter import usual_days
from contentkit.core.money import total
from contentkit.kit.prompts.series import DAY, pieces
from contentkit.models.engine import Preflight

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Series

_PLAN_TOKENS = 250  # of each piece in the plan


def is_series(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> bool:
    """Whether the pieces are asked for one by one. The embedded engine makes them in one go."""
    return pieces(prompt, fields) > 1 and asker.target.endpoint.like != "offline"


def plan_prompt(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Prompt:
    """The prompt of the plan, whose answer has as many pieces as were asked for."""
    series = _series(prompt)
    plan = asker.prompts.get(series.plan, folder="parts", language=str(fields["language"]))
    if plan.schema is None:
        return plan
    body, number = deepcopy(dict(plan.schema.body)), pieces(prompt, fields)
    body["properties"][series.count] |= {"minItems": number, "maxItems": number}
    return replace(plan, schema=Schema(plan.schema.name, body))


def preflight(asker: Asker, prompt: Prompt, fields: Mapping[str, Any], *, expected: int) -> Preflight:
    """What all of it will take: the tokens of the largest question, and the cost of all.

    Args:
        expected: tokens of all pieces together.
    """
    number = pieces(prompt, fields)
    planned = _PLAN_TOKENS * number
    plan = asker.preflight(plan_prompt(asker, prompt, fields), fields, expected=planned)
    # Every piece reads the material again, the plan, and what stands so far: half of all on average.
    piece = asker.engine.price(asker.target, Usage(plan.input_tokens + planned + expected // 2, expected // number))
    return replace(
        plan,
        input_tokens=plan.input_tokens + planned + expected,
        output_tokens=max(planned, expected // number),
        cost=total([plan.cost, *[piece] * number]),
        questions=1 + number,
    )


async def write_series(asker: Asker, prompt: Prompt, fields: Mapping[str, Any], *, expected: int) -> Reply:
    """The pieces as one structured answer.

    A failure after a piece was written gives back what stands, with finish ``error`` or ``cancelled``.

    Raises:
        ProviderError, BudgetError: see ``Engine.ask``; nothing was written.
    """
    series, number = _series(prompt), pieces(prompt, fields)
    asker.listen(Notice(f"planning {number} {series.count} first"))
    planned = await asker.ask(plan_prompt(asker, prompt, fields), fields, expected=_PLAN_TOKENS * number, listen=silent)
    if planned.finish is not Finish.STOP:
        return planned
    rows = planned.data[series.count]
    days, told = _days([row[DAY] for row in rows])
    if told:
        asker.listen(Notice(told))
    plan = {**planned.data, series.count: [{**row, DAY: day} for row, day in zip(rows, days, strict=True)]}
    return await _one_by_one(asker, prompt, fields, plan, planned, expected=expected // number)


async def _one_by_one(
    asker: Asker, prompt: Prompt, fields: Mapping[str, Any], plan: Mapping[str, Any], last: Reply, *, expected: int
) -> Reply:
    key, question = _series(prompt).count, _piece_prompt(asker, prompt, fields)
    made: list[dict[str, Any]] = []
    for number, row in enumerate(plan[key], 1):
        asker.listen(Notice(f"{number} of {len(plan[key])}, day {row[DAY]}: {row['message']}"))
        asked = {**fields, "plan": plan, "piece": row, "number": number, "so_far": tuple(made)}
        try:
            last = await asker.ask(question, asked, expected=expected, listen=silent)
        except ContentkitError as error:
            if not made:
                raise
            finish = Finish.CANCELLED if isinstance(error, CancelledError) else Finish.ERROR
            return _whole(replace(last, finish=finish, detail=str(error)), key, made)
        if last.finish is not Finish.STOP:
            return _whole(last, key, made) if made else last
        made.append({DAY: row[DAY], **last.data})
    return _whole(last, key, made)


def _whole(last: Reply, key: str, made: Sequence[Mapping[str, Any]]) -> Reply:
    data = {key: list(made)}
    return replace(last, text=json.dumps(data, ensure_ascii=False), data=data)


def _piece_prompt(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Prompt:
    """The question for one piece, whose answer is that of the kind without the day, which the plan has."""
    series = _series(prompt)
    part = asker.prompts.get(series.part, folder="parts", language=str(fields["language"]))
    assert prompt.schema is not None
    piece = prompt.schema.body["properties"][series.count]["items"]
    alone = {
        **piece,
        "properties": {name: value for name, value in piece["properties"].items() if name != DAY},
        "required": [name for name in piece["required"] if name != DAY],
    }
    return replace(part, schema=Schema(prompt.schema.name.removesuffix("_series"), alone))


def _days(days: Sequence[int]) -> tuple[Sequence[int], str]:
    """The plan's days if they begin with 0 and go up; else the usual ones, and what to say of it."""
    if days[0] == 0 and all(one < other for one, other in pairwise(days)):
        return days, ""
    return usual_days(len(days)), "the days of the plan do not go up from 0, so the usual ones are taken"


def _series(prompt: Prompt) -> Series:
    assert prompt.series is not None
    return prompt.series
