"""The rows of an audit as a table of text."""

from evenhand.audit.procedure import Row

HEAD = ("metric", "group", "unadjusted", "adjusted", "90 % interval", "tickets", "verdict")


def table(rows: list[Row]) -> str:
    """Columns padded to the widest cell; ratios as 1.23, differences in points as +1.2."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def shown(value: float, scale: str) -> str:
    """A ratio or a difference as people read it."""
    if value != value:
        return "–"
    if scale == "ratio":
        return f"{value:.2f}"
    return f"{round(value * 100, 1) + 0.0:+.1f} pts"  # + 0.0: no minus before nothing


def _cells(row: Row) -> tuple[str, ...]:
    scale = row.adjusted.scale
    low, high = (shown(value, scale) for value in row.adjusted.interval(0.90))
    group = row.group if row.by == "plan" else f"{row.by}: {row.group}"
    return (
        row.metric, group, shown(row.unadjusted.value, scale), shown(row.adjusted.value, scale), f"{low} to {high}",
        f"{row.adjusted.group_tickets:,}", str(row.verdict),
    )  # fmt: skip
