"""Files: held while unscanned, scanned by clamd, shown small where that is safe, and told of where they are too large.
Attacks 10, 20 and 28 of docs/attacks.md."""

import os
import struct
import subprocess
import time
import zlib
from email.message import EmailMessage
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from evenhand.channels import sending, tasks, token
from evenhand.channels.files import looking
from evenhand.channels.files.scanner import Away, Scanner
from evenhand.channels.files.thumbnail import thumbnail
from evenhand.channels.models import Outgoing
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Attachment, Conversation, Event, Link, Message
from tests.programs import CLAMD

from .clamd import EICAR, clamd
from .post import DESK, arrive, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def daemon(settings):
    with clamd() as daemon:
        settings.EVENHAND_CLAMAV = daemon.url
        yield daemon


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def with_files(**files: bytes) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Mira <mira@lumen.example>", DESK, "Files"
    letter["Message-ID"] = f"<{time.monotonic_ns()}@lumen.example>"
    letter.set_content("See the files.")
    for name, content in files.items():
        kind, _, suffix = name.partition("_")
        letter.add_attachment(content, maintype=kind, subtype=suffix, filename=f"{kind}.{suffix}")
    return letter.as_bytes()


def picture(size=(1200, 800), kind="PNG", **more) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of that size by its header, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0" * 1000)) + chunk(b"IEND", b"")
    )


def ask(client, file: Attachment):
    return client.get(f"/desk/a/{file.key}")


def by_link(conversation: Conversation, file: Attachment):
    token = Link.of(conversation, conversation.person).token
    return Client().get(reverse("help:file", args=[token, file.key]))


def test_a_file_is_held_until_it_is_scanned(mailbox, client, daemon):
    conversation = arrive(with_files(application_pdf=b"%PDF-")).conversation
    file = Attachment.objects.get()
    for answer in (ask(client, file), by_link(conversation, file)):
        assert answer.status_code == 409
        assert "waits for the virus scanner" in answer.content.decode()
    assert "held until it is scanned" in client.get(f"/desk/c/{conversation.pk}/").content.decode()
    assert looking.look_at_all() == 1
    assert b"".join(ask(client, file).streaming_content) == b"%PDF-"
    assert by_link(conversation, file).status_code == 200
    assert looking.look_at_all() == 0


def test_eicar_is_held_for_ever_and_kept(mailbox, client, daemon):
    conversation = arrive(with_files(application_zip=EICAR)).conversation
    tasks.read()
    file = Attachment.objects.get()
    assert (file.threat, file.content()) == ("Eicar-Test-Signature", EICAR)
    for answer in (ask(client, file), by_link(conversation, file)):
        assert answer.status_code == 409
        assert "found Eicar-Test-Signature" in answer.content.decode()
    page = client.get(f"/desk/c/{conversation.pk}/").content.decode()
    assert "held: Eicar-Test-Signature" in page
    assert Event.objects.get(what="file held").data["why"] == "Eicar-Test-Signature"


@pytest.mark.parametrize("trouble", ["silent", "gone"])
def test_while_the_scanner_is_away_files_stay_held(mailbox, client, daemon, settings, trouble):
    arrive(with_files(application_pdf=b"%PDF-", text_csv=b"a,b"))
    if trouble == "silent":
        daemon.silent = True
    else:
        settings.EVENHAND_CLAMAV = "tcp://127.0.0.1:1"
    assert looking.look_at_all() == 0
    assert {ask(client, file).status_code for file in Attachment.objects.all()} == {409}
    daemon.silent, settings.EVENHAND_CLAMAV = False, daemon.url
    assert looking.look_at_all() == 2
    assert {ask(client, file).status_code for file in Attachment.objects.all()} == {200}


def test_an_answer_waits_for_the_scanner_and_one_with_a_threat_does_not_leave(mailbox, daemon, ada):
    conversation = arrive(write()).conversation
    good = conversation.reply(ada, "Here.", uploads=[Upload("a.txt", "text/plain", b"fine")])
    bad = conversation.reply(ada, "And here.", uploads=[Upload("b.txt", "text/plain", EICAR)])
    plain = conversation.reply(ada, "No file.")
    sending.send_all()
    assert set(Message.objects.exclude(sent_at=None)) == {plain}
    tasks.send()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.sent_at
    assert (bad.sent_at, "was not sent: The virus scanner found Eicar" in bad.failure) == (None, True)


def test_without_a_scanner_nothing_is_held(mailbox, client):
    arrive(with_files(application_pdf=EICAR))
    assert looking.look_at_all() == 1
    assert ask(client, Attachment.objects.get()).status_code == 200


def test_what_is_kept_from_before_is_scanned_once_there_is_a_scanner(mailbox, client, settings):
    arrive(with_files(application_pdf=EICAR))
    looking.look_at_all()
    with clamd() as daemon:
        settings.EVENHAND_CLAMAV = daemon.url
        assert ask(client, Attachment.objects.get()).status_code == 409
        assert looking.look_at_all() == 1
        assert Attachment.objects.get().threat == "Eicar-Test-Signature"


