"""A letter opened at the desk: its headers, what is odd about it, its source, and the letters attached to it."""

import html

import pytest
from django.test import Client

from evenhand.channels import reader
from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.models import Attachment
from evenhand.people.models import Agent, Team

pytestmark = pytest.mark.django_db
INNER = b"From: Kim <kim@inner.example>\r\nSubject: =?utf-8?q?Inner_=E2=82=AC?=\r\nX-Inner: one\r\n\r\nWords of the inner letter.\r\n"
LETTER = (
    b"Received: from a by b\r\nFrom: Mira <mira@lumen.example>\r\nTo: support@desk.example\r\nSubject: See the letter\r\n"
    b"X-Odd: <script>alert(1)</script>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/plain\r\n\r\nHere it is {{7*7}}.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    + INNER
    + b"\r\n--x--\r\n"
)


@pytest.fixture
def client():
    team = Team.objects.create(name="Support")
    Mailbox.objects.create(address="support@desk.example", name="Desk", team=team)
    ada = Agent.objects.create_user("ada@desk.example", name="Ada")
    ada.teams.add(team)
    client = Client()
    client.force_login(ada)
    return client


def arrive(raw: bytes) -> Letter:
    letter = Letter.keep(raw, "smtp", "mira@lumen.example", ["support@desk.example"])
    reader.read_all()
    letter.refresh_from_db()
    return letter


def test_every_header_and_the_source_are_shown(client):
    letter = arrive(LETTER)
    page = client.get(f"/desk/letter/{letter.pk}/").content.decode()
    for shown in ("Received", "from a by b", "X-Odd", "&lt;script&gt;alert(1)&lt;/script&gt;", "Here it is {{7*7}}."):
        assert shown in page
    assert "<script>alert" not in page
    assert html.escape("Content-Type: multipart/mixed; boundary=x") in page
    assert f'href="/desk/letter/{letter.pk}/"' in client.get(f"/desk/c/{letter.conversation_id}/").content.decode()


def test_a_letter_that_is_attached_opens(client):
    letter = arrive(LETTER)
    inner = Attachment.objects.get()
    conversation = client.get(f"/desk/c/{letter.conversation_id}/").content.decode()
    assert f'href="/desk/a/{inner.key}/letter"' in conversation
    page = client.get(f"/desk/a/{inner.key}/letter").content.decode()
    for shown in ("Inner €", "kim@inner.example", "X-Inner", "Words of the inner letter."):
        assert shown in page


def test_what_is_no_letter_does_not_open_as_one(client):
    arrive(LETTER.replace(b"message/rfc822", b"application/pdf; name=x.pdf"))
    assert client.get(f"/desk/a/{Attachment.objects.get().key}/letter").status_code == 404


def test_a_sealed_letter_says_so(client):
    raw = LETTER.split(b"MIME-Version")[0] + (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\r\n\r\n'
        b"--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\nContent-Type: application/octet-stream\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\nabc\r\n-----END PGP MESSAGE-----\r\n--x--\r\n"
    )
    page = client.get(f"/desk/letter/{arrive(raw).pk}/").content.decode()
    assert "PGP" in page


def test_no_bytes_break_the_page(client):
    for raw in (
        b"\0",
        b"\xff" * 3000,
        b"Subject: \x1b[31m\r\n\r\n" + b"a" * 300_000,
        LETTER.replace(b"text/plain", b"\xe9/x"),
    ):
        letter = arrive(raw)
        assert client.get(f"/desk/letter/{letter.pk}/").status_code == 200
