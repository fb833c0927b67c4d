"""Letters that leave by a provider's API instead of SMTP: a server that answers as it is told."""

import json
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenhand import settings as ours
from evenhand.channels import sending
from evenhand.channels.models import Outgoing
from evenhand.channels.provider import PROVIDERS, Provider
from evenhand.conversations.attachment import Upload

from .post import arrive, write

pytestmark = pytest.mark.django_db


class Api(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.answers: list[tuple[int, dict]] = []
        self.calls: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Call(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))
        status, answer = self.server.answers.pop(0)
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def api():
    server = Api()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def answered(mailbox, ada):
    conversation = arrive(write()).conversation
    sending.send_all()
    files = [Upload("how to.txt", "text/plain", b"Pour.")]
    return conversation.reply(
        ada, "Use water.", html="<p>Use <b>water</b>.</p>", cc=["joe@lumen.example"], uploads=files
    )


POSTMARK_OK = {
    "ErrorCode": 0,
    "Message": "OK",
    "MessageID": "b7bc2f4a",
    "SubmittedAt": "2026",
    "To": "mira@lumen.example",
}
MAILGUN_OK = {"id": "<x@desk.example>", "message": "Queued. Thank you."}


def test_postmark(answered, settings):
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"postmark://the-token@?api={server.url}/"
        server.answers = [(200, POSTMARK_OK)]
        sending.send_all()
    _, headers, body = server.calls[0]
    sent = json.loads(body)
    answered.refresh_from_db()
    assert answered.sent_at
    assert headers["X-Postmark-Server-Token"] == "the-token"
    assert (sent["From"], sent["To"], sent["Cc"]) == (
        "Ada Lovelace <support@desk.example>", "mira@lumen.example", "joe@lumen.example",
    )  # fmt: skip
    named = {each["Name"]: each["Value"] for each in sent["Headers"]}
    assert named["Message-ID"] == f"<{answered.outgoing.rfc_id}>"
    assert named["X-PM-KeepID"] == "true"
    assert "+c" in sent["ReplyTo"]
    assert "Use water." in sent["TextBody"]
    assert "<b>water</b>" in sent["HtmlBody"]
    assert sent["Attachments"][0]["Name"] == "how to.txt"


def test_mailgun(answered, settings):
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"mailgun://the-key@desk.example?api={server.url}/v3"
        server.answers = [(200, MAILGUN_OK)]
        sending.send_all()
    path, headers, body = server.calls[0]
    assert path == "/v3/desk.example/messages"
    form = message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body, policy=HTTP)
    parts = {each.get_param("name", header="content-disposition").lower(): each for each in form.iter_parts()}
    assert parts["h:message-id"].get_content().strip() == f"<{answered.outgoing.rfc_id}>"
    assert parts["to"].get_content().strip() == "mira@lumen.example"
    answered.refresh_from_db()
    assert answered.sent_at


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (422, {"ErrorCode": 300, "Message": "Invalid 'From'"}, "failed"), (500, {}, "waits"), (429, {}, "waits"), (401, {}, "waits"),
    ],
)  # fmt: skip
def test_what_a_provider_answers(answered, settings, status, answer, state):
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"postmark://the-token@?api={server.url}/"
        server.answers = [(status, answer)]
        sending.send_all()
    letter = Outgoing.objects.get(message=answered)
    answered.refresh_from_db()
    assert (letter.sent_at, bool(answered.failed_at)) == (None, state == "failed")
    assert (letter.failed_at is None) is (state == "waits")
    assert str(status) in letter.answer


def test_a_provider_that_cannot_be_reached_is_tried_again(answered, settings):
    settings.EVENHAND_OUTBOUND = "postmark://the-token@?api=http://127.0.0.1:1/"
    sending.send_all()
    letter = Outgoing.objects.get(message=answered)
    assert (letter.sent_at, letter.failed_at, letter.tries) == (None, None, 1)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_made_from_its_url(name):
    provider = Provider(f"{name}://one:two@desk.example?api=http://127.0.0.1:1/")
    assert provider._backend().esp_name
    provider.close()


def test_the_settings_know_the_same_providers():
    assert set(ours.OUTBOUND) == {"smtp", "smtps", *PROVIDERS}
