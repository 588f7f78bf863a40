"""Everything before a question is sent: sources read, language found, model chosen, secrets hidden, price estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from contentkit.ask import Asker, silent
from contentkit.core.chat import Notice, Options, Usage
from contentkit.core.errors import UsageError
from contentkit.core.piece import Brief, Piece, SourceText
from contentkit.core.report import digest
from contentkit.core.text.languages import language_code, primary
from contentkit.core.text.outline import fields_of, needed_of
from contentkit.drafts import draft
from contentkit.models import tokens
from contentkit.models.engine import Listen, Preflight, Target

if TYPE_CHECKING:
    from contentkit.core.chat import Message
    from contentkit.kit.choose import Choice
    from contentkit.kit.kit import Kit
    from contentkit.kit.prompts import Prompt

# Condensing reads the material about once, and writes about a fifth of it.
_READ_AGAIN, _SHORTENED = 1.3, 0.2


_SUGGEST = "Choose one with --model (contentkit models suggest)."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A brief with everything read and nothing sent.

    Attributes:
        digests: origin of each source -> mark of its text.
    """

    brief: Brief
    prompt: Prompt
    piece: Piece
    asker: Asker
    choice: Choice
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        return self.asker.target

    @property
    def fields(self) -> dict[str, Any]:
        """What the prompt is rendered from."""
        sources = tuple(map(placeless, self.piece.sources)) if self.piece.hosted else self.piece.sources
        return {**self.piece.fields, "sources": sources}

    @property
    def expected(self) -> int:
        """Tokens that the whole draft is expected to have."""
        return draft.expected_tokens(self.asker, self.prompt, self.fields)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The exact messages of the first question, unless the sources have to be condensed before it."""
        prompt = draft.first_prompt(self.asker, self.prompt, self.fields)
        return self.asker.request(prompt, draft.first_fields(self.asker, self.prompt, self.fields)).messages

    def preflight(self, sources: Sequence[SourceText] | None = None) -> Preflight:
        """Tokens, fit and price of the draft, estimated; with other ``sources`` if they are given."""
        shown = self if sources is None else replace(self, piece=replace(self.piece, sources=tuple(sources)))
        return draft.preflight(self.asker, self.prompt, shown.fields)

    def cost(self, times: int = 1) -> float | None:
        """US dollars for writing it ``times``, estimated, condensing included; repairs are not. None is unknown."""
        look = self.preflight()
        if look.cost is None:
            return None
        if look.fits:
            return look.cost * times
        size = sum(tokens.estimate(text.text, self.target.info.bytes_per_token).tokens for text in self.piece.sources)
        once = self.asker.engine.price(self.target, Usage(int(size * _READ_AGAIN), int(size * _SHORTENED)))
        bare = self.preflight(()).cost
        return None if once is None or bare is None else once + bare * times


async def prepare(kit: Kit, brief: Brief, *, max_cost: float | None = None, listen: Listen = silent) -> Prepared:
    """Read and check everything that can be read and checked without asking a model.

    Raises:
        UsageError: the brief, a source, a prompt or a setting is wrong.
    """
    from contentkit.kit.prompts.series import pieces, shaped
    from contentkit.kit.reading import read_all

    for notice in kit.config.notices:
        listen(Notice(notice))
    base = kit.prompts.get(brief.kind)
    _check_language(base, brief.language or kit.config.language)
    reading = await read_all(brief.sources or base.sources, kit.config.read, kit.readings)
    said = language_code(brief.language) or _answered(base, brief)
    language = said or kit.config.language or _language(brief.topic, reading.texts)
    prompt = kit.prompts.get(brief.kind, language=language) if language else base
    code = any(text.origin.startswith("diff:") for text in reading.texts)
    choice = await kit.choose(brief.model, prompt.model, named=code)
    target = await learned(kit.target(choice.model))
    _check_abilities(prompt, target)
    _check_pictures(prompt, reading.texts)
    fields = kit.prompts.values(prompt, {**brief.fields, "topic": brief.topic, "language": language or "en"})
    prompt = shaped(prompt, pieces(prompt, fields))
    piece = Piece(
        brief.kind,
        language or "en",
        target.hosted,
        {**fields, "rules": kit.rules(), "house": kit.told(primary(language or "en"))},
        reading.texts,
        prompt.limits,
        covered=reading.covered,
        notices=reading.notices,
        host=target.host,
        settings=kit.check_settings(),
        asked=fields_of(prompt.schema.body) if prompt.schema else {},
        plain=prompt.plain,
        needed=needed_of(prompt.schema.body) if prompt.schema else frozenset(),
    )
    for name in prompt.steps:
        step = kit.step(name)
        if hasattr(step, "before"):
            piece = step.before(piece)
    asker = Asker(
        kit.prompts, target, kit.engine(max_cost=max_cost), Options(**brief.options), kit.config.deadline, listen
    )
    digests = {text.origin: mark_of(text) for text in reading.texts}
    return Prepared(brief, prompt, piece, asker, choice, digests)


def mark_of(source: SourceText) -> str:
    """A mark of what a source holds, by which it is known again: of its words, or of a picture's bytes."""
    return digest(source.picture.data.decode("latin-1") if source.picture else source.text)


