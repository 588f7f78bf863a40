"""A request as the vendors that keep the system prompt apart want it, and what their models can't take."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence

from contentkit.core.chat import Image, Message, Part, Request
from contentkit.core.errors import BadRequestError, UsageError
from contentkit.core.model import Endpoint


def split(messages: Sequence[Message]) -> tuple[str, list[Message]]:
    """The system prompt, and the turns: empty parts left out, neighbours of one role joined.

    A question of system messages alone becomes the user's, since every vendor wants a turn.

    Raises:
        UsageError: nothing is asked.
    """
    system = "\n\n".join(words for message in messages if message.role == "system" and (words := message.text.strip()))
    turns: list[Message] = []
    for message in messages:
        parts = _filled(message.parts)
        if message.role == "system" or not parts:
            continue
        if turns and turns[-1].role == message.role:
            turns[-1] = Message(message.role, turns[-1].parts + parts)
        else:
            turns.append(Message(message.role, parts))
    if turns:
        return system, turns
    if system:
        return "", [Message.of("user", system)]
    raise UsageError("The question is empty.")


def _filled(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if isinstance(part, Image) or part.text.strip())


def refuse_images(request: Request, endpoint: Endpoint, media_types: Collection[str]) -> None:
    """Raises for pictures that the model or the vendor does not take: nothing is left out silently."""
    images = [part for message in request.messages for part in message.parts if isinstance(part, Image)]
    strange = next((image.media_type for image in images if image.media_type not in media_types), "")
    if images and request.info is not None and request.info.images is False:
        strange = "images"
    if strange:
        kinds = ", ".join(sorted(kind.removeprefix("image/") for kind in media_types))
        raise BadRequestError(
            f"the model does not take {strange}",
            vendor=endpoint.name,
            model=request.model,
            hint="Leave the image out, or choose another --model."
            if strange == "images"
            else f"Convert the image to one of: {kinds}.",
        )


def native_schema(request: Request, endpoint: Endpoint) -> bool:
    """Whether the server enforces a JSON schema: where nothing else is known, it does."""
    known = request.info.schema if request.info else None
    return endpoint.settings.get("schema", "native") == "native" and known is not False


def base64(image: Image) -> str:
    """The picture as base64 text."""
    return b64encode(image.data).decode("ascii")


def sampling(request: Request, endpoint: Endpoint, notices: list[str], **names: str) -> dict[str, float]:
    """The sampling options that were asked, under the vendor's names for them; none, and notices, where the
    model takes none."""
    wanted = {here: value for here in names if (value := getattr(request.options, here)) is not None}
    if request.info is not None and request.info.sampling is False:
        notices += [left_out(request, endpoint, name) for name in wanted]
        return {}
    return {names[name]: value for name, value in wanted.items()}


def left_out(request: Request, endpoint: Endpoint, name: str) -> str:
    """The notice for a tuning option that the model does not take."""
    return f"{endpoint.name}:{request.model} does not take {name}; it was left out"
