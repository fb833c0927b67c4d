"""Waking the worker: jobs that commit, or are rolled back, together with what they are about.

A job does all there is of its kind, and costs a worker more than a letter or a question does: a process makes one a second
at most, where a job that is to come will see what is kept now. Where one that was relied upon is lost, the minute's tick
does its work.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

APART = timedelta(seconds=1)
COMMITTED = timedelta(seconds=0.3)  # that a transaction may take from here to its commit, to be seen by a job to come

# For when this process's last jobs of each kind are that were committed: the one for now, and the one for later.
_last: dict[tuple[str, bool], datetime] = {}


def wake(task: str, moment: datetime | None = None) -> None:
    """Have it done at `moment` (default: now), or up to a second later where much happens at once."""
    now, kind = timezone.now(), (task, moment is None)
    wanted, last = moment or now, _last.get(kind, datetime.min.replace(tzinfo=UTC))
    if max(wanted, now + COMMITTED) <= last <= wanted + APART:
        return
    due = max(wanted, last + APART) if last <= wanted else wanted
    app.configure_task(task, queue="mail", schedule_at=due if due > now else None).defer()
    transaction.on_commit(lambda: _last.update({kind: due}))
