"""What each customer went through in the ninety days before each month of theirs, from a history and who stayed how long."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from . import fit, past
from .calendar import pack
from .columns import mapped, moments, read
from .history import History
from .hours import staffed_between
from .refused import Refused
from .summary import restricted_mean
from .turns import Floats

DAYS, STRETCH = 90.0, 30.0  # looked back, and the length of a stretch


def stretches(history: History, customers: Path, mapping: str, promised: float, hours: str | None) -> pd.DataFrame:
    """A row a customer and thirty days, as `lab.churn` fits. The file has a row a customer: customer, since, and until where
    they left; `mapping` says under which names."""
    names = mapped(mapping, ("customer", "since", "until"))
    if not {"customer", "since", "until"} <= set(names):
        raise Refused(
            "Customers need who they are, since when, and until when: --customers-map customer=…,since=…,until=…."
        )
    columns, _ = read(customers, names)
    zone, zero = history.zero.tzinfo or ZoneInfo("UTC"), history.zero.timestamp()
    since, until = ((moments(columns[name], zone) - zero) / 86400 for name in ("since", "until"))  # type: ignore[arg-type]
    who = columns["customer"].to_pylist()
    if np.isnan(since).any():
        raise Refused(f"{int(np.isnan(since).sum())} customers have no moment under since= that can be read.")
    tickets, end = _tickets(history, promised, hours), float(np.nanmax(history.opened) / 24)
    first = float(history.opened.min() / 24) + DAYS  # before that, ninety days are not known
    rows = []
    for name, begin, left_at in zip(who, since, until, strict=True):
        mine = tickets.get(name, np.zeros((0, 4)))
        last, start = min(end, left_at if left_at == left_at else end), max(begin, first)
        while start < last:
            stop = min(start + STRETCH, last)
            rows.append((name, start, stop, int(stop == left_at), *_gone_through(mine, start)))
            start = stop
    if not rows:
        raise Refused("No customer was there ninety days after the history begins: it is too short to learn from.")
    return pd.DataFrame(rows, columns=["customer", "start", "stop", "left", "broken", "wait", "reopened"])


def _tickets(history: History, promised: float, hours: str | None) -> dict[str, Floats]:
    """By customer: opened (days), hours waited at most twice the promise, whether it was broken, whether it came back."""
    desk = past.calendar(history, hours or fit.working_hours(history)[0])
    staffed = staffed_between(pack([desk]), 0, history.opened.copy(), history.replied.copy())
    broken = ~(staffed <= promised)
    limit = 2 * promised * desk.period / desk.staffed
    waited = np.fmin(np.nan_to_num(history.replied - history.opened, nan=limit), limit)
    back = np.bincount(history.later.ticket, minlength=len(history)) > 0
    table = np.stack([history.opened / 24, waited, broken.astype(float), back.astype(float)], axis=1)
    order = np.argsort(history.customer, kind="stable")
    begin = np.flatnonzero(np.diff(history.customer[order], prepend=-1))
    parts = np.split(table[order], begin[1:])
    return {history.customers[history.customer[order[at]]]: part for at, part in zip(begin, parts, strict=True)}


def _gone_through(tickets: Floats, start: float) -> tuple[float, float, float]:
    """(share of promises broken, restricted mean wait, share that came back); nothing was broken to who asked nothing."""
    opened = tickets[:, 0]
    recent = tickets[(opened >= start - DAYS) & (opened < start)]
    if not recent.size:
        return 0.0, 0.0, 0.0
    return float(recent[:, 2].mean()), restricted_mean(recent[:, 1], np.inf), float(recent[:, 3].mean())
