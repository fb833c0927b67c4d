"""What desks call things in status and outcome columns, and yes and no."""

import re

import numpy as np

from evenhand.audit.tickets import Labels
from evenhand.fairness.durations import Flags, Floats

WORDS = {
    "abandoned": ("abandon", "hung", "hang", "cancel", "withdrawn", "withdrew", "missed", "dropped",
                  "gave up", "no answer", "unanswered", "lost", "reneg"),
    "merged": ("merged", "duplicate"),
    "removed": ("spam", "phantom", "deleted", "trash", "junk", "suspended"),
    "open": ("open", "reopen", "new", "pending", "waiting", "hold", "in progress", "unresolved", "assigned", "todo", "to do", "active",
             "progress"),
    "closed": ("closed", "solved", "resolved", "done", "complete", "answered", "handled", "served", "agent", "replied",
               "ok", "success"),
}  # fmt: skip
NOBODY = frozenset(("0", "-1", "anonymous", "guest", "unidentified", "(none)"))  # in a customer column: not known who
YES = frozenset(("yes", "y", "true", "t", "1", "x", "ja", "oui", "si", "sì"))
NO = frozenset(("no", "n", "false", "f", "0", "", "nein", "non"))
GOOD = frozenset(("good", "great", "satisfied", "very satisfied", "positive", "happy", "thumbs up"))
BAD = frozenset(("bad", "poor", "unsatisfied", "dissatisfied", "very dissatisfied", "negative", "unhappy", "ok", "neutral",
                 "thumbs down"))  # fmt: skip


def meaning(word: str) -> str | None:
    """What a status or outcome says: abandoned, merged, removed, open, closed; None when it says nothing known."""
    word = word.casefold().replace("_", " ").replace("-", " ")
    for name, parts in WORDS.items():
        if any(re.search(rf"\b{part}", word) for part in parts):
            return name
    return None


def marked(column: Labels, name: str) -> Flags:
    """Which tickets a status or outcome column says this of."""
    says = np.array([meaning(word) == name for word in column.names] + [False])
    return np.asarray(says[column.codes], dtype=bool)


def yes_or_no(column: Labels, blank: float = np.nan) -> Floats:
    """1 and 0, also for counts; nan for what is neither. `blank` is what nothing means."""
    values = [_yes(word) for word in column.names]
    return np.array([*values, blank])[column.codes]


def _yes(word: str) -> float:
    word = word.casefold()
    if word in YES:
        return 1.0
    if word in NO:
        return 0.0
    try:
        return float(float(word.replace(",", ".")) > 0)
    except ValueError:
        return np.nan


def ratings(column: Labels) -> Floats:
    """1 for a good rating (4 or 5 of 5, or said in words), 0 for another, nan for none."""
    return np.array([*(_good(word) for word in column.names), np.nan])[column.codes]


def _good(word: str) -> float:
    word = word.casefold()
    if word in GOOD or word in BAD:
        return float(word in GOOD)
    try:
        return float(float(word.replace(",", ".").split("/")[0]) >= 4)
    except ValueError:
        return np.nan
