"""A reply is a row that waits to leave. This job says when; the room above, which sends it, does the job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

SEND = "channels.send"
APART = timedelta(seconds=1)  # between this process's jobs: one job sends all that is due, so a reply waits for it
COMMITTED = timedelta(seconds=0.3)  # that a transaction may take from here to its commit, to be seen by a job to come

# For when this process's last jobs are that were committed: the one for now, and the one for later.
_last: dict[bool, datetime] = {}


def at(moment: datetime | None = None) -> None:
    """Have what is due sent at `moment` (default: now), or up to a second later where many leave at once.

    Committed, or rolled back, together with the reply itself. Where a job that was relied upon is lost, the minute's tick
    does its work.
    """
    now, for_now = timezone.now(), moment is None
    wanted, last = moment or now, _last.get(for_now, datetime.min.replace(tzinfo=UTC))
    if max(wanted, now + COMMITTED) <= last <= wanted + APART:
        return
    due = max(wanted, last + APART) if last <= wanted else wanted
    app.configure_task(SEND, queue="mail", schedule_at=due if due > now else None).defer()
    transaction.on_commit(lambda: _last.update({for_now: due}))
