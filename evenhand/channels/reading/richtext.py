"""The words of a rich text (RTF), as Outlook packs them into a winmail.dat. Linear in its length."""

import re

from evenhand.channels.reading.charset import codec_of

LONGEST = 1024 * 1024
BEGINNING = 1_000  # bytes in which it says what it was made from
TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+|\\)", re.DOTALL
)
UNSEEN = {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"themedata", b"listtable", b"listoverridetable", b"generator"}  # fmt: skip
BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "  "}
SIGNS = {
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
SPACES = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}
NEW_LINE = re.compile(rb"<\s*(?:br|/?p|/?div|/?tr|/?li|/?h[1-6])\b", re.IGNORECASE)


class Group:
    """What holds between two braces: whether it is seen, whether it is a tag, and how many stand-ins follow a character."""

    __slots__ = ("seen", "skips", "tag")

    def __init__(self, outer: "Group | None" = None) -> None:
        self.seen: bool = outer.seen if outer else True
        self.tag: bool = outer.tag if outer else False
        self.skips: int = outer.skips if outer else 1


class Reading:
    """A rich text as it is read: its words, or the page that Outlook wrapped into it (MS-OXRTFEX)."""

    def __init__(self, *, page: bool = False) -> None:
        self.page = page
        self.out: list[str] = []
        self.raw = bytearray()  # bytes in the code page that are not decoded yet
        self.codec = "cp1252"
        self.groups = [Group()]
        self.to_skip = 0
        self.hidden = False  # what only repeats for RTF what the HTML in it says

    def write(self, text: str) -> None:
        if self.raw:
            self.out.append(self.raw.decode(self.codec, "replace"))
            self.raw.clear()
        self.out.append(text)

    def add(self, data: bytes) -> None:
        """Bytes of the text, unless they are not to be seen or stand in for a character already written."""
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        group = self.groups[-1]
        if self.page and group.tag:
            self.raw += data[skipped:]
        elif group.tag and NEW_LINE.match(data):
            self.write("\n")
        elif group.seen and not self.hidden:
            self.raw += data[skipped:]

    def command(self, word: bytes, number: bytes | None) -> None:
        group = self.groups[-1]
        if word in UNSEEN:
            group.seen = False
        elif word == b"htmltag":
            group.seen, group.tag = False, True
        elif word == b"htmlrtf":
            self.hidden = number != b"0"
        elif word == b"ansicpg" and number:
            self.codec = codec_of("cp" + number.decode()) or self.codec
        elif word == b"uc" and number:
            group.skips = min(int(number), 8)
        elif not (self.page and group.tag) and (not group.seen or self.hidden):
            return
        elif word == b"u" and number:
            self.write(chr(int(number) & 0xFFFF))
            self.to_skip = group.skips
        elif sign := BREAKS.get(word) or SIGNS.get(word):
            self.write(sign)


def words_of(rich: bytes) -> str:
    """The text without its formatting; "" if this is no rich text."""
    return re.sub(r"\n{3,}", "\n\n", read(rich, Reading())).strip()


def page_in(rich: bytes) -> str:
    """The HTML that a rich text was made from and still holds; "" if there is none."""
    return read(rich, Reading(page=True)).strip() if b"\\fromhtml1" in rich[:BEGINNING] else ""


def read(rich: bytes, reading: Reading) -> str:
    """What it says, as far as it is looked at."""
    if not rich.startswith(b"{\\rtf"):
        return ""
    for match in TOKEN.finditer(rich[:LONGEST]):
        word, number, code, sign, brace, text = match.groups()
        if brace == b"{":
            reading.groups.append(Group(reading.groups[-1]))
        elif brace:
            reading.groups.pop()
            reading.groups = reading.groups or [Group()]
        elif word:
            reading.command(word, number)
        elif code:
            reading.add(bytes([int(code, 16)]))
        elif sign == b"*":
            reading.groups[-1].seen = False
        elif sign in SPACES:
            reading.write(SPACES[sign])
        elif sign or text:
            reading.add(sign or text)
    reading.write("")
    return "".join(reading.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
