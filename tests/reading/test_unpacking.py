"""Letters in other wrappings: winmail.dat, invitations, PGP, S/MIME."""

import struct
import time
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from evenhand.channels.reading import packed_rtf, read_letter
from evenhand.channels.reading.richtext import words_of
from evenhand.channels.reading.tnef import unpacked


def attribute(name: int, value: bytes, level: int = 2) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def props(*found: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(found))
    for kind, number, value in found:
        out += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out


WINMAIL = (
    b"\x78\x9f\x3e\x22\x01\x00"
    + attribute(0x9007, struct.pack("<II", 1252, 0), 1)
    + attribute(0x9003, props((0x1F, 0x1000, "naïve words".encode("utf-16-le") + b"\0\0")), 1)
    + attribute(0x9002, b"\0" * 14)
    + attribute(0x8010, b"SHORT~1.TXT\0")
    + attribute(0x800F, b"content")
    + attribute(
        0x9005, props((0x1F, 0x3707, "a long name.txt".encode("utf-16-le") + b"\0\0"), (0x1E, 0x370E, b"text/plain\0"))
    )
)


def test_winmail_is_unpacked() -> None:
    raw = b"From: a@example.com\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + WINMAIL
    letter = read_letter(raw)
    assert letter.text == "naïve words"
    assert [(file.name, file.type, file.content) for file in letter.attachments][:1] == [
        ("a long name.txt", "text/plain", b"content")
    ]
    assert letter.attachments[-1].name == "winmail.dat"


def test_a_damaged_winmail_yields_what_it_can() -> None:
    for end in range(0, len(WINMAIL), 7):
        read_letter(b"Content-Type: application/ms-tnef\r\n\r\n" + WINMAIL[:end])
    assert unpacked(b"no such file") is None


def test_compressed_rich_text() -> None:
    # The example of MS-OXRTFCP, section 4.1.1.
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert packed_rtf.unpacked(data) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_the_words_of_rich_text() -> None:
    plain = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}Caf\'e9 \u1055?\u1086?\par {\b Second} line}"
    assert words_of(plain) == "Café По\nSecond line"
    wrapped = rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Hello{\*\htmltag116 <br>}there}"
    assert words_of(wrapped) == "Hello\nthere"
    assert words_of(b"<p>no rich text") == ""


def test_no_rich_text_takes_long() -> None:
    start = time.process_time()
    for bomb in (b"{", b"}", b"\\u1?", b"\\'41", b"\\uc8{\\*"):
        words_of(b"{\\rtf1" + bomb * (2_000_000 // len(bomb)))
    assert time.process_time() - start < 5


def test_winmail_with_rich_text_only_gives_its_words() -> None:
    rich = rb"{\rtf1\ansi The ladder is in the shed.\par }"
    packed = struct.pack("<IIII", len(rich) + 12, len(rich), 0x414C454D, 0) + rich
    winmail = b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x9003, props((0x102, 0x1009, packed)), 1)
    assert unpacked(winmail).text == "The ladder is in the shed."


def test_an_invitation_is_told_in_words() -> None:
    calendar = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:Plan\\, talk\r\n"
        b"DTSTART;TZID=Europe/Rome:20240102T100000\r\nDTEND;TZID=Europe/Rome:20240102T110000\r\nLOCATION:Room\r\n  1\r\nORGANIZER;CN=Jane:mailto:jane@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    letter = read_letter(
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nsee you\r\n--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
        + calendar
        + b"--b--"
    )
    assert (
        letter.text
        == "see you\n\nInvitation: Plan, talk\nWhen: 2024-01-02 10:00 Europe/Rome – 2024-01-02 11:00 Europe/Rome\nWhere: Room 1\nOrganiser: Jane <jane@example.com>"
    )
    assert letter.attachments[0].type == "text/calendar"


@pytest.mark.parametrize(("answer", "summary"), [("DECLINED", "Visit"), ("ACCEPTED", "Accepted: Visit")])
def test_an_answer_to_an_invitation_says_who_answered_what(answer: str, summary: str) -> None:
    calendar = f"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:{summary}\nDTSTART:20261201T100000Z\nCOMMENT:Not before\\, sorry\nATTENDEE;PARTSTAT={answer};CN=Kim:mailto:kim@x.example\nEND:VEVENT\nEND:VCALENDAR\n"
    letter = read_letter(f"From: kim@x.example\nContent-Type: text/calendar; method=REPLY\n\n{calendar}".encode())
    by, when = "By: Kim <kim@x.example>", "When: 2026-12-01 10:00 UTC"
    assert letter.text == f"{answer.title()}: Visit\n{by}\n{when}\nComment: Not before, sorry"
    assert letter.language == ""  # the words are ours


def test_pgp_is_said() -> None:
    encrypted = read_letter(
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--'
    )
    assert encrypted.protection == ("It is encrypted with PGP.",)
    assert "no key" in encrypted.text
    signed = read_letter(
        b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--'
    )
    assert signed.text == "words"
    assert "not checked" in signed.protection[0]
    assert read_letter(b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n-----END PGP MESSAGE-----").protection == (
        "It is encrypted with PGP.",
    )


def certificate() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Jane")])
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, moment, moment.replace(year=2034)).sign(
        key, hashes.SHA256()
    )
    return built, key


def test_smime_is_read_where_it_is_only_signed() -> None:
    cert, key = certificate()
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\nsigned words"
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(cert, key, hashes.SHA256())
    raw = b"From: a@example.com\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\r\n"
    letter = read_letter(raw + builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]))
    assert letter.text == "signed words"
    assert letter.protection == ("It is signed with S/MIME; the signature was not checked.",)
    sealed = pkcs7.PKCS7EnvelopeBuilder().set_data(inner).add_recipient(cert).encrypt(serialization.Encoding.DER, [])
    letter = read_letter(raw.replace(b"signed-data", b"enveloped-data") + sealed)
    assert "no key" in letter.text
    assert letter.protection == ("It is encrypted with S/MIME.",)


def test_a_yencoded_file_in_the_text() -> None:
    body = bytes((byte + 42) & 255 for byte in b"hello") + b"=" + bytes([(0 + 42 + 64) & 255])
    raw = (
        b"From: a@example.com\r\n\r\nsee\r\n=ybegin line=128 size=6 name=a b.bin\r\n"
        + body
        + b"\r\n=yend size=6\r\nafter"
    )
    letter = read_letter(raw)
    assert [(file.name, file.content) for file in letter.attachments] == [("a b.bin", b"hello\0")]
    assert letter.text.split() == ["see", "after"]


def test_what_pgp_puts_around_the_words_is_folded() -> None:
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----"
    letter = read_letter(b"From: a@example.com\r\n\r\n" + armour.format("My words.\n\nMore.").encode())
    assert letter.reply == "My words.\n\nMore."
    assert "iQ" in letter.quoted
    assert "PGP" in letter.protection[0]


def test_one_piece_of_a_letter_says_so() -> None:
    letter = read_letter(b"From: a@example.com\r\nContent-Type: message/partial; id=x; number=1; total=2\r\n\r\nhalf")
    assert any("one piece" in problem for problem in letter.problems)
