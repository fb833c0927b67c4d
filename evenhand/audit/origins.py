"""Who held it up: for every difference that is certain, which level of which column carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.audit.strata import coarse
from evenhand.audit.tickets import Duration, Labels, Tickets
from evenhand.fairness.arises import Origin, arises, gap
from evenhand.fairness.comparison import Support
from evenhand.fairness.durations import Ints
from evenhand.fairness.verdicts import Verdict

if TYPE_CHECKING:
    from evenhand.audit.procedure import Row

LARGEST = 2  # differences of one metric that are looked into
CERTAIN = (Verdict.DISPARITY, Verdict.TOLERANCE)


@dataclass(frozen=True)
class Where:
    """The difference of one metric of one group, cut up by one column."""

    metric: str
    by: str
    group: str
    column: str
    levels: list[str]
    origin: Origin


def origins(
    tickets: Tickets, groups: dict[str, Labels], durations: list[Duration], rows: list[Row], stratum: Ints, strata: int
) -> list[Where]:
    """Cut the largest certain differences in durations up by every column there is. Of two groups, the slower one's."""
    columns = {name: coarse(column) for name, column in {**tickets.strata, **tickets.places}.items()}
    columns = {name: column for name, column in columns.items() if np.count_nonzero(column.counts) > 1}
    found: list[Where] = []
    for metric in durations:
        for by, group in groups.items():
            here = np.flatnonzero(~np.isnan(metric.hours) & (group.codes >= 0))
            here = here[np.argsort(metric.hours[here])]
            cut = _Cut(by, group.kept(here), metric, here)
            for row in _told([row for row in rows if (row.metric, row.by) == (metric.name, by)], group):
                found += cut.by_columns(tickets, row, columns, stratum, strata)
    return found


def _told(rows: list[Row], group: Labels) -> list[Row]:
    """The largest certain differences; disparities alone, where there are any."""
    certain = [row for row in rows if row.verdict in CERTAIN]
    worst = [row for row in certain if row.verdict is Verdict.DISPARITY] or certain
    if np.count_nonzero(group.counts) == 2:
        worst = [row for row in worst if row.adjusted.value > 1]
    return sorted(worst, key=lambda row: -abs(row.adjusted.estimate))[:LARGEST]


@dataclass(frozen=True)
class _Cut:
    by: str
    group: Labels
    metric: Duration
    here: Ints  # the tickets that have the metric, shortest first

    def by_columns(
        self, tickets: Tickets, row: Row, columns: dict[str, Labels], stratum: Ints, strata: int
    ) -> list[Where]:
        here, time, ended, tau = (
            self.here,
            self.metric.hours[self.here],
            self.metric.ended[self.here],
            self.metric.tau or 0.0,
        )
        support = Support.common(stratum[here], self.group.codes == self.group.names.index(row.group), strata)
        total, customer = gap(time, ended, support, tau, ascending=True), tickets.customer[here]
        return [
            Where(row.metric, row.by, row.group, name, column.names, arises(
                time, ended, support, column.codes[here], len(column.names), customer, tau, total, ascending=True,
            ))
            for name, column in columns.items()
        ]  # fmt: skip
