"""Durations as people's programs write them: plain numbers of some unit, 26:15:00, 2 days 03:00, 1d 4h, PT4H."""

import re

import numpy as np

from evenhand.audit.export.amounts import comma_is_decimal, number
from evenhand.audit.export.moments import Moments, is_blank

UNITS = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1.0, "days": 24.0}
LETTERS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
GERMAN = {"std": "hours", "stunden": "hours", "tage": "days"}  # whose first letter is another's
HEADER_UNIT = re.compile(
    r"(?:^|[^a-z])(?:in)?\s*"
    r"(s|secs?|seconds?|sekunden|m|mins?|minutes?|minuten|h|hrs?|hours?|std|stunden|heures?|horas?|d|days?|tage)\)?\]?$",
    re.I,
)
CLOCK = re.compile(r"(-?)(?:(\d+)\s*d(?:ays?)?,?\s*)?(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?$", re.I)
PARTS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])\s*,?\s*", re.I
)
ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$", re.I)


def unit_in(header: str) -> str | None:
    """The unit at the end of a header such as `first_reply_minutes` or `Resolution time (h)`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).replace("_", " ").strip(" )]")
    found = HEADER_UNIT.search(spaced)
    word = found[1].lower() if found else ""
    return GERMAN.get(word) or LETTERS[word[0]] if word else None


def is_duration(text: str) -> bool:
    """Whether a text can only be a duration: a number too small to be a moment, or one of the written forms."""
    text = text.strip()
    value = number(text, comma_is_decimal=True)
    if value is not None:
        return abs(value) < 29222 or not _is_moment(value)
    return _written(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is a plain number, which has a unit only because its column has one."""
    return number(text.strip(), comma_is_decimal=True) is not None


def spans(texts: list[str], unit: str) -> Moments:
    """Read a column into seconds; plain numbers are in `unit`. Negative ones are kept, for the caller to count."""
    scale, read = UNITS[unit] * 3600, {}
    comma = comma_is_decimal(texts)
    seconds, unreadable = np.full(len(texts), np.nan), np.zeros(len(texts), dtype=bool)
    for k, text in enumerate(texts):
        if text not in read:
            plain = number(text.strip(), comma_is_decimal=comma)
            read[text] = plain * scale if plain is not None else _written(text.strip())
        value = read[text]
        if value is None or not np.isfinite(value):
            unreadable[k] = not is_blank(text.strip())
        else:
            seconds[k] = value
    return Moments(seconds, unreadable)


def _is_moment(number: float) -> bool:
    return 3e8 < number < 4.2e9 or 3e11 < number < 4.2e12


def _written(text: str) -> float | None:
    """Seconds of 26:15:00, 2 days 03:00, 1d 4h 5m or PT4H5M."""
    clock = CLOCK.match(text)
    if clock:
        whole = int(clock[2] or 0) * 86400 + int(clock[3]) * 3600 + int(clock[4]) * 60 + float(clock[5] or 0)
        return -whole if clock[1] else whole
    iso = ISO.match(text)
    if iso and len(text) > 2:
        return sum(float(iso[k] or 0) * size for k, size in enumerate((86400, 3600, 60, 1), 1))
    parts = PARTS.findall(text)
    if parts and not PARTS.sub("", text).strip():
        return sum(float(n.replace(",", ".")) * UNITS[LETTERS[unit[0].lower()]] * 3600 for n, unit in parts)
    return None
