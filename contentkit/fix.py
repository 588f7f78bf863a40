"""Files -> the same files with what is safe to put right put right: every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.check import CheckOptions, findings_in, texts_of
from contentkit.core.errors import UsageError
from contentkit.core.piece import STDIN, SourceText
from contentkit.core.report import Finding
from contentkit.core.text.decode import BOMS, codec_of, decode
from contentkit.core.text.fixes import settled

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit


@dataclass(frozen=True, slots=True)
class FixedFile:
    """What became of one file.

    Attributes:
        name: as the user called it; ``STDIN`` has no file.
        data: its bytes after the fixes, in its own encoding.
        refused: why it can't be fixed, or "".
    """

    name: str
    before: str
    after: str
    data: bytes = b""
    applied: tuple[Finding, ...] = ()
    refused: str = ""


async def fix(kit: Kit, files: Sequence[str], options: CheckOptions) -> list[FixedFile]:
    """Every text that the checks can put right, with it put right. Nothing is written.

    Raises:
        UsageError: as ``check``.
    """
    texts, material = await texts_of(kit, files, options)
    return [_fixed(kit, text, options, material) for text in texts]


def _fixed(kit: Kit, text: SourceText, options: CheckOptions, material: tuple[SourceText, ...]) -> FixedFile:
    def look(words: str) -> Sequence[Finding]:
        return tuple(findings_in(kit, replace(text, text=words), options, material))

    done = settled(text.text, look, text.origin)
    made = FixedFile(text.origin, text.text, done.text, applied=done.applied)
    return encoded(made)


def encoded(made: FixedFile) -> FixedFile:
    """The file with its bytes, if they say nothing but the text that was checked. What was piped in has none."""
    if made.name == STDIN or made.before == made.after:
        return made
    try:
        data = Path(made.name).expanduser().read_bytes()
        read = decode(data, name=made.name)
    except (OSError, UsageError):
        return replace(made, after=made.before, applied=(), refused=f"{made.name} is no text file that can be written")
    mark = next((mark for mark, _ in BOMS if data.startswith(mark)), b"")
    codec = codec_of(read.encoding)
    if read.text != made.before or mark + made.before.encode(codec) != data:
        said = f"{made.name} was converted to be read; put it right in the program that made it"
        return replace(made, after=made.before, applied=(), refused=said)
    try:
        return replace(made, data=mark + made.after.encode(codec))
    except UnicodeEncodeError as error:
        sign = made.after[error.start]
        said = f"{made.name} is written in {read.encoding}, which has no {sign!r}; save it as UTF-8 first"
        return replace(made, after=made.before, applied=(), refused=said)
