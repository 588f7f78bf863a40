"""Code that stands around a change, as a model is shown it."""

from __future__ import annotations

from dataclasses import dataclass

from contentkit.code.visible import one_line, visible

BANNER = "\nContext, not part of the change: report nothing here.\n"


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

    def rendered(self, reviewed: str) -> str:
        """A heading, and the lines without numbers to anchor to.

        Args:
            reviewed: path of the file that is asked about. Of other files no number is told, so that the question
                stays the same, and its answer at hand, when something else moves their lines.
        """
        rows = self.text.split("\n")
        where = f"this file, lines {self.line}-{self.line + len(rows) - 1}"
        if self.path != reviewed:
            where = one_line(self.path)
        body = "".join(f"      | {visible(row)}\n" for row in rows)
        return f"{where} ({one_line(self.why)}):\n{body}"
