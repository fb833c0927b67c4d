"""The header block as it is really written; each case broke somebody's reader."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from evenhand.channels.reading import Mailbox, read_letter


def subject(value: bytes) -> str:
    return read_letter(b"From: a@example.com\r\nSubject: " + value + b"\r\n\r\nx").subject


def test_a_line_without_a_colon_continues_the_header() -> None:
    letter = read_letter(b"Subject: one\r\ntwo without a colon\r\nFrom: a@example.com\r\n\r\nbody: text")
    assert letter.subject == "one two without a colon"
    assert letter.sender.address == "a@example.com"
    assert letter.text == "body: text"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"=?utf-8?b?5L2g?= =?utf-8?b?5aW9?=", "你好"),
        (b"=?utf-8?b?5A==?=\r\n =?utf-8?b?vaDlpb0=?=", "你好"),  # split inside a character
        (b"=?utf-8?q?a_=C3=A4?= b", "a ä b"),
        (b"=?iso-8859-1?q?caf\xe9?=", "café"),  # raw 8-bit inside a word
        (b"=?utf-8?q?a b?=", "a b"),
        (b"caf\xc3\xa9", "café"),
        (b"caf\xe9 cr\xe8me br\xfbl\xe9e", "café crème brûlée"),
        (b"=?utf-8?B?w6Q?=", "ä"),  # without padding
        (b"=?utf-8*en?q?x?=", "x"),
        (b"=?nonsense?q?x?=", "x"),
        (b"=?utf-8?q?half", "=?utf-8?q?half"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?ks_c_5601-1987?b?x9GxuQ==?=", "한국"),
        (b"=?gb2312?b?1tDOxA==?=", "中文"),
        (b"=?utf-8?q?a=0D=0ABcc:_b?=", "a Bcc: b"),
        (b"one\x00two", "onetwo"),
        ("invoice \u202egpj.exe".encode(), "invoice gpj.exe"),
    ],
)
def test_subjects(value: bytes, expected: str) -> None:
    assert subject(value) == expected


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        (b"Reply-To: r@example.com\r\nReturn-Path: <p@example.com>\r\nSender: s@example.com", "r@example.com"),
        (b"Sender: s@example.com\r\nReturn-Path: <p@example.com>", "p@example.com"),
        (b"Sender: s@example.com", "s@example.com"),
        (b"From: MAILER-DAEMON", "MAILER-DAEMON"),
        (b"From: MAILER-DAEMON (Mail Delivery System)", "MAILER-DAEMON"),
        (b"Return-Path: <>\r\nSender: s@example.com", "s@example.com"),
    ],
)
def test_the_writer_without_a_from(headers: bytes, address: str) -> None:
    assert read_letter(headers + b"\r\n\r\nx").sender.address == address


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Wed, 17 May 2000 19:05:35 -0400", datetime(2000, 5, 17, 19, 5, 35, tzinfo=timezone(timedelta(hours=-4)))),
        ("17 May 2000 19:05 EST", datetime(2000, 5, 17, 19, 5, tzinfo=timezone(timedelta(hours=-5)))),
        (
            "Wed, 17 May 2000 19:05:35 +0900 (JST)",
            datetime(2000, 5, 17, 19, 5, 35, tzinfo=timezone(timedelta(hours=9))),
        ),
        ("2000-05-17T19:05:35Z", datetime(2000, 5, 17, 19, 5, 35, tzinfo=UTC)),
        ("Wed, 17 May 2000 19:05:60 +0000", datetime(2000, 5, 17, 19, 5, 59, tzinfo=UTC)),
        ("Wed, 17 May 2000 19:05:35", datetime(2000, 5, 17, 19, 5, 35, tzinfo=UTC)),
    ],
)
def test_dates(value: str, expected: datetime) -> None:
    assert read_letter(f"From: a@b.example\r\nDate: {value}\r\n\r\nx".encode()).date == expected


@pytest.mark.parametrize(
    "value",
    [
        "Mon Jan  4 19:03:04 CET 2016", "Mon, 4 Jan 2016 19:03:04 GMT+0100", "Mon, 4 Jan 2016 19:03:04 +01:00", "2016-01-04 19:03:04 +0100", "2016-01-04T19:03:04.5+01:00", "Mon, 4 Jan 2016 7:03:04 PM +0100", "Mon, 4 Jan 116 19:03:04 +0100",
        "Mon, 4 Jan 2016 19:03:04.123 +0100", "Mo, 4 Jän. 2016 19:03:04 +0100", "lun., 4 gen 2016 19:03:04 +0100", 'Mon, 4 Jan 2016 19:03:04 "+0100"', "4-Jan-2016 19:03:04 +0100",
    ],
)  # fmt: skip
def test_dates_that_are_not_written_by_the_standard(value: str) -> None:
    found = read_letter(f"From: a@b.example\r\nDate: {value}\r\n\r\nx".encode()).date
    assert found is not None
    assert found.astimezone(UTC).replace(microsecond=0) == datetime(2016, 1, 4, 18, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("value", ["Whenever", "", "99 Foo 20000", "Wed, 17 May 99999 19:05:35 +0000"])
def test_a_date_that_is_none(value: str) -> None:
    assert read_letter(f"From: a@b.example\r\nDate: {value}\r\n\r\nx".encode()).date is None


def test_identifiers_have_no_brackets() -> None:
    letter = read_letter(
        b"Message-ID: <a@x>\r\nIn-Reply-To: <b@x> (of yesterday)\r\nReferences: <c@x>\r\n <d@x> e@x\r\n\r\nx"
    )
    assert (letter.message_id, letter.in_reply_to, letter.references) == ("a@x", ("b@x",), ("c@x", "d@x"))


def test_a_mailbox_line_and_old_line_ends() -> None:
    letter = read_letter(b"From someone Mon Jan  1 00:00:00 2024\nFrom: a@example.com\nSubject: s\n\nx")
    assert letter.sender == Mailbox("", "a@example.com")
    assert read_letter(b"From: a@example.com\rSubject: s\r\rone\rtwo").text == "one\ntwo"


def test_text_without_headers_is_text() -> None:
    assert read_letter(b"just some words\r\nand more").text == "just some words\nand more"
    assert read_letter(b"\r\n\r\nSubject: s\r\n\r\nx").subject == "s"


def test_a_space_before_the_first_header_hides_nobody() -> None:
    letter = read_letter(b" From: Jane <jane@example.com>\r\nSubject: S\r\n folded\r\n\r\nx")
    assert (letter.sender.address, letter.subject) == ("jane@example.com", "S folded")


def test_references_in_two_fields_are_all_references() -> None:
    letter = read_letter(b"From: a@b.example\r\nReferences: <1@x>\r\nReferences: <2@x>\r\n <3@x>\r\n\r\nx")
    assert letter.references == ("1@x", "2@x", "3@x")
