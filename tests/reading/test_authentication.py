"""Who is believed: only what is aligned with the one From, and only one's own mail server's word."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from evenhand.channels.reading import authenticate, believed
from evenhand.channels.reading.authentication import aligned, organisation

LETTER = b"From: Jane <jane@example.com>\r\nTo: desk@example.org\r\nSubject: s\r\n\r\nwords\r\n"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
RECORDS = {
    f"k._domainkey.{domain}": [f"v=DKIM1; k=rsa; p={PUBLIC}"]
    for domain in ("example.com", "mail.example.com", "evil.example")
}
STRICT = {**RECORDS, "_dmarc.example.com": ["v=DMARC1; p=reject; adkim=s"]}
POLICY = {**RECORDS, "_dmarc.example.com": ["other", "v=DMARC1; p=reject"]}


def signed(domain: bytes, letter: bytes = LETTER, **more: object) -> bytes:
    return dkim.sign(letter, b"k", domain, PRIVATE, **more) + letter


def passed(raw: bytes, records: dict[str, list[str]], **envelope: str) -> bool | None:
    spf = lambda ip, mail_from, helo: "pass" if ip == "192.0.2.1" else "fail"  # noqa: E731
    return authenticate(raw, resolver=lambda name: records.get(name, []), spf=spf, **envelope).passed


def test_signatures() -> None:
    assert passed(signed(b"example.com"), RECORDS) is True
    assert passed(signed(b"mail.example.com"), POLICY) is True
    assert passed(signed(b"mail.example.com"), STRICT) is False
    assert passed(signed(b"evil.example"), POLICY) is False
    assert passed(signed(b"evil.example"), RECORDS) is None
    assert passed(signed(b"example.com").replace(b"words", b"other"), POLICY) is False
    assert passed(LETTER, RECORDS) is None
    assert passed(LETTER, POLICY) is False


def test_a_signature_over_a_part_is_none() -> None:
    raw = signed(b"example.com", length=True)
    assert b" l=" in raw
    assert passed(raw, POLICY) is False


def test_the_sending_server() -> None:
    assert passed(LETTER, POLICY, ip="192.0.2.1", mail_from="bounce@mail.example.com") is True
    assert passed(LETTER, POLICY, ip="192.0.2.1", mail_from="bounce@evil.example") is False
    assert passed(LETTER, POLICY, ip="192.0.2.9", mail_from="jane@example.com") is False


@pytest.mark.parametrize(
    "sender",
    [
        b"From: a@example.com\r\nFrom: jane@example.com",
        b"From: a@example.com, b@example.com",
        b"From: jane@example.com)b@evil.example",
    ],
)
def test_a_sender_that_is_not_one(sender: bytes) -> None:
    assert passed(signed(b"example.com", LETTER.replace(b"From: Jane <jane@example.com>", sender)), RECORDS) is False


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b"mx.example.org; dmarc=pass header.from=example.com", True), (b"mx.example.org; dkim=pass (2048-bit key; x) header.d=example.com; spf=fail", True), (b"mx.example.org; spf=pass smtp.mailfrom=jane@example.com", True),
        (b"mx.example.org; dmarc=fail header.from=example.com; spf=pass smtp.mailfrom=x@evil.example", False), (b"mx.example.org; dkim=pass header.d=evil.example", None), (b"mx.example.org; dmarc=pass header.from=evil.example", None),
        (b"mx.example.org; none", None), (b"evil.example; dmarc=pass header.from=example.com", "nobody"), (b"evil.example; x\r\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.com", "nobody"),
    ],
)  # fmt: skip
def test_the_word_of_ones_own_server(headers: bytes, expected: bool | str | None) -> None:
    verdict = believed(b"Authentication-Results: " + headers + b"\r\n" + LETTER, "mx.example.org")
    assert (verdict.passed if verdict else "nobody") == expected


def test_a_server_that_believes_a_partial_signature() -> None:
    raw = (
        b"Authentication-Results: mx.example.org; dkim=pass header.d=example.com; dmarc=pass header.from=example.com\r\nDKIM-Signature: v=1; d=example.com; l=10; b=x\r\n"
        + LETTER
    )
    verdict = believed(raw, "mx.example.org")
    assert verdict
    assert verdict.passed is None
    assert believed(LETTER, "mx.example.org") is None
    assert believed(b"Authentication-Results: ; dmarc=pass\r\n" + LETTER, "") is None


@pytest.mark.parametrize(
    ("domain", "owner"),
    [("a.b.example", "b.example"), ("b.example", "b.example"), ("a.b.internal", "b.internal"), ("a.b.co.uk", "b.co.uk"), ("localhost", "localhost")],
)  # fmt: skip
def test_whose_a_domain_is(domain: str, owner: str) -> None:
    assert organisation(domain) == owner


def test_two_domains_below_a_suffix_that_no_list_knows_are_not_of_one_owner() -> None:
    assert not aligned("corp.newtld", "evil.newtld")
    assert aligned("mail.corp.newtld", "corp.newtld")
