"""The desk's lists: what is in each and in which order."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    slug: str
    name: str
    where: str  # of conversations_conversation as `c`; one of its partial indexes serves it
    sort: str  # the column that orders it, before the number
    descending: bool = True
    empty: str = ""  # what to say when nothing is in it
    key: str = ""  # the keyboard's way there, after `g`


BOXES = {
    box.slug: box
    for box in (
        Box("mine", "Mine", "c.state = 'open' AND c.assignee_id = %(agent)s", "changed_at", True,
            "Nothing is yours right now. Take the next one when you are ready.", "m"),
        Box("waiting", "Waiting", "c.state = 'open' AND c.waiting_since IS NOT NULL", "due_at", False,
            "Nobody is waiting. Everyone has had their answer.", "w"),
        Box("open", "All open", "c.state = 'open'", "changed_at", True, "Nothing is open.", "o"),
        Box("snoozed", "Snoozed", "c.state = 'snoozed'", "snoozed_until", False,
            "Nothing sleeps. What you snooze comes back here, in the order it wakes.", "s"),
        Box("closed", "Closed", "c.state = 'closed'", "changed_at", True, "Nothing has been closed yet.", "c"),
        Box("quarantined", "Quarantine", "c.state = 'quarantined' AND NOT c.spam", "changed_at", True,
            "Quarantine is empty. Letters that cannot be read or trusted land here, for one of you to look at.", "q"),
        Box("spam", "Spam", "c.state = 'quarantined' AND c.spam", "changed_at", True,
            "No spam. What looks like it is kept here, and nothing is deleted.", "x"),
    )
}  # fmt: skip
COUNTED = ("mine", "waiting", "open", "snoozed", "quarantined")
