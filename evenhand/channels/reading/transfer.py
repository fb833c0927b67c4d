"""Content-Transfer-Encoding undone, also where it is broken."""

import binascii
import re
from collections.abc import Callable

from evenhand.channels.reading.words import NOT_BASE64, base64_bytes

BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
YENC_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
YENC_END = re.compile(rb"^=yend[^\r\n]{0,200}", re.MULTILINE)
END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
WHITE = b" \t\r\n"
MOST_DAMAGED = 100
LINE_BREAK = re.compile(rb"\r?\n")


def decoded(data: bytes, encoding: str) -> tuple[bytes, str]:
    """The content, and a problem in words or "". Never raises: what cannot be decoded is returned as it stands."""
    if encoding == "base64":
        return from_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), ""
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        begin = BEGIN.search(data)
        return (
            (from_uuencode(data[begin.end() :]), "")
            if begin
            else (data, "A part says that it is uuencoded and is not.")
        )
    return data, ""


def from_base64(data: bytes) -> tuple[bytes, str]:
    """Base64 as far as it goes; text that merely claims to be base64 is left alone."""
    head, _, tail = data.partition(b"=")
    foreign = len(head.translate(None, BASE64_AND_WHITE))
    if not foreign and not tail.strip(b"= \t\r\n") and len(letters := head.translate(None, NOT_BASE64)) % 4 != 1:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), ""
    if foreign * 8 > len(head) or head.count(b" ") * 10 > len(head):
        return data, "A part says that it is base64 and is not; it is shown as it came."
    rest = tail.lstrip(b"= \t\r\n")
    joined = base64_bytes(head)
    if rest and not rest.translate(None, BASE64_AND_WHITE + b"="):
        joined += base64_bytes(rest)  # two encoded pieces one after the other
    return joined, "A part's base64 is damaged; what could be read is shown." if foreign or len(head) % 4 == 1 else ""


BASE64_AND_WHITE = bytes(set(range(256)) - set(NOT_BASE64)) + WHITE


def from_uuencode(data: bytes) -> bytes:
    """The bytes of a uuencoded body after its `begin` line; a damaged line yields what it can, many end it."""
    out = bytearray()
    damaged = 0
    for line in LINE_BREAK.split(data):
        if line.strip() == b"end" or damaged > MOST_DAMAGED:
            break
        if line and line not in (b"`", b" "):
            try:
                out += binascii.a2b_uu(line)
            except binascii.Error:
                damaged += 1
                out += damaged_line(line)
    return bytes(out)


def damaged_line(line: bytes) -> bytes:
    """A line whose count is wrong, as some encoders wrote it."""
    try:
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return b""


Files = list[tuple[bytes, bytes]]


def uuencoded_files(text: bytes) -> tuple[bytes, Files]:
    """Text without the uuencoded files in it, and those files as (name, content)."""
    return files_between(text, BEGIN, END, from_uuencode)


def yencoded_files(text: bytes) -> tuple[bytes, Files]:
    """Text without the yEncoded files in it, and those files as (name, content)."""
    return files_between(text, YENC_BEGIN, YENC_END, from_yenc)


def files_between(
    text: bytes, begin: re.Pattern[bytes], end: re.Pattern[bytes], decode: Callable[[bytes], bytes]
) -> tuple[bytes, Files]:
    files: Files = []
    kept, at = [], 0
    while opening := begin.search(text, at):
        closing = end.search(text, opening.end())
        if not closing:
            break
        kept.append(text[at : opening.start()])
        files.append((opening.group(1).strip(), decode(text[opening.end() : closing.start()])))
        at = closing.end()
    return (b"".join([*kept, text[at:]]), files) if files else (text, files)


def from_yenc(data: bytes) -> bytes:
    """The bytes of a yEncoded body: each is moved on by 42, and by 64 more behind an equals sign."""
    data = data.replace(b"\r", b"").replace(b"\n", b"")
    data = ESCAPED.sub(lambda pair: bytes([(pair.group()[1] - 64) & 255]), data)
    return data.translate(MOVED_BACK)


ESCAPED = re.compile(rb"=(.)", re.DOTALL)
MOVED_BACK = bytes((byte - 42) & 255 for byte in range(256))
