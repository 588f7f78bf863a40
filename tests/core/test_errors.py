"""Every error has its exit code in the documentation, and the documentation lists no other."""

from __future__ import annotations

import re
from pathlib import Path

from contentkit.core.errors import ContentkitError

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"
# Fit, findings and incomplete are the report's; a fault of ours and a reader that left are the command line's.
NO_ERRORS = {0, 1, 3, 70, 141}


def tree(root: type[ContentkitError]) -> list[type[ContentkitError]]:
    return [root, *(each for child in root.__subclasses__() for each in tree(child))]


def test_the_documentation_lists_every_exit_code_and_no_other() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)}
    assert listed == NO_ERRORS | {error.exit_code for error in tree(ContentkitError)}
