"""What was set aside and why: counted, never dropped in silence."""

from collections import Counter

import numpy as np

from evenhand.fairness.durations import Flags


class Asides:
    """Which tickets still count, and for each reason how many do not."""

    def __init__(self, tickets: int) -> None:
        self.kept = np.ones(tickets, dtype=bool)
        self.counts: Counter[str] = Counter()

    def drop(self, which: Flags, reason: str) -> None:
        """Set tickets aside altogether; each is counted under the first reason that meets it."""
        self.note(which & self.kept, reason)
        self.kept &= ~which

    def note(self, which: Flags, reason: str) -> None:
        """Count values left out of one metric, among the tickets that count."""
        some = int(np.count_nonzero(which & self.kept))
        if some:
            self.counts[reason] += some
