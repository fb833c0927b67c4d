"""Numbers as the language of the page writes them."""

from __future__ import annotations

from django.utils.formats import get_format, number_format


def counted(n: int) -> str:
    """“12,345”."""
    return number_format(n, force_grouping=True)


def decimal(written: str) -> str:
    """What Python has written, “0.94”, with the sign that parts off its decimals: “0,94”."""
    return written.replace(".", get_format("DECIMAL_SEPARATOR"))
