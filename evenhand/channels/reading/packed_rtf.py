"""Rich text (RTF) as Microsoft's mail programs pack it (MS-OXRTFCP), in winmail.dat and .msg files."""

import struct

LONGEST = 8 * 1024 * 1024
DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked(data: bytes) -> bytes:
    """Compressed RTF (MS-OXRTFCP) as RTF; at most 8 MB of it."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<I", data, 4)[0], data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu":
        return b""
    out = bytearray(DICTIONARY)
    at = 16
    while at < len(data) and len(out) < LONGEST:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[len(DICTIONARY) :][:size])
            reference = data[at] << 8 | data[at + 1]
            at += 2
            # A place in a ring of 4,096 bytes, counted from the beginning of what was written.
            start = (reference >> 4) + (len(out) & ~0xFFF)
            start -= 0x1000 if start >= len(out) else 0
            if reference >> 4 == len(out) & 0xFFF:
                return bytes(out[len(DICTIONARY) :][:size])
            for offset in range((reference & 0xF) + 2):
                out.append(out[start + offset] if 0 <= start + offset < len(out) else 0x20)
    return bytes(out[len(DICTIONARY) :][:size])
