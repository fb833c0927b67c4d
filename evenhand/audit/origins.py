"""Who held it up: for every difference that is certain, which level of which column carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.audit.strata import coarse
from evenhand.audit.tickets import Duration, Labels, Tickets
from evenhand.fairness.arises import Origin, arises
from evenhand.fairness.comparison import Support
from evenhand.fairness.durations import Flags, Ints
from evenhand.fairness.verdicts import Verdict

if TYPE_CHECKING:
    from evenhand.audit.procedure import Row

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
    """Cut every certain difference in a duration up by every column there is. Of two groups, the slower one's."""
    columns = {name: coarse(column) for name, column in {**tickets.strata, **tickets.places}.items()}
    columns = {name: column for name, column in columns.items() if np.count_nonzero(column.counts) > 1}
    found: list[Where] = []
    for metric in durations:
        for by, group in groups.items():
            here = ~np.isnan(metric.hours) & (group.codes >= 0)
            cut = _Cut(by, group.kept(here), metric, here, np.argsort(metric.hours[here]))
            for row in rows:
                if (row.metric, row.by) == (metric.name, by) and row.verdict in CERTAIN and _told(row, group):
                    found += [cut.by_column(tickets, row, name, columns[name], stratum, strata) for name in columns]
    return found


def _told(row: Row, group: Labels) -> bool:
    return int(np.count_nonzero(group.counts)) > 2 or row.adjusted.value > 1


@dataclass(frozen=True)
class _Cut:
    by: str
    group: Labels
    metric: Duration
    here: Flags
    by_time: Ints

    def by_column(self, tickets: Tickets, row: Row, name: str, column: Labels, stratum: Ints, strata: int) -> Where:
        here, metric = self.here, self.metric
        support = Support.common(stratum[here], self.group.codes == self.group.names.index(row.group), strata)
        origin = arises(
            metric.hours[here], metric.ended[here], support, column.codes[here], len(column.names),
            tickets.customer[here], metric.tau or 0.0, self.by_time,
        )  # fmt: skip
        return Where(row.metric, row.by, row.group, name, column.names, origin)
