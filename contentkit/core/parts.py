"""The running texts of a piece, each read once for all checks: the body of free text, or the strings of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from contentkit.core.piece import Piece
from contentkit.core.report import Finding, Severity
from contentkit.core.text.document import Document, document
from contentkit.core.text.outline import bare, put, strings
from contentkit.core.text.script import CJK

# Two words. It begins where a word may, so that a long run without spaces is looked at once and not from each sign.
_WORDS = re.compile(r"(?<!\S)[^\w\s]*\w\S*\s+\S*\w")


@dataclass(frozen=True, slots=True)
class Part:
    """One running text of a piece.

    Attributes:
        path: what places call it: "posts[0].text", "body", or a file's path.
    """

    path: str
    document: Document

    def finding(
        self,
        rule: str,
        message: str,
        start: int,
        end: int,
        severity: Severity = Severity.MINOR,
        *,
        repair: str = "",
        suggestion: str = "",
        replacement: str | None = None,
        confidence: float = 1.0,
    ) -> Finding:
        """A finding about the characters ``start`` to ``end`` of this part; its category is the rule's family."""
        return Finding(
            rule,
            message,
            severity,
            self.document.place(self.path, start, end),
            rule.partition("/")[0],
            repair,
            confidence,
            suggestion=suggestion or replacement or "",
            replacement=replacement,
        )


def parts(piece: Piece) -> Iterator[Part]:
    """The running texts of ``piece``, in order. Single words (a platform's name, a hashtag) are none, nor is what code
    has added to the answer."""
    if piece.output is None:
        yield Part(piece.name, document(piece.body, piece.language))
        return
    for path, text in strings(piece.output):
        if piece.asked and bare(path) not in piece.asked:
            continue
        if _WORDS.search(text) or CJK.search(text):
            yield Part(path, document(text, piece.language))


def with_text(piece: Piece, path: str, text: str) -> Piece:
    """The piece with another text at the path of one of its parts."""
    if piece.output is None:
        return replace(piece, body=text)
    return replace(piece, output=put(piece.output, path, text))
