"""Letters from files, by the path that SMTP takes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TypedDict

from django.conf import settings

from evenhand.conversations import leaving

from .letter import Arrival, Letter
from .reader import read
from .reading.files import letters_in
from .reading.outlook import as_letter

# Where a letter without an envelope was sent to.
ADDRESSED = re.compile(
    rb"^(?:delivered-to|x-original-to|envelope-to|to|cc):((?:[^\n]*\n[ \t])*[^\n]*)", re.IGNORECASE | re.MULTILINE
)
ADDRESS = re.compile(rb"[^\s<>,;:\"()]{1,200}@[^\s<>,;:\"()]{1,200}")
HEADER = 64 * 1024
RECIPIENTS = 100
LARGEST = 4  # times the size that SMTP takes


class Row(TypedDict):
    """A letter's line: where it was, what became of it, why."""

    file: str
    outcome: str
    conversation: int | None
    message: int | None
    reason: str


def take_in(path: str) -> Iterator[Row]:
    """Keep and read every letter at `path`. Raises OSError."""
    try:
        for name, raw in letters_in(path):
            yield _row(name, raw)
    finally:
        leaving.at()  # the acknowledgements, all together


def recipients(raw: bytes) -> tuple[str, ...]:
    """Every address that the header names as a recipient, in its order: what an envelope would have said."""
    head = raw[:HEADER].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = (each for field in ADDRESSED.findall(head) for each in ADDRESS.findall(field))
    return tuple(each.decode("utf-8", "replace") for each in found)[:RECIPIENTS]


def _row(name: str, raw: bytes) -> Row:
    if not raw.strip():
        return _not_kept(name, "It is empty.")
    if len(raw) > (limit := LARGEST * settings.EVENHAND_LETTER_BYTES):
        return _not_kept(name, f"It is larger than {limit // 1024 // 1024} MB.")
    letter = Letter.keep_all([Arrival(raw, "import", envelope_to=recipients(as_letter(raw)))], wakes=False)[0]
    while not letter.outcome:
        if read(letter.pk) is None:  # a worker that looked around has it
            time.sleep(0.02)
        letter.refresh_from_db(fields=["outcome", "reason", "conversation", "message"])
    return Row(
        file=name,
        outcome=letter.outcome,
        conversation=letter.conversation_id,
        message=letter.message_id,
        reason=letter.reason,
    )


def _not_kept(name: str, reason: str) -> Row:
    return Row(file=name, outcome=Letter.Outcome.REJECTED.value, conversation=None, message=None, reason=reason)
