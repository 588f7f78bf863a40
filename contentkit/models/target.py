"""A model and the way to it, and what a question to it will take."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from contentkit.core.contracts import Provider
from contentkit.core.model import Endpoint, ModelInfo


@dataclass(frozen=True, slots=True)
class Target:
    """A model and the way to it."""

    provider: Provider
    info: ModelInfo

    @property
    def endpoint(self) -> Endpoint:
        return self.provider.endpoint

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def hosted(self) -> bool:
        """The text leaves this machine. Ollama passes its cloud models on to its own servers."""
        passed_on = self.endpoint.like == "ollama" and self.info.name.endswith(("-cloud", ":cloud"))
        return passed_on or not self.endpoint.local

    @property
    def host(self) -> str:
        """The machine that the text is sent to; "" when it stays here."""
        return (urlsplit(self.endpoint.url).hostname or self.endpoint.name) if self.hosted else ""

    @property
    def free(self) -> bool:
        """Runs in this process or in a well-known local server: nobody sends a bill."""
        return not self.hosted and (not self.endpoint.url or bool(self.endpoint.settings.get("probe")))


@dataclass(frozen=True, slots=True)
class Preflight:
    """What one or more questions will take, before they are sent. All numbers are estimates.

    Attributes:
        input_tokens, output_tokens: expected of the largest question.
        error: relative error of the input estimate (0.2 is +-20 %).
        window: the model's window in tokens, or None when unknown.
        cost: US dollars for all questions, or None when the price is unknown.
        questions: how many there will be.
    """

    input_tokens: int
    output_tokens: int
    error: float
    window: int | None
    cost: float | None
    questions: int = 1

    @property
    def fits(self) -> bool:
        """Whether every question fits the model's window, as far as that is known."""
        return self.window is None or self.fits_in(self.window)

    def fits_in(self, window: int) -> bool:
        """Whether it fits ``window`` tokens even if the estimate is as low as its error allows."""
        return self.input_tokens * (1 + self.error) + self.output_tokens <= window
