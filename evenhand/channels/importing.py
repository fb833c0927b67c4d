"""Letters from files: .eml, mbox, Maildir, folders of those, and standard input."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TypedDict

from django.conf import settings

from evenhand.conversations import leaving

from .letter import Arrival, Letter
from .reader import read

SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]*\n(?=[!-9;-~]+:[^\n]*\n)")
STUFFED = re.compile(rb"^>(>*From )", re.MULTILINE)
# Where a letter without an envelope was sent to. Of the same names the first is nearest to us.
ADDRESSED = re.compile(
    rb"^(?:delivered-to|x-original-to|envelope-to|to|cc):((?:[^\n]*\n[ \t])*[^\n]*)", re.IGNORECASE | re.MULTILINE
)
ADDRESS = re.compile(rb"[^\s<>,;:\"()]{1,200}@[^\s<>,;:\"()]{1,200}")
HEADER = 64 * 1024
RECIPIENTS = 100


class Unreadable(Exception):
    """A path that is no letter and holds none; the message says what to do."""


class Row(TypedDict):
    """A letter's line: where it was, what became of it, why."""

    file: str
    outcome: str
    conversation: int | None
    message: int | None
    reason: str


def take_in(path: str) -> Iterator[Row]:
    """Keep and read every letter at `path` ("-": standard input). Raises Unreadable."""
    try:
        for name, raw in letters_at(path):
            yield _row(name, raw)
    finally:
        leaving.at()  # the acknowledgements, all together


def letters_at(path: str) -> Iterator[tuple[str, bytes]]:
    """Each letter with the name it goes by: its file, and its place in a file of several. Raises Unreadable."""
    if path == "-":
        yield "-", sys.stdin.buffer.read()
        return
    place = Path(path)
    if not place.exists():
        raise Unreadable(f"{path}: there is no such file or folder.")
    try:
        for file in _files(place):
            yield from _letters_in(file)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}.") from error


def _files(place: Path) -> Iterator[Path]:
    """The file itself; of a Maildir the letters that are delivered; of a folder everything but hidden files."""
    if place.is_file():
        yield place
    elif (place / "cur").is_dir() and (place / "new").is_dir():
        for name in ("cur", "new"):
            yield from sorted(each for each in (place / name).iterdir() if each.is_file())
    else:
        for each in sorted(place.iterdir()):
            if not each.name.startswith("."):
                yield from _files(each)


def _letters_in(file: Path) -> Iterator[tuple[str, bytes]]:
    if not file.stat().st_size:
        yield str(file), b""
        return
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as content:
        starts = [found.start() for found in SEPARATOR.finditer(content)] if content[:5] == b"From " else []
        if not starts or file.suffix == ".eml":
            yield str(file), content[:]
            return
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(content)], strict=True), start=1):
            letter = content[start:end].partition(b"\n")[2].removesuffix(b"\n")
            yield (f"{file}:{number}" if len(starts) > 1 else str(file)), STUFFED.sub(rb"\1", letter)


def recipients(raw: bytes) -> tuple[str, ...]:
    """Every address that the header names as a recipient, in its order: what an envelope would have said."""
    head = raw[:HEADER].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = (each for field in ADDRESSED.findall(head) for each in ADDRESS.findall(field))
    return tuple(each.decode("utf-8", "replace") for each in found)[:RECIPIENTS]


def _row(name: str, raw: bytes) -> Row:
    if not raw.strip():
        return Row(file=name, outcome="rejected", conversation=None, message=None, reason="The file is empty.")
    if len(raw) > 4 * settings.EVENHAND_LETTER_BYTES:
        reason = f"It is larger than {4 * settings.EVENHAND_LETTER_BYTES // 1024 // 1024} MB and was not kept."
        return Row(file=name, outcome="rejected", conversation=None, message=None, reason=reason)
    letter = Letter.keep_all([Arrival(raw, "import", envelope_to=recipients(raw))], wakes=False)[0]
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
