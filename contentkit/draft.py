"""A draft in one answer, or, for a long one, an outline first and then section after section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.chat import Finish, Notice, Reply, TextDelta
from contentkit.core.model import ModelInfo

if TYPE_CHECKING:
    from contentkit.kit.prompts import Long, Prompt

# Tokens for a word of prose, generous enough for Japanese (where ``length`` counts characters) and for Markdown.
_TOKENS_PER_WORD = 2
_TOKENS_PER_POST, _TOKENS_PER_SECOND_OF_VIDEO, _FORM = 400, 12, 800


def expected_tokens(fields: Mapping[str, Any], info: ModelInfo) -> int:
    """About how many tokens the answer will have: an estimate for windows and prices, never a bound."""
    platforms = fields.get("platforms") or ()
    tokens = (
        _FORM
        + _TOKENS_PER_WORD * int(fields.get("length") or 0)
        + _TOKENS_PER_POST * len(platforms)
        + _TOKENS_PER_SECOND_OF_VIDEO * int(fields.get("duration") or 0)
    )
    if info.reasoning:
        tokens *= 2
    return min(tokens, info.max_output or tokens, (info.context_window or tokens * 4) // 2)


async def write_draft(asker: Asker, prompt: Prompt, fields: Mapping[str, Any]) -> Reply:
    """The answer to ``prompt``, section by section where the kind says so and the length asks for it.

    Raises:
        ProviderError, BudgetError: see ``Engine.ask``.
    """
    plan = prompt.long
    if plan is None or asker.target.endpoint.like == "offline" or int(fields.get("length") or 0) <= plan.over:
        return await asker.ask(prompt, fields, expected=expected_tokens(fields, asker.target.info))
    return await _by_sections(asker, prompt, plan, fields)


async def _by_sections(asker: Asker, prompt: Prompt, plan: Long, fields: Mapping[str, Any]) -> Reply:
    language = str(fields["language"])
    outline_prompt = asker.prompts.get(plan.outline, folder="parts", language=language)
    section_prompt = asker.prompts.get(plan.section, folder="parts", language=language)
    asker.listen(Notice("writing an outline first"))
    # The outline is a plan, not a part of the text: what it streams is not shown.
    reply = await asker.ask(outline_prompt, fields, expected=1_000, listen=silent)
    if reply.finish is not Finish.STOP:
        return reply
    outline = reply.data
    whole = ""

    def add(text: str, *, shown: bool = True) -> None:
        nonlocal whole
        whole += text
        if shown:
            asker.listen(TextDelta(text))

    add(f"# {outline['title']}\n")
    last = reply
    for number, section in enumerate(outline["sections"], 1):
        asker.listen(Notice(f"section {number} of {len(outline['sections'])}: {section['heading']}"))
        asked = {**fields, "outline": outline, "section": section, "number": number, "so_far": whole}
        add("\n")
        last = await asker.ask(section_prompt, asked, expected=_TOKENS_PER_WORD * int(section["words"]) + 200)
        add(_headed(last.text.strip(), str(section["heading"])), shown=False)
        add("\n")
        if last.finish is not Finish.STOP:
            return replace(last, text=whole, data=None)
    add(_source_list(whole, fields))
    return replace(last, text=whole.rstrip("\n"), data=None)


def _headed(text: str, heading: str) -> str:
    """The section under its heading, whether or not the model wrote the heading."""
    return text if text.startswith("#") or not heading else f"## {heading}\n\n{text}"


def _source_list(text: str, fields: Mapping[str, Any]) -> str:
    """The closing list of the sources whose marks stand in the text; no section could write it alone."""
    used = [
        f"- [{number}] {source.title or source.origin}"
        for number, source in enumerate(fields.get("sources") or (), 1)
        if f"[{number}]" in text
    ]
    heading = "出典" if fields["language"] == "ja" else "Sources"
    return f"\n## {heading}\n\n" + "\n".join(used) + "\n" if used else ""
