"""One question end to end: a prompt is rendered, a model answers, the answer is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contentkit.core.chat import Options, Reply, Request
from contentkit.models.engine import Engine, Listen, Preflight, Target

if TYPE_CHECKING:
    from contentkit.kit.prompts import Prompt, Prompts


def silent(_: object) -> None:
    """A listener that hears nothing."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What all questions of a run share.

    Attributes:
        deadline: seconds for one question, retries included.
        listen: hears every event as it comes.
    """

    prompts: Prompts
    target: Target
    engine: Engine
    options: Options = Options()
    deadline: float = 600.0
    listen: Listen = silent

    def request(self, prompt: Prompt, fields: Mapping[str, Any]) -> Request:
        """The question, rendered but not sent."""
        return Request(
            self.target.info.name,
            self.prompts.render(prompt, fields),
            {**fields, "kind": prompt.name, "form": prompt.form},
            self._options(prompt),
            prompt.schema,
            self.deadline,
            self.target.info,
        )

    def preflight(self, prompt: Prompt, fields: Mapping[str, Any], *, expected: int) -> Preflight:
        """What the question would take."""
        return self.engine.preflight(self.target, self.request(prompt, fields), expected=expected)

    async def ask(
        self, prompt: Prompt, fields: Mapping[str, Any], *, expected: int, listen: Listen | None = None
    ) -> Reply:
        """Ask with ``prompt`` rendered from ``fields``.

        Raises:
            ProviderError, BudgetError: see ``Engine.ask``.
        """
        request = self.request(prompt, fields)
        return await self.engine.ask(self.target, request, expected=expected, listen=listen or self.listen)

    def _options(self, prompt: Prompt) -> Options:
        """The user's wishes over the prompt's own."""
        wishes = {name: value for name, value in prompt.options.items() if getattr(self.options, name) in (None, ())}
        return replace(self.options, **wishes)
