"""A text -> Report: what it becomes on each platform, whole or as a thread. No model is asked, nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from contentkit.core.disclosure import Disclosure
from contentkit.core.errors import UsageError
from contentkit.core.nearest import unknown
from contentkit.core.piece import Piece
from contentkit.core.report import Covered, Report
from contentkit.core.text.counting import Rule, fits
from contentkit.core.text.languages import language_code, primary

if TYPE_CHECKING:
    from contentkit.kit.kit import Kit

KIND = "social"
ALL = "all"
_STEPS = ("posts", "limits", "hashtags")


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How a text is divided.

    Attributes:
        platforms: names of rules; "all" stands for every platform that posts go to.
        numbered: posts of a thread end in their number.
        language: ISO 639-1 code; "" finds it out.
    """

    platforms: tuple[str, ...]
    numbered: bool = False
    language: str = ""


async def split_file(kit: Kit, file: str, options: SplitOptions) -> Report:
    """Read ``file`` ("-" is standard input) as it was written, and divide it.

    Raises:
        UsageError: it can't be read, is no single text, or is empty; a platform is not known.
    """
    from contentkit.kit.reading import read_all

    reading = await read_all([file], replace(kit.config.read, as_written=True))
    if len(reading.texts) != 1:
        raise UsageError(f"{file!r} is {len(reading.texts)} texts.", hint="Give one file, or - for standard input.")
    text = reading.texts[0]
    report = split_text(text.text, kit.rules(), replace(options, language=options.language or text.language))
    return replace(report, sources=(text.origin,), coverage=reading.covered, notices=reading.notices + report.notices)


def split_text(text: str, rules: Mapping[str, Rule], options: SplitOptions) -> Report:
    """What ``text`` becomes on each platform, with what breaks a limit there.

    Raises:
        UsageError: the text is blank, or a platform is not known.
    """
    from contentkit.core.text.prose import detect
    from contentkit.steps import hashtags, limits, posts

    if not text.strip():
        raise UsageError("There is no text to split.", hint="Give a file with words in it.")
    language = primary(language_code(options.language)) or detect(text)
    wanted = _platforms(options.platforms, rules)
    made: list[dict[str, Any]] = [{"platform": name, "text": text.strip(), "hashtags": []} for name in wanted]
    piece = Piece(
        KIND,
        language,
        hosted=False,
        fields={"rules": rules, "thread": True, "numbered": options.numbered},
        limits={"posts[].text": "$platform"},
        output={"posts": made},
    )
    for step in (posts, limits, hashtags):
        piece = step.after(piece)
    return Report(
        KIND,
        body(piece.output["posts"]),
        piece.output,
        tuple(sorted(piece.findings, key=lambda finding: finding.severity.rank)),
        (Covered("text", "read"),),
        (*piece.notices, *_notices(text, wanted, rules)),
        language=language,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        disclosure=Disclosure(),
    )


def _platforms(asked: Sequence[str], rules: Mapping[str, Rule]) -> list[str]:
    every = [name for name, rule in rules.items() if rule.post]
    names: list[str] = []
    for name in asked:
        if name == ALL:
            names += every
        elif name not in rules:
            raise unknown("platform", name, [*rules, ALL])
        else:
            names.append(name)
    if not names:
        raise UsageError("For which platform?", hint=f"Say --platform x, or --platform {ALL}.")
    return list(dict.fromkeys(names))


def body(posts: Sequence[Mapping[str, Any]]) -> str:
    """The posts in Markdown, each in a block that it can't leave."""
    from contentkit.kit.prompts.filters import verbatim

    lines: list[str] = []
    for post in posts:
        parts = post.get("parts") or [post["text"]]
        heading = f"{post['platform']}: {len(parts)} posts" if len(parts) > 1 else post["platform"]
        lines += [f"## {heading}", *(verbatim(part) for part in parts)]
    return "\n\n".join(lines) + "\n"


def _notices(text: str, names: Sequence[str], rules: Mapping[str, Rule]) -> list[str]:
    """Platforms that take no thread, where the text is too long for one post."""
    alone = [name for name in names if not rules[name].threaded and not fits(text.strip(), rules[name])]
    return [f"{', '.join(alone)}: no threads there, so the text stays one post"] if alone else []
