"""Models in this process: found on disk, loaded once, kept with what they have already read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from pathlib import Path
from threading import Lock
from typing import Any

from contentkit.core.errors import (
    BadRequestError,
    MissingExtra,
    ModelNotFoundError,
    ProviderError,
    UsageError,
    first_line,
)
from contentkit.core.nearest import nearest
from contentkit.providers._transformers import fits as _fits
from contentkit.providers._transformers.hubcache import cached_models, hub_cache, hub_is_off, missing_weights, snapshot

_DTYPES = ("auto", "float32", "bfloat16", "float16")
_loading = Lock()
_loaded: dict[tuple[Path, str, str], LocalModel] = {}
_devices: dict[str, Lock] = {}


@dataclass(slots=True)
class Kept:
    """The tokens that the model read last, and its memory of them: a question that begins alike starts from there."""

    ids: list[int] = field(default_factory=list)
    cache: Any = None


@dataclass(slots=True)
class LocalModel:
    """A loaded model.

    Attributes:
        window: tokens in and out together; 0 when the model's configuration does not say.
        ends: tokens that end an answer.
        busy: held while an answer is made. One for a device, so that one generation runs at a time and a seed
            holds: the device's random numbers are shared by all models on it.
        cache_name: under which the memory of what was read is handed to it; "" where it can't be.
        grammar: llguidance's view of the tokenizer, made when a schema is first asked.
    """

    model: Any
    tokenizer: Any
    device: str
    window: int
    ends: frozenset[int]
    busy: Lock
    cache_name: str
    kept: Kept = field(default_factory=Kept)
    grammar: Any = None


def library(name: str) -> Any:
    """An optional library, imported now.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] == name:
            raise MissingExtra("Running a model on this machine", "local") from None
        raise


def load(name: str, settings: Mapping[str, Any], notice: Callable[[str], None]) -> LocalModel:
    """The model ``ORG/NAME`` of the hub's cache, or of a folder; loaded at the first call in this process.

    Raises:
        ModelNotFoundError: it is not on this disk. Nothing is downloaded here: ``models pull`` does that, and
            shows size and licence first.
        UsageError: a setting is wrong, or the model needs its own code.
    """
    folder = find(name)
    torch, transformers = library("torch"), library("transformers")
    if threads := settings.get("threads"):
        torch.set_num_threads(int(threads))
    device = _device(torch, str(settings.get("device") or "auto"))
    dtype = _dtype(torch, str(settings.get("dtype") or "auto"), device)
    with _loading:
        key = (folder.resolve(), device, str(dtype))
        if key not in _loaded:
            if device == "cpu":
                _fits.check(name, folder, str(dtype).removeprefix("torch."))
            notice(f"loading {name} on {device}")
            start = time.perf_counter()
            own_code = settings.get("trust_remote_code") is True
            _loaded[key] = _load(transformers, folder, name, device=device, dtype=dtype, own_code=own_code)
            notice(f"{name} is loaded ({time.perf_counter() - start:.1f} s)")
        return _loaded[key]


def find(name: str) -> Path:
    """The folder with the model's files.

    Raises:
        ModelNotFoundError: there is none, or its weights are not all there.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ModelNotFoundError("the folder holds no model: it has no config.json", model=name)
    elif name.startswith((".", "/", "~")) or "\\" in name or name.count("/") > 1:
        raise ModelNotFoundError("there is no such folder", model=name)
    else:
        folder = _cached(name)
    if missing := missing_weights(folder):
        message = f"{missing} is missing in {folder} (only safetensors are read; other formats can carry code)"
        raise ModelNotFoundError(message, model=name, hint=f"Fetch the rest: contentkit models pull {name}")
    return folder


def _cached(name: str) -> Path:
    if folder := snapshot(name):
        return folder
    hint = f"Fetch it: contentkit models pull {name}"
    if hub_is_off():
        hint = f"HF_HUB_OFFLINE is set; unset it and fetch the model: contentkit models pull {name}"
    if near := nearest(name, cached_models()):
        hint = f"Did you mean {near!r}? {hint}"
    raise ModelNotFoundError(f"it is not on this machine (looked in {hub_cache()})", model=name, hint=hint)


def _device(torch: Any, wanted: str) -> str:
    if wanted == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        kind = torch.device(wanted).type
    except RuntimeError:
        raise UsageError(f"There is no device called {wanted!r}.", hint="Use auto, cpu, cuda, cuda:1 or mps.") from None
    here = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not here.get(kind, False):
        raise UsageError(f"The device {wanted!r} is not usable here.", hint="Set device to auto or cpu.")
    return wanted


def _dtype(torch: Any, wanted: str, device: str) -> Any:
    """ "auto" is what the weights are stored in, but float32 on a CPU, where half precision is slow."""
    if wanted not in _DTYPES:
        raise UsageError(f"There is no dtype called {wanted!r}.", hint=f"Use one of: {', '.join(_DTYPES)}.")
    if wanted == "auto":
        return torch.float32 if device == "cpu" else "auto"
    return getattr(torch, wanted)


def _load(transformers: Any, folder: Path, name: str, *, device: str, dtype: Any, own_code: bool) -> LocalModel:
    options = {"local_files_only": True, "trust_remote_code": own_code}
    try:
        with quiet():
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                folder, dtype=dtype, use_safetensors=True, **options
            ).to(device)
    except (MemoryError, RuntimeError) as error:
        raise ProviderError(f"it could not be loaded on {device}: {first_line(error)}", model=name) from error
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise _unloadable(name, error) from error
    model.eval()
    return LocalModel(
        model,
        tokenizer,
        device,
        _window(model, tokenizer),
        _ends(model, tokenizer),
        _devices.setdefault(device, Lock()),
        _cache_name(model),
    )


def _unloadable(name: str, error: Exception) -> Exception:
    if "trust_remote_code" in str(error):
        return UsageError(
            f"{name} brings its own code, which is not run unless you allow it.",
            hint="If you trust its author, set trust_remote_code = true for it in your user configuration.",
        )
    return BadRequestError(f"it can't be loaded as a text-writing model: {first_line(error)}", model=name)


def _window(model: Any, tokenizer: Any) -> int:
    config = model.config.get_text_config()
    known = [getattr(config, "max_position_embeddings", None), getattr(tokenizer, "model_max_length", None)]
    return min((int(size) for size in known if size and 0 < size < 1e9), default=0)


def _cache_name(model: Any) -> str:
    """What the model calls the memory that it is handed; "" where it takes none. transformers 5.24 renamed it. Models
    without attention (Mamba) have a memory of another kind."""
    supports = getattr(model, "_supports_default_dynamic_cache", lambda: False)
    name = next((name for name in ("cache", "past_key_values") if name in signature(model.forward).parameters), "")
    return name if name and supports() and _attends(model) else ""


def _attends(model: Any) -> bool:
    """Whether any layer of the model remembers words one by one."""
    cache = library("transformers.cache_utils").DynamicCache(config=model.config.get_text_config(decoder=True))
    try:
        cache.get_seq_length()
    except ValueError:  # "can only be called on Attention layers"
        return False
    return True


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    said = model.generation_config.eos_token_id
    ends = {said} if isinstance(said, int) else set(said or ())
    return frozenset(ends | {tokenizer.eos_token_id} - {None})


@contextmanager
def quiet() -> Iterator[None]:
    """The library's bars and warnings would run into the answer on the terminal."""
    logging = library("transformers.utils.logging")
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
