"""Answers that obey a JSON schema by construction: llguidance masks every token that would break it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contentkit.core.errors import BadRequestError, ProviderError
from contentkit.providers._transformers.local import LocalModel, library

_COMPACT = {"whitespace_flexible": False}  # a small model can lose itself in white space


def problem(schema: Mapping[str, Any]) -> str:
    """Why the schema can't be enforced, or ""."""
    llguidance = library("llguidance")
    try:
        grammar = llguidance.LLMatcher.grammar_from_json_schema(dict(schema), defaults=_COMPACT)
    except ValueError as error:
        return str(error)
    return str(llguidance.LLMatcher.validate_grammar(grammar))


def bounded(schema: Any, *, max_string: int, max_items: int) -> Any:
    """The schema with an upper bound on every string and array that has none; 0 sets no bound.

    A model too small to end its strings needs this; for others the bound on the answer's tokens is enough.
    """
    if isinstance(schema, list):
        return [bounded(part, max_string=max_string, max_items=max_items) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {
        key: part
        if key in ("const", "enum", "default", "examples")
        else bounded(part, max_string=max_string, max_items=max_items)
        for key, part in schema.items()
    }
    kinds = schema.get("type")
    kinds = {kinds} if isinstance(kinds, str) else set(kinds) if isinstance(kinds, list) else set()
    if max_string and "string" in kinds and not schema.keys() & {"enum", "const", "pattern", "format"}:
        tight.setdefault("maxLength", max(max_string, schema.get("minLength", 0)))
    if max_items and "array" in kinds:
        tight.setdefault("maxItems", max(max_items, schema.get("minItems", 0)))
    return tight


class Constraint:
    """Lets only such tokens through as keep the answer within the schema. One for each answer."""

    def __init__(
        self, local: LocalModel, schema: Mapping[str, Any], *, max_string: int = 0, max_items: int = 0
    ) -> None:
        llguidance = library("llguidance")
        self._torch, self._numpy = library("torch"), library("numpy")
        if local.grammar is None:
            local.grammar = _tokenizer(local)
        tight = bounded(json.loads(json.dumps(schema)), max_string=max_string, max_items=max_items)
        try:
            grammar = llguidance.LLMatcher.grammar_from_json_schema(tight, defaults=_COMPACT)
        except ValueError as error:
            raise BadRequestError(f"the schema can't be enforced: {error}") from None
        self._matcher = llguidance.LLMatcher(local.grammar, grammar)
        self._check(BadRequestError)
        self.active = True

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """A logits processor: what may not come next gets no chance."""
        if not self.active:
            return scores
        bits = self._numpy.frombuffer(self._matcher.compute_bitmask(), dtype=self._numpy.uint8)
        allowed = self._torch.from_numpy(self._numpy.unpackbits(bits, bitorder="little")[: scores.shape[-1]])
        return scores.masked_fill(allowed.to(scores.device) == 0, float("-inf"))

    def take(self, token: int) -> bool:
        """Tell of the token that was chosen; true when the answer is complete."""
        self._matcher.consume_token(token)
        self._check(ProviderError)
        return bool(self._matcher.is_stopped())

    def _check(self, kind: type[ProviderError]) -> None:
        if self._matcher.is_error():
            raise kind(f"the schema can't be enforced: {self._matcher.get_error().strip().splitlines()[0]}")


def _tokenizer(local: LocalModel) -> Any:
    size = int(local.model.config.get_text_config().vocab_size)
    try:
        return library("llguidance.hf").from_tokenizer(
            local.tokenizer, n_vocab=size, eos_token=sorted(local.ends) or None
        )
    except ValueError as error:
        raise BadRequestError(
            f"this model's answers can't be bound to a schema: {error}",
            hint="Set constrain = false under [providers.transformers] to ask for JSON in words.",
        ) from None
