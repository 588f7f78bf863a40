"""The engine that is always there: no model, nothing sent, nothing invented.

It ranks, picks and arranges sentences of the given sources into the form of the kind, and marks what only a person or
a model can fill. It reads ``request.fields`` and ``request.schema``, never the messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from contentkit.core.chat import Done, Event, Finish, Notice, Request, TextDelta
from contentkit.core.errors import ModelNotFoundError
from contentkit.core.model import Endpoint
from contentkit.core.piece import SourceText
from contentkit.core.text.languages import primary

if TYPE_CHECKING:
    from contentkit.providers._offline.material import Material

T = TypeVar("T")

_MODELS = ("draft",)
_CHUNK = 80

Form = Callable[..., Any]


class Offline:
    """The provider ``offline``. Answers in this process, at once, and the same every time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """The draft as text: JSON that obeys ``request.schema`` when there is one, else Markdown."""
        if request.model not in ("", "offline", *_MODELS):
            raise ModelNotFoundError(
                f"there is no offline model called {request.model!r}.",
                vendor=self.endpoint.name,
                model=request.model,
                hint="Say --model offline.",
            )
        text, notices = await _beside(draft, request)
        for notice in notices:
            yield Notice(notice)
        for at in range(0, len(text), _CHUNK):
            yield TextDelta(text[at : at + _CHUNK])
            await asyncio.sleep(0)
        yield Done(Finish.STOP, "offline")

    def takes_schema(self, request: Request) -> bool:
        """Always: the answer is made to fit."""
        return True

    async def models(self) -> Sequence[str]:
        """The one way of working it has."""
        return _MODELS

    async def aclose(self) -> None:
        """Nothing is open."""


