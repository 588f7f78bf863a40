"""What a model has read stays in its memory: a question that begins like the last one is read from where it differs."""

from __future__ import annotations

from typing import Any

from contentkit.providers._transformers.local import Kept, LocalModel, library


def remember(local: LocalModel, ids: list[int], *, keep: bool) -> tuple[Any, int]:
    """A cache that already holds the beginning of ``ids``, and how much of it; None for models that keep their own."""
    kept, local.kept = local.kept, Kept()  # forgotten, should anything go wrong until the answer is there
    if not local.cache_name:
        return None, 0
    if not keep:
        return _new_cache(local, keep=False), 0
    same = 0
    for old, new in zip(kept.ids, ids[:-1], strict=False):  # the last token must be read anew, for its prediction
        if old != new:
            break
        same += 1
    if same and _cuttable(kept.cache, "DynamicLayer"):
        kept.cache.crop(same - kept.cache.get_seq_length())
        return kept.cache, same
    return _new_cache(local, keep=True), 0


def _new_cache(local: LocalModel, *, keep: bool) -> Any:
    """An empty cache. One that is to be cut back later keeps all that a sliding window would forget (the model looks
    no further back for that); models with other memories than attention can't be cut back."""
    make = library("transformers.cache_utils").DynamicCache
    cache = make(config=local.model.config.get_text_config(decoder=True))
    return make() if keep and _cuttable(cache, "DynamicLayer", "DynamicSlidingWindowLayer") else cache


def _cuttable(cache: Any, *kinds: str) -> bool:
    layers = library("transformers.cache_utils")
    return all(type(layer) in {getattr(layers, kind) for kind in kinds} for layer in cache.layers)
