"""Times as people write them: “1 h 30 min” and “9:00–17:00, 18:00–20:00”, in and out."""

from __future__ import annotations

import re

AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(hours?|h|minutes?|mins?|m)\b\.?", re.IGNORECASE)
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d\d))?")

Day = list[list[int]]


def minutes_in(text: str) -> int:
    """“4 h”, “1 h 30 min”, “90 min” in minutes. Raises ValueError with a sentence."""
    found = AMOUNT.findall(text)
    if not found or AMOUNT.sub("", text).strip(" ,and"):
        raise ValueError(f"“{text}” is no time. Write it like 4 h or 30 min.")
    total = sum(float(number.replace(",", ".")) * (60 if unit[0] in "hH" else 1) for number, unit in found)
    if not 1 <= total <= 60 * 24 * 60:
        raise ValueError("Promise at least a minute, and at most 1440 hours.")
    return round(total)


def words_of(minutes: int) -> str:
    """90 as “1 h 30 min”."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def day_in(text: str) -> Day:
    """“9:00–17:00, 18:00–20:00” as [from, to] in minutes after midnight; empty is closed. Raises ValueError."""
    if text.strip().lower() in ("", "-", "–", "closed"):
        return []
    day = []
    for part in text.split(","):
        found = SPAN.fullmatch(part.strip())
        if not found:
            raise ValueError(f"“{part.strip()}” is no opening time. Write it like 9:00–17:00, or leave it empty.")
        start, end = (int(found[i]) * 60 + int(found[i + 1] or 0) for i in (1, 3))
        if start >= 1440 or end > 1440 or start == end or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
            raise ValueError(f"“{part.strip()}” is not on the clock. A whole day is 0:00–24:00.")
        day.append([start, end])
    return day


def words_of_day(day: Day) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in day)


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= 1440 else minutes - 1440
    return f"{minutes // 60}:{minutes % 60:02}"