async def _beside(work: Callable[[Request], T], request: Request) -> T:
    """The result of work in a thread of its own. One that nobody waits for any more is left behind: a program that was
    stopped would wait for asyncio's own threads at its end."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: Exception | None) -> None:
        if result.done():  # it was stopped
            return
        if error:
            result.set_exception(error)
        else:
            result.set_result(cast("T", value))

    def run() -> None:
        value, error = None, None
        try:
            value = work(request)
        except Exception as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name="offline", daemon=True).start()
    return await result


def connect(endpoint: Endpoint) -> Offline:
    """The embedded engine; it needs neither key nor address."""
    return Offline(endpoint)


def draft(request: Request) -> tuple[str, tuple[str, ...]]:
    """The answer to a question and what the user should know of it."""
    from contentkit.providers._offline.article import article
    from contentkit.providers._offline.rank import scores
    from contentkit.providers._offline.reader import gather

    fields = request.fields
    if of_diff := _form_of_diff(str(fields.get("form") or "")):
        return _from_diff(request, of_diff)
    if fields.get("form") == "release-notes" and request.schema is not None:
        return _from_log(request, request.schema.body)
    sources = _sources(fields)
    if fields.get("form") == "finish":
        from contentkit.providers._offline.finish import finished_text

        sources = finished_text(fields)
    material = gather(sources, str(fields.get("language") or ""))
    score = scores(material, str(fields.get("topic") or ""))
    notices = tuple(_notices(material, fields))
    form = _form(str(fields.get("form") or ""))
    if request.schema is None:
        return (article if form is None else _shown(form))(material, score, fields), notices
    given = form(material, score, fields) if form else None
    return json.dumps(_fitted(request.schema.body, material, score, fields, given), ensure_ascii=False), notices


def _sources(fields: Mapping[str, Any]) -> tuple[SourceText, ...]:
    return tuple(source for source in fields.get("sources") or () if isinstance(source, SourceText))


# A kind with an arrangement of its own -> file and function in _offline/; the rest are articles or filled by schema.
_FORMS = {
    "email": ("series", "emails"),
    "social": ("social", "social"),
    "video-script": ("video", "video_script"),
    "finish": ("finish", "finish"),
    "summary": ("summary", "summary"),
    "faq": ("faq", "faq"),
    "press-release": ("press_release", "press_release"),
    "newsletter": ("newsletter", "newsletter"),
    "customer-reply": ("customer_reply", "customer_reply"),
    "product-description": ("product", "product_description"),
}


def _form(name: str) -> Form | None:
    """The arrangement of a kind with a form of its own."""
    if name not in _FORMS:
        return None
    module, function = _FORMS[name]
    form: Form = getattr(import_module(f"contentkit.providers._offline.{module}"), function)
    return form


def _form_of_diff(name: str) -> Form | None:
    """The arrangement of a kind that is made from a diff, which has no sentences to pick."""
    from contentkit.providers._offline.diff import commit_message, pr_description

    forms: dict[str, Form] = {"commit-message": commit_message, "pr-description": pr_description}
    return forms.get(name)


def _from_diff(request: Request, form: Form) -> tuple[str, tuple[str, ...]]:
    from contentkit.providers._offline.schema import Stock, fill
    from contentkit.providers._offline.words import words_for

    fields = request.fields
    given = form(_sources(fields), fields)
    notices = ["Offline draft: listed from the diff; no model wrote anything."]
    if not fields.get("topic"):
        notices.append("A diff does not tell why: say it in words of yours, as the topic, or add it.")
    if request.schema is None:
        return "\n\n".join(part for part in given.values() if part) + "\n", tuple(notices)
    stock = Stock(given["subject"], [], [], given["body"], words_for(str(fields.get("language") or "")).mark)
    return json.dumps(fill(request.schema.body, stock, given), ensure_ascii=False), tuple(notices)


def _from_log(request: Request, schema: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    from contentkit.providers._offline.release_notes import release_notes
    from contentkit.providers._offline.schema import Stock, fill
    from contentkit.providers._offline.words import words_for

    fields = request.fields
    stock = Stock("", [], [], "", words_for(str(fields.get("language") or "")).mark)
    notes = fill(schema, stock, release_notes(_sources(fields), fields))
    said = "Offline notes: listed from the log, in the words of its commits; no model wrote anything."
    return json.dumps(notes, ensure_ascii=False), (said,)


def _shown(form: Form) -> Form:
    """The form as plain Markdown, where no schema was asked: each part under its name, unless it is a text already."""

    def show(*arguments: Any) -> str:
        made = form(*arguments)
        return made if isinstance(made, str) else "\n\n".join(_markdown(made)) + "\n"

    return show


def _markdown(value: Any, name: str = "", level: int = 2) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _markdown(inner, key.replace("_", " "), level)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield f"{'#' * level} {name} {number}"
            yield from _markdown(inner, "", level + 1)
    elif value != "":
        yield f"**{name}:** {value}" if name else str(value)


def _fitted(
    schema: Mapping[str, Any], material: Material, score: Mapping[int, float], fields: Mapping[str, Any], given: Any
) -> Any:
    from contentkit.core.text.prose import key_terms
    from contentkit.providers._offline.article import article, title_of
    from contentkit.providers._offline.email import fitting
    from contentkit.providers._offline.schema import Stock, fill
    from contentkit.providers._offline.words import words_for

    language = str(fields.get("language") or material.language)
    best = [one.text for one in fitting(material.sentences, dict(score))]
    terms = key_terms([one.text for one in material.sentences], material.language, 10)
    body = article(material, score, fields) if given is None else ""
    return fill(schema, Stock(title_of(material, fields), best, terms, body, words_for(language).mark), given)


def _notices(material: Material, fields: Mapping[str, Any]) -> Iterator[str]:
    wanted = str(fields.get("language") or "")
    if not material.sources:
        yield "Offline draft: without a source, only an outline with its open points; add --from, or choose a model."
    elif not material.sentences:
        yield "Offline draft: no sentence of the sources can stand by itself, so this is only an outline."
    else:
        yield "Offline draft: sentences picked from your sources and arranged; no model wrote anything."
        if wanted and material.language and primary(wanted) != material.language:
            yield f"Offline drafts keep the language of the sources ({material.language}); choose a model for {wanted}."
        if unheard := [name for name in ("tone", "audience", "voice") if fields.get(name)]:
            yield f"Offline drafts keep the words of the sources: for {', '.join(unheard)}, choose a model."
    if material.read < material.whole:
        share = f"{material.read:,} of {material.whole:,} characters"
        yield f"The sources are long: {share} were read closely, in pieces spread over them."
    if material.other:
        yield f"In another language than the rest, and not used: {', '.join(material.other)}."
