"""The monitor over a whole file, in the order in which things were decided: when would it have rung?"""

from dataclasses import dataclass
from math import log

import numpy as np

from evenhand.audit.tickets import Duration, Labels, Tickets
from evenhand.fairness.durations import Floats, Ints
from evenhand.fairness.monitor import ALPHA, Signs, first_at, together, watch
from evenhand.fairness.pairing import pair

RED = -log(ALPHA)


@dataclass(frozen=True)
class GroupLight:
    """One group's monitor: pairs are counted from 1, moments are hours since 1970."""

    by: str
    group: str
    pairs: int
    ahead: int  # pairs in which the group was faster
    behind: int
    alarm_at: int | None
    break_at: int | None
    certificate_at: int | None


@dataclass(frozen=True)
class Light:
    """The one light: all groups' alarms averaged, which is valid whatever their dependence; every certificate needed."""

    metric: str
    pairs: int
    alarm_at_pair: int | None
    alarm_at: float | None  # hours since 1970
    certificate_at_pair: int | None
    certificate_at: float | None
    groups: list[GroupLight]

    @property
    def colour(self) -> str:
        """red once an alarm has rung, green with every certificate, amber until then."""
        if self.alarm_at_pair is not None:
            return "red"
        return "green" if self.certificate_at_pair is not None else "amber"


@dataclass(frozen=True)
class _Watched:
    by: str
    group: str
    sign: Signs
    decided: Floats


def watched(tickets: Tickets, groups: dict[str, Labels], metric: Duration, stratum: Ints) -> Light | None:
    """Pair and watch every group; None where no ticket says when it was opened."""
    if tickets.opened is None:
        return None
    sides = [
        one for by, column in groups.items() for one in _pairs(tickets, tickets.opened, by, column, metric, stratum)
    ]
    seen = [one for one in sides if len(one.sign)]
    return _light(metric.name, seen) if seen else None


def _pairs(
    tickets: Tickets, opened: Floats, by: str, column: Labels, metric: Duration, stratum: Ints
) -> list[_Watched]:
    here = ~np.isnan(metric.hours) & ~np.isnan(opened) & (column.codes >= 0)
    codes, names = column.codes[here], column.names
    present = np.bincount(codes, minlength=len(names))
    # Two groups are one set of pairs seen from both sides: the smaller one is watched.
    chosen = [int(k) for k in np.flatnonzero(present)]
    if len(chosen) == 2:
        chosen = [min(chosen, key=lambda k: (present[k], k))]
    columns = (opened[here], metric.hours[here], metric.ended[here], stratum[here])
    customer = np.unique(tickets.customer[here], return_inverse=True)[1]
    found = [pair(*columns, codes == k, customer, metric.tau or 0.0) for k in chosen]
    return [_Watched(by, names[k], pairs.sign, pairs.decided) for k, pairs in zip(chosen, found, strict=True)]


def _light(metric: str, seen: list[_Watched]) -> Light:
    watches = [watch(one.sign) for one in seen]
    decided = np.sort(np.concatenate([one.decided for one in seen]))
    alarms = [_carried(w.alarm, one.decided, decided) for w, one in zip(watches, seen, strict=True)]
    # All certificates hold at once where the least of them does.
    certificates = [_carried(w.certificate, one.decided, decided) for w, one in zip(watches, seen, strict=True)]
    alarm = first_at(together(alarms), RED)
    certificate = first_at(np.minimum.reduce([np.maximum.accumulate(c) for c in certificates]), RED)
    groups = [
        GroupLight(
            one.by, one.group, len(one.sign), int((one.sign > 0).sum()), int((one.sign < 0).sum()),
            w.alarm_at, w.break_at, w.certificate_at,
        )
        for one, w in zip(seen, watches, strict=True)
    ]  # fmt: skip
    return Light(metric, len(decided), alarm, _at(decided, alarm), certificate, _at(decided, certificate), groups)


def _carried(reading: Floats, decided: Floats, moments: Floats) -> Floats:
    """A group's reading at every moment of all groups: the last one it had, and nothing won or lost before its first."""
    before = np.searchsorted(decided, moments, side="right")
    return np.append(0.0, reading)[before]


def _at(moments: Floats, place: int | None) -> float | None:
    return None if place is None else float(moments[place - 1])
