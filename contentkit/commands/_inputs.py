"""Commands that write pieces of any kind, whose inputs are no options there: an error that says where they go."""

from __future__ import annotations

from typing import Any

import click

from contentkit.core.errors import ContentkitError


class TakesInputs(click.Command):
    """A command whose kind is not known before its options are read.

    Args:
        inputs: how an input is given to it, with "{}" for its name.
    """

    def __init__(self, *words: Any, inputs: str, **more: Any) -> None:
        super().__init__(*words, **more)
        self.inputs = inputs

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As ever; an option that ``contentkit write`` has for a kind is told by its place here."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name.lstrip("-").replace("-", "_")
            if name not in _inputs():
                raise
            way = self.inputs.format(name)
            raise click.UsageError(
                f"{error.option_name} is an input of a kind, and no option here: {way}.", ctx
            ) from None


def _inputs() -> set[str]:
    """The inputs of all kinds that can be found from here."""
    from contentkit.kit.config import load
    from contentkit.kit.prompts import Prompts

    try:
        prompts = Prompts.of(load())
        found = [prompts.get(kind) for kind in prompts.kinds()]
    except ContentkitError:  # a broken file says so where it is used
        return set()
    return {item.name for prompt in found for item in (*prompt.common, *prompt.inputs)}
