"""Waking the worker: jobs that commit, or are rolled back, together with what they are about."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

READ, BEGIN = "channels.read", "channels.begin"
APART = 1.0  # seconds between this process's jobs of one kind: one job does all there is
COMMITTED = 0.3  # seconds that something may take from here to its commit, to be seen by a job that is to come

_next: dict[str, float] = {}  # when the last job of each kind that is committed is due, on the monotonic clock


def readers() -> None:
    """Letters are kept and wait to be read."""
    _wake(READ)


def beginners() -> None:
    """Questions are kept and wait to be begun."""
    _wake(BEGIN)


def _wake(task: str) -> None:
    """A job, at once or a second after the last one; none if one that is to come will see what is kept now.

    A job costs a worker more than a question or a letter does. Where one that was relied upon is lost, the minute's tick
    does its work.
    """
    now, last = time.monotonic(), _next.get(task, float("-inf"))
    if now < last - COMMITTED:
        return
    due = max(now, last + APART)
    moment = timezone.now() + timedelta(seconds=due - now) if due > now else None
    app.configure_task(task, queue="mail", schedule_at=moment).defer()
    transaction.on_commit(lambda: _next.update({task: due}))
