"""The posts of a piece: its texts that go to a platform, and by which rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from contentkit.core.piece import Piece
from contentkit.core.text.counting import Rule
from contentkit.core.text.outline import Spot, spots
from contentkit.steps.limits import rule_of, rules


def post_spots(piece: Piece) -> Iterator[tuple[Spot, Rule]]:
    """Every text of ``piece`` that is a post, with the rule of its platform."""
    table: Mapping[str, Rule] = piece.fields.get("rules") or rules()
    for path, name in piece.limits.items():
        for spot in spots(piece.output if piece.output is not None else {"body": piece.body}, path):
            rule = table.get(rule_of(spot, name))
            if rule and (rule.post or rule.free_mentions) and isinstance(spot.value, str):
                yield spot if piece.output is not None else dataclasses.replace(spot, path=piece.name), rule
