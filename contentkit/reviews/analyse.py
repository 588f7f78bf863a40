"""A change -> findings without a model: analyzers, configured tools and SARIF files, kept where the change touches."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from contentkit.core.change import Change, FileChange, Side, Status
from contentkit.core.errors import ContentkitError, UsageError
from contentkit.core.report import Covered, Finding

if TYPE_CHECKING:
    from contentkit.core.contracts import Analyzer, Look
    from contentkit.kit.config.review import ReviewSettings

_ON_ONE_LINE = 20
"""Findings of one rule that are told one by one."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Where a change touched a file: runs of lines on each side, as first, last, first, last ...

    It is kept of every file of the change, hence in the form that takes the least memory.
    """

    left: array[int]
    right: array[int]

    @classmethod
    def of(cls, file: FileChange) -> Touched:
        return cls(_runs(line.number for line in file.lines("-")), _runs(line.number for line in file.lines("+")))

    def __add__(self, other: Touched) -> Touched:
        return Touched(self.left + other.left, self.right + other.right)

    def holds(self, side: Side, first: int, last: int) -> bool:
        """Whether a line of ``first..last`` was added (RIGHT) or deleted (LEFT)."""
        runs = self.left if side == "LEFT" else self.right
        return any(start <= last and first <= end for start, end in zip(runs[::2], runs[1::2], strict=True))


@dataclass(slots=True)
class Analysis:
    """What was found without a model, and what the change holds.

    Attributes:
        reviewed: paths of the files that are reviewed, with their ledger units, in the order of the change.
        skipped: units that are not reviewed, or could not be read, with the reason.
        used: names of the analyzers and tools that looked.
        bare: files of which only a patch is known, so that what needs the whole file saw nothing.
        failed: an analyzer, tool or file of findings that could not look, and why.
    """

    findings: list[Finding] = field(default_factory=list)
    reviewed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: list[Covered] = field(default_factory=list)
    used: tuple[str, ...] = ()
    failed: list[Covered] = field(default_factory=list)
    files: int = 0
    added: int = 0
    deleted: int = 0
    bare: int = 0

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of the look."""
        if not self.bare:
            return ()
        files = "one file" if self.bare == 1 else f"{self.bare} files"
        return (
            f"of {files} only the patch is known: ruff, syntax and whatever needs the whole file saw nothing there",
        )


