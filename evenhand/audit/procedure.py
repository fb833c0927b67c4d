"""The audit: every metric for every group beside all the others, judged as one family."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from evenhand.audit.groups import measured
from evenhand.audit.lasting import lasting
from evenhand.audit.origins import Where, origins
from evenhand.audit.settings import Settings
from evenhand.audit.strata import stratum_of
from evenhand.audit.tickets import Duration, Labels, Share, Tickets
from evenhand.audit.watching import Light, watched
from evenhand.fairness.bands import Trend, trend
from evenhand.fairness.comparison import (
    Comparison,
    Support,
    compare_durations,
    compare_shares,
    compare_within,
    faster_less_slower,
)
from evenhand.fairness.durations import Floats, Ints, curves
from evenhand.fairness.verdicts import Finding, Verdict, judge, overall

NO_STRATA = (
    "No column tells what was asked for (need, type, channel), so tickets are compared as they stand: "
    "a group that asks harder things may look worse served than it is."
)


@dataclass(frozen=True)
class Row:
    """One metric of one group: the comparison, unadjusted and adjusted, and what may be said of it."""

    metric: str
    by: str  # plan, spend, usage
    group: str
    unadjusted: Comparison
    finding: Finding
    tau: float | None = None  # hours
    promise: float | None = None  # hours
    lead: float | None = None  # P(faster) - P(slower)

    @property
    def adjusted(self) -> Comparison:
        return self.finding.comparison

    @property
    def verdict(self) -> Verdict:
        return self.finding.verdict


@dataclass(frozen=True)
class Audit:
    """All that an audit found."""

    tickets: int
    rows: list[Row]
    monitor: Light | None
    where: list[Where]
    trends: dict[tuple[str, str], Trend]
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Parity only if every group and metric shows it; a disparity anywhere is a disparity."""
        return overall([row.verdict for row in self.rows])


@dataclass(frozen=True)
class _Asked:
    """A comparison before it is judged. Where there are but two groups, `mirror` is the other one's name."""

    metric: str
    by: str
    group: str
    mirror: str | None
    unadjusted: Comparison
    adjusted: Comparison
    tau: float | None = None
    promise: float | None = None
    lead: float | None = None


def audit(tickets: Tickets, settings: Settings | None = None) -> Audit:
    """Measure the tickets. Raises ValueError with a sentence when there is nothing to compare."""
    settings = settings or Settings()
    stratum, strata = stratum_of(tickets)
    groups, notes = _groups(tickets, settings)
    if not tickets.strata:
        notes.append(NO_STRATA)
    durations = [_limited(duration, settings, notes) for duration in tickets.durations]
    asked = list(_asked(tickets, groups, durations, stratum, strata))
    if not asked:
        raise ValueError(
            "No metric has values to compare. Map at least one of first_reply, resolved or a yes/no column."
        )
    rows = _judged(asked, settings)
    light = watched(tickets, groups, durations, stratum, settings.alarm_since)
    where = origins(tickets, groups, durations, rows, stratum, strata)
    return Audit(len(tickets), rows, light, where, trends(tickets, durations, stratum), notes)


def _groups(tickets: Tickets, settings: Settings) -> tuple[dict[str, Labels], list[str]]:
    groups, notes = {}, []
    for by, column in tickets.groups.items():
        found, said = measured(column, settings.largest_groups)
        notes += [f"{by.capitalize()}: {sentence}" for sentence in said]
        if np.count_nonzero(found.counts) > 1:
            groups[by] = found
        else:
            notes.append(f"{by.capitalize()}: every ticket is in the same group, so there is nothing to compare.")
    if not groups:
        raise ValueError(
            notes[-1] if notes else "No column says which plan a ticket belongs to; map plan, spend or usage."
        )
    return groups, notes


def _limited(duration: Duration, settings: Settings, notes: list[str]) -> Duration:
    """The metric with its tau: twice the promise, or twice what stands in for it."""
    hours = duration.hours[~np.isnan(duration.hours)]
    if duration.tau or not len(hours):
        return duration
    base = duration.promise
    if base is None:
        base = _served_by(duration, settings.stand_in)
        notes.append(
            f"No promise was given for {duration.name}; {lasting(base)} stands in for it, the time within which "
            f"{settings.stand_in:.0%} of all tickets were served."
        )
    return Duration(duration.name, duration.hours, duration.ended, duration.promise, 2 * base)


