"""Secrets stay on this machine: hidden before the text goes to a host, put back into what comes from it.

A secret is replaced by ``[secret-1:github-token]``; the same value always by the same placeholder, wherever it stands
(once found, also where nothing around it tells). Names are never touched, line numbers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from contentkit.core.piece import Piece, SourceText
from contentkit.core.report import Finding, Place, Severity
from contentkit.core.secrets import Span, find
from contentkit.core.secrets.values import is_wordy
from contentkit.core.text.scan import places

_NUMBER = re.compile(r"secret[-_ ]{0,2}(?P<number>\d{1,9})", re.IGNORECASE)
_OURS = re.compile(r"\[secret-(\d{1,9}):([a-z0-9-]{1,40})\]")
# What models make of a placeholder: other brackets, spaces, case, escapes, full-width signs, a translated first word.
_LIKE = re.compile(
    r"(?:\\?[\[［【〔「(（<{]|%5B)[\s*_`]{0,3}(?P<word>[^\W\d_]{0,24})[\s*_\\–—‑-]{0,3}(?P<number>[0-9０-９]{1,9})"
    r"(?:\s{0,2}(?:[:：]|%3A)\s{0,2}(?P<rule>[A-Za-z0-9 _\\–—‑-]{1,48}))?[\s*_`]{0,3}(?:\\?[\]］】〕」)）>}]|%5D)",
    re.IGNORECASE,
)
_LEFT = re.compile(r"[^\s]{0,3}\bsecret[-_]\d{1,9}\b[^\s]{0,48}", re.IGNORECASE)
_MANY = 200
_SHORTEST = 8


def before(piece: Piece) -> Piece:
    """Hide the secrets of sources and fields where the text leaves this machine."""
    if not piece.hosted:
        return piece
    vault = Vault(piece.vault)
    texts = list(_strings((piece.sources, piece.fields)))
    vault.learn(texts)
    if not vault.placeholders:
        return piece
    hidden = replace(
        piece,
        sources=tuple(_mapped(source, vault.hide) for source in piece.sources),
        fields=_mapped(piece.fields, vault.hide),
        vault={placeholder: value for value, placeholder in vault.placeholders.items()},
    )
    fresh = len(hidden.vault) - len(piece.vault)
    if not fresh:
        return hidden
    kept = "1 secret was" if fresh == 1 else f"{fresh} secrets were"
    return hidden.noticed(f"{kept} kept from {piece.host or 'the host of the model'}.")


def after(piece: Piece) -> Piece:
    """Put the secrets back; a finding for each placeholder that can't be told."""
    if not piece.vault:
        return piece
    restored = replace(
        piece,
        output=_mapped(piece.output, lambda text: restore(text, piece.vault)),
        body=restore(piece.body, piece.vault),
    )
    known = {int(found[1]) for text in _strings((piece.sources, piece.fields)) for found in _NUMBER.finditer(text)}
    known -= {_number(placeholder) for placeholder in piece.vault}
    answer = _strings(restored.output) if restored.output is not None else (restored.body,)
    broken = dict.fromkeys(
        found[0]
        for text in answer
        for found in _LEFT.finditer(text)
        if (number := _NUMBER.search(found[0])) and int(number[1]) not in known
    )
    return restored.found(*(_finding(quote) for quote in broken))


def secrets_of(piece: Piece) -> tuple[str, ...]:
    """The secrets of a piece that went through ``before``: what must be stored nowhere, also where a model has put it
    in other words, and nothing around it tells any more that it is one."""
    values = piece.vault.values() or (
        text[span.start : span.end] for text in _strings((piece.sources, piece.fields)) for span in find(text)
    )
    return tuple(dict.fromkeys(value for value in values if _is_telling(value)))


def _is_telling(value: str) -> bool:
    """A password that is a plain word is one only where it is a password, else every such word would go."""
    return len(value) >= _SHORTEST and not is_wordy(value)


def restore(text: str, vault: Mapping[str, str]) -> str:
    """``text`` with the secrets in the place of their placeholders, also of those that the model bent."""
    if not vault or not text:
        return text
    numbers = {_number(placeholder): (placeholder, value) for placeholder, value in vault.items()}
    parts, last = [], 0
    for found in _OURS.finditer(text):
        placeholder, value = numbers.get(int(found[1]), ("", ""))
        if found.start() < last or found[0] != placeholder:
            continue
        parts += [_straightened(text[last : found.start()], numbers), value]
        breaks = "\n" * value.count("\n")  # they stood for the lines of the secret; a model may have dropped them
        last = found.end() + (len(breaks) if text.startswith(breaks, found.end()) else 0)
    return "".join([*parts, _straightened(text[last:], numbers)])