def analyse(
    change: Change,
    settings: ReviewSettings,
    *,
    sarif: Sequence[Path] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Analysis:
    """Look at every file of ``change``, one at a time.

    Args:
        sarif: files with findings of other tools.
        stopped: asked before each file and while a tool runs; True ends the look, and what is left counts as failed.

    Raises:
        UsageError: a setting names an unknown analyzer, or a SARIF file can't be read.
    """
    from contentkit.kit.plugins import shelf

    names = [name for name in shelf("analyzers").names() if settings.analyzers.get(name, {}).get("enabled", True)]
    check(settings)
    analysis = Analysis(used=(*names, *settings.tools))
    looks = _Looks(change, settings.analyzers, names, analysis)
    touched: dict[str, Touched] = {}
    for file in change:
        if stopped():
            break
        _count(file, analysis)
        touches = Touched.of(file)
        touched[file.path] = touched[file.path] + touches if file.path in touched else touches
        looks.file(file)
    else:
        looks.end()
    _count_rest(change, analysis, analysis.files)
    found = [*looks.found, *_others(change, settings, sarif, analysis, stopped)]
    analysis.findings = _gathered([kept for finding in found if (kept := _kept(finding, touched))])
    return analysis


class _Looks:
    """The analyzers at work. One that fails is named once for each reason and stops nobody else."""

    def __init__(
        self, change: Change, settings: Mapping[str, Mapping[str, object]], names: Sequence[str], analysis: Analysis
    ) -> None:
        from contentkit.kit.plugins import shelf

        self.found: list[Finding] = []
        self._analysis = analysis
        self._looks: list[tuple[str, Look, bool]] = []
        for name in names:
            for module in shelf("analyzers").working([name]):  # none, where a plugin's is broken
                self._looks.append((name, _begun(module, change, settings.get(name, {})), _also_skipped(module)))

    def file(self, file: FileChange) -> None:
        if file.failed:
            return
        for name, look, also_skipped in self._looks:
            if not file.skipped or also_skipped:
                self._add(name, lambda look=look: look.file(file), file.path)  # type: ignore[misc]

    def end(self) -> None:
        for name, look, _ in self._looks:
            self._add(name, look.end, "")

    def _add(self, name: str, look: Callable[[], Iterable[Finding]], path: str) -> None:
        try:
            self.found += look()
        except ContentkitError as error:
            where = f"{path} by {name}" if path else name
            self._analysis.failed.append(Covered(where, "failed", str(error)))


def check(settings: ReviewSettings) -> None:
    """Raises UsageError for an analyzer, or a setting of one, that there is not."""
    for name, said in settings.analyzers.items():
        _known(name, said)


def _known(name: str, settings: Mapping[str, object]) -> None:
    from contentkit.core.nearest import nearest
    from contentkit.kit.plugins import shelf

    try:
        takes = ("enabled", *getattr(shelf("analyzers").get(name), "takes", ()))
    except UsageError as error:
        raise UsageError(f"[review.analyzers.{name}]: {error.message}", hint=error.hint) from None
    for key in settings:
        if key not in takes:
            near = nearest(key, takes)
            hint = f"Did you mean {near!r}?" if near else f"It takes {', '.join(takes)}."
            raise UsageError(f"[review.analyzers.{name}] has no setting {key!r}.", hint=hint)


def _begun(module: Analyzer, change: Change, settings: Mapping[str, object]) -> Look:
    return module.begin(change, {name: value for name, value in settings.items() if name != "enabled"})


def _also_skipped(module: Analyzer) -> bool:
    """Whether it looks at files that are not reviewed (a secret in a lock file is one)."""
    return bool(getattr(module, "skipped_too", False))


def _count(file: FileChange, analysis: Analysis) -> None:
    analysis.files += 1
    analysis.added += sum(1 for _ in file.lines("+"))
    analysis.deleted += sum(1 for _ in file.lines("-"))
    if file.failed:
        analysis.skipped += [Covered(unit, "failed", file.failed) for unit in file.units]
    elif file.skipped:
        analysis.skipped += [Covered(unit, "skipped", file.skipped) for unit in file.units]
    else:
        # A series of patches may change one file twice: both count.
        analysis.reviewed[file.path] = (*analysis.reviewed.get(file.path, ()), *file.units)
        analysis.bare += int(bool(file.hunks) and file.new_text is None and file.status is not Status.DELETED)


def _count_rest(change: Change, analysis: Analysis, seen: int) -> None:
    analysis.skipped += [Covered(path, "failed", "stopped before it was read") for path in change.paths()[seen:]]


def _others(
    change: Change,
    settings: ReviewSettings,
    sarif: Sequence[Path],
    analysis: Analysis,
    stopped: Callable[[], bool],
) -> list[Finding]:
    """Findings of configured commands and of files."""
    if not (sarif or settings.tools):
        return []
    from contentkit.analyzers._sarif import findings
    from contentkit.analyzers._tool import run

    found: list[Finding] = []
    for path in sarif:
        try:
            found += findings(path.read_text(encoding="utf-8-sig"), root=change.root, text_of=change.text)
        except OSError as error:
            raise UsageError(f"{path} can't be read: {error.strerror or error}.", hint="Give a SARIF file.") from None
        except UnicodeDecodeError:
            raise UsageError(f"{path} is not UTF-8.", hint="Give a SARIF file.") from None
        except UsageError as error:
            raise UsageError(f"{path}: {error.message}", hint=error.hint) from None
    for name, tool in settings.tools.items():
        try:
            found += run(
                tool.command,
                tool.format,
                root=change.root,
                timeout=tool.timeout,
                text_of=change.text,
                stopped=stopped,
            )
        except ContentkitError as error:
            analysis.failed.append(Covered(name, "failed", str(error)))
    return found


def _kept(finding: Finding, touched: Mapping[str, Touched]) -> Finding | None:
    """The finding if it stands on what the change touched; one of a whole file, if that was added or changed."""
    place = finding.place
    if place is None:
        return finding
    if place.path not in touched:
        return None
    if place.line is None:
        return finding
    last = max(place.end_line or place.line, place.line)
    return finding if touched[place.path].holds(place.side, place.line, last) else None


def _gathered(findings: Sequence[Finding]) -> list[Finding]:
    """With few of one rule on one line, the last of which tells of the others: a line may hold a million faults."""
    found: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        place = finding.place
        key = (finding.rule, place.path, place.side, place.line) if place and place.line is not None else number
        found.setdefault(key, []).append(finding)
    kept: list[Finding] = []
    for group in found.values():
        kept += group[:_ON_ONE_LINE]
        if (more := len(group) - _ON_ONE_LINE) > 0:
            kept[-1] = replace(kept[-1], message=f"{kept[-1].message} (and {more:,} more of this rule on this line)")
    return kept


def _runs(numbers: Iterable[int]) -> array[int]:
    """Numbers in rising order as runs: 3 4 5 9 -> 3 5 9 9."""
    runs = array("L")
    for number in numbers:
        if runs and number == runs[-1] + 1:
            runs[-1] = number
        else:
            runs.extend((number, number))
    return runs
