"""The monitor over a whole file, in the order in which things were decided: when would it have rung?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evenhand.audit.tickets import Duration, Labels, Share, Tickets
from evenhand.fairness.durations import Flags, Floats, Ints
from evenhand.fairness.monitor import ALPHA, RUN_LENGTH, Watch, alarm, together, watch
from evenhand.fairness.pairing import Pairs, pair, pair_answers

RED = 1 / ALPHA
OF_EVERYONE = 0.5  # of the tickets that have an answer: what fewer have, such as a rating, is no part of a certificate


@dataclass(frozen=True)
class GroupLight:
    """One group's monitor of one metric: pairs are counted from 1, moments are hours since 1970."""

    by: str
    group: str
    metric: str
    pairs: int
    ahead: int  # pairs in which the group was faster, or had yes where the other had no
    behind: int
    alarm_at: int | None
    break_at: int | None
    certificate_at: int | None


@dataclass(frozen=True)
class Light:
    """The one light over every group and metric: all alarms in one weighted mean, which is valid whatever their
    dependence, and every certificate needed."""

    pairs: int  # of tickets, however many metrics they were compared by
    alarm_at_pair: int | None
    alarm_at: float | None  # hours since 1970
    break_at_pair: int | None
    break_at: float | None
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
    """One group by one metric. `weight` is fixed before anything is seen: the same for plan, spend and use, in each the
    same for every metric, in each the same for every group."""

    by: str
    group: str
    metric: str
    weight: float
    certifies: bool
    pairs: Pairs
    watch: Watch
    counted: Flags  # pairs that the alarm counts

    @property
    def alarm(self) -> Floats:
        return self.watch.alarm if self.counted.all() else alarm(self.pairs.sign[self.counted])

    @property
    def light(self) -> GroupLight:
        sign, seen = self.pairs.sign, self.watch
        ahead, behind = int((sign > 0).sum()), int((sign < 0).sum())
        at = (seen.alarm_at, seen.break_at, seen.certificate_at)
        return GroupLight(self.by, self.group, self.metric, len(sign), ahead, behind, *at)


def watched(
    tickets: Tickets, groups: dict[str, Labels], durations: list[Duration], stratum: Ints, since: float | None = None
) -> Light | None:
    """Pair and watch every group by every metric; None where no ticket says when it was opened.

    The alarm counts what was opened from `since` on (hours since 1970; default: everything). Who audits the same desk again and
    again, each time over its latest months, must not let the alarm begin anew each time: it would ring in the end.
    The detector of breaks may look at all that is there, since forgetting a beginning only makes it quieter.
    """
    if tickets.opened is None:
        return None
    metrics: list[Duration | Share] = [*durations, *tickets.shares]
    seen = [
        one
        for by, column in groups.items()
        for metric in metrics
        for one in _by(tickets, tickets.opened, by, column, metric, stratum, 1 / len(groups) / len(metrics), since)
    ]
    return _light(seen) if any(len(one.pairs.sign) for one in seen) else None


def _by(
    tickets: Tickets,
    opened: Floats,
    by: str,
    column: Labels,
    metric: Duration | Share,
    stratum: Ints,
    weight: float,
    since: float | None,
) -> Iterator[_Watched]:
    values = metric.hours if isinstance(metric, Duration) else metric.yes
    here = np.flatnonzero(~np.isnan(values) & ~np.isnan(opened) & (column.codes >= 0))
    codes = column.codes[here]
    present = np.bincount(codes, minlength=len(column.names))
    # Two groups are one set of pairs seen from both sides: the smaller one is watched.
    chosen = [int(k) for k in np.flatnonzero(present)]
    if len(chosen) == 2:
        chosen = [min(chosen, key=lambda k: (present[k], k))]
    certifies = isinstance(metric, Duration) or bool(len(here) >= OF_EVERYONE * np.count_nonzero(column.codes >= 0))
    for code in chosen:
        pairs = _pairs(tickets, opened, metric, stratum, here, codes == code)
        counted = np.minimum(opened[pairs.group], opened[pairs.other]) >= (-np.inf if since is None else since)
        name, each = column.names[code], weight / len(chosen)
        yield _Watched(by, name, metric.name, each, certifies, pairs, watch(pairs.sign), counted)


def _pairs(
    tickets: Tickets, opened: Floats, metric: Duration | Share, stratum: Ints, here: Ints, member: Flags
) -> Pairs:
    """Pairs whose records are those of `tickets`."""
    customer = np.unique(tickets.customer[here], return_inverse=True)[1]
    if isinstance(metric, Duration):
        hours, ended = metric.hours[here], metric.ended[here]
        found = pair(opened[here], hours, ended, stratum[here], member, customer, metric.tau or 0.0)
    else:
        known = opened[here] + _lasted(tickets, here)
        found = pair_answers(opened[here], metric.yes[here] > 0, known, stratum[here], member, customer)
    return Pairs(here[found.group], here[found.other], found.sign, found.decided)


def _lasted(tickets: Tickets, here: Ints) -> Floats:
    """Hours after which a yes or no is taken to be known: as long as anything took that was measured of the ticket."""
    hours = [duration.hours[here] for duration in tickets.durations]
    return np.asarray(np.nan_to_num(np.nanmax([np.zeros(len(here)), *hours], axis=0)))


def _light(seen: list[_Watched]) -> Light:
    first = np.sort(np.concatenate([_first_decided(seen, by) for by in dict.fromkeys((o.by, o.group) for o in seen)]))
    weights = [one.weight for one in seen]
    rung = together([one.alarm for one in seen], [one.pairs.decided[one.counted] for one in seen], weights, RED)
    moments = [one.pairs.decided for one in seen]
    broke = together([one.watch.broken for one in seen], moments, weights, RUN_LENGTH, before=0.0)
    certificates = [_certified(one) for one in seen if one.certifies and len(one.pairs.sign)]
    latest = max(certificates, default=np.inf)
    certified = latest if np.isfinite(latest) else None
    groups = [one.light for one in seen if len(one.pairs.sign)]
    at = [(_place(first, moment), moment) for moment in (rung, broke, certified)]
    return Light(len(first), *at[0], *at[1], *at[2], groups)


def _certified(one: _Watched) -> float:
    at = one.watch.certificate_at
    return np.inf if at is None else float(one.pairs.decided[at - 1])


def _first_decided(seen: list[_Watched], group: tuple[str, str]) -> Floats:
    """When each pair of a group was decided first, by whatever metric."""
    here = [one.pairs for one in seen if (one.by, one.group) == group]
    tickets, moments = (np.concatenate([getattr(p, name) for p in here]) for name in ("group", "decided"))
    order = np.lexsort((moments, tickets))
    return np.asarray(moments[order][np.flatnonzero(np.diff(tickets[order], prepend=-1))])


def _place(first: Floats, moment: float | None) -> int | None:
    return None if moment is None else int(np.searchsorted(first, moment, side="right"))
