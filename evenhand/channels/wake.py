"""Waking the worker: jobs that commit, or are rolled back, together with what they are about."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

READ, BEGIN = "channels.read", "channels.begin"
APART = 1.0  # seconds between this process's jobs for questions: one job begins all there are
COMMITTED = 0.3  # seconds a question may take from here to its commit, to be seen by a job that is to come

_next = float("-inf")  # when the last of these jobs is due, on the monotonic clock


def readers() -> None:
    """Letters are kept and wait to be read."""
    app.configure_task(READ, queue="mail").defer()


def beginners() -> None:
    """Questions are kept and wait to be begun: at once, or a second after the last ones.

    A job costs a worker more than a question does. Where one that was relied upon is rolled back or lost, the minute's
    tick does its work.
    """
    global _next
    now = time.monotonic()
    if now < _next - COMMITTED:
        return
    _next = max(now, _next + APART)
    moment = timezone.now() + timedelta(seconds=_next - now) if _next > now else None
    app.configure_task(BEGIN, queue="mail", schedule_at=moment).defer()
