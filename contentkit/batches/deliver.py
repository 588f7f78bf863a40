"""Outcomes -> files: one for each row, and ``results.jsonl`` for all. The journal holds what makes them again.

Names of rows are texts, never a ``Path``: see ``kit/files.py``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.core.report import Report
from contentkit.kit.files import write_atomically
from contentkit.kit.journal import Outcome

if TYPE_CHECKING:
    from contentkit.kit.journal import Journal

RESULTS = "results.jsonl"
_ENDINGS = {"markdown": "md", "text": "txt", "payload": "json", "platforms": "txt"}


Page = str | bytes | Mapping[str, str]
"""A result as it stands in a file; or, where it does not go into one, the texts of several by their names."""


def rendered(report: Report, form: str) -> Page:
    """The report in the format.

    Raises:
        UsageError: the format can't show it.
    """
    from contentkit.kit.plugins import shelf

    module = shelf("reports").get(form)
    if hasattr(module, "folder") and (files := module.folder([report])):
        return dict(files)
    page: str | bytes = module.render(report)
    return module.encoded(page) if hasattr(module, "encoded") and isinstance(page, str) else page


def write_result(folder: Path, outcome: Outcome, form: str, page: Page) -> None:
    """The file of a row, or its folder of files; a partial one of an earlier run goes away with it."""
    path, several = _paths(folder, outcome, form)
    if isinstance(page, Mapping):
        os.makedirs(several, exist_ok=True)
        for name, text in page.items():
            write_atomically(os.path.join(several, os.path.basename(name)), text, force=True)
    else:
        write_atomically(path, page, force=True)
    if outcome.state == "done":
        partial, several = _paths(folder, replace(outcome, state="failed"), form)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(partial)
        shutil.rmtree(several, ignore_errors=True)


def _result_name(folder: Path, outcome: Outcome, form: str) -> str:
    """Where a row's result is, from the folder of all; "" where there is none."""
    path, several = _paths(folder, outcome, form)
    if os.path.isfile(path) and os.path.getsize(path):
        return os.path.basename(path)
    return f"{os.path.basename(several)}/" if os.path.isdir(several) and os.listdir(several) else ""


def _paths(folder: Path, outcome: Outcome, form: str) -> tuple[str, str]:
    """A row's file, and its folder where there are several. What is not whole is called so, and is never taken for a
    result."""
    several = os.path.join(folder, outcome.name + (".partial" if outcome.state == "failed" else ""))
    return f"{several}.{_ENDINGS.get(form, form)}", several


def restore(journal: Journal, folder: Path, form: str) -> int:
    """Write the files of done rows that are missing or empty, from the journal. Returns how many there were."""
    from contentkit.reports.json import from_dict

    written = 0
    for outcome in journal.outcomes():
        if outcome.state != "done" or outcome.report is None or not outcome.report.get("body"):
            continue
        if not _result_name(folder, outcome, form):
            write_result(folder, outcome, form, rendered(from_dict(outcome.report), form))
            written += 1
    return written


@dataclass(slots=True)
class Summary:
    """A batch as a whole, over all its runs.

    Attributes:
        faulty: done, with a finding that makes the piece unfit (exit code 1).
        unread: done, but an input could not be read (exit code 3).
        stale: done, with an answer to an earlier question: sources or settings have changed since.
        failures: the first few rows that failed.
    """

    done: int = 0
    faulty: int = 0
    unread: int = 0
    failed: int = 0
    left: int = 0
    stale: int = 0
    failures: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.done += outcome.state == "done"
        self.failed += outcome.state == "failed"
        self.left += outcome.state == "left"
        self.faulty += outcome.state == "done" and outcome.code == 1
        self.unread += outcome.state == "done" and outcome.code == 3
        self.stale += outcome.state == "done" and outcome.stale
        if outcome.state == "failed" and len(self.failures) < _SHOWN:
            self.failures.append(outcome)


_SHOWN = 20
_LINE_ENDS = {sign: f"\\u{sign:04x}" for sign in (0x85, 0x2028, 0x2029)}
"""Signs that some readers of lines take for an end, as JSON writes them instead."""


def write_results(journal: Journal, folder: Path, form: str) -> Summary:
    """``results.jsonl``: a line a row, in the order of the rows, whole or not at all."""
    summary = Summary()
    write_atomically(folder / RESULTS, _result_lines(journal, folder, form, summary), force=True)
    return summary


def _result_lines(journal: Journal, folder: Path, form: str, summary: Summary) -> Iterator[str]:
    for outcome in journal.outcomes():
        summary.add(outcome)
        report = outcome.report or {}
        line = {
            "row": outcome.number,
            "id": outcome.id,
            "state": outcome.state,
            "exit_code": outcome.code,
            "error": outcome.error,
            "file": _result_name(folder, outcome, form),
            "model": report.get("model", ""),
            "cost": report.get("cost"),
            "findings": report.get("findings", []),
            "report": outcome.report,
        }
        text = json.dumps(line, ensure_ascii=False)
        yield text.translate(_LINE_ENDS) + "\n"
