"""The properties of Microsoft's mail programs by their number (MS-OXPROPS), as winmail.dat and .msg files both hold them."""

import struct

SUBJECT, CLASS, SENT, DELIVERED, TRANSPORT_HEADERS = 0x0037, 0x001A, 0x0039, 0x0E06, 0x007D
MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x1035, 0x1039, 0x1042
PLAIN, RTF, HTML = 0x1000, 0x1009, 0x1013
# Who wrote: their name, their address on the net, and the address that the mail system knows, in that order.
WRITERS = ((0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F))
RECIPIENT, ROLE = (0x3001, 0x39FE, 0x3003), 0x0C15
FILE_CONTENT, METHOD, SHORT_NAME, LONG_NAME, PATH = 0x3701, 0x3705, 0x3704, 0x3707, 0x370D
DISPLAY_NAME, MIME_TYPE, CONTENT_ID = 0x3001, 0x370E, 0x3712
CODE_PAGE, PAGE_CODE_PAGE = 0x3FFD, 0x3FDE
OBJECT, STRING, UNICODE, BINARY = 0x0D, 0x1E, 0x1F, 0x102
MOST_RICH_TEXT = 8 * 1024 * 1024
RTF_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def rich_text(data: bytes) -> bytes:
    """Compressed RTF (MS-OXRTFCP) as RTF; at most 8 MB of it."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<I", data, 4)[0], data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu":
        return b""
    out = bytearray(RTF_DICTIONARY)
    at = 16
    while at < len(data) and len(out) < MOST_RICH_TEXT:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[len(RTF_DICTIONARY) :][:size])
            reference = data[at] << 8 | data[at + 1]
            at += 2
            # A place in a ring of 4,096 bytes, counted from the beginning of what was written.
            start = (reference >> 4) + (len(out) & ~0xFFF)
            start -= 0x1000 if start >= len(out) else 0
            if reference >> 4 == len(out) & 0xFFF:
                return bytes(out[len(RTF_DICTIONARY) :][:size])
            for offset in range((reference & 0xF) + 2):
                out.append(out[start + offset] if 0 <= start + offset < len(out) else 0x20)
    return bytes(out[len(RTF_DICTIONARY) :][:size])
