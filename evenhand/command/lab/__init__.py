"""`evenhand lab`: find out on your own numbers what equal support would cost and bring. Starts without Django.

Each command is in the module of its name.
"""

from __future__ import annotations

import click

from .churn import churn
from .compare import compare
from .presets import presets
from .queue import queue
from .replay import replay
from .staff import staff
from .sweep import sweep
from .warm import warm


@click.group()
def lab() -> None:
    """Replay and simulate ways of selling support: who waits, who is refused, what it costs, how many agents it takes."""


for each in (queue, presets, compare, sweep, staff, replay, churn, warm):
    lab.add_command(each)
