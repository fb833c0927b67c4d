"""Numbers as people's programs write them: 1234.5, 1,234.50, 1.234,50, 1'234.50, $1,234, 1 234,50 EUR."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from evenhand.audit.export.moments import Moments, is_blank

MONEY = re.compile(r"[$€£¥₹\s'’_]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])|/\s*(mo|month|yr|year)$")
DECIMAL_COMMA = re.compile(r"^-?(0|\d+),\d+$|^-?\d{1,3}(\.\d{3})+,\d+$")
THOUSANDS = {
    ",": re.compile(r"^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"),
    ".": re.compile(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$"),
}


def comma_is_decimal(texts: Iterable[str]) -> bool:
    """Whether a column writes 12,50 for twelve and a half; 1,234 alone does not say so, since it may be a thousand."""
    return any(
        "," in text and DECIMAL_COMMA.match(text.strip()) and not THOUSANDS[","].match(text.strip()) for text in texts
    )


def number(text: str, *, comma_is_decimal: bool) -> float | None:
    """A number; None for what is none. Where commas are decimal, 1.234,50 has points between thousands."""
    between, point = (".", ",") if comma_is_decimal else (",", ".")
    if THOUSANDS[between].match(text) or (comma_is_decimal and "." not in text):
        text = text.replace(between, "").replace(point, ".")
    try:
        return float(text)
    except ValueError:
        return None


def amounts_in(texts: list[str]) -> Moments:
    """What customers pay or use: plain numbers, with whatever currency stands beside them."""
    bare = [MONEY.sub("", text) for text in texts]
    comma, read = comma_is_decimal(bare), {}
    for text in bare:
        if text not in read:
            read[text] = number(text, comma_is_decimal=comma)
    values = np.array([np.nan if (value := read[text]) is None else value for text in bare], dtype=float)
    unreadable = [
        not np.isfinite(value) and not is_blank(text.strip()) for value, text in zip(values, texts, strict=True)
    ]
    return Moments(np.where(np.isfinite(values), values, np.nan), np.array(unreadable, dtype=bool))
