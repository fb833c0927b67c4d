"""The letters of these tests: the cast writes to support@desk.example."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

from evenhand.channels import reader
from evenhand.channels.models import Letter

DESK = "support@desk.example"
_count = iter(range(1, 1_000_000))


def write(text: str = "My printer is on fire.", sender: str = "Mira <mira@lumen.example>", **headers: str) -> bytes:
    """A letter as a mail program makes it; header names with `_` for `-`."""
    given = {name.replace("_", "-").title(): value for name, value in headers.items()}
    letter = EmailMessage()
    defaults = {
        "From": sender,
        "To": DESK,
        "Subject": "Printer",
        "Date": format_datetime(timezone.now()),
        "Message-Id": f"<{next(_count)}@lumen.example>",
    }
    for name, value in (defaults | given).items():
        if value:
            letter[name] = value
    letter.set_content(text)
    return letter.as_bytes()


def arrive(raw: bytes, envelope_to: tuple[str, ...] = (DESK,), envelope_from: str = "", via: str = "smtp") -> Letter:
    """Keep a letter and read it."""
    letter = Letter.keep(raw, via, envelope_from, envelope_to)
    reader.read_all()
    letter.refresh_from_db()
    return letter
