"""Whether a voice tells authors apart, on texts that you have: a folder for each author, a file for each text.

    python scripts/voices.py FOLDER --language en
    python scripts/voices.py --background en=FOLDER ja=FOLDER > contentkit/steps/_voice/background.toml

Half of an author's files make the voice (every other one, in the order of their names); parts of the other half, which
it has not seen, are held against all authors' voices. The table tells in how many pairs the part was nearer to its own
author's voice than to the other's. ``--background`` writes how small words and habits vary among the texts of many
authors; the authors that are told apart should not be among them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, pstdev

from contentkit.core.text.document import Document, document
from contentkit.steps._voice.measure import Measures, measure, parts
from contentkit.steps._voice.profile import distance, joined, part_size

MOST_PARTS = 60


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--language", default="en")
    arguments.add_argument(
        "--size", type=int, default=0, help="words (Japanese: characters) of a part that is held out"
    )
    arguments.add_argument("--background", nargs="+", metavar="LANGUAGE=FOLDER")
    asked = arguments.parse_args()
    if asked.background:
        print("\n".join(background(asked.background)))
        return 0
    if not asked.folder:
        arguments.error("name a folder with a folder for each author")
    table(asked.folder, asked.language, asked.size or part_size(asked.language))
    return 0


def table(folder: Path, language: str, size: int) -> None:
    authors = sorted(path for path in folder.iterdir() if path.is_dir())
    voices, held = {}, {}
    for author in authors:
        documents = list(read(author, language))
        if not (learned := list(measured(documents[::2], part_size(language), language))):
            sys.exit(f"{author}: no running text of {part_size(language)} words or characters to learn from")
        voices[author.name] = joined(learned)
        held[author.name] = list(measured(documents[1::2], size, language))
    near = pairs = 0
    print(f"{'':14}" + "".join(f"{name[:12]:>13}" for name in voices) + "   nearer")
    for name, texts in held.items():
        far = {other: [distance(text, voice, language) for text in texts] for other, voice in voices.items()}
        won = sum(
            own < one for other in voices if other != name for own, one in zip(far[name], far[other], strict=True)
        )
        of = len(texts) * (len(voices) - 1)
        near, pairs = near + won, pairs + of
        row = "".join(f"{fmean(far[other]) if texts else 0:13.1f}" for other in voices)
        print(f"{name[:13]:14}{row}   {won} of {of}")
    print(f"nearer to their own author in {near} of {pairs} pairs ({near / max(pairs, 1):.1%})")


def read(folder: Path, language: str) -> Iterator[Document]:
    for path in sorted(folder.iterdir()):
        yield document(path.read_text(encoding="utf-8", errors="replace"), language)


def measured(documents: Sequence[Document], size: int, language: str) -> Iterator[Measures]:
    """Up to ``MOST_PARTS`` parts, spread over the documents."""
    found = [(one, part) for one in documents for part in parts(one, size)]
    for one, part in found[:: max(1, len(found) // MOST_PARTS)][:MOST_PARTS]:
        made = measure(one, part)
        if made.size >= size / 2:
            yield made


def background(folders: Sequence[str]) -> Iterator[str]:
    yield "# Mean and deviation of small words (for 1000 words; Japanese: characters) and habits among many authors."
    yield "# Written by scripts/voices.py --background; docs/voice.md says from what. Do not edit."
    for named in folders:
        language, _, folder = named.partition("=")
        made = [
            piece
            for author in sorted(Path(folder).iterdir())
            for piece in measured(list(read(author, language)), part_size(language), language)
        ]
        yield f"\n[{language}]\nparts = {len(made)}\n\n[{language}.habits]"
        for name in dict.fromkeys(name for piece in made for name in piece.habits):
            yield row(name, [piece.habits[name] for piece in made if name in piece.habits])
        yield f"\n[{language}.words]"
        yield from (row(word, [piece.words[word] for piece in made]) for word in made[0].words)


def row(name: str, values: Sequence[float]) -> str:
    return f'"{name}" = [{fmean(values):.4g}, {pstdev(values):.4g}]'


if __name__ == "__main__":
    sys.exit(main())
