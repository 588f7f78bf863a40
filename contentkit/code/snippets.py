"""Code that stands around a change, as a model is shown it."""

from __future__ import annotations

from dataclasses import dataclass

from contentkit.code.visible import one_line, visible


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines of the repository that are not part of the change.

    Attributes:
        line: number of the first one, in the file after the change.
        text: without secrets; lines with "\\n" between.
        why: what it is to the change ("encloses the change", "called: total").
    """

    path: str
    line: int
    text: str
    why: str

    @property
    def rendered(self) -> str:
        """A heading that says that this is no part of the change, and the lines without numbers to anchor to."""
        rows = self.text.split("\n")
        where = f"{one_line(self.path)} lines {self.line}-{self.line + len(rows) - 1} ({one_line(self.why)})"
        body = "".join(f"      | {visible(row.removesuffix(chr(13)))}\n" for row in rows)
        return f"\nContext only, report nothing here: {where}\n{body}"