def placeless(source: SourceText) -> SourceText:
    """The source as a vendor may see it: in which folder of this machine a file lies is nobody's business."""
    path = PurePath(source.origin)
    return replace(source, origin=path.name) if path.is_absolute() else source


async def learned(target: Target) -> Target:
    """The target with what its server tells of the model, where the provider can ask (Ollama: the window)."""
    learn = getattr(target.provider, "learn", None)
    return replace(target, info=await learn(target.info)) if learn else target


def _check_abilities(prompt: Prompt, target: Target) -> None:
    """Refuse a model that is known to lack what the kind requires; one of which nothing is known is tried."""
    for ability in prompt.requires:
        if ability == "writing":
            _check_writes(prompt, target)
        elif ability == "images" and target.endpoint.like in ("offline", "transformers"):
            who = (
                "offline has no eyes" if target.endpoint.like == "offline" else "models in this process read text only"
            )
            raise UsageError(f"{prompt.name} needs a model that sees: {who}.", hint=_SUGGEST)
        elif getattr(target.info, ability) is False:
            raise UsageError(
                f"{prompt.name} needs a model with the ability {ability!r}, which {target.id} does not have.",
                hint="See contentkit models list, and choose another with --model.",
            )


def _check_writes(prompt: Prompt, target: Target) -> None:
    if target.endpoint.like == "offline":
        raise UsageError(
            f"{prompt.name} needs a model that writes: offline only arranges sentences of the sources.", hint=_SUGGEST
        )


def _check_pictures(prompt: Prompt, texts: Sequence[SourceText]) -> None:
    """Refuse pictures where nobody looks at them, and a kind that looks at pictures without any."""
    pictures = [text.origin for text in texts if text.picture]
    if "images" in prompt.requires:
        if len(pictures) < max(1, len(texts)):
            other = next((text.origin for text in texts if not text.picture), "")
            said = f"{other} is none" if other else "none was given"
            raise UsageError(f"{prompt.name} needs pictures, and {said}.", hint="For example: --from picture.png")
    elif pictures:
        hint = "Describe it first (contentkit write alt-text), and give the description."
        raise UsageError(f"{prompt.name} reads texts; {pictures[0]} is a picture.", hint=hint)


def _check_language(prompt: Prompt, language: str) -> None:
    """Refuse a kind that must be told its language, such as a translation, and was not."""
    if not language and any(item.name == "language" and item.required for item in prompt.common):
        raise UsageError(f"{prompt.name} needs a language.", hint="For example: --language ja")


def _answered(prompt: Prompt, brief: Brief) -> str:
    """The language of the input that the kind answers, such as a customer's message; "" where it has none."""
    from contentkit.core.text.short import detect_short

    if not prompt.language_of:
        return ""
    message = str(brief.fields.get(prompt.language_of) or brief.topic)
    if not message.strip():
        raise UsageError(f"{prompt.name} has nothing to answer.", hint=f"Give it: --{prompt.language_of} FILE")
    return detect_short(message)


def _language(topic: str, texts: Sequence[SourceText]) -> str:
    """The language of the topic, else of the material; "" when neither tells. A diff is code, and tells none."""
    from contentkit.core.text.prose import detect

    prose = (text for text in texts if not text.origin.startswith("diff:"))
    return detect(topic) or next((code for text in prose if (code := text.language or detect(text.text[:20_000]))), "")
