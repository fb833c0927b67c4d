"""When a letter says that it was sent."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

COMMENT = re.compile(r"\([^()]*\)")
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([+-]\d\d:?\d\d|Z)?")
ZONES = {
    "JST": 9,
    "CET": 1,
    "CEST": 2,
    "MSK": 3,
    "IST": 5.5,
    "BST": 1,
    "WET": 0,
    "WEST": 1,
    "EET": 2,
    "EEST": 3,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}


def sent_at(value: str) -> datetime | None:
    """The moment, with its zone (UTC where none is given), or None if it cannot be read."""
    value = value.strip()[:200]
    try:
        if iso := ISO.match(value):
            moment = datetime.fromisoformat(iso.group())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return from_rfc(COMMENT.sub(" ", value))
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        return None


def from_rfc(value: str) -> datetime | None:
    """The forms of RFC 5322, RFC 850 and `asctime`, with a forgotten comma, a two-digit year or seconds of 60."""
    parsed = parsedate_tz(value)
    if not parsed:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = parsed[9]
    if not offset and (word := value.split()[-1].upper()) in ZONES:
        offset = int(ZONES[word] * 3600)
    zone = timezone(timedelta(seconds=offset)) if offset and abs(offset) < 86400 else UTC
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