def conceal(text: str, vault: Mapping[str, str]) -> str:
    """``text``, which has the secrets of the vault again, with their placeholders: one may be a part of another."""
    signs = {secret: placeholder for placeholder, secret in vault.items()}
    if not signs:
        return text
    longest_first = "|".join(map(re.escape, sorted(signs, key=len, reverse=True)))
    return re.sub(longest_first, lambda found: signs[found[0]], text)


def _straightened(text: str, numbers: Mapping[int, tuple[str, str]]) -> str:
    """Restore placeholders that were bent, where number and kind, or number and the word "secret", tell which."""

    def put_back(found: re.Match[str]) -> str:
        placeholder, value = numbers.get(int(found["number"]), ("", ""))
        if not placeholder:
            return found[0]
        said = _plain(found["rule"] or "")
        told = said == _plain(placeholder.partition(":")[2]) or (not said and found["word"].lower() == "secret")
        return value if told else found[0]

    return _LIKE.sub(put_back, text)


class Vault:
    """The secrets of a piece and the placeholders that stand for them."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.placeholders = {value: placeholder for placeholder, value in known.items()}
        self._spans: dict[str, list[Span]] = {}
        self._taken = {_number(placeholder) for placeholder in known}
        self._next = 1

    def learn(self, texts: Iterable[str]) -> None:
        """Find the secrets of all texts. Numbers that stand in a text by chance are left out."""
        texts = list(texts)
        found = {text: spans for text in texts if (spans := find(text))}
        if not found and not self.placeholders:
            return
        for text in texts:
            self._taken.update(int(like["number"]) for like in chain(_NUMBER.finditer(text), _LIKE.finditer(text)))
        self._spans = found
        for text, spans in found.items():
            for span in spans:
                self._placeholder(text[span.start : span.end], span.rule)

    def _placeholder(self, value: str, rule: str) -> str:
        if value not in self.placeholders:
            while self._next in self._taken:
                self._next += 1
            self._taken.add(self._next)
            self.placeholders[value] = f"[secret-{self._next}:{rule}]"
        return self.placeholders[value]

    def hide(self, text: str) -> str:
        """``text`` with a placeholder for each secret, and as many line breaks as before."""
        taken = self._cover(text, [(span.start, span.end) for span in self._spans.get(text, ())])
        parts, last = [], 0
        for start, end in taken:
            value = text[start:end]
            parts += [text[last:start], self._placeholder(value, "text"), "\n" * value.count("\n")]
            last = end
        return "".join([*parts, text[last:]]) if parts else text

    def _cover(self, text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The spans, and every other place where one of the values stands; overlapping ones joined."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted([*spans, *self._elsewhere(text)]):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return joined

    def _elsewhere(self, text: str) -> Iterable[tuple[int, int]]:
        values = [value for value in self.placeholders if _is_telling(value) and value in text]
        if len(values) > _MANY:
            import regex

            yield from (found.span() for found in regex.finditer(r"\L<values>", text, values=values))
            return
        for value in values:
            yield from ((place, place + len(value)) for place in places(text, value))


def _number(placeholder: str) -> int:
    found = _OURS.match(placeholder)
    return int(found[1]) if found else 0


def _plain(rule: str) -> str:
    return re.sub(r"[^a-z0-9]", "", rule.lower())


def _finding(quote: str) -> Finding:
    return Finding(
        "redact/placeholder",
        f"{quote!r} stands for a secret that was kept from the model, but which one can't be told.",
        Severity.MAJOR,
        Place("body", quote=quote),
        category="redact",
        repair=f"Write the placeholder of the material exactly as it stands there, in place of {quote!r}.",
    )


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, SourceText):
        yield from (value.origin, value.text, value.title)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _strings(item)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same tree with every string changed; what is no tree of ours stays as it is."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, SourceText):
        return replace(value, origin=change(value.origin), text=change(value.text), title=change(value.title))
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | set | frozenset):
        return type(value)(_mapped(item, change) for item in value)
    if type(value) is tuple:
        return tuple(_mapped(item, change) for item in value)
    return value
