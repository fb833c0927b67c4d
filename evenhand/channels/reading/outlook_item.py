"""What one storage of a file of Outlook's holds (MS-OXMSG): its properties by their number."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evenhand.channels.reading import mapi
from evenhand.channels.reading.charset import codec_of, decode
from evenhand.channels.reading.compound import Compound, Storage
from evenhand.channels.reading.words import one_line

PROPERTIES = "__properties_version1.0"


@dataclass(slots=True)
class Item:
    """A letter, one whom it was sent to, or one of its files: the properties in one storage."""

    file: Compound
    storage: Storage
    fixed: dict[int, bytes]
    codec: str

    @classmethod
    def of(cls, file: Compound, storage: Storage, header: int, codec: str = "cp1252") -> "Item":
        data = file.read(storage.streams.get(PROPERTIES))
        places = range(header, len(data) - 15, 16)
        fixed = {struct.unpack_from("<H", data, at + 2)[0]: data[at + 8 : at + 16] for at in places}
        item = cls(file, storage, fixed, codec)
        page = item.number(mapi.CODE_PAGE) or item.number(mapi.PAGE_CODE_PAGE)
        item.codec = codec_of(code_page(page)) or codec
        return item

    def number(self, which: int) -> int:
        return int.from_bytes(self.fixed.get(which, b"")[:4], "little")

    def binary(self, which: int) -> bytes:
        return self._stream(which, mapi.BINARY) or b""

    def text(self, which: int) -> str:
        """A text, or "" where there is none."""
        if (wide := self._stream(which, mapi.UNICODE)) is not None:
            return wide.decode("utf-16-le", "replace").replace("\0", "")
        return decode(self._stream(which, mapi.STRING) or b"", self.codec).replace("\0", "")

    def line(self, which: int) -> str:
        return one_line(self.text(which)).strip()

    def moment(self, *which: int) -> datetime | None:
        """The first of several moments that is given."""
        ticks = next((int.from_bytes(self.fixed[each], "little") for each in which if each in self.fixed), 0)
        try:
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def within(self, prefix: str) -> list["Item"]:
        """Those whom it was sent to, or its files, in their order."""
        found = sorted(each for each in self.storage.storages if each.startswith(prefix))
        return [Item.of(self.file, self.storage.storages[each], 8, self.codec) for each in found]

    def _stream(self, which: int, kind: int) -> bytes | None:
        stream = self.storage.streams.get(f"__substg1.0_{which:04x}{kind:04x}")
        return None if stream is None else self.file.read(stream)


def code_page(number: int) -> str:
    """What a code page of Windows is called in letters."""
    return {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 20866: "koi8-r", 50220: "iso-2022-jp",
            50221: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 20932: "euc-jp",
            21866: "koi8-u"}.get(number) or (
        f"iso-8859-{number - 28590}" if 28591 < number < 28606 else f"cp{number}" if number else ""
    )  # fmt: skip
