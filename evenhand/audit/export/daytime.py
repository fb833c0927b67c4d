"""When in the day, or the week, a ticket was opened: a column of its own, in which a difference may arise."""

import numpy as np

from evenhand.audit.tickets import Labels
from evenhand.fairness.durations import Floats

HOURS = ("night 0–6", "morning 6–12", "afternoon 12–18", "evening 18–24", "weekend")


def hour(opened: Floats) -> Labels:
    """The part of the day, by the clock of the file, or the weekend."""
    known = np.nan_to_num(opened)
    days = np.floor(known / 86400)
    part = ((known - days * 86400) // 21600).astype(np.int64)
    weekend = (days + 3) % 7 >= 5  # 1970 began on a Thursday
    return Labels(np.where(np.isnan(opened), -1, np.where(weekend, 4, part)), list(HOURS))