def _served_by(duration: Duration, share: float) -> float:
    """Hours within which that share of all tickets was served (Kaplan–Meier); half the longest where it never was."""
    here = ~np.isnan(duration.hours)
    hours, ended = duration.hours[here], duration.ended[here]
    longest = max(float(hours.max()), 1e-6)
    curve = curves(hours, ended, np.zeros(len(hours), dtype=np.int64), longest)
    reached = np.flatnonzero(curve.survival <= 1 - share + 1e-12)
    return max(float(curve.time[reached[0]]), longest * 1e-6) if len(reached) else longest / 2


def _asked(
    tickets: Tickets, groups: dict[str, Labels], durations: list[Duration], stratum: Ints, strata: int
) -> Iterator[_Asked]:
    for by, column in groups.items():
        for duration in durations:
            yield from _durations_asked(tickets, by, column, duration, stratum, strata)
        for share in tickets.shares:
            yield from _shares_asked(tickets, by, column, share, stratum, strata)


@dataclass(frozen=True)
class _Side:
    """One group against all others: as they stand, and stratum by stratum."""

    group: str
    mirror: str | None
    plain: Support
    like: Support


def _sides(column: Labels, here: Ints, stratum: Ints, strata: int) -> Iterator[_Side]:
    """Every group that has tickets here. Two groups are one comparison seen from both sides, and are one side."""
    codes = column.codes[here]
    present = [int(k) for k in np.flatnonzero(np.bincount(codes, minlength=len(column.names)))]
    two = len(present) == 2
    for code in present[: 1 if two else len(present) if len(present) > 1 else 0]:
        member = codes == code
        one = Support.common(np.zeros(len(codes), dtype=np.int64), member, 1)
        like = Support.common(stratum[here], member, strata)
        yield _Side(column.names[code], column.names[present[1]] if two else None, one, like)


def _durations_asked(
    tickets: Tickets, by: str, column: Labels, metric: Duration, stratum: Ints, strata: int
) -> Iterator[_Asked]:
    here = np.flatnonzero(~np.isnan(metric.hours) & (column.codes >= 0))
    here = here[np.argsort(metric.hours[here])]
    time, ended, customer, tau = metric.hours[here], metric.ended[here], tickets.customer[here], metric.tau or 0.0
    together = curves(time, ended, stratum[here], tau, strata, ascending=True)
    limit = metric.promise if metric.promise and metric.promise <= tau else None
    for side in _sides(column, here, stratum, strata):
        supports = (side.plain, side.like)
        found = [(curves(time, ended, s.cell, tau, 2 * len(s.weight), ascending=True), s) for s in supports]
        plain, like = (compare_durations(curve, support, customer) for curve, support in found)
        lead = faster_less_slower(together, side.like)
        yield _Asked(metric.name, by, side.group, side.mirror, plain, like, tau, metric.promise, lead)
        if limit:
            plain, like = (compare_within(curve, support, customer, limit) for curve, support in found)
            name = f"{metric.name} within the promise"
            yield _Asked(name, by, side.group, side.mirror, plain, like, promise=limit)


def _shares_asked(
    tickets: Tickets, by: str, column: Labels, metric: Share, stratum: Ints, strata: int
) -> Iterator[_Asked]:
    here = np.flatnonzero(~np.isnan(metric.yes) & (column.codes >= 0))
    yes, customer = metric.yes[here] > 0, tickets.customer[here]
    for side in _sides(column, here, stratum, strata):
        plain, like = (compare_shares(yes, s, customer) for s in (side.plain, side.like))
        yield _Asked(metric.name, by, side.group, side.mirror, plain, like)


def _judged(asked: list[_Asked], settings: Settings) -> list[Row]:
    """Verdicts over the whole family."""
    rows = []
    for one, finding in zip(asked, judge([one.adjusted for one in asked], settings.margin), strict=True):
        rows.append(Row(one.metric, one.by, one.group, one.unadjusted, finding, one.tau, one.promise, one.lead))
        if one.mirror is not None:
            seen = replace(finding, comparison=finding.comparison.mirrored)
            lead = None if one.lead is None else -one.lead
            rows.append(Row(one.metric, one.by, one.mirror, one.unadjusted.mirrored, seen, one.tau, one.promise, lead))
    return rows


def trends(tickets: Tickets, durations: list[Duration], stratum: Ints) -> dict[tuple[str, str], Trend]:
    """Does each duration go with what is spent or used, over the whole range? By (spend or use, metric)."""
    found = {}
    for by, amount in tickets.amounts.items():
        for metric in durations:
            here = ~np.isnan(amount) & ~np.isnan(metric.hours)
            time: Floats = np.minimum(metric.hours[here], metric.tau or np.inf)
            customer = np.unique(tickets.customer[here], return_inverse=True)[1]
            found[by, metric.name] = trend(amount[here], time, stratum[here], customer)
    return found
