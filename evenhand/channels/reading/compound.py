"""A file of files (MS-CFB), as Outlook saves letters: a tree of storages with streams in them.

Limits hold before anything is believed: a chain that comes back to itself, a tree that does, a stream that says it is
larger than the file. What is cut off is read as far as it goes.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field

from evenhand.channels.reading import limits

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_ENTRIES = 50_000
LAST = 0xFFFFFFFA  # greater numbers are no sectors: the end of a chain, a free one, one of the tables
STORAGE, STREAM = 1, 2
ENTRY = struct.Struct("<64sHBBIII36xIQ")
NONE = 0xFFFFFFFF
CUTOFF = 4096  # streams shorter than this stand in the small stream


class UnreadableFileError(ValueError):
    """It is no such file, or nothing of it can be found."""


@dataclass(slots=True)
class Stream:
    """Where a stream begins and how long it says it is."""

    start: int
    size: int


@dataclass(slots=True)
class Storage:
    """A folder."""

    name: str = ""
    storages: dict[str, Storage] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)


class Compound:
    """The file, opened. `damaged` once something of it could not be read."""

    def __init__(self, raw: bytes) -> None:
        """Raises UnreadableFileError, or PastLimitError."""
        if len(raw) < 512 or raw[:8] != SIGNATURE:
            raise UnreadableFileError("it is no file of Outlook's")
        self.raw = raw
        self.damaged = False
        self.left = len(raw)  # bytes that may still be read: streams share none
        self.size = {9: 512, 12: 4096}.get(struct.unpack_from("<H", raw, 30)[0], 0)
        if not self.size:
            raise UnreadableFileError("the size of its sectors is none that there is")
        directory, small = struct.unpack_from("<I", raw, 48)[0], struct.unpack_from("<I", raw, 60)[0]
        self.table = self._table()
        self.entries = self._chain(directory, len(raw), self.table)[: MOST_ENTRIES * ENTRY.size + 1]
        if len(self.entries) > MOST_ENTRIES * ENTRY.size:
            raise limits.PastLimitError(f"it holds more than {MOST_ENTRIES:,} pieces")
        if len(self.entries) < ENTRY.size:
            raise UnreadableFileError("its list of contents is missing")
        *_, start, size = ENTRY.unpack_from(self.entries)
        self.small = self._chain(start, min(size & NONE, len(raw)), self.table)
        self.small_table = numbers(self._chain(small, len(raw), self.table))
        self.root = self._tree()

    def read(self, stream: Stream | None) -> bytes:
        """The bytes of a stream; none where there is none.

        Raises:
            PastLimitError: more was read than the file holds, so its streams share bytes.
        """
        if stream is None:
            return b""
        size = min(stream.size, len(self.raw))
        small = stream.size < CUTOFF
        data = self._chain(stream.start, size, self.small_table, self.small) if small else self._chain(
            stream.start, size, self.table
        )  # fmt: skip
        self.left -= len(data)
        if self.left < 0:
            raise limits.PastLimitError("its pieces overlap")
        self.damaged |= len(data) < stream.size
        return data

    def _table(self) -> array[int]:
        """Which sector follows which."""
        listed = numbers(self.raw[76:512])
        following = struct.unpack_from("<I", self.raw, 68)[0]
        seen = set()
        while following < LAST and following not in seen:  # more lists of where the table stands
            seen.add(following)
            block = numbers(self._sector(following))
            if not block:
                break
            listed.extend(block[:-1])
            following = block[-1]
        known = dict.fromkeys(sector for sector in listed if sector < LAST)
        return numbers(b"".join(map(self._sector, known)))

    def _sector(self, number: int) -> bytes:
        return self.raw[(number + 1) * self.size : (number + 2) * self.size]

    def _chain(self, start: int, size: int, table: array[int], source: bytes | None = None) -> bytes:
        """The first `size` bytes of the sectors that follow one another, in the file or in the small stream; no sector
        twice."""
        unit = self.size if source is None else 64
        offset = self.size if source is None else 0
        source = self.raw if source is None else source
        pieces, seen, got = [], bytearray(len(table)), 0
        while got < size and start < len(table) and not seen[start]:
            seen[start] = 1
            piece = source[offset + start * unit : offset + (start + 1) * unit]
            if not piece:
                break
            pieces.append(piece)
            got += len(piece)
            start = table[start]
        return b"".join(pieces)[:size]

    def _tree(self) -> Storage:
        """Every storage and stream in its place; an entry that is named twice counts once."""
        root = Storage()
        count = len(self.entries) // ENTRY.size
        seen, todo = {0}, [(ENTRY.unpack_from(self.entries)[6], root, 0)]
        while todo:
            number, within, depth = todo.pop()
            if number >= count or number in seen:
                self.damaged |= number != NONE
                continue
            seen.add(number)
            name, length, kind, _, left, right, child, start, size = ENTRY.unpack_from(
                self.entries, number * ENTRY.size
            )
            todo += [(left, within, depth), (right, within, depth)]
            called = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if kind == STREAM:
                within.streams.setdefault(called, Stream(start, size & NONE))
            elif kind == STORAGE:
                if depth > 3 * limits.MAX_DEPTH:
                    raise limits.PastLimitError(f"its letters are nested more than {limits.MAX_DEPTH} deep")
                todo.append((child, within.storages.setdefault(called, Storage(called)), depth + 1))
        return root


def numbers(data: bytes) -> array[int]:
    """The 32-bit numbers in bytes; what is cut off is left out."""
    return array("I", struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
