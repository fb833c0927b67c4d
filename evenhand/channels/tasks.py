"""The worker's jobs of the post. Each looks for everything there is to do, so it does not matter which one runs, whether
one is lost with its process, or whether one runs twice."""

from __future__ import annotations

import threading

from procrastinate import App, RetryStrategy
from procrastinate.contrib import django

from evenhand import env
from evenhand.conversations import leaving

from . import beginning, reader, sending, wake
from .files import looking
from .models import Question

app: App = django.app

# The database was away, or a bug: try again soon, and then ever more rarely, for about a day.
AGAIN = RetryStrategy(max_attempts=20, exponential_wait=2)

# What a customer wrote comes before what is sent: it takes its place in the line with it. Sending cannot take all of a
# worker's jobs at once either, however long another server takes over each letter.
FIRST = 1
_senders, _more = threading.Semaphore(max(1, env.number("EVENHAND_WORKER_JOBS", 4, least=1) // 2)), threading.Event()


@app.task(name=wake.READ, queue="mail", priority=FIRST, retry=AGAIN)
def read() -> None:
    """Read the letters that wait to be read."""
    reader.read_all()
    looking.look_at_all()


@app.task(name=wake.BEGIN, queue="mail", priority=FIRST, retry=AGAIN)
def begin() -> None:
    """Begin the conversations of the questions that wait to be begun."""
    if beginning.begin_all() and Question.objects.waiting().exists():
        begin.defer()


@app.task(name=leaving.SEND, queue="mail", retry=AGAIN)
def send() -> None:
    """Send the answers and acknowledgements that are due. Where as many are at it as may, one of them looks once more."""
    looking.look_at_all()
    _more.set()
    while _more.is_set() and _senders.acquire(blocking=False):
        try:
            _more.clear()
            sending.send_all()
        finally:
            _senders.release()
