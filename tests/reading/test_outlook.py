"""Letters that Outlook saved (.msg): what they say, and what broken and hostile ones cannot do."""

import random
import struct
import time
from datetime import UTC, datetime

import pytest

from evenhand.channels.reading import packed_rtf, read_file
from evenhand.channels.reading.compound import Compound

from .outlook_file import compound, file, item, letter, recipient

PICTURE = b"\x89PNG" + b"x" * 5000
SENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PAGE = '<html><body><p>Die <b>Lampe</b> ist kaputt.</p><img src="cid:lamp@x"><script>alert(1)</script></body></html>'
INNER = letter(
    within=True, p0037="The first order", p0c1a="Kim", p5d01="kim@inner.example", p1000="Where is it?",
    files=[file("invoice.pdf", b"%PDF-1.4", "application/pdf")],
)  # fmt: skip
WHOLE = letter(
    numbers={0x0039: SENT, 0x3FDE: 65001},
    people=[recipient("Support", "support@desk.example"), recipient("Doe, Jane", "jane@x.example", 2)],
    files=[file("Lampe größer.png", PICTURE, "image/png", "lamp@x"), file("The first order", INNER)],
    p001a="IPM.Note", p0037="Grüße: die Lampe", p0042="Müller, Ute", p5d02="ute@kunde.example",
    p0065="/O=X/OU=Y/CN=RECIPIENTS/CN=UTE", p1000="Die Lampe ist kaputt.\r\n", p1013=PAGE.encode(),
    p1035="<abc@kunde.example>",
)  # fmt: skip


def test_everything_that_it_says_is_read() -> None:
    said = read_file(compound(WHOLE))
    assert (said.sender.name, said.sender.address) == ("Müller, Ute", "ute@kunde.example")
    assert [(box.name, box.address) for box in (*said.to, *said.cc)] == [
        ("Support", "support@desk.example"),
        ("Doe, Jane", "jane@x.example"),
    ]
    assert (said.subject, said.date, said.message_id) == ("Grüße: die Lampe", SENT, "abc@kunde.example")
    assert said.text == "Die Lampe ist kaputt."
    assert "<b>Lampe</b>" in said.html
    assert "alert" not in said.html
    picture, inner = said.attachments
    assert (picture.name, picture.type, picture.content, picture.inline) == (
        "Lampe größer.png",
        "image/png",
        PICTURE,
        True,
    )
    assert (inner.name, inner.type) == ("The first order.eml", "message/rfc822")
    within = read_file(inner.content)
    assert (within.sender.address, within.subject, within.text) == (
        "kim@inner.example",
        "The first order",
        "Where is it?",
    )
    assert [(each.name, each.content) for each in within.attachments] == [("invoice.pdf", b"%PDF-1.4")]
    assert said.problems == ()


def test_the_header_that_came_over_the_net_comes_first() -> None:
    header = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a\r\n\tby b\r\nFrom: Real <real@x.example>\r\nTo: all@x.example\r\nContent-Type: multipart/mixed; boundary=gone\r\n\r\nFrom: fake@x.example\r\n"
    said = read_file(compound(letter(p007d=header, p0037="S", p5d01="other@x.example", p1000="words")))
    assert said.sender.address == "real@x.example"
    assert [box.address for box in said.to] == ["all@x.example"]
    assert (said.subject, said.text) == ("S", "words")
    assert ("received", "from a by b") in said.headers


def test_who_is_only_known_among_their_own_has_no_address() -> None:
    said = read_file(compound(letter(p0c1a="Boss <boss@desk.example>", p0c1f="/O=X/CN=BOSS", p1000="words")))
    assert said.sender.address == ""
    evil = read_file(
        compound(letter(p0c1a="a\r\nBcc: b@x.example", p5d01="x@y.example>\r\nTo: z@y.example", p1000="w"))
    )
    assert (evil.sender.address, evil.to) == ("", ())


def test_eight_bit_texts_are_read_in_their_code_page() -> None:
    tree = item(32, {0x3FFD: 1251})
    tree |= {
        "__substg1.0_0037001E": "Заказ".encode("cp1251"),
        "__substg1.0_1000001E": "Где мой заказ?".encode("cp1251"),
    }
    said = read_file(compound(tree))
    assert (said.subject, said.text) == ("Заказ", "Где мой заказ?")


def rtf(words: bytes) -> bytes:
    """Rich text that is kept uncompressed (MS-OXRTFCP)."""
    return struct.pack("<II4sI", len(words) + 12, len(words), b"MELA", 0) + words


def test_the_page_that_rich_text_was_made_from_is_shown() -> None:
    words = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
        rb"caf\'e9 {\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 now\htmlrtf }\htmlrtf0{\*\htmltag92 </b>}{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 "
        rb"\u8364?1{\*\htmltag72 </p>\par}}"
    )
    said = read_file(compound(letter(p1009=rtf(words))))
    assert "<p>café <b>now</b>" in said.html.replace(' style=""', "")
    assert said.text.split() == ["café", "now", "€1"]
    plain = read_file(compound(letter(p1009=rtf(rb"{\rtf1\ansi only \b words\b0 .}"))))
    assert (plain.text, plain.html) == ("only words.", "")
    assert packed_rtf.unpacked(rtf(words)) == words


