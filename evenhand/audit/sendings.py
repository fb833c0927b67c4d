"""For every certain difference: to which agents, teams, tags or quarantine a group is sent more often than others."""

from __future__ import annotations

from typing import Any

import numpy as np

from evenhand.fairness.sent import Sent, sent

from .figures import enough, number
from .origins import CERTAIN
from .procedure import Audit, Row
from .strata import coarse
from .tickets import Duration, Labels, Tickets

MOST = 6  # levels of one column


def sendings(tickets: Tickets, found: Audit) -> list[dict[str, Any]]:
    """One entry per certain difference and column, with the levels that carry most of it."""
    durations = {duration.name: duration for duration in tickets.durations}
    rows = [row for row in found.rows if row.verdict in CERTAIN and row.metric in durations and row.tau]
    columns = {name: coarse(column) for name, column in tickets.places.items()}
    cuts = (_cut(tickets, durations[row.metric], row, name, column) for row in rows for name, column in columns.items())
    return [cut for cut in cuts if cut["levels"]]


def _cut(tickets: Tickets, metric: Duration, row: Row, name: str, column: Labels) -> dict[str, Any]:
    group = tickets.groups[row.by]
    here = ~np.isnan(metric.hours) & (group.codes >= 0)
    member = group.codes[here] == (group.names.index(row.group) if row.group in group.names else -2)
    levels = sent(
        metric.hours[here],
        metric.ended[here],
        member,
        column.codes[here],
        len(column.names),
        tickets.customer[here],
        row.tau or 0.0,
    )
    shown = [
        each
        for each in levels
        if enough(each.group_tickets, each.group_customers) or enough(each.other_tickets, each.other_customers)
    ][:MOST]
    about = {"metric": row.metric, "by": row.by, "group": row.group, "column": name}
    return {**about, "levels": [_figures(each, column.names) for each in shown]}


def _figures(level: Sent, names: list[str]) -> dict[str, Any]:
    return {
        "level": names[level.level],
        "group_share": number(level.group_share),
        "other_share": number(level.other_share),
        "low": number(level.low),
        "high": number(level.high),
        "part": number(level.part),
    }
