"""Write ``contentkit/core/text/tlds.py`` from a copy of the Public Suffix List.

    python scripts/tlds.py public_suffix_list.dat

The list is kept at https://publicsuffix.org/list/public_suffix_list.dat; the last labels of its ICANN part are taken.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

TARGET = Path(__file__).parent.parent / "contentkit" / "core" / "text" / "tlds.py"
HEAD = '''"""Top-level domains, for telling a domain without a scheme from other words with dots.

Written by ``scripts/tlds.py`` from the ICANN part of the Public Suffix List; do not edit.
"""

AS_OF = "{as_of}"

_NAMES = """
{names}
"""

TLDS = frozenset(_NAMES.split())
'''


def top_levels(text: str) -> list[str]:
    """The distinct last labels of the list's ICANN rules, sorted."""
    icann = text.split("===BEGIN ICANN DOMAINS===")[1].split("===END ICANN DOMAINS===")[0]
    rules = (line.strip() for line in icann.splitlines())
    return sorted({rule.rsplit(".", 1)[-1] for rule in rules if rule and not rule.startswith("//")})


def main(path: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    found = re.search(r"VERSION: (\d{4}-\d\d-\d\d)", text)
    latin = [name for name in top_levels(text) if name.isascii()]
    other = [name for name in top_levels(text) if not name.isascii()]
    names = "\n".join(textwrap.fill(" ".join(part), width) for part, width in ((latin, 118), (other, 58)))
    TARGET.write_text(HEAD.format(as_of=found.group(1) if found else "", names=names), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
