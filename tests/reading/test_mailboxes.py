"""Addresses: what is one, and what only looks like one (CVE-2023-27043)."""

import pytest

from evenhand.channels.reading import read_letter
from evenhand.channels.reading.mailbox import mailboxes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane <jane@example.com>", [("Jane", "jane@example.com")]),
        ('"Doe, Jane" <jane@example.com>', [("Doe, Jane", "jane@example.com")]),
        ("Doe, Jane <jane@example.com>", [("Doe, Jane", "jane@example.com")]),
        ("jane@example.com (Jane Doe)", [("Jane Doe", "jane@example.com")]),
        (
            "a@example.com, b@example.com; c@example.com",
            [("", "a@example.com"), ("", "b@example.com"), ("", "c@example.com")],
        ),
        ("Team: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        ("<@relay.example,@other.example:jane@example.com>", [("", "jane@example.com")]),
        ("'Jane' <jane@example.com>", [("Jane", "jane@example.com")]),
        ("Jane <jane@example.com", [("Jane", "jane@example.com")]),
        ("=?utf-8?q?J=C3=BCrgen?= <j@example.com>", [("Jürgen", "j@example.com")]),
        ('"=?utf-8?q?J=C3=BCrgen?=" <j@example.com>', [("Jürgen", "j@example.com")]),
        ('"quoted \\"inner\\"" <j@example.com>', [('quoted "inner"', "j@example.com")]),
        ('"odd local"@example.com', [("", '"odd local"@example.com')]),
        ("jane@[192.0.2.1]", [("", "jane@[192.0.2.1]")]),
        ("дмитрий@пример.рф", [("", "дмитрий@пример.рф")]),
        ("jane@example.com.", [("", "jane@example.com")]),
        ("jane@[IPv6:2001:db8::1]", [("", "jane@[IPv6:2001:db8::1]")]),
        ("<mailto:jane@example.com>", [("", "jane@example.com")]),
        ('"Jane Doe <jane@example.com>', [("Jane Doe", "jane@example.com")]),
        ("=?utf-8?q?=22J=C3=A4ne=22_=3Cjane=40example.com=3E?=", [("Jäne", "jane@example.com")]),
        ("=?utf-8?q?jane=40example.com?=", [("jane@example.com", "")]),
        ("Undisclosed recipients:;", []),
        ("Whomever", [("Whomever", "")]),
        ("", []),
    ],
)
def test_mailboxes(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(box.name, box.address) for box in mailboxes(value.encode())] == expected


@pytest.mark.parametrize(
    "value",
    [
        "alice@corp.example)bob@evil.example",
        "alice@corp.example(<bob@evil.example>",
        "=?utf-8?q?alice=40corp.example?= <bob@evil.example>",
        "alice@corp.example <bob@evil.example>",
        '"alice@corp.example" <bob@evil.example>',
        "alice@corp.example@evil.example",
        "<alice@corp.example> <bob@evil.example>",
        "<alice@corp.example>, bob@evil.example>",
        "alice@corp.example\\ bob@evil.example",
        "alice@corp.example\u200b",
        "alice@corp.example:bob@evil.example",
        "bob@evil.example:alice@corp.example",
        "alice @corp.example <bob@evil.example>",
        "<alice@corp.example\r\n bob@evil.example>",
        "(alice@corp.example) bob@evil.example",
        '"alice@corp.example <bob@evil.example>',
        "=?utf-8?q?=3Calice=40corp.example=3E?= <bob@evil.example>",
        "=?utf-8?q?alice=40corp.example_=3Cbob=40evil.example=3E?=",
        "=?utf-8?q?=40evil.example?=@corp.example",
        "<mailto:alice@corp.example?cc=bob@evil.example>",
    ],
)
def test_nobody_passes_for_alice(value: str) -> None:
    letter = read_letter(f"From: {value}\r\n\r\nx".encode())
    first_only = value.startswith("<alice@corp.example>,")
    assert letter.sender.address in (("alice@corp.example",) if first_only else ("", "bob@evil.example"))
    assert letter.problems or letter.sender.address == "bob@evil.example"


def test_look_alikes_are_said() -> None:
    letter = read_letter("From: Аlice <a@example.com>\r\n\r\nx".encode())  # the first letter is Cyrillic
    assert any("alphabets" in problem for problem in letter.problems)
    letter = read_letter("From: a@exаmple.com\r\n\r\nx".encode())
    assert letter.sender.address == "a@xn--exmple-4nf.com"
    letter = read_letter("From: \u202emoc.elpmaxe@ecila <b@evil.example>\r\n\r\nx".encode())
    assert "\u202e" not in letter.sender.name


def test_two_senders_are_said() -> None:
    assert any(
        "more than one From" in p for p in read_letter(b"From: a@x.example\r\nFrom: b@x.example\r\n\r\nx").problems
    )
    assert any("more than one sender" in p for p in read_letter(b"From: a@x.example, b@x.example\r\n\r\nx").problems)
    assert any(
        "name shows an address" in p for p in read_letter(b"From: a@corp.example <b@evil.example>\r\n\r\nx").problems
    )