def test_the_real_clamd_with_a_signature_of_our_own(tmp_path, settings):
    """Without a download: one signature, of EICAR's bytes."""
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "test.ndb").write_text(f"Our.Eicar:0:*:{EICAR.hex()}\n")
    socket = tmp_path / "clamd.ctl"
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {tmp_path / 'signatures'}\nForeground yes\nTemporaryDirectory {tmp_path}\n"
        f"LogFile {tmp_path / 'log'}\n{'User root' if os.geteuid() == 0 else ''}\n"
    )
    for each in (tmp_path, *tmp_path.parents[:2]):
        each.chmod(0o755)
    daemon = subprocess.Popen(
        [CLAMD.path, "-c", tmp_path / "clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not socket.exists():
            assert time.monotonic() < deadline, (
                (tmp_path / "log").read_text() if (tmp_path / "log").exists() else "no log"
            )
            assert daemon.poll() is None, (tmp_path / "log").read_text() if (tmp_path / "log").exists() else "it ended"
            time.sleep(0.1)
        settings.EVENHAND_CLAMAV = f"unix://{socket}"
        scanner = Scanner.configured()
        assert scanner.threat_in(EICAR) == "Our.Eicar.UNOFFICIAL"
        assert scanner.threat_in(b"x" * 300_000) == ""
    finally:
        daemon.kill()
        daemon.wait()
    with pytest.raises(Away):
        scanner.threat_in(b"x")


def test_a_picture_is_shown_small_and_drawn_anew(mailbox, client):
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    conversation = arrive(
        with_files(image_png=picture(), image_jpeg=picture((3000, 2000), "JPEG", exif=exif))
    ).conversation
    looking.look_at_all()
    for file in Attachment.objects.all():
        answer = client.get(f"/desk/a/{file.key}/small")
        assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
            200,
            "image/webp",
            "nosniff",
        )
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"SECRET" not in answer.content
        with Image.open(BytesIO(answer.content)) as small:
            assert max(small.size) <= 320
    assert client.get(f"/desk/c/{conversation.pk}/").content.decode().count("/small") == 2


@pytest.mark.parametrize(
    "content",
    [huge_png(60_000, 60_000), huge_png(30_000, 2), huge_png(5_000, 5_000), b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n<html>", b"", b"GIF89a" + b"\xff" * 100],
)  # fmt: skip
def test_what_is_no_safe_picture_is_only_a_file(content, mailbox, client):
    began = time.perf_counter()
    assert thumbnail(content) == b""
    assert time.perf_counter() - began < 2
    arrive(with_files(image_png=content or b" "))
    looking.look_at_all()
    assert client.get(f"/desk/a/{Attachment.objects.get().key}/small").status_code == 404


def test_a_held_picture_is_not_shown_small_either(mailbox, client):
    arrive(with_files(image_png=picture()))
    looking.look_at_all()
    Attachment.objects.update(threat="Something")
    assert client.get(f"/desk/a/{Attachment.objects.get().key}/small").status_code == 404


def test_a_file_whose_content_is_gone_holds_up_nobody(mailbox, daemon):
    arrive(with_files(application_pdf=b"%PDF-gone", text_csv=b"a,b,there"))
    gone = Attachment.objects.get(name="application.pdf")
    default_storage.delete(gone.stored_as)
    assert looking.look_at_all() == 2
    gone.refresh_from_db()
    assert gone.threat == "The file is not there any more."


def test_a_file_that_is_too_large_is_told_to_the_sender_once_and_not_lost(mailbox, settings, client):
    settings.EVENHAND_FILE_BYTES = 2**20
    letter = arrive(with_files(application_zip=b"z" * (2**20 + 1), application_pdf=b"%PDF-"))
    assert [each.name for each in letter.message.attachments.all()] == ["application.pdf"]
    assert len(letter.raw) > 2**20  # the raw letter has it
    notice = Outgoing.objects.get(kind="notice")
    assert notice.to == ["mira@lumen.example"]
    assert b"larger than 1 MB" in bytes(notice.raw)
    assert b"Auto-Submitted: auto-replied" in bytes(notice.raw)
    assert b"application.zip" not in bytes(notice.raw)
    assert (
        "Too large to be kept apart: application.zip"
        in client.get(f"/desk/c/{letter.conversation_id}/").content.decode()
    )


def test_no_such_letter_to_machines_strangers_or_more_than_five_an_hour(mailbox, settings):
    settings.EVENHAND_FILE_BYTES = 10
    arrive(b"Precedence: bulk\n" + with_files(application_zip=b"z" * 11))
    assert not Outgoing.objects.exists()
    for _ in range(8):
        arrive(with_files(application_zip=b"z" * 11))
    assert Outgoing.objects.filter(kind="notice").count() + Outgoing.objects.filter(kind="ack").count() <= 6
    conversation = Conversation.objects.last()
    before = Outgoing.objects.count()
    eve = with_files(application_zip=b"z" * 11).replace(b"mira@lumen.example", b"eve@evil.example")
    arrive(eve, envelope_to=(token.reply_address(DESK, conversation.pk),))
    assert Outgoing.objects.count() == before


def test_the_same_content_is_stored_once_under_a_name_that_says_nothing(mailbox):
    arrive(with_files(application_pdf=b"%PDF-same"))
    arrive(with_files(application_pdf=b"%PDF-same"))
    one, two = Attachment.objects.order_by("pk")
    assert one.stored_as == two.stored_as
    assert one.key != two.key
    assert "application" not in one.stored_as
    assert one.looked_at is None or one.looked_at <= timezone.now()
