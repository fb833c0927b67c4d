"""Letters that a mail service posts: as signed as it says, byte for byte, by the path of all letters."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.db import OperationalError
from django.test import Client

from evenhand.api.mail import body
from evenhand.api.mail.provider import PROVIDERS
from evenhand.channels import reader
from evenhand.channels.models import Letter

from . import amazon

pytestmark = pytest.mark.django_db

ASCII = b"From: Mira <mira@lumen.example>\r\nTo: support@desk.example\r\nSubject: Hello\r\nMessage-ID: <1@lumen.example>\r\n\r\nOn fire.\r\n"
BYTES = ASCII.replace(b"On fire.", b"Fa\xe7ade \xff\x80, never declared")
KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
POSTAL = "".join(PUBLIC.decode().splitlines()[1:-1])
SECRETS = dict.fromkeys(PROVIDERS, "user:password") | {
    "amazon_ses": amazon.TOPIC, "mailgun": "the key", "mailersend": "the key", "mandrill": "the key", "postal": POSTAL,
}  # fmt: skip
BASIC = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"user:password").decode()}
TO = "support@desk.example"


@pytest.fixture(autouse=True)
def configured(settings, monkeypatch):
    amazon.certificates(monkeypatch)
    settings.EVENHAND_HOOK_SECRETS, settings.EVENHAND_ADDRESS = SECRETS, TO


def mac(data: bytes, digest) -> bytes:
    return hmac.new(b"the key", data, digest).digest()


def mailgun(raw, at=None):
    moment = str(int(at or time.time()))
    form = {
        "recipient": TO, "sender": "mira@lumen.example", "timestamp": moment, "token": "t" * 50,
        "signature": mac(f"{moment}{'t' * 50}".encode(), hashlib.sha256).hex(), "body-mime": raw,
    }  # fmt: skip
    return multipart(form), {}


def multipart(form):
    """As a service makes it: what is no text goes as the bytes it is."""
    lines = []
    for name, value in form.items():
        data = value if isinstance(value, bytes) else value.encode()
        lines += [b"--edge", f'Content-Disposition: form-data; name="{name}"'.encode(), b"", data]
    return {"data": b"\r\n".join([*lines, b"--edge--", b""]), "content_type": "multipart/form-data; boundary=edge"}


def as_json(said, headers):
    return {"data": json.dumps(said), "content_type": "application/json"}, headers


def sendgrid(raw):
    return multipart({"email": raw, "envelope": json.dumps({"from": "mira@lumen.example", "to": [TO]})}), BASIC


def postmark(raw):
    return as_json({"From": "mira@lumen.example", "OriginalRecipient": TO, "RawEmail": raw.decode()}, BASIC)


def mailersend(raw):
    said = {"type": "inbound.message", "data": {"raw": raw.decode(), "recipients": {"rcptTo": [{"email": TO}]}}}
    return as_json(said, {"HTTP_SIGNATURE": mac(json.dumps(said).encode(), hashlib.sha256).hex()})


def mandrill(raw):
    events = json.dumps([{"event": "inbound", "msg": {"raw_msg": raw.decode(), "email": TO}}, {"event": "open"}])
    signed = f"http://testserver/api/hooks/mandrillmandrill_events{events}".encode()
    return {"data": {"mandrill_events": events}}, {
        "HTTP_X_MANDRILL_SIGNATURE": base64.b64encode(mac(signed, hashlib.sha1)).decode()
    }


def sparkpost(raw):
    content = {"email_rfc822": base64.b64encode(raw).decode(), "email_rfc822_is_base64": True}
    return as_json(
        [{"msys": {"relay_message": {"content": content, "msg_from": "mira@lumen.example", "rcpt_to": TO}}}], BASIC
    )


def postal(raw):
    said = {"message": base64.b64encode(raw).decode(), "base64": True, "mail_from": "mira@lumen.example", "rcpt_to": TO}
    signature = KEY.sign(json.dumps(said).encode(), padding.PKCS1v15(), hashes.SHA1())
    return as_json(said, {"HTTP_X_POSTAL_SIGNATURE": base64.b64encode(signature).decode()})


def mailjet(_raw):
    headers = {"From": "Mira <mira@lumen.example>", "To": TO, "Subject": "Hello", "Message-ID": "<1@lumen.example>"}
    said = {"Sender": "mira@lumen.example", "Recipient": TO, "Headers": headers, "Text-part": "On fire."}
    return as_json(said, BASIC)


def amazon_ses(raw):
    return amazon.post(amazon.notification(amazon.received(raw, [TO])))


POSTS = {
    each.__name__: each
    for each in (mailgun, sendgrid, postmark, mailersend, mandrill, sparkpost, postal, mailjet, amazon_ses)
}
SIGNED = ("mailgun", "mailersend", "mandrill", "postal", "amazon_ses")  # the others show a password


def post(name, given, headers):
    return Client(raise_request_exception=False).post(f"/api/hooks/{name}", **given, **headers)


def test_every_service_is_tested():
    assert set(POSTS) == set(PROVIDERS)


@pytest.mark.parametrize("name", POSTS)
def test_a_letter_is_stored_and_read(name):
    answer = post(name, *POSTS[name](ASCII))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    letter = Letter.objects.get()
    assert (letter.via, letter.envelope_to, letter.mailbox.address) == ("hook", [TO], TO)
    assert name == "mailjet" or bytes(letter.raw) == ASCII
    reader.read_all()
    letter.refresh_from_db()
    assert (letter.outcome, letter.conversation.subject) == ("stored", "Hello")
    assert letter.conversation.messages.get().text.strip() == "On fire."


@pytest.mark.parametrize("name", ["mailgun", "sendgrid", "sparkpost", "postal", "amazon_ses"])
def test_bytes_that_are_no_text_are_kept(name):
    assert post(name, *POSTS[name](BYTES)).status_code == 200
    assert bytes(Letter.objects.get().raw) == BYTES


@pytest.mark.parametrize("name", POSTS)
def test_what_is_not_signed_is_refused(name):
    given, _ = POSTS[name](ASCII)
    wrong = [{}, {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"user:wrong").decode()},
             {"HTTP_SIGNATURE": "0" * 64}, {"HTTP_X_POSTAL_SIGNATURE": "AAAA"}, {"HTTP_X_POSTAL_SIGNATURE": "no base64"},
             {"HTTP_X_MANDRILL_SIGNATURE": "AAAA"}]  # fmt: skip
    if name == "mailgun":
        given["data"] = given["data"].replace(b"tttt", b"tttu")
    if name == "amazon_ses":
        given["data"] = given["data"].replace("Received", "received")
    for headers in wrong:
        assert post(name, given, headers).status_code == 401, headers
    assert post(name, {"data": b"", "content_type": "application/json"}, {}).status_code == 401
    assert not Letter.objects.exists()


@pytest.mark.parametrize("name", ["mailersend", "mandrill", "postal"])
def test_a_signature_of_another_letter_is_refused(name):
    (given, _), (_, headers) = POSTS[name](BYTES.replace(b"\xe7", b"c").replace(b"\xff\x80", b"")), POSTS[name](ASCII)
    assert post(name, given, headers).status_code == 401


def test_an_old_signature_of_mailgun_is_refused():
    """It covers the moment, not the letter: whoever has seen one must not write letters with it for ever."""
    assert post("mailgun", *mailgun(ASCII, at=time.time() - 13 * 3600)).status_code == 401


@pytest.mark.parametrize("name", [name for name in POSTS if name not in SIGNED])
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"\xff", b'{"RawEmail": 7}', b'[{"msys": {"relay_message": {}}}]', b'"x"']
)
def test_what_holds_no_letter_breaks_nothing(name, body):
    answer = post(name, {"data": body, "content_type": "application/json"}, BASIC)
    assert answer.status_code in (200, 400)
    assert name == "mailjet" or not Letter.objects.exists()


def test_the_same_letter_again_is_a_duplicate():
    for _ in range(2):
        post("postmark", *postmark(ASCII))
    reader.read_all()
    assert sorted(Letter.objects.values_list("outcome", flat=True)) == ["duplicate", "stored"]
    assert Letter.account()[0]["adds_up"]


def test_while_the_database_is_away_the_service_keeps_the_letter(monkeypatch):
    def away(*_: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(Letter, "keep_all", away)
    assert post("postmark", *postmark(ASCII)).status_code == 503


@pytest.mark.parametrize("name", [name for name in POSTS if name != "mailjet"])
def test_the_limit_is_the_letters_and_not_its_encodings(name, settings):
    """Cyrillic, which swells most, to the last byte of the limit, and one byte past it."""
    raw = ASCII + "Пожар! ".encode() * 20_000
    settings.EVENHAND_LETTER_BYTES = len(raw)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(raw) + body.BESIDE
    assert post(name, *POSTS[name](raw)).status_code == 200
    assert bytes(Letter.objects.get().raw) == raw
    settings.EVENHAND_LETTER_BYTES -= 1
    for _ in range(2):  # a service tries again; the row is one
        answer = post(name, *POSTS[name](raw))
        assert (answer.status_code, answer.json()["error"][:14]) == (413, "It is larger t")
    refused = Letter.objects.exclude(reason="").get()
    assert (refused.outcome, refused.size) == ("rejected", len(raw))
    assert bytes(refused.raw) == ASCII.partition(b"\r\n\r\n")[0]
    account = Letter.account()[0]
    assert (account["fetched"], account["rejected"], account["unread"], account["adds_up"]) == (2, 1, 1, True)
    settings.EVENHAND_LETTER_BYTES += 1  # an administrator gives way: it is no duplicate of what was refused
    assert post(name, *POSTS[name](raw)).status_code == 200
    reader.read_all()
    assert sorted(Letter.objects.values_list("outcome", flat=True)) == ["duplicate", "rejected", "stored"]


def test_a_form_past_what_django_reads_is_refused_with_a_row_if_it_is_known_whose_it_is(settings):
    settings.EVENHAND_LETTER_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(ASCII)
    assert post("sendgrid", *sendgrid(ASCII * 2)).status_code == 413
    assert Letter.objects.get().outcome == "rejected"
    assert post("mailgun", *mailgun(ASCII * 2)).status_code == 413  # its signature is in the form
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("name", POSTS)
def test_what_no_letter_becomes_is_not_read_at_all(name, settings, monkeypatch):
    settings.EVENHAND_LETTER_BYTES = 1000
    monkeypatch.setattr("django.http.HttpRequest.read", None)
    given = {"data": b"x" * (body.longest() + 1), "content_type": "application/json"}
    assert post(name, given, BASIC).status_code == 413
    assert not Letter.objects.exists()


def test_no_more_than_one_of_the_longest_is_in_memory(settings, monkeypatch):
    settings.EVENHAND_LETTER_BYTES = 1000
    monkeypatch.setattr(body, "_at_once", body.longest() - 10)
    answer = post("postmark", *postmark(ASCII))
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    monkeypatch.setattr(body, "_at_once", 0)
    assert post("postmark", *postmark(ASCII)).status_code == 200
    assert body._at_once == 0


def test_a_service_without_a_secret_does_not_exist(settings):
    settings.EVENHAND_HOOK_SECRETS = {}
    for name in POSTS:
        assert post(name, *POSTS[name](ASCII)).status_code == 404
