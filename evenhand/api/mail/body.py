"""What a mail service posts, read whole: as large as its encoding makes a letter of the limit, and never too much at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

# A letter in Cyrillic as JSON in a form, the worst of all: %5Cu0430 for two bytes. Base64 makes 4 of 3.
SWELLS = 4
BESIDE = 1024 * 1024  # what a service says beside the letter
_lock = Lock()
_at_once = 0


class TooLong(Exception):
    """More than any letter within the limit becomes."""


class Crowded(Exception):
    """As much as may be in memory is being read for others."""


def longest() -> int:
    """Of one body, and of all that are in this process at once."""
    return SWELLS * int(settings.EVENHAND_LETTER_BYTES) + BESIDE


@contextmanager
def read(request: HttpRequest) -> Iterator[None]:
    """Have the body at hand, past Django's own limit, which is a form's. Raises TooLong and Crowded."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > longest():
        raise TooLong
    _take(length)
    try:
        request._body = request.read()  # where Django looks for what has been read
        yield
    finally:
        _take(-length)


def _take(length: int) -> None:
    global _at_once
    with _lock:
        if length > 0 and _at_once + length > longest():
            raise Crowded
        _at_once += length
