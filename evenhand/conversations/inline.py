"""Pictures among an agent's words. Kept, they are `<img src="cid:KEY">`, where the key is the file's: each door writes the
address under which its own reader finds the file, and a letter carries it along. None ever comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

ATTRIBUTES = {"src", "alt", "width", "height"}
SCHEME = "cid"
ALT_LENGTH = 200
KEY = "[A-Za-z0-9_-]{43}"
KEPT = re.compile(f"cid:{KEY}")
IMAGE = re.compile(rf'(<img\b[^>]*?\ssrc=")cid:({KEY})("[^>]*>)')
WITHOUT_SOURCE = re.compile(r"<img\b(?![^>]*\ssrc=)[^>]*>")


def attribute(tag: str, name: str, value: str) -> str | None:
    """What a sanitiser keeps of an attribute; None for nothing."""
    if tag != "img":
        return None if value.strip().lower().startswith(f"{SCHEME}:") else value
    if name == "src":
        return value if KEPT.fullmatch(value) else None
    if name == "alt":
        return " ".join(value.replace("<", "").replace(">", "").split())[:ALT_LENGTH]
    return value if re.fullmatch(r"[1-9]\d{0,3}", value) else None


def tidy(clean: str) -> str:
    """Sanitised HTML without the pictures of which nothing was kept."""
    return WITHOUT_SOURCE.sub("", clean)


def keys(html: str) -> list[str]:
    """Of the pictures in kept HTML, each once, in their order."""
    return list(dict.fromkeys(found[2] for found in IMAGE.finditer(html)))


def only(html: str, known: Collection[str]) -> str:
    """Kept HTML without the pictures that are not among `known`."""
    return IMAGE.sub(lambda found: found[0] if found[2] in known else "", html)


def sourced(html: str, address: Callable[[str], str]) -> str:
    """Kept HTML for a reader who finds the picture with a key at `address(key)`, which is fit for an attribute."""
    return IMAGE.sub(lambda found: found[1] + address(found[2]) + found[3], html)
