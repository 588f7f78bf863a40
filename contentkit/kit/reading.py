"""What ``--from`` names, read by the first source that takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from contentkit.core.contracts import Source
from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading, ReadLimits
from contentkit.kit.plugins import shelf

_FIRST = ("git", "diff", "web", "documents")
_LAST = "text"
"""Takes everything as a path; so plugins are asked before it, in the order of their names."""


_NONE: Mapping[str, Reading] = MappingProxyType({})


async def read_all(references: Sequence[str], limits: ReadLimits, known: Mapping[str, Reading] = _NONE) -> Reading:
    """Everything that the references name, in their order; a text that two of them name is read once.

    Args:
        known: what was read already, by reference.

    Raises:
        UsageError: a reference can't be read at all.
    """
    if references.count("-") > 1:
        raise UsageError("--from - can stand only once; the standard input is read to its end.")
    reading = Reading()
    for reference in dict.fromkeys(references):
        one = known[reference] if reference in known else await source_of(reference).read(reference, limits)
        origins = {text.origin for text in reading.texts}
        told = {unit.name for unit in reading.covered}
        reading += Reading(
            tuple(text for text in one.texts if text.origin not in origins),
            tuple(unit for unit in one.covered if unit.name not in told),
            one.notices,
        )
    return reading


def source_of(reference: str) -> Source:
    """The source that reads the reference."""
    return next(source for source in _sources() if source.takes(reference))


def _sources() -> Iterator[Source]:
    """Imported one by one, so that a file on disk loads neither pygit2 nor an HTTP client."""
    sources = shelf("sources")
    others = [name for name in sources.names() if name not in (*_FIRST, _LAST)]
    yield from sources.working((*_FIRST, *others, _LAST))
