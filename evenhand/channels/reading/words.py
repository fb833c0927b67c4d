"""Encoded words (RFC 2047) as they are really written: split inside characters, unpadded, with raw 8-bit bytes."""

import binascii
import re

from evenhand.channels.reading.charset import decode

OPENING = re.compile(rb"=\?([^?\s=]{1,60})\?([bBqQ])\?")
BLANK = re.compile(rb"\s*\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Marks that reorder or hide neighbouring text: they make one name or file look like another (CVE-2021-42574).
DECEIVING = re.compile("[\u200b\u2060\u061c\u202a-\u202e\u2066-\u2069\ufeff\u00ad\U000e0000-\U000e007f]")


def base64_bytes(data: bytes) -> bytes:
    """Base64 without its padding, with stray bytes, or cut off: as many bytes as can be had."""
    clean = data.translate(None, NOT_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def decode_words(value: bytes, hint: str = "") -> str:
    """Header bytes as text: adjacent words of one charset are joined as bytes first. Linear in the value's length."""
    if b"=?" not in value:
        if value.isascii() and b"\x1b" not in value:
            return value.decode("ascii")
        return decode(value, "utf-8" if not value.isascii() else "", hint)
    pieces: list[tuple[str, bytes]] = []  # (charset or "" for plain bytes, bytes)
    at = 0
    while match := OPENING.search(value, at):
        end = value.find(b"?=", match.end())
        if end < 0:
            break
        add_plain(pieces, value[at : match.start()], before_word=True)
        charset = match.group(1).split(b"*")[0].decode("ascii", "replace").lower()
        content = value[match.end() : end]
        raw = (
            base64_bytes(content)
            if match.group(2) in b"bB"
            else binascii.a2b_qp(content.replace(b"\n", b""), header=True)
        )
        if pieces and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + raw)
        else:
            pieces.append((charset, raw))
        at = end + 2
    add_plain(pieces, value[at:], before_word=False)
    return "".join(decode(raw, charset, hint) for charset, raw in pieces)


def add_plain(pieces: list[tuple[str, bytes]], raw: bytes, before_word: bool) -> None:
    """White space between two encoded words is not part of the text."""
    between = before_word and pieces and pieces[-1][0]
    if raw and not (between and BLANK.match(raw)):
        pieces.append(("", raw))


def one_line(text: str) -> str:
    """Text fit for one line: no line ends, control characters or marks that disguise what stands there."""
    return text.strip() if text.isprintable() else DECEIVING.sub("", CONTROL.sub(" ", text)).strip()
