"""Bytes to text, whatever the letter says about its charset."""

import codecs
import re
from contextvars import ContextVar
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

from charset_normalizer import from_bytes

from evenhand.channels.reading.alphabets import likeliest
from evenhand.channels.reading.iso2022jp import decode_with_vendor_rows

# What writers say, and what they mean: the supersets their software really used.
ALIASES = {
    "ansi_x3.4-1968": "cp1252", "ansi": "cp1252", "latin1": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cn-gb": "gb18030", "gb_2312-80": "gb18030",
    "ks_c_5601": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "ksc5601": "cp949", "euc-kr": "cp949",
    "korean": "cp949", "x-windows-949": "cp949", "windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932", "ms932": "cp932", "x-euc-jp": "euc_jp",
    "big5": "cp950", "x-big5": "cp950", "big5-hkscs": "big5hkscs", "cn-big5": "cp950", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-cp1251": "cp1251", "win-1251": "cp1251",
    "x-utf-8": "utf-8", "utf8mb4": "utf-8", "utf-8mb4": "utf-8", "unicode": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8", "koi8": "koi8-r",
}  # fmt: skip
# Names that say nothing; and Python codecs that are not charsets of letters, or are slow or harmful on hostile bytes.
UNDECLARED = {
    "",
    "default",
    "unknown-8bit",
    "x-unknown",
    "unknown",
    "8bit",
    "7bit",
    "binary",
    "us-ascii",
    "ascii",
    "_autodetect",
    "none",
    "x-user-defined",
}
REFUSED = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
RESCUES = {
    "cp950": ("big5hkscs",),
    "cp949": ("johab",),
    "euc_jp": ("euc_jis_2004", "cp932"),
    "cp932": ("shift_jis_2004",),
}
CODE_PAGE = re.compile(r"\A(?:x-)?(?:windows|win|cp|ibm)[-_]?(\d{3,5})\Z")
STATEFUL = ("utf-7", "utf-16", "utf-32", "iso2022", "hz")  # their ASCII bytes mean other characters
# Looking for a codec that does not exist costs a search of the disk: only names that Python knows are looked up.
KNOWN = set(aliases) | set(aliases.values())
SAMPLE = 4096
LARGE_SAMPLE = 64 * 1024
# How many more guesses the letter now read may ask for; each costs some milliseconds.
MOST_GUESSES = 40
GUESSES_LEFT: ContextVar[int] = ContextVar("guesses_left", default=MOST_GUESSES)


@lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """The Python codec for a declared charset, or "" where the name says nothing or is not to be trusted."""
    name = re.split(r"[\s;,\"'*]", declared.strip(" \t\r\n\"'").lower(), maxsplit=1)[0].replace("charset=", "")
    if name in UNDECLARED or len(name) > 40:
        return ""
    name = ALIASES.get(name) or ALIASES.get(name.replace("_", "-")) or name
    name = CODE_PAGE.sub(r"cp\1", name)
    key = normalize_encoding(name)
    if key not in KNOWN and key.replace("_", "") not in KNOWN:
        return ""
    try:
        codec = codecs.lookup(name if key in KNOWN else key.replace("_", ""))
    except (LookupError, ValueError):
        return ""
    return "" if codec.name in REFUSED or not codec._is_text_encoding else codec.name


def decode(data: bytes, declared: str = "", hint: str = "") -> str:
    """Text from bytes in the declared charset; where that is missing or wrong, in the likeliest one.

    `hint` is the charset of another part of the same letter, tried before guessing. Never raises.
    """
    codec = codec_of(declared)
    if not codec:
        return data.decode("ascii") if data.isascii() and b"\x1b" not in data else undeclared(data, hint)
    if data.isascii() and not codec.startswith(STATEFUL):
        return data.decode("ascii")
    if codec == "cp1252" and (as_utf8 := exact(data, "utf-8")) is not None:
        return as_utf8  # two Latin letters that by chance make one of UTF-8 are in no word
    text = exact(data, codec)
    if text is not None:
        return text
    return mistaken(data, codec, hint)


def exact(data: bytes, codec: str) -> str | None:
    """The text if every byte fits the codec, else None. Windows code pages let the few unassigned bytes through."""
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        pass
    if codec == "cp1252":
        return data.decode("cp1252", "evenhand_latin")
    if codec.startswith("iso2022_jp"):
        return decode_with_vendor_rows(data)
    for rescue in RESCUES.get(codec, ()):
        try:
            return data.decode(rescue)
        except UnicodeError:
            continue
    return None


def mistaken(data: bytes, codec: str, hint: str) -> str:
    """The bytes do not fit the declared codec: mostly right with a flaw, or another charset altogether.

    UTF-8 in which not one character beyond ASCII is whole is none.
    """
    if codec != "utf-8" and (as_utf8 := exact(data, "utf-8")) is not None:
        return as_utf8
    flaws, high = flaws_of(data, codec)
    if flaws * 8 <= max(high, 8) and not (codec == "utf-8" and flaws >= high):
        return data.decode(codec, "replace")
    return undeclared(data, hint if codec_of(hint) != codec else "")


def flaws_of(data: bytes, codec: str) -> tuple[int, int]:
    """How many characters of a sample do not fit the codec, and how many of its bytes are no ASCII."""
    sample = data[:LARGE_SAMPLE]
    return sample.decode(codec, "replace").count("�"), len(sample) - len(sample.translate(None, HIGH))


def undeclared(data: bytes, hint: str) -> str:
    """Text from bytes that nobody named a charset for."""
    if b"\x1b$" in data or b"\x1b(" in data:
        text = decode_with_vendor_rows(data)
        if text is not None:
            return text
    for codec in ("utf-8", codec_of(hint)):
        if codec and codec != "cp1252":
            text = exact(data, codec)
            if text is not None:
                return text
    flaws, high = flaws_of(data, "utf-8")
    if flaws * 20 <= high:
        return data.decode("utf-8", "replace")
    return exact(data, guess(data) or "cp1252") or data.decode("cp1252", "evenhand_latin")


def guess(data: bytes) -> str:
    """The likeliest codec, judged on a sample around the first bytes that are not ASCII."""
    first = next((match.start() for match in HIGH_BYTE.finditer(data)), 0)
    sample = data[max(0, first - 64) : first + SAMPLE]
    left = GUESSES_LEFT.get()
    if left and (known := likeliest(sample)):
        GUESSES_LEFT.set(left - 1)
        return known
    high = HIGH_BYTE.findall(data[:SAMPLE])
    letters = len(high) + len(data[:SAMPLE].translate(None, NOT_LETTERS))
    if len(high) < FEW and len(high) * 3 < letters:
        return "cp1252"  # a few accents among Latin letters: too little for statistics, and nearly always this
    if not left:
        return ""
    GUESSES_LEFT.set(left - 1)
    best = from_bytes(sample, steps=3, chunk_size=512).best()
    return codec_of(best.encoding) if best else ""


FEW = 12
NOT_LETTERS = bytes(byte for byte in range(256) if not (chr(byte).isalpha() and byte < 128))
HIGH = bytes(range(128, 256))
HIGH_BYTE = re.compile(rb"[\x80-\xff]")


def latin_byte(error: UnicodeError) -> tuple[str, int]:
    """An error handler: the five bytes that Windows-1252 leaves open mean what they mean in Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("evenhand_latin", latin_byte)
