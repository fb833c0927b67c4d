"""An audit as one page to send: a single file, in light and dark and on paper, that asks nothing of the network."""

from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evenhand import __version__
from evenhand.audit.lasting import lasting
from evenhand.audit.procedure import Audit, Row
from evenhand.audit.report.chart import CLASSES, chart
from evenhand.audit.report.facts import moment
from evenhand.audit.report.table import shown
from evenhand.audit.report.words import conclusion, light, whereabouts
from evenhand.audit.settings import METHOD, Settings

HERE = Path(__file__).parent
TITLES = {
    "parity": "Parity shown",
    "within tolerance": "Different, within tolerance",
    "disparity": "Disparity",
    "not enough evidence": "Not enough evidence",
}


def page(audit: Audit, settings: Settings, set_aside: dict[str, int], notes: list[str], name: str, rows: int) -> str:
    """The report of `audit` as HTML; `name` and `rows` are of the file that was read."""
    pages = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters["interval"] = _interval
    return pages.get_template("page.html").render(
        audit=audit, name=name, rows=rows, settings=settings, method=METHOD, version=__version__,
        title=TITLES[str(audit.verdict)], kind=CLASSES[str(audit.verdict)], kinds=CLASSES, titles=TITLES,
        conclusion=conclusion(audit), monitor=light(audit.monitor), whereabouts=whereabouts(audit.where),
        charts=[_drawn(rows, settings) for rows in _by_metric(audit.rows)],
        set_aside=set_aside, notes=[*notes, *audit.notes], shown=shown, moment=moment, lasting=lasting,
        today=datetime.now(UTC).strftime("%-d %B %Y"),
    )  # fmt: skip


def _by_metric(rows: list[Row]) -> list[list[Row]]:
    ordered = sorted(rows, key=lambda row: (row.by, row.metric))
    grouped = {key: list(found) for key, found in groupby(ordered, key=lambda row: (row.by, row.metric))}
    return [grouped[key] for key in dict.fromkeys((row.by, row.metric) for row in rows)]


def _drawn(rows: list[Row], settings: Settings) -> dict[str, Any]:
    return {
        "by": rows[0].by,
        "metric": rows[0].metric,
        "rows": rows,
        "scale": rows[0].adjusted.scale,
        "svg": chart(rows, settings.margin),
    }


def _interval(row: Row) -> str:
    low, high = (shown(end, row.adjusted.scale) for end in row.adjusted.interval(0.90))
    return f"{low} to {high}"
