"""A letter opened at the desk: its headers, what is odd about it, its source, and the letters attached to it."""

import html
from base64 import b64encode

import pytest
from django.test import Client

from evenhand.channels import reader
from evenhand.channels.models import Letter, Mailbox
from evenhand.conversations.models import Attachment
from evenhand.people.models import Agent, Team
from evenhand.web.desk import opened
from tests.reading.outlook_file import compound, file, recipient
from tests.reading.outlook_file import letter as saved

pytestmark = pytest.mark.django_db
INNER = b"From: Kim <kim@inner.example>\r\nSubject: =?utf-8?q?Inner_=E2=82=AC?=\r\nX-Inner: one\r\n\r\nWords of the inner letter.\r\n"
LETTER = (
    b"Received: from a by b\r\nFrom: Mira <mira@lumen.example>\r\nTo: support@desk.example\r\nSubject: See the letter\r\n"
    b"X-Odd: <script>alert(1)</script>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/plain\r\n\r\nHere it is {{7*7}}.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    + INNER
    + b"\r\n--x--\r\n"
)
PICTURE = b"\x89PNG\r\n\x1a\npicture"
INNER_SAVED = saved(
    within=True, p0037="The order & more", p5d01="lee@inner.example", p1000="Where is it?", files=[file("a.pdf", b"%PDF-1.4")]
)  # fmt: skip


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


def test_what_has_ended_its_reader_does_not_end_a_page(client, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(reader, "read_letter", lambda _: 1 / 0)
        letter = arrive(LETTER)
    assert letter.outcome == "quarantined"
    monkeypatch.setattr(opened, "read_file", lambda *_, **__: pytest.fail("was read"))
    page = client.get(f"/desk/letter/{letter.pk}/").content.decode()
    assert "Reading it failed 3 times (ZeroDivisionError)." in page
    assert html.escape("Content-Type: multipart/mixed; boundary=x") in page  # its source


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


OUTLOOK = compound(
    saved(
        people=[recipient("Support", "support@desk.example")],
        files=[file("lamp.png", PICTURE, "image/png", "lamp"), file("The first order", INNER_SAVED), file("x.html", b"<script>alert(2)</script>", "text/html")],
        p0037="Broken lamp", p0042="Kim", p5d02="kim@inner.example", p1000="See the picture.",
        p1013=b'<p>See <b>the</b> picture.</p><img src="cid:lamp"><img src="https://spy.example/x"><script>alert(1)</script>',
    )
)  # fmt: skip
ENCLOSED = LETTER.split(b"Content-Type: message/rfc822")[0] + (
    b'Content-Type: application/vnd.ms-outlook; name="lamp.msg"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + b64encode(OUTLOOK)
    + b"\r\n--x--\r\n"
)


def test_a_letter_that_outlook_saved_opens_like_any_other_with_all_that_is_in_it(client):
    letter = arrive(ENCLOSED)
    at = f"/desk/a/{Attachment.objects.get().key}/letter"
    assert f'href="{at}"' in client.get(f"/desk/c/{letter.conversation_id}/").content.decode()
    page = client.get(at).content.decode()
    for shown in (
        "Broken lamp",
        "kim@inner.example",
        "support@desk.example",
        "See the picture.",
        "no text: download it",
    ):
        assert shown in page
    for link in (f"{at}/file?in=1", f"{at}?in=2", f"{at}/file?in=3"):
        assert f'href="{link}"' in page
    assert f'src="{at}/formatted"' in page

    inner = client.get(f"{at}?in=2").content.decode()
    assert "The order &amp; more" in inner
    assert f'href="{at}/file?in=2.1"' in inner
    assert client.get(f"{at}/file?in=2.1").content == b"%PDF-1.4"
    assert client.get(f"{at}/file").content == OUTLOOK


def test_the_page_of_an_attached_letter_runs_nothing_and_asks_nobody(client):
    arrive(ENCLOSED)
    answer = client.get(f"/desk/a/{Attachment.objects.get().key}/letter/formatted")
    page = answer.content.decode()
    assert "See <b>the</b> picture." in page
    assert f"data:image/png;base64,{b64encode(PICTURE).decode()}" in page
    assert "alert" not in page
    assert ' src="https://spy.example' not in page
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_file_within_an_attached_letter_is_only_handed_out_to_be_saved(client):
    arrive(ENCLOSED)
    answer = client.get(f"/desk/a/{Attachment.objects.get().key}/letter/file?in=3")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("place", ["0", "9", "2.9", "1.1", "-1", "x", "2.", "1" * 500, "1." * 40 + "1", "²"])
def test_what_is_not_within_is_not_there(client, place):
    arrive(ENCLOSED)
    key = Attachment.objects.get().key
    for page in ("letter", "letter/formatted", "letter/file"):
        assert client.get(f"/desk/a/{key}/{page}", {"in": place}).status_code == 404


def test_a_held_letter_hands_out_nothing_that_is_in_it(client, settings):
    settings.EVENHAND_CLAMAV = "tcp://127.0.0.1:9"
    arrive(ENCLOSED)
    key = Attachment.objects.get().key
    for page in ("letter", "letter/formatted?in=2", "letter/file?in=2.1"):
        assert client.get(f"/desk/a/{key}/{page}").status_code == 409
