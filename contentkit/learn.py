"""Samples of an author -> the profile of a voice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contentkit.core.errors import UsageError
from contentkit.core.piece import Reading
from contentkit.core.text.document import document
from contentkit.core.text.languages import language_code, primary
from contentkit.core.text.prose import detect
from contentkit.steps._voice.profile import Profile
from contentkit.steps._voice.profile import learn as profile_of

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


async def learn(kit: Kit, samples: Sequence[str], language: str = "") -> tuple[Profile, Reading]:
    """The voice of the samples, and what was read of them.

    Args:
        samples: references as ``--from`` takes them.
        language: ISO 639-1 code; "" takes that of most of the samples.

    Raises:
        UsageError: a sample can't be read, or none has running text in the language.
    """
    from contentkit.kit.reading import read_all

    reading = await read_all(samples, kit.config.read)
    told = [text.language or detect(text.text) for text in reading.texts]
    language = primary(language_code(language))
    wanted = language or max(sorted(set(told)), key=told.count, default="")
    texts = [text for text, code in zip(reading.texts, told, strict=True) if language or code == wanted]
    try:
        return profile_of([document(text.text, wanted or "en") for text in texts], wanted or "en"), reading
    except ValueError:
        raise UsageError(
            "The samples hold no running text.", hint="Give texts of the author, with whole sentences."
        ) from None
