"""To whom else an answer goes: whom an agent wrote to here before, and whom a verified letter names beside us.

Whom an unverified letter names is only offered: anybody can put anybody there, and an agent decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from .thread import Happening, Message


class Copies(NamedTuple):
    filled: list[str]  # stand in the field
    offered: list[str]  # are named below it


def copies(items: Sequence[Message | Happening], own: Collection[str]) -> Copies:
    """`items` is a thread, oldest first; `own` are the addresses of whoever asks."""
    invited = _latest(items, "agent")
    written = _latest(items, "customer")
    believed = written is not None and written.verified is True
    named = [each for each in (written.cc if written else []) if each not in own]
    filled = list(dict.fromkeys([*(invited.cc if invited else []), *(named if believed else [])]))
    return Copies(filled, [each for each in named if each not in filled])


def _latest(items: Sequence[Message | Happening], kind: str) -> Message | None:
    return next((each for each in reversed(items) if isinstance(each, Message) and each.kind == kind), None)
