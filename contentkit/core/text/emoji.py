"""Where emoji stand in a text: whole sequences, as they are drawn."""

from __future__ import annotations

import regex

# A base with its skin tone or variation selector. Digits, (c), (r), (tm) and the pawn are text without U+FE0F.
_ONE = r"""
    (?: \p{Emoji_Modifier_Base} \ufe0f? \p{Emoji_Modifier}
      | [©®™♟] \ufe0f
      | [\p{Emoji}--[0-9\#*©®™♟\p{Regional_Indicator}]] (?: \ufe0f | (?!\ufe0e) )
    )
"""
EMOJI = regex.compile(
    rf"""
    \p{{Regional_Indicator}}{{2}}
    | [0-9\#*] \ufe0f? \u20e3
    | \U0001f3f4 [\U000e0020-\U000e007e]+ \U000e007f
    | {_ONE} (?: \u200d {_ONE} )*
    """,
    regex.VERBOSE | regex.VERSION1,
)
