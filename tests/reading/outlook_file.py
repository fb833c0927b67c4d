"""Files as Outlook saves letters (.msg), written for tests."""

import struct
from datetime import UTC, datetime

END, FREE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
Tree = dict[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A compound file (MS-CFB) with these streams and storages."""
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, END, 0]]  # name, kind, next, child, start, size
    small, small_table, sectors, table = bytearray(), [], [], []

    def kept(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), END] if pieces else [])
        return first if pieces else END

    def kept_small(data: bytes) -> int:
        first, count = len(small_table), -(-len(data) // 64)
        small.extend(data.ljust(count * 64, b"\0"))
        small_table.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    def add(within: int, content: Tree) -> None:
        before = 0
        for name, value in content.items():
            number = len(entries)
            if isinstance(value, bytes):
                start = kept(value) if len(value) >= 4096 else kept_small(value)
                entries.append([name, 2, NONE, NONE, start, len(value)])
            else:
                entries.append([name, 1, NONE, NONE, 0, 0])
                add(number, value)
            entries[before or within][2 if before else 3] = number
            before = number

    add(0, tree)
    entries[0][4], entries[0][5] = kept(bytes(small)), len(small)
    small_start = kept(struct.pack(f"<{len(small_table)}I", *small_table)) if small_table else END
    directory = b"".join(map(entry, entries))
    directory_start = kept(directory + b"\0" * (-len(directory) % 512))
    return head(sectors, table, directory_start, small_start)


def entry(of: list[object]) -> bytes:
    name, kind, following, child, start, size = of
    written = (str(name) + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", written, len(written), kind, 1, NONE, following, child, start, size)


def head(sectors: list[bytes], table: list[int], directory: int, small: int) -> bytes:
    """The header, and the table of sectors at the end; up to the 109 parts of it that the header has room for."""
    count = 1
    while count * 128 < len(table) + count:
        count += 1
    assert count <= 109
    first = len(sectors)
    table = [*table, *[0xFFFFFFFD] * count]
    table += [FREE] * (-len(table) % 128)
    listed = [*range(first, first + count)] + [FREE] * (109 - count)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory,
        0, 4096, small, 1, END, 0, *listed,
    )  # fmt: skip
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def item(header: int, numbers: dict[int, int | datetime], **streams: "str | bytes | Tree") -> Tree:
    """One storage: numbers and moments by their property, texts and bytes by `p` and its hexadecimal number."""
    rows = b""
    for which, value in numbers.items():
        ticks = (
            value if isinstance(value, int) else int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7)
        )
        rows += struct.pack("<HHIQ", 0x03 if isinstance(value, int) else 0x40, which, 6, ticks)
    found: Tree = {"__properties_version1.0": b"\0" * header + rows}
    for name, value in streams.items():
        kind, data = ("001F", value.encode("utf-16-le")) if isinstance(value, str) else (
            "000D" if isinstance(value, dict) else "0102", value)  # fmt: skip
        found[f"__substg1.0_{name[1:].upper()}{kind}"] = data
    return found


def recipient(name: str, address: str, role: int = 1) -> Tree:
    return item(8, {0x0C15: role}, p3001=name, p39fe=address)


def file(name: str, content: "bytes | Tree", kind: str = "", content_id: str = "") -> Tree:
    method = 1 if isinstance(content, bytes) else 5
    more = {"p370e": kind} if kind else {}
    return item(8, {0x3705: method}, p3707=name, p3701=content, p3712=content_id, **more)


def letter(
    *, people: list[Tree] | None = None, files: list[Tree] | None = None, within: bool = False,
    numbers: dict[int, int | datetime] | None = None, **streams: "str | bytes | Tree",
) -> Tree:  # fmt: skip
    """A letter as a tree of storages; `within` another letter it begins otherwise."""
    said = item(24 if within else 32, numbers or {}, **streams)
    said |= {f"__recip_version1.0_#{n:08X}": each for n, each in enumerate(people or [])}
    return said | {f"__attach_version1.0_#{n:08X}": each for n, each in enumerate(files or [])}
