"""Waking the reader: a job that commits, or is rolled back, together with the letters it is about."""

from __future__ import annotations

from procrastinate.contrib.django import app

READ = "channels.read"


def readers() -> None:
    """Letters are kept and wait to be read."""
    app.configure_task(READ, queue="mail").defer()
