"""An evaluation as a picture. Loaded only when one is asked for, since it needs matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from contentkit.core.errors import MissingExtra, UsageError
from contentkit.core.scores import Figures
from contentkit.evaluate import Evaluation

_ENDINGS = (".svg", ".png")
# Dark to light, told apart in print and by colour-blind eyes.
_COLOURS = {"precision": "#1b4965", "recall": "#5fa8d3", "F1": "#e0a458"}
_INK, _QUIET = "#222222", "#777777"


def check_chart(path: Path) -> None:
    """Refuse what can't be drawn before anything is asked.

    Raises:
        UsageError: the file's name says no format.
        MissingExtra: matplotlib is not installed.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{path.name!r} is no name of a chart.", hint="Name it FILE.svg or FILE.png.")
    if find_spec("matplotlib") is None:
        raise MissingExtra("A chart", "charts")


def draw(evaluation: Evaluation, how: Mapping[str, Any], path: Path) -> None:
    """Precision, recall and F1 of all cases and of each kind and language, as bars. Overwrites ``path``."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"svg.hashsalt": "contentkit", "svg.fonttype": "none", "font.size": 9})
    from matplotlib.figure import Figure

    rows = _rows(evaluation)
    figure = Figure(figsize=(8, 1.4 + 0.62 * len(rows)), layout="constrained")
    axes = figure.subplots()
    height = 0.24
    for number, (name, colour) in enumerate(_COLOURS.items()):
        for at, (_, row) in enumerate(rows):
            value = {"precision": row.precision, "recall": row.recall, "F1": row.f1}[name]
            y = at + (number - 1) * height
            axes.barh(y, value or 0, height * 0.9, color=colour, label=name if at == 0 else None)
            axes.text(
                (value or 0) + 0.01,
                y,
                "-" if value is None else f"{value:.2f}",
                va="center_baseline",
                color=_INK,
                size=8,
            )
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper right", ncols=3, frameon=False)
    figure.suptitle(_plain(f"Review by {how['model']}"), x=0.01, ha="left", weight="bold", color=_INK)
    figure.supxlabel(_below(evaluation, how), size=8, color=_QUIET)
    buffer = io.BytesIO()
    kind = path.suffix.lower().lstrip(".")
    figure.savefig(buffer, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {"Software": None})
    path.write_bytes(buffer.getvalue())


def _rows(evaluation: Evaluation) -> list[tuple[str, Figures]]:
    rows = [("all", evaluation.total)]
    for named in (evaluation.by(lambda case: case.kind), evaluation.by(lambda case: case.language)):
        rows += [(name or "(not said)", row) for name, row in named.items() if row.defects]
    return [(_plain(f"{name}\n{row.matched} of {row.defects} defects"), row) for name, row in rows]


def _plain(text: str) -> str:
    """Two dollar signs would be taken for a formula."""
    return text.replace("$", r"\$")


def _below(evaluation: Evaluation, how: Mapping[str, Any]) -> str:
    alarms = evaluation.alarms_per_clean
    said = [f"{len(evaluation.judged)} cases", f"tolerance {how['tolerance']} lines"]
    said += [] if alarms is None else [f"{alarms:.2f} false alarms per clean diff"]
    said += [f"{len(evaluation.failed)} cases failed"] if evaluation.failed else []
    return " · ".join(said)
