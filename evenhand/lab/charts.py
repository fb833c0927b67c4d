"""Charts as SVG whose colours are the page's own, so that they read in light, in dark and on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# Stand-ins that the page's style sheet gives their colours; the numbers mean nothing.
INK, FAINT = "#010203", "#040506"
SERIES = ("#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04", "#0a0b05", "#0a0b06")
MARKS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evenhand",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
}


def _svg(figure: Figure, label: str) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    for stand_in, name in [(INK, "ink"), (FAINT, "faint"), *((s, f"series-{i + 1}") for i, s in enumerate(SERIES))]:
        svg = svg.replace(stand_in, f"var(--{name})")
    svg = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', "", svg, count=1)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px; font-family: inherit", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)


def curves(hours: Sequence[float], panels: dict[str, dict[str, Sequence[float]]], label: str) -> str:
    """Share answered within each number of hours: a panel a policy, a line a plan."""
    with mpl.rc_context(STYLE):
        columns = min(3, len(panels))
        rows = -(-len(panels) // columns)
        figure = Figure(figsize=(3.3 * columns, 2.7 * rows + 0.4), layout=ConstrainedLayoutEngine(hspace=0.09))
        axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for axis, (title, lines) in zip(axes.flat, panels.items(), strict=False):
            for i, (name, shares) in enumerate(lines.items()):
                axis.plot(
                    hours,
                    [100 * s for s in shares],
                    color=SERIES[i % 6],
                    linestyle=DASHES[i % 6],
                    label=name,
                    linewidth=1.8,
                )
            axis.set_xscale("log")
            axis.set_xticks([0.5, 2, 8, 24, 72, 240], ["½", "2", "8", "24", "72", "240"])
            axis.minorticks_off()
            axis.set_xlim(0.25, 340)
            axis.set_ylim(0, 100)
            axis.grid(True)
            axis.set_title(title, fontsize=10, loc="left")
        for axis in list(axes.flat)[len(panels) :]:
            axis.set_visible(False)
        axes[0][0].set_ylabel("% answered")
        figure.supxlabel("hours since asking", fontsize=10)
        handles, names = axes[0][0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=len(names))
        return _svg(figure, label)


def dots(rows: dict[str, dict[str, tuple[float, tuple[float, float] | None]]], axis_label: str, label: str) -> str:
    """A line a policy, a mark a plan with its interval."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 0.5 * len(rows) + 1.2), layout="constrained")
        axis = figure.subplots()
        for y, (_, marks) in enumerate(rows.items()):
            for i, (name, (value, ends)) in enumerate(marks.items()):
                place = -y + 0.12 * (1.5 - i)
                if ends:
                    axis.plot(ends, [place, place], color=SERIES[i % 6], linewidth=1.5)
                axis.plot(
                    [value], [place], MARKS[i % 6], color=SERIES[i % 6], label=name if y == 0 else None, markersize=6
                )
        axis.set_yticks([-y for y in range(len(rows))], list(rows))
        axis.set_xlabel(axis_label)
        axis.set_xlim(left=0)
        axis.grid(True, axis="x")
        figure.legend(loc="outside upper left", ncols=6)
        return _svg(figure, label)


def swings(rows: list[dict[str, Any]], middle: float, axis_label: str, label: str) -> str:
    """A tornado: how far each input alone moves the result."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 0.36 * len(rows) + 0.9), layout="constrained")
        axis = figure.subplots()
        for y, row in enumerate(rows):
            for end, colour, name in ((row["low"], SERIES[0], "30 % lower"), (row["high"], SERIES[1], "30 % higher")):
                label_ = name if y == 0 else None
                axis.barh(-y, 100 * (end - middle), left=100 * middle, color=colour, height=0.6, label=label_)
        axis.axvline(100 * middle, color=INK, linewidth=1)
        axis.set_yticks([-y for y in range(len(rows))], [str(row["input"]).replace("_", " ") for row in rows])
        axis.set_xlabel(axis_label)
        figure.legend(loc="outside upper left", ncols=2)
        return _svg(figure, label)


def shares(values: Sequence[float], lines: dict[str, Sequence[float]], axis_label: str, label: str) -> str:
    """Share of all below each value, which are far apart."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 2.8), layout="constrained")
        axis = figure.subplots()
        for i, (name, each) in enumerate(lines.items()):
            axis.plot(
                values, [100 * s for s in each], color=SERIES[i], linestyle=DASHES[i], marker=MARKS[i], label=name
            )
        axis.set_xscale("log")
        axis.set_xticks(values, [f"{value:.0f}" if value >= 1 else f"{value:.1f}" for value in values])
        axis.minorticks_off()
        axis.set_ylim(0, 100)
        axis.set_xlabel(axis_label)
        axis.set_ylabel("%")
        axis.grid(True)
        figure.legend(loc="outside upper left", ncols=4)
        return _svg(figure, label)


def hours_of_week(series: dict[str, Sequence[float]], label: str, unit: str = "agents") -> str:
    """A number for each hour of the week."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 2.6), layout="constrained")
        axis = figure.subplots()
        for i, (name, values) in enumerate(series.items()):
            axis.step(range(169), [*values, values[-1]], where="post", color=SERIES[i], linestyle=DASHES[i], label=name)
        axis.set_xticks(range(0, 168, 24), ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
        axis.set_xlim(0, 168)
        axis.set_ylim(bottom=0)
        axis.set_ylabel(unit)
        axis.grid(True, axis="y")
        figure.legend(loc="outside upper left", ncols=4)
        return _svg(figure, label)
