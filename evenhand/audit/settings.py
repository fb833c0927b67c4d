"""What is fixed before an audit looks at anything."""

from dataclasses import dataclass, field

from evenhand.fairness.verdicts import Margin

METHOD = "1"  # of the procedure; a change of any formula or rule changes it


@dataclass(frozen=True)
class Settings:
    margin: Margin = field(default_factory=Margin)
    largest_groups: int = 12  # groups beyond these, and those with too few tickets, are taken together
    alarm_since: float | None = None  # hours since 1970; the alarm counts what was opened from then on
    stand_in: float = 0.80  # without a promise, the time within which so many were served stands in for it
