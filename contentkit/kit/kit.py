"""The composition root: everything a verb needs, built once and handed down."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from contentkit.core.contracts import Provider, ProviderModule, Step
from contentkit.core.errors import UsageError
from contentkit.core.nearest import nearest
from contentkit.core.piece import Reading
from contentkit.core.text.counting import Rule
from contentkit.kit.config import Config, load
from contentkit.kit.plugins import Shelf, shelf
from contentkit.models.engine import Engine, Target
from contentkit.models.pace import Pace
from contentkit.models.purse import Purse
from contentkit.models.record import Record

if TYPE_CHECKING:
    from contentkit.kit.cache import ReplyCache
    from contentkit.kit.choose import Choice
    from contentkit.kit.history import History
    from contentkit.kit.prompts import Prompts
    from contentkit.models.catalogue import Catalogue


@dataclass
class Kit:
    """Configuration, shelves, prompts, catalogue, history.

    ``async with Kit.load() as kit`` closes connections at the end. A test hands in its own ``providers``.

    Attributes:
        history: None keeps none.
        cache: None asks every time.
        providers: by name; filled at first use.
        paces: provider -> how fast it is asked; filled at first use.
        readings: sources that were read already, by reference: those that many pieces share.
        purse: the bound that many pieces keep together; None gives each run its own.
        record: where questions and replies are put down; None keeps none.
    """

    config: Config
    catalogue: Catalogue
    prompts: Prompts
    history: History | None = None
    cache: ReplyCache | None = None
    providers: dict[str, Provider] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    purse: Purse | None = None
    record: Record | None = None

    @classmethod
    def load(
        cls,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        *,
        history: bool | None = None,
        cache: bool | None = None,
    ) -> Self:
        """The kit of a folder: its configuration, and what it needs opened lazily.

        Args:
            history, cache: None takes the configuration's word.

        Raises:
            UsageError: a configuration file is wrong.
        """
        from contentkit.kit.cache import ReplyCache
        from contentkit.kit.history import History
        from contentkit.kit.prompts import Prompts
        from contentkit.models.catalogue import Catalogue

        config = load(cwd, os.environ if env is None else env)
        keeps = config.history if history is None else history
        return cls(
            config,
            Catalogue.load(config.catalogue_path),
            Prompts.of(config),
            History(config.history_path, config.keys()) if keeps else None,
            ReplyCache(config.cache_path, hide=config.keys()) if (config.cache if cache is None else cache) else None,
        )

    def engine(self, *, max_cost: float | None = None) -> Engine:
        """A fresh account for one piece, within the bound of the run."""
        purse = self.purse or Purse(self.bound(max_cost))
        return Engine(purse=purse, cache=self.cache, record=self.record, pace=self.pace)

    def bound(self, max_cost: float | None = None) -> float | None:
        """US dollars that a run may cost: the lower of what was asked and what is configured; None for no bound."""
        return min((bound for bound in (max_cost, self.config.max_cost) if bound is not None), default=None)

    def pace(self, target: Target) -> Pace:
        """How fast the target's provider may be asked, by its stanza."""
        name, said = target.endpoint.name, target.endpoint.settings
        if name not in self.paces:
            self.paces[name] = Pace(requests=said.get("requests_per_minute"), tokens=said.get("tokens_per_minute"))
        return self.paces[name]

    def replies(self) -> ReplyCache:
        """The replay cache, opened for this run where the kit has none."""
        from contentkit.kit.cache import ReplyCache

        if self.cache is None:
            self.cache = ReplyCache(self.config.cache_path, hide=self.config.keys())
        return self.cache

    async def choose(self, asked: str = "", preferred: Sequence[str] = (), *, named: bool = False) -> Choice:
        """The model to ask, and why, in the documented order."""
        from contentkit.kit.choose import choose

        return await choose(self.config, asked=asked, preferred=preferred, named=named)

    def provider(self, name: str) -> Provider:
        """The provider called ``name``, connected at first use.

        Raises:
            UsageError: nothing is called so.
        """
        if name not in self.providers:
            endpoint = self.config.endpoint(name)
            modules: Shelf[ProviderModule] = shelf("providers")
            self.providers[name] = modules.get(endpoint.like).connect(endpoint)
        return self.providers[name]

    def target(self, model: str) -> Target:
        """The model called ``provider:name``; ``offline`` alone will do.

        Raises:
            UsageError: no such provider, or no model named.
        """
        provider, _, name = model.partition(":")
        if provider not in self.providers and provider not in self.config.providers:
            raise self._unknown(model)
        if not name:
            name = "draft" if provider == "offline" else self.catalogue.default(provider)
        if not name:
            raise UsageError(
                f"Which model of {provider}?", hint=f"Say --model {provider}:NAME (contentkit models check lists them)."
            )
        asked, info = self.provider(provider), self.catalogue.info(provider, name)
        if asked.endpoint.like == "transformers":
            from contentkit.models.local import informed

            info = informed(info)
        return Target(asked, info)

    def rules(self) -> dict[str, Rule]:
        """The limits of every platform, with the configuration's overrides."""
        from contentkit.steps.limits import rules

        return rules(self.config.rules)

    def step(self, name: str) -> Step:
        """The step called ``name``."""
        steps: Shelf[Step] = shelf("steps")
        return steps.get(name)

    def checks(self) -> tuple[str, ...]:
        """Names of the steps that only look, without those that the configuration skips."""
        steps: Shelf[Step] = shelf("steps")
        for name in self.config.check.skip:
            steps.get(name)  # a check that does not exist is skipped by nobody who can spell it
        names = (name for name in steps.names() if name not in self.config.check.skip)
        return tuple(name for name in names if getattr(steps.get(name), "CHECK", False))

    def check_settings(self) -> dict[str, Mapping[str, Any]]:
        """Name of a step -> what the configuration and the files that it names say for it.

        Raises:
            UsageError: a file can't be read, or a step does not take what is said.
        """
        from contentkit.kit.tables import read_table

        said: dict[str, Mapping[str, Any]] = dict(self.config.check.settings)
        for name, path in (("style", self.config.check.style), ("voice", self.config.check.voice)):
            if path is not None:
                said[name] = {**said.get(name, {}), **read_table(path)}
        # What runs programs is the user's own to say, so the guide's word for it does not count.
        said["style"] = {**said.get("style", {}), "tools": self.config.check.tools}
        for name, table in said.items():
            if reads := getattr(self.step(name), "settings", None):
                reads(table)
            else:
                raise UsageError(f"The check {name!r} has no settings.", hint=f"Remove [check.settings.{name}].")
        return said

    def told(self, language: str) -> tuple[str, ...]:
        """What a model hears before it writes of what will be checked: the style guide and the voice, a line each."""
        said = self.check_settings()
        tells = ((getattr(self.step(name), "told", None), table) for name, table in said.items())
        return tuple(line for tell, table in tells if tell for line in tell(table, language))

    def _unknown(self, model: str) -> UsageError:
        known = [*self.config.providers, *(info.id for info in self.catalogue.all())]
        bare = [info.id for info in self.catalogue.all() if info.name == model]
        near = bare[0] if bare else nearest(model, known)
        hint = f"Did you mean {near!r}?" if near else "See contentkit models list."
        return UsageError(f"There is no model called {model!r}; a model is PROVIDER:NAME.", hint=hint)

    async def aclose(self) -> None:
        """Close every connection, and the replay cache."""
        for provider in self.providers.values():
            await provider.aclose()
        self.providers.clear()
        if self.cache is not None:
            self.cache.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
