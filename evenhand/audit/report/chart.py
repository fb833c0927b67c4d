"""A dot and an interval for each group, between the margins: inline SVG that takes its colours from the page."""

from dataclasses import dataclass
from math import isfinite, log

from markupsafe import Markup, escape

from evenhand.audit.procedure import Row
from evenhand.audit.report.table import shown
from evenhand.fairness.verdicts import Margin

WIDTH, LINE, LEFT, RIGHT, TOP, BOTTOM = 720, 34, 190, 60, 12, 34
FARTHEST = {"ratio": log(5.0), "difference": 0.5}  # what lies beyond is drawn at the edge, with an arrow
TICKS = {
    "ratio": (0.2, 0.25, 1 / 3, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0),
    "difference": (-0.5, -0.4, -0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
}
CLASSES = {"parity": "good", "within tolerance": "fair", "disparity": "bad", "not enough evidence": "open"}


@dataclass(frozen=True)
class _Axis:
    scale: str
    reach: float  # from no difference to either edge, on the log scale for ratios

    def x(self, value: float) -> float:
        """Pixels from the left; a ratio on a log scale, so that half and double are as far."""
        at = log(value) if self.scale == "ratio" else value
        at = max(-self.reach, min(self.reach, at))
        return LEFT + (WIDTH - LEFT - RIGHT) * (at + self.reach) / (2 * self.reach)

    def holds(self, value: float) -> bool:
        return abs(log(value) if self.scale == "ratio" else value) <= self.reach + 1e-9


def chart(rows: list[Row], margin: Margin) -> Markup:
    """All groups of one metric. Says the same as the table beside it, in words, to those who cannot see it."""
    scale = rows[0].adjusted.scale
    axis = _Axis(scale, _reach(rows, margin, scale))
    low, high = margin.bounds(scale)
    height = TOP + LINE * len(rows) + BOTTOM
    label = f"{rows[0].metric}: " + "; ".join(_spoken(row) for row in rows)
    none = 1.0 if scale == "ratio" else 0.0
    parts = [
        Markup('<svg role="img" viewBox="0 0 {} {}" class="chart"><title>{}</title>').format(WIDTH, height, label),
        _band(axis.x(low), axis.x(high), height - BOTTOM),
        *(_tick(axis, value, scale, height - BOTTOM) for value in _ticks(axis, margin)),
        _rule(axis.x(none), height - BOTTOM, "none"),
        *(_group(axis, row, TOP + LINE * k + LINE / 2) for k, row in enumerate(rows)),
        Markup("</svg>"),
    ]
    return Markup("\n").join(parts)


def _reach(rows: list[Row], margin: Margin, scale: str) -> float:
    seen = [
        value
        for row in rows
        for value in (*row.adjusted.interval(0.90), row.adjusted.value)
        if isfinite(value) and (value > 0 or scale != "ratio")
    ]
    far = [abs(log(value)) if scale == "ratio" else abs(value) for value in (*seen, *margin.bounds(scale))]
    return min(max(far) * 1.15, FARTHEST[scale])


def _ticks(axis: _Axis, margin: Margin) -> list[float]:
    """Marks far enough apart to be read, those of the margin and of no difference first."""
    first = [*margin.bounds(axis.scale), 1.0 if axis.scale == "ratio" else 0.0]
    kept: list[float] = []
    for value in (*first, *TICKS[axis.scale]):
        if axis.holds(value) and all(abs(axis.x(value) - axis.x(other)) > 44 for other in kept):
            kept.append(value)
    return kept


def _band(left: float, right: float, bottom: float) -> Markup:
    return Markup('<rect class="margin" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>').format(
        left, right - left, bottom
    )


def _rule(x: float, bottom: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="0" y2="{}"/>').format(kind, x, x, bottom)


def _tick(axis: _Axis, value: float, scale: str, bottom: float) -> Markup:
    text = f"{value:.2f}".rstrip("0").rstrip(".") if scale == "ratio" else f"{value * 100:+.0f}".replace("+0", "0")
    place = axis.x(value)
    words = Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
        place, bottom + 20, text
    )
    return _rule(place, bottom + 4, "grid") + words


def _group(axis: _Axis, row: Row, y: float) -> Markup:
    name = Markup('<text class="name" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
        LEFT - 14, y + 4, _short(row.group)
    )
    low, high = row.adjusted.interval(0.90)
    value = row.adjusted.value
    if not isfinite(low) or not isfinite(value):
        return name + Markup('<text class="tick" x="{}" y="{:.1f}">too few to tell</text>').format(LEFT + 4, y + 4)
    kind = CLASSES[str(row.verdict)]
    line = Markup('<line class="interval {}" x1="{:.1f}" x2="{:.1f}" y1="{y}" y2="{y}"/>').format(
        kind, axis.x(low), axis.x(high), y=y
    )
    dot = Markup('<circle class="dot {}" cx="{:.1f}" cy="{}" r="5.5"/>').format(kind, axis.x(value), y)
    arrows = [_arrow(axis.x(end), y, side, kind) for end, side in ((low, -1), (high, 1)) if not axis.holds(end)]
    figure = Markup('<text class="figure" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
        WIDTH, y + 4, shown(value, row.adjusted.scale)
    )
    return Markup("").join([name, line, *arrows, dot, figure])


def _arrow(x: float, y: float, side: int, kind: str) -> Markup:
    return Markup('<path class="dot {}" d="M{:.1f} {:.1f}l{} 4v-8z"/>').format(kind, x + side * 4, y, -side * 7)


def _short(name: str) -> str:
    return name if len(name) <= 26 else name[:25] + "…"


def _spoken(row: Row) -> str:
    low, high = (shown(end, row.adjusted.scale) for end in row.adjusted.interval(0.90))
    return f"{row.group} {shown(row.adjusted.value, row.adjusted.scale)} ({low} to {high}), {escape(row.verdict)}"
