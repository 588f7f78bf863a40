"""An evaluation as a picture. Loaded only when one is asked for, since it needs matplotlib."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contentkit.core.errors import MissingExtra, UsageError
from contentkit.core.plural import counted
from contentkit.core.scores import Figures
from contentkit.evaluate import Evaluation
from contentkit.kit.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ENDINGS = (".svg", ".png")
# Dark to light, told apart in print and by colour-blind eyes.
_COLOURS = ("#1b4965", "#5fa8d3", "#e0a458")
_INK, _QUIET = "#222222", "#777777"
# Names of cases are in any language: after matplotlib's own, what systems bring for Japanese, Chinese and Korean.
_FONTS = ("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic",
          "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK KR", "Malgun Gothic")  # fmt: skip


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
    rows = [(name, (row.precision, row.recall, row.f1)) for name, row in _rows(evaluation)]
    bars(rows, ("precision", "recall", "F1"), f"Review by {how['model']}", _below(evaluation, how), path)


def bars(
    rows: Sequence[tuple[str, Sequence[float | None]]], names: Sequence[str], title: str, below: str, path: Path
) -> None:
    """Shares from 0 to 1 as groups of bars, one group a row. Overwrites ``path``, whose name says SVG or PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    mpl.rcParams.update({"svg.hashsalt": "contentkit", "svg.fonttype": "none", "font.size": 9})
    mpl.rcParams["font.family"] = [name for name in _FONTS if name in there]

    figure = Figure(figsize=(8, 1.4 + 0.62 * len(rows)), layout="constrained")
    axes = figure.subplots()
    height = 0.72 / len(names)
    for number, (name, colour) in enumerate(zip(names, _COLOURS, strict=False)):
        for at, (_, values) in enumerate(rows):
            value = values[number]
            y = at + (number - (len(names) - 1) / 2) * height
            axes.barh(y, value or 0, height * 0.9, color=colour, label=name if at == 0 else None)
            axes.text(
                (value or 0) + 0.01,
                y,
                "-" if value is None else f"{value:.2f}",
                va="center_baseline",
                color=_INK,
                size=8,
            )
    axes.set_yticks(range(len(rows)), [_plain(label) for label, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper right", ncols=3, frameon=False)
    figure.suptitle(_plain(title), x=0.01, ha="left", weight="bold", color=_INK)
    figure.supxlabel(_plain(below), size=8, color=_QUIET)
    write_atomically(path, _drawn(figure, path.suffix.lower().lstrip(".")), force=True)


def _drawn(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        figure.savefig(buffer, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {"Software": None})
    if kind == "png" and any("missing from font" in str(one.message) for one in told):
        click.echo(
            "contentkit: no font here has all letters of the chart; take FILE.svg, which holds them as text", err=True
        )
    return buffer.getvalue()


def _rows(evaluation: Evaluation) -> list[tuple[str, Figures]]:
    rows = [("all", evaluation.total)]
    for named in (evaluation.by(lambda case: case.kind), evaluation.by(lambda case: case.language)):
        rows += [(name or "(not said)", row) for name, row in named.items() if row.defects]
    return [(f"{name}\n{row.matched} of {row.defects} defects", row) for name, row in rows]


def _plain(text: str) -> str:
    """Two dollar signs would be taken for a formula, and a control character makes an SVG that nothing opens."""
    shown = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
    return shown.replace("$", r"\$")


def _below(evaluation: Evaluation, how: Mapping[str, Any]) -> str:
    alarms = evaluation.alarms_per_clean
    said = [counted(len(evaluation.judged), "case"), f"tolerance {counted(how['tolerance'], 'line')}"]
    said += [] if alarms is None else [f"{alarms:.2f} false alarms per clean diff"]
    said += [f"{counted(len(evaluation.failed), 'case')} failed"] if evaluation.failed else []
    return " · ".join(said)
