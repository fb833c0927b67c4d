"""winmail.dat: the files and words that Outlook hides in a format of its own (MS-OXTNEF). Never raises."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from evenhand.channels.reading import packed_rtf
from evenhand.channels.reading.charset import codec_of, decode
from evenhand.channels.reading.mapi import (
    BINARY,
    CONTENT_ID,
    DISPLAY_NAME,
    FILE_CONTENT,
    HTML,
    LONG_NAME,
    MIME_TYPE,
    OBJECT,
    PLAIN,
    RTF,
    STRING,
    UNICODE,
)
from evenhand.channels.reading.richtext import page_in, words_of

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_FILES = 500
BODY, CODE_PAGE, PROPERTIES = 0x800C, 0x9007, 0x9003
FILE_BEGINS, FILE_TITLE, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass(slots=True)
class PackedFile:
    name: str = ""
    type: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Package:
    """What a winmail.dat holds."""

    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)
    damaged: bool = False


def unpacked(data: bytes) -> Package | None:
    """The content, as far as it goes, or None if this is no such file."""
    if data[:4] != SIGNATURE:
        return None
    package = Package()
    charset = "cp1252"
    try:
        for name, value in attributes(data):
            if name == CODE_PAGE and len(value) >= 4:
                charset = codec_of(f"cp{struct.unpack_from('<I', value)[0]}") or charset
            elif name == BODY:
                package.text = decode(value.rstrip(b"\0"), charset)
            elif name == PROPERTIES:
                words(package, dict(properties(value)), charset)
            elif name == FILE_BEGINS and len(package.files) < MOST_FILES:
                package.files.append(PackedFile())
            elif package.files:
                of_file(package.files[-1], name, value, charset)
    except (struct.error, IndexError, ValueError):
        package.damaged = True
    package.files = [file for file in package.files if file.content]
    return package


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes of the stream: their number and value."""
    at = 6
    while at + 9 <= len(data):
        name, _, length = struct.unpack_from("<HHI", data, at + 1)
        yield name, data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if at > len(data) + 2:
            raise ValueError("cut off")


def of_file(file: PackedFile, name: int, value: bytes, charset: str) -> None:
    """One attribute of the file that was begun last."""
    if name == FILE_TITLE:
        file.name = file.name or decode(value.rstrip(b"\0"), charset)
    elif name == FILE_DATA:
        file.content = value
    elif name == FILE_PROPERTIES:
        found = dict(properties(value))
        file.name = string(found, LONG_NAME, charset) or string(found, DISPLAY_NAME, charset) or file.name
        file.type = string(found, MIME_TYPE, charset)
        file.content_id = string(found, CONTENT_ID, charset).strip("<>")
        file.content = file.content or found.get(FILE_CONTENT, (0, b""))[1]


def words(package: Package, found: dict[int, tuple[int, bytes]], charset: str) -> None:
    """The words of the letter, in the best form there is."""
    package.text = string(found, PLAIN, charset) or package.text
    if HTML in found:
        package.html = decode(found[HTML][1].rstrip(b"\0"), charset)
    elif RTF in found and (rtf := packed_rtf.unpacked(found[RTF][1])):
        package.html = page_in(rtf)
        package.text = package.text or ("" if package.html else words_of(rtf))
        package.files.append(PackedFile("message.rtf", "application/rtf", rtf))


def string(found: dict[int, tuple[int, bytes]], number: int, charset: str) -> str:
    kind, value = found.get(number, (0, b""))
    return (value.decode("utf-16-le", "replace") if kind == UNICODE else decode(value.rstrip(b"\0"), charset)).rstrip(
        "\0"
    )


def properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """The properties of a stream by their number: kind and (first) value."""
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, 10_000)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:
            at = past_name(data, at)
        many, kind = bool(kind & 0x1000), kind & 0xFFF
        values = 1
        if many or kind in (OBJECT, STRING, UNICODE, BINARY):
            values, at = struct.unpack_from("<I", data, at)[0], at + 4
        for place in range(min(values, 10_000)):
            if kind in FIXED:
                value, at = data[at : at + FIXED[kind]], at + FIXED[kind]
            else:
                length = struct.unpack_from("<I", data, at)[0]
                value, at = data[at + 4 : at + 4 + length], at + 4 + length + -length % 4
            if not place:
                yield number, (kind, value[16:] if kind == OBJECT else value)


def past_name(data: bytes, at: int) -> int:
    """Where a property goes on after its name."""
    kind = struct.unpack_from("<I", data, at + 16)[0]
    if not kind:
        return at + 24
    length = struct.unpack_from("<I", data, at + 20)[0]
    return int(at + 24 + length + -length % 4)
