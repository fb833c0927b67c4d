"""PGP and S/MIME: recognised and said. The desk holds no keys; what is only signed is read, and not called verified."""

from evenhand.channels.reading.part import SEALED, Part

PGP_ENCRYPTED, PGP_SIGNED = "It is encrypted with PGP.", "It is signed with PGP; the signature was not checked."
SMIME_ENCRYPTED, SMIME_SIGNED = (
    "It is encrypted with S/MIME.",
    "It is signed with S/MIME; the signature was not checked.",
)
CLOSED = "This letter is encrypted; the desk has no key to it. Ask the writer to send it again unencrypted, or open the raw letter where the key is."


def protection(root: Part, text: str) -> tuple[str, ...]:
    """How the letter is sealed, in sentences."""
    found = [said for part in root.walk() if (said := seal_of(part))]
    beginning = text[:20_000]
    if "-----BEGIN PGP MESSAGE-----" in beginning:
        found.append(PGP_ENCRYPTED)
    if "-----BEGIN PGP SIGNED MESSAGE-----" in beginning:
        found.append(PGP_SIGNED)
    return tuple(dict.fromkeys(found))


def seal_of(part: Part) -> str:
    """What one part says of sealing, or ""."""
    protocol = part.params.get("protocol", "").lower()
    if part.type in ("multipart/encrypted", "application/pgp-encrypted"):
        return PGP_ENCRYPTED
    if part.type == "multipart/signed":
        return SMIME_SIGNED if "pkcs7" in protocol else PGP_SIGNED if "pgp" in protocol else ""
    if part.type in SEALED:
        return (
            SMIME_SIGNED
            if part.children or part.params.get("smime-type", "").lower() == "signed-data"
            else SMIME_ENCRYPTED
        )
    return ""


def signed_content(data: bytes) -> bytes:
    """What an opaque S/MIME signature (CMS SignedData, RFC 5652) signs, or b"" if it holds no such thing.

    Reads BER as far as it must: tags of one byte, definite and indefinite lengths, strings in pieces.
    """
    try:
        walker = Ber(data)
        walker.enter(0x30)
        if walker.value(0x06) != b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02":  # signedData
            return b""
        walker.enter(0xA0)
        walker.enter(0x30)
        walker.value(0x02)
        walker.value(0x31)
        walker.enter(0x30)
        walker.value(0x06)
        walker.enter(0xA0)
        return walker.octets()
    except (IndexError, ValueError):
        return b""


class Ber:
    """A place in BER-encoded bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def header(self) -> tuple[int, int]:
        """The tag here and its length, -1 for an indefinite one; the place moves past them."""
        tag, length = self.data[self.at], self.data[self.at + 1]
        self.at += 2
        if length == 0x80:
            return tag, -1
        if length > 0x80:
            count = length & 0x7F
            length = int.from_bytes(self.data[self.at : self.at + count], "big")
            self.at += count
        if length > len(self.data):
            raise ValueError("a length beyond the end")
        return tag, length

    def enter(self, wanted: int) -> None:
        """Into a constructed value."""
        if self.header()[0] != wanted:
            raise ValueError("another type was expected")

    def value(self, wanted: int) -> bytes:
        """A value of known length; the place moves past it."""
        tag, length = self.header()
        if tag != wanted or length < 0:
            raise ValueError("another type was expected")
        self.at += length
        return self.data[self.at - length : self.at]

    def octets(self) -> bytes:
        """An octet string, whole or in pieces."""
        tag, length = self.header()
        if tag == 0x04:
            return self.data[self.at : self.at + length]
        if tag != 0x24:
            raise ValueError("no octet string")
        end = len(self.data) if length < 0 else self.at + length
        pieces = []
        while self.at < end and self.data[self.at] == 0x04:
            pieces.append(self.value(0x04))
        return b"".join(pieces)
