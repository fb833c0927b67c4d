"""When a letter says that it was sent."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

COMMENT = re.compile(r"\([^()]*\)")
ISO = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?([+-]\d\d:?\d\d|Z)?")
# How programs write what the standard writes otherwise, and as it is meant to be.
REWRITTEN = (
    (re.compile(r"\b(?:GMT|UTC)\s?([+-]\d)"), r"\1"),
    (re.compile(r"([+-]\d\d):(\d\d)(?=\s|\Z)"), r"\1\2"),
    (re.compile(r"(:\d\d)\.\d{1,9}(?=\s|\Z)"), r"\1"),
    (re.compile(r"\b([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) ([A-Z]{2,5}) (\d{4})\Z"), r"\2 \1 \5 \3 \4"),
)
MONTH = re.compile(r"(?<=\d[ -])([^\W\d]{3,10})\.?(?=[ -]\d)")
MONTHS = {  # where they are not those of English
    "jän": "Jan", "ene": "Jan", "gen": "Jan", "fév": "Feb", "fev": "Feb", "mär": "Mar", "mrz": "Mar", "mrt": "Mar",
    "maa": "Mar", "abr": "Apr", "avr": "Apr", "mai": "May", "mei": "May", "maj": "May", "mag": "May", "giu": "Jun",
    "lug": "Jul", "aoû": "Aug", "ago": "Aug", "set": "Sep", "okt": "Oct", "out": "Oct", "ott": "Oct", "dez": "Dec",
    "dic": "Dec", "déc": "Dec",
}  # fmt: skip
AFTERNOON = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?) ?([AaPp])\.?[Mm]\b\.?")
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
            moment = datetime.fromisoformat(iso.group(1) + (iso.group(2) or ""))
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return from_rfc(rewritten(COMMENT.sub(" ", value).replace('"', "").strip()))
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        return None


def rewritten(value: str) -> str:
    """The date as the standard writes it."""
    for form, meant in REWRITTEN:
        value = form.sub(meant, value)
    value = MONTH.sub(lambda month: MONTHS.get(month.group(1)[:3].lower(), month.group(1)), value)
    return AFTERNOON.sub(
        lambda time: str(int(time.group(1)) % 12 + 12 * (time.group(3) in "Pp")) + time.group(2), value
    )


def from_rfc(value: str) -> datetime | None:
    """The forms of RFC 5322, RFC 850 and `asctime`, with a forgotten comma, a two-digit year or seconds of 60."""
    parsed = parsedate_tz(value)
    if not parsed:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    year += 1900 if 99 < year < 1000 else 0
    offset = parsed[9]
    if not offset and (word := value.split()[-1].upper()) in ZONES:
        offset = int(ZONES[word] * 3600)
    zone = timezone(timedelta(seconds=offset)) if offset and abs(offset) < 86400 else UTC
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
