"""Plain text with its web addresses as links; everything else is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|]{2,2000}")
AFTER = ".,;:!?)]}»”’*_"  # what ends a sentence rather than an address


def linked(text: str) -> Markup:
    """A link shows the whole address it leads to, so that no words can hide it."""
    if "://" not in text:
        return escape(text)
    parts: list[Markup] = []
    place = 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(AFTER)
        if address.count("(") > address.count(")") and found[0][len(address) :].startswith(")"):
            address += ")"  # as in https://en.wikipedia.org/wiki/Queue_(abstract_data_type)
        parts += (escape(text[place : found.start()]), _link(address))
        place = found.start() + len(address)
    return Markup("").join([*parts, escape(text[place:])])


def _link(address: str) -> Markup:
    shown = escape(address)
    return Markup(f'<a href="{shown}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>')  # noqa: S704