def test_what_is_not_in_the_file_is_said() -> None:
    named = item(8, {0x3705: 7}, p3707="plan.docx", p370d="https://drive.example/plan")
    foreign = item(8, {0x3705: 6}, p3001="Sheet", p3701={"Workbook": b"x"})
    said = read_file(compound(letter(p1000="See there.", files=[named, foreign])))
    assert said.attachments == ()
    assert said.problems[:2] == (
        "“plan.docx” is only named in the letter and cannot be opened here.",
        "“Sheet” is an object of another program and cannot be opened here.",
    )


def test_what_was_signed_is_read_as_it_was_signed() -> None:
    signed = b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\r\n\r\n--b\r\n\r\nSigned words.\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n'
    tree = letter(
        p001a="IPM.Note.SMIME.MultipartSigned",
        p0037="S",
        p1000="Signed",
        files=[file("smime.p7m", signed, "multipart/signed")],
    )
    said = read_file(compound(tree))
    assert (said.subject, said.text) == ("S", "Signed words.")
    assert "signed with S/MIME" in said.protection[0]
    sealed = read_file(compound(letter(p001a="IPM.Note.SMIME", files=[file("smime.p7m", b"0\x80secret")])))
    assert "encrypted" in sealed.text


@pytest.mark.parametrize("raw", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", compound({"WordDocument": b"x" * 9000})])
def test_what_is_no_letter_is_said_to_be_none(raw: bytes) -> None:
    said = read_file(raw)
    assert not raw or "could not be displayed" in said.text


def test_a_letter_as_text_is_read_as_before() -> None:
    assert read_file(b"From: a@x.example\r\nSubject: S\r\n\r\nwords").text == "words"


def test_one_cut_off_or_damaged_anywhere_is_read_as_far_as_it_goes() -> None:
    whole, chance = compound(WHOLE), random.Random(7)
    for end in range(0, len(whole), 97):
        read_file(whole[:end], detects=False)
    for _ in range(1500):
        raw = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            at = chance.randrange(len(raw))
            raw[at : at + 4] = chance.choice(
                (bytes([chance.randrange(256)]), struct.pack("<I", chance.randrange(64)), b"\xff" * 4)
            )
        said = read_file(bytes(raw), detects=False)
        assert "reading it failed" not in said.text


def attack(number: int) -> bytes:
    """Files made to hurt: cycles, streams that share bytes, more pieces and deeper ones than a letter has."""
    whole = bytearray(compound(WHOLE))
    if number == 0:  # the list of further tables names itself, and says there are four thousand million
        struct.pack_into("<II", whole, 68, 0, NONE_LEFT)
        struct.pack_into("<I", whole, 512 + 508, 0)
    elif number == 1:  # every sector follows itself
        for at in range(len(whole) - 512, len(whole), 4):
            struct.pack_into("<I", whole, at, (at - len(whole) + 512) // 4)
    elif number == 2:  # a stream of four thousand million bytes
        at = whole.index("__substg1.0_37010102".encode("utf-16-le"))
        struct.pack_into("<Q", whole, at + 120, NONE_LEFT)
    elif number == 3:
        return compound({"__properties_version1.0": b"\0" * 32, "x": {f"s{n}": b"" for n in range(50_001)}})
    elif number == 4:
        tree = letter(p1000="deepest", within=True)
        for _ in range(40):
            tree = letter(files=[file("in", tree)], within=True)
        return compound(letter(files=[file("in", tree)]))
    elif number == 5:
        return compound(letter(files=[file("a", b"x")] * 1_500))
    elif number == 6:
        return bytes(whole) + b"\0" * 26 * 1024 * 1024
    return bytes(whole)


NONE_LEFT = 0xFFFFFFF0


@pytest.mark.parametrize("number", range(7))
def test_none_takes_long(number: int) -> None:
    raw, since = attack(number), time.process_time()
    said = read_file(raw, detects=False)
    assert time.process_time() - since < 2
    assert said.text or said.problems


def test_streams_that_share_their_bytes_are_read_within_the_size_of_the_file() -> None:
    """Two hundred files that all stand in the same megabyte would be two hundred."""
    files = [file("big", b"x" * 1024 * 1024), *[file(f"{n}", b"y" * 5000) for n in range(200)]]
    raw = bytearray(compound(letter(files=files)))
    at, places = 0, []
    while (at := raw.find("__substg1.0_37010102".encode("utf-16-le"), at) + 1) > 0:
        places.append(at - 1)
    start = struct.unpack_from("<I", raw, places[0] + 116)[0]
    for place in places:
        struct.pack_into("<IQ", raw, place + 116, start, 1024 * 1024)
    said = read_file(bytes(raw), detects=False)
    assert "its pieces overlap" in said.text
    assert Compound(bytes(raw)).left == len(raw)
