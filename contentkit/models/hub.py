"""Fetch open models from the hub, with their licence in sight, into the cache that all of the hub's tools share.

HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE mean what they mean for the hub's own tools. The files
are written by us and not by ``hf_hub_download``, which throws away what it has when a download is cut; ours goes on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import disk_usage
from typing import Any

from contentkit.core.errors import (
    AuthenticationError,
    ContentkitError,
    MissingExtra,
    ModelNotFoundError,
    ProviderError,
    UnreachableError,
    UsageError,
    first_line,
)
from contentkit.models._download import Blob, fetch, is_lost, link
from contentkit.providers._transformers.hubcache import cached_models, hub_cache, hub_is_off, repo_folder

__all__ = ["Offer", "Progress", "Pulled", "cached_models", "look", "pull"]

_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_WEIGHTS = re.compile(r"model(-\d+-of-\d+)?\.safetensors")
_NEEDED = re.compile(
    r"(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template"
    r"|model\.safetensors\.index)\.json|merges\.txt|chat_template\.jinja|[\w.-]+\.(model|tiktoken)|tekken\.json"
    r"|README\.md|LICEN[CS]E[\w.-]*|NOTICE[\w.-]*|USE_POLICY[\w.-]*",
)
_SAFE = re.compile(r"[0-9A-Za-z-]+")  # what the hub names becomes a file's name here
_SPARE = 100_000_000  # bytes of the disk that are left free


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the hub offers it.

    Attributes:
        revision: the commit that would be fetched.
        licence: SPDX id or the licence's own name, lower case; "unknown" when the hub states none.
        licence_link: where its text is, or "".
        files: name -> bytes, of what is needed to run it.
    """

    name: str
    revision: str
    licence: str
    licence_link: str
    files: dict[str, int]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(self.files.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is. The first one comes before the first byte.

    Attributes:
        file: what is being fetched.
        done, total: bytes of the whole model; what an earlier run fetched counts as done.
    """

    offer: Offer
    file: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that is now on this machine, and the bytes that this run fetched for it."""

    offer: Offer
    folder: Path
    fetched: int


def look(name: str) -> Offer:
    """What the hub offers under ``ORG/NAME``. Asks the hub; fetches nothing.

    Raises:
        UsageError: HF_HUB_OFFLINE is set, or the model has no weights in the safetensors format.
        ModelNotFoundError, AuthenticationError, UnreachableError: as the hub answers.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is not a name of the hub.", hint="A name has the form ORG/NAME.")
    if hub_is_off():
        raise UsageError("HF_HUB_OFFLINE is set, so nothing is fetched.", hint="Unset it and try again.")
    hub = _library("huggingface_hub")
    try:
        info = hub.HfApi(endpoint=_endpoint()).model_info(name, files_metadata=True, token=_token(hub))
    except Exception as error:
        raise _translated(name, error) from None
    if not _SAFE.fullmatch(str(info.sha)):
        raise ProviderError("the hub does not say which revision it has", vendor="hub", model=name)
    files = _needed({file.rfilename: file.size or 0 for file in info.siblings or []})
    if not any(file.endswith(".safetensors") for file in files):
        raise UsageError(
            f"{name} has no weights in the safetensors format; other formats can carry code and are not fetched.",
            hint="Look for a converted copy of the model.",
        )
    licence, licence_link = _licence(info)
    return Offer(name, str(info.sha), licence, licence_link, files)


def pull(
    name: str,
    *,
    allowed_licences: Collection[str] = (),
    accept: Collection[str] = (),
    progress: Callable[[Progress], None] | None = None,
) -> Pulled:
    """Fetch the model ``ORG/NAME``; go on where an earlier try was cut.

    Args:
        allowed_licences: from the configuration.
        accept: licences that the user accepts now (``--accept-licence``).
        progress: told before the first byte and as bytes come; the licence is in its offer.

    Raises:
        UsageError: the licence is neither allowed nor accepted, or the disk is too full.
        ProviderError: see ``look``; also when the connection is lost, which the same call mends.
    """
    offer = look(name)
    _check_licence(offer, {licence.lower() for licence in (*allowed_licences, *accept)})
    folder = repo_folder(name)
    blobs = _blobs(offer)
    missing = {file: blob for file, blob in blobs.items() if not blob.is_whole(folder)}
    _check_space(offer, sum(blob.size - blob.begun(folder) for blob in missing.values()))
    done = offer.size - sum(blob.size for blob in missing.values())
    fetched = 0

    def tell(file: str, here: int) -> None:
        if progress:
            progress(Progress(offer, file, done + here, offer.size))

    tell("", 0)
    files = folder / "snapshots" / offer.revision
    for file, blob in blobs.items():
        if file in missing:
            try:
                fetched += fetch(blob, folder, partial(tell, file))
            except Exception as error:
                raise _translated(name, error) from None
            done += blob.size
        link(blob, folder, files / file)
    # Last: until it stands there, the model counts as not fetched.
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / "main").write_text(offer.revision, encoding="ascii")
    return Pulled(offer, files, fetched)


def _needed(files: dict[str, int]) -> dict[str, int]:
    """What it takes to run the model and to know its terms; not the same weights a second time in another format."""
    weights = [file for file in files if _WEIGHTS.fullmatch(file)]
    weights = weights or [file for file in files if file.endswith(".safetensors") and "/" not in file]
    return {file: size for file, size in files.items() if file in weights or _NEEDED.fullmatch(file)}


def _licence(info: Any) -> tuple[str, str]:
    card = info.card_data.to_dict() if info.card_data else {}
    stated = card.get("license") or next((tag[8:] for tag in info.tags or [] if tag.startswith("license:")), "unknown")
    if isinstance(stated, list):
        stated = " and ".join(map(str, stated))
    if stated == "other":
        stated = card.get("license_name") or stated
    return str(stated).lower(), str(card.get("license_link") or "")


def _check_licence(offer: Offer, accepted: set[str]) -> None:
    if offer.licence in accepted:
        return
    where = offer.licence_link or f"{_endpoint()}/{offer.name}"
    raise UsageError(
        f"{offer.name} has the licence {offer.licence!r}, which is not among those you allow.",
        hint=f"Read it ({where}), then run the command again with --accept-licence {offer.licence}, "
        "or add it to allowed_licences in your configuration.",
    )


def _check_space(offer: Offer, needed: int) -> None:
    place = hub_cache()
    while not place.exists():
        place = place.parent
    free = disk_usage(place).free
    if needed and needed + _SPARE > free:
        raise UsageError(
            f"{offer.name} needs {needed / 1e9:,.1f} GB more, and {place} has {free / 1e9:,.1f} GB free.",
            hint="Make room, or let HF_HOME name a folder on another disk.",
        )


def _blobs(offer: Offer) -> dict[str, Blob]:
    """Where each file is fetched from, and the name it has in the cache; small files first."""
    hub = _library("huggingface_hub")
    headers = _library("huggingface_hub.utils").build_hf_headers(token=_token(hub))
    blobs = {}
    for file in sorted(offer.files, key=lambda file: (offer.files[file], file)):
        url = hub.hf_hub_url(offer.name, file, revision=offer.revision, endpoint=_endpoint())
        try:
            there = hub.get_hf_file_metadata(url, headers=headers)
        except Exception as error:
            raise _translated(offer.name, error) from None
        if there.size is None or not _SAFE.fullmatch(there.etag or ""):
            raise ProviderError(f"the hub does not say what {file} is", vendor="hub", model=offer.name)
        blobs[file] = Blob(there.etag, there.size, there.location, _headers_for(url, there.location, headers))
    return blobs


def _headers_for(url: str, location: str, headers: dict[str, str]) -> dict[str, str]:
    """The token goes to the hub only, not to the storage that it sends us to."""
    same = url.split("/")[:3] == location.split("/")[:3]
    return headers if same else {name: value for name, value in headers.items() if name.lower() != "authorization"}


def _translated(name: str, error: Exception) -> ContentkitError:
    if isinstance(error, ContentkitError):
        return error
    errors = _library("huggingface_hub.errors")
    if isinstance(error, errors.GatedRepoError):
        hint = f"Accept them at {_endpoint()}/{name}, and set HF_TOKEN to a token of the same account."
        return AuthenticationError(
            "the model is given only to those who accepted its terms", vendor="hub", model=name, hint=hint
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return ModelNotFoundError(
            "the hub has no such model, or it is private",
            vendor="hub",
            model=name,
            hint="Check the name; a private one needs HF_TOKEN.",
        )
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if status is not None:
        kind = AuthenticationError if status in (401, 403) else UnreachableError if status >= 500 else ProviderError
        return kind(f"the hub answered with an error ({first_line(error)})", vendor="hub", model=name, status=status)
    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
        return UsageError(f"The model can't be written to {hub_cache()}: {error.strerror}.")
    if not is_lost(error):
        return ProviderError(f"the hub's answer can't be used ({first_line(error)})", vendor="hub", model=name)
    hint = "Run the same command again: it goes on where it was cut."
    return UnreachableError(
        f"the connection to {_endpoint()} failed ({first_line(error)})", vendor="hub", model=name, hint=hint
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _token(hub: Any) -> Any:
    """The user's token, or False for none."""
    return os.environ.get("HF_TOKEN") or hub.get_token() or False


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingExtra("Fetching a model from the hub", "local") from None
