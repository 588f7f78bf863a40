"""A model as the judge of drafts: against a rubric, and of two drafts which is better, asked in both orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from contentkit.ask import Asker
from contentkit.core.chat import Options
from contentkit.core.piece import Piece

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit
    from contentkit.models.engine import Target

_TOKENS_PER_CRITERION, _TOKENS = 120, 400


class Preference(StrEnum):
    """Which of two drafts is better. A judge that prefers whatever comes first prefers neither."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"
    SWAYED = "swayed by order"


@dataclass(frozen=True)
class Judge:
    """A model that judges. Its cost is that of all questions since ``within``."""

    kit: Kit
    asker: Asker

    @classmethod
    def of(cls, kit: Kit, target: Target) -> Self:
        """A judge that answers as evenly as it can: at temperature 0, where the model takes one."""
        fixed = target.info.sampling is False
        options = Options() if fixed else Options(temperature=0)
        return cls(kit, Asker(kit.prompts, target, kit.engine(), options, kit.config.deadline))

    def within(self, max_cost: float | None) -> Self:
        """The same judge with a fresh account, and a bound on it."""
        return replace(self, asker=replace(self.asker, engine=self.kit.engine(max_cost=max_cost)))

    @property
    def cost(self) -> float | None:
        """US dollars; None is unknown."""
        engine = self.asker.engine
        return 0.0 if engine.usage is None else engine.cost

    async def by_rubric(self, draft: str, rubric: Sequence[str], language: str = "") -> list[bool]:
        """Whether the draft does what each sentence of the rubric says.

        Raises:
            ProviderError, BudgetError: no whole answer could be had.
        """
        data = await self._ask("judge", {"draft": draft, "rubric": list(rubric), "language": language or "en"})
        met = {row["number"]: bool(row["met"]) for row in data["criteria"]}
        return [met.get(number, False) for number in range(1, len(rubric) + 1)]

    async def prefer(self, first: str, second: str, rubric: Sequence[str] = (), language: str = "") -> Preference:
        """Which of two drafts is better, asked once in each order.

        Raises:
            ProviderError, BudgetError: no whole answer could be had.
        """
        fields = {"rubric": list(rubric), "language": language or "en"}
        one = await self._ask("prefer", {**fields, "first": first, "second": second})
        other = await self._ask("prefer", {**fields, "first": second, "second": first})
        back = {"first": "second", "second": "first", "tie": "tie"}[other["better"]]
        if one["better"] == back:
            return Preference(back)
        return Preference.SWAYED if "tie" not in (one["better"], back) else Preference.TIE

    async def _ask(self, name: str, fields: Mapping[str, Any]) -> Any:
        from contentkit.steps import redact

        target = self.asker.target
        piece = redact.before(Piece(name, hosted=target.hosted, fields=dict(fields), host=target.host))
        prompt = self.kit.prompts.get(name, folder="parts", language=str(fields["language"]))
        expected = _TOKENS + _TOKENS_PER_CRITERION * len(fields["rubric"])
        return (await self.asker.whole(self.asker.request(prompt, piece.fields), expected=expected)).data
