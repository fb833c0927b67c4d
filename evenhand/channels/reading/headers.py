"""The header block, from raw bytes: where it ends, its fields, and their text."""

import re
from collections.abc import Iterator

from evenhand.channels.reading import limits
from evenhand.channels.reading.words import decode_words, one_line

NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
BLANK_LINE = re.compile(rb"\n\r*\n")
LEADING = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*\r*\n)*(?:>?From [^\n]*\n)?")


class Headers:
    """The fields of one header block in their order: a lower-case name and the raw bytes of the value, unfolded."""

    __slots__ = ("fields", "first", "hint")

    def __init__(self, block: bytes) -> None:
        self.fields: list[tuple[str, bytes]] = list(fields_of(block)) if block else []
        self.first = dict(reversed(self.fields))
        self.hint = ""

    @classmethod
    def leniently(cls, block: bytes) -> "Headers":
        """The fields that are within the limits, of a block that as a whole is not."""
        return cls(b"\n".join(block.split(b"\n")[: limits.MAX_HEADER_LINES]))

    def raw(self, name: str) -> bytes:
        """The first value of that name, or nothing."""
        return self.first.get(name, b"")

    def all(self, name: str) -> list[bytes]:
        """Every value of that name, topmost first."""
        return [value for key, value in self.fields if key == name] if name in self.first else []

    def text(self, name: str) -> str:
        """The first value of that name as one line of readable text."""
        return one_line(decode_words(self.raw(name), self.hint))

    def __contains__(self, name: str) -> bool:
        return name in self.first

    def decoded(self) -> tuple[tuple[str, str], ...]:
        """Every field as text, for the page that shows the headers."""
        return tuple((name, one_line(decode_words(value, self.hint))) for name, value in self.fields)


def fields_of(block: bytes) -> Iterator[tuple[str, bytes]]:
    """The fields of a block. A line that is no field continues the one before it; it does not end the block.

    Raises:
        PastLimitError: more lines, or a longer field, than a letter may have.
    """
    lines = block.split(b"\n", limits.MAX_HEADER_LINES + 1)
    if len(lines) > limits.MAX_HEADER_LINES + 1:
        raise limits.PastLimitError(f"it has more than {limits.MAX_HEADER_LINES} lines of headers")
    name, value = "", b""
    for line in map(without_return, lines):
        line = line if name else line.lstrip(b" \t")  # the first line continues nothing
        match = None if line[:1] in (b" ", b"\t") else NAME.match(line)
        if not match:
            value += line if line[:1].isspace() else b" " + line
            continue
        if name:
            yield name, bounded(value)
        name, value = match.group(1).decode("ascii").lower(), line[match.end() :]
    if name:
        yield name, bounded(value)


def without_return(line: bytes) -> bytes:
    return line.rstrip(b"\r")


def bounded(value: bytes) -> bytes:
    """One value without its line ends."""
    if len(value) > limits.MAX_HEADER_BYTES:
        raise limits.PastLimitError(f"one of its headers is longer than {limits.MAX_HEADER_BYTES // 1024} kB")
    return value.replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\0", b"").strip()


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block stops and where the body begins, for an entity at raw[start:end].

    An entity whose first line is empty, or whose first lines are not fields at all, has no header.
    """
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start, raw.index(b"\n", start) + 1
    blank = BLANK_LINE.search(raw, start, end)
    stop, body = (blank.start() + 1, blank.end()) if blank else (last_field(raw, start, end),) * 2
    first = raw[start : min(stop, start + 998)]
    if not any(NAME.match(line) for line in first.split(b"\n")[:10]):
        return start, start
    return stop, body


def last_field(raw: bytes, start: int, end: int) -> int:
    """Where the last field stops, of an entity without the empty line that should follow; what comes after are its words."""
    lines = raw[start:end].split(b"\n", limits.MAX_HEADER_LINES + 1)
    last = max((number for number, line in enumerate(lines) if NAME.match(line)), default=-1)
    while last + 1 < len(lines) and lines[last + 1][:1] in (b" ", b"\t"):
        last += 1
    return min(end, start + sum(len(line) + 1 for line in lines[: last + 1]))
