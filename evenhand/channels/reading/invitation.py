"""Invitations (RFC 5545) in words: what, when, where, by whom."""

import re
from datetime import datetime

from evenhand.channels.reading.words import one_line

UNFOLD = re.compile(r"\r?\n[ \t]")
PROPERTY = re.compile(r"([A-Za-z-]{2,40})((?:;[^:\"]{0,200}(?:\"[^\"]{0,200}\")?){0,10}):(.*)")
ZONE = re.compile(r"TZID=\"?([^;:\"]{1,80})", re.IGNORECASE)
COMMON_NAME = re.compile(r"CN=(?:\"([^\"]{1,200})\"|([^;:]{1,200}))", re.IGNORECASE)
ESCAPES = re.compile(r"\\([\\;,nN])")
TITLES = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Other time proposed",
}
ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Accepted, perhaps", "DELEGATED": "Passed on"}
ANSWER = re.compile(r"PARTSTAT=\"?([A-Za-z-]{1,20})", re.IGNORECASE)
MOST = 200_000


def invitation(calendar: str) -> str:
    """The first event of a calendar file as a few lines; "" if there is none."""
    found: dict[str, tuple[str, str]] = {}
    method, inside = "", False
    for line in UNFOLD.sub("", calendar[:MOST]).splitlines()[:5_000]:
        match = PROPERTY.match(line)
        if not match:
            continue
        name, parameters, value = match.group(1).upper(), match.group(2), match.group(3).strip()
        if name == "METHOD":
            method = value.upper()
        elif name in ("BEGIN", "END") and value.upper() == "VEVENT":
            if name == "END":
                break
            inside = True
        elif inside:
            found.setdefault(name, (parameters, value))
    return "\n".join(lines_of(found, method)) if found else ""


def lines_of(found: dict[str, tuple[str, str]], method: str) -> list[str]:
    attendee, answers = found.get("ATTENDEE", ("", "")), method in ("REPLY", "COUNTER")
    said = ANSWER.search(attendee[0]) if method == "REPLY" else None
    title = ANSWERS.get(said[1].upper() if said else "", TITLES.get(method, "Event"))
    summary = plain(found.get("SUMMARY", ("", ""))[1])
    lines = [summary if summary.startswith(title + ":") else f"{title}: {summary}".rstrip(": ")]
    if answers and attendee[1]:
        lines.append(f"By: {organiser(*attendee)}")
    if "DTSTART" in found:
        start, end = moment(*found["DTSTART"]), moment(*found["DTEND"]) if "DTEND" in found else ""
        lines.append(f"When: {start} – {end}" if end and end != start else f"When: {start}")
    if place := plain(found.get("LOCATION", ("", ""))[1]):
        lines.append(f"Where: {place}")
    if "ORGANIZER" in found:
        lines.append(f"Organiser: {organiser(*found['ORGANIZER'])}")
    if (answers or method == "CANCEL") and (comment := plain(found.get("COMMENT", ("", ""))[1])):
        lines.append(f"Comment: {comment}")
    return lines


def plain(value: str) -> str:
    return one_line(ESCAPES.sub(lambda match: " " if match.group(1) in "nN" else match.group(1), value))[:500]


def moment(parameters: str, value: str) -> str:
    """A time as a person reads it, in the zone in which the writer gave it."""
    zone = match.group(1) if (match := ZONE.search(parameters)) else ""
    for form, shown in (
        ("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M UTC"),
        ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"),
        ("%Y%m%d", "%Y-%m-%d"),
    ):
        try:
            return f"{datetime.strptime(value, form):{shown}} {one_line(zone)}".strip()  # noqa: DTZ007  shown with the zone's own name
        except ValueError:
            continue
    return one_line(value)[:40]


def organiser(parameters: str, value: str) -> str:
    match = COMMON_NAME.search(parameters)
    name = one_line(match.group(1) or match.group(2)) if match else ""
    address = one_line(value[7:] if value.lower().startswith("mailto:") else value)[:200]
    return f"{name} <{address}>" if name and name != address else address
