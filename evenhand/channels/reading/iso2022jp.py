"""ISO-2022-JP as Japanese mail really uses it: with the NEC and IBM rows that Python's codec refuses."""

import re

ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([A-Z]|\([A-Z]|\.[AF])")
DOUBLE = {b"$@", b"$B", b"$(B", b"$(@"}
KANA = b"(I"


def shifted(pairs: bytes) -> bytes:
    """JIS row-and-cell bytes as Shift-JIS, by the arithmetic of JIS X 0208 annex 1."""
    out = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=False):
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            return b"\xff"  # not a character of any row: let the decoder refuse it
        lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
        trail = cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20)
        out += bytes((lead, trail))
    return bytes(out)


def decode_with_vendor_rows(data: bytes) -> str | None:
    """Text of ISO-2022-JP bytes, or None if they are something else."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeError:
        pass
    out, mode, at = [], b"(B", 0
    try:
        for escape in ESCAPE.finditer(data):
            out.append(segment(data[at : escape.start()], mode))
            mode, at = escape.group(1), escape.end()
        out.append(segment(data[at:], mode))
    except UnicodeError:
        return None
    return "".join(out) if at else None


def segment(data: bytes, mode: bytes) -> str:
    """One run between escapes. A line end inside a double-byte run means that the writer forgot to go back."""
    if mode in DOUBLE:
        lines = re.split(rb"(\r?\n)", data)
        return "".join(
            line.decode("ascii") if line in (b"\n", b"\r\n") else shifted(line.replace(b" ", b"")).decode("cp932")
            for line in lines
        )
    if mode == KANA:
        return bytes(byte | 0x80 for byte in data).decode("cp932")
    return data.decode("cp932")
