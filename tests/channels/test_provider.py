"""Letters that leave by a provider's API instead of SMTP: a server that answers as it is told."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.utils import timezone

from evenhand import settings as ours
from evenhand.channels import recall, sending
from evenhand.channels.models import Outgoing
from evenhand.channels.provider import PROVIDERS, Provider, _rest
from evenhand.conversations.attachment import Upload
from evenhand.conversations.message import TooLate

from .post import arrive, write

pytestmark = pytest.mark.django_db


class Api(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.answers: list[tuple[int, dict]] = []
        self.headers: dict[str, str] = {}
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
        said = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
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


def test_a_provider_that_asks_for_peace_is_left_in_peace(answered, ada, settings):
    answered.conversation.reply(ada, "And soap.")
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"postmark://the-token@?api={server.url}/"
        server.answers, server.headers = [(429, {})], {"Retry-After": "900"}
        sending.send_all()
    assert len(server.calls) == 1  # the others do not ask as well
    waiting = Outgoing.objects.filter(sent_at=None).order_by("pk")
    assert [each.tries for each in waiting] == [1, 0]
    assert all(timedelta(minutes=14) < each.next_try_at - timezone.now() <= timedelta(minutes=15) for each in waiting)


@pytest.mark.parametrize("asked", ["soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT", "999999999", ""])
def test_no_provider_asks_for_more_than_is_reasonable(asked):
    rest = _rest(SimpleNamespace(headers={"Retry-After": asked}), 429)
    assert timedelta(seconds=1) <= rest <= timedelta(hours=4)


@pytest.mark.parametrize(("status", "answer"), [(200, "<html>"), (504, {})])
def test_what_a_provider_may_have_taken_is_not_taken_back(answered, settings, status, answer, ada):
    with api() as server:
        settings.EVENHAND_OUTBOUND = f"postmark://the-token@?api={server.url}/"
        server.answers = [(status, answer)]
        sending.send_all()
    assert Outgoing.objects.get(message=answered).perhaps
    with pytest.raises(TooLate):
        recall.take_back(answered, ada)


def test_what_a_provider_never_saw_is_taken_back(answered, settings, ada):
    settings.EVENHAND_OUTBOUND = "postmark://the-token@?api=http://127.0.0.1:1/"
    sending.send_all()
    assert recall.take_back(answered, ada)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_is_made_from_its_url(name):
    provider = Provider(f"{name}://one:two@desk.example?api=http://127.0.0.1:1/")
    assert provider._backend().esp_name
    provider.close()


def test_the_settings_know_the_same_providers():
    assert set(ours.OUTBOUND) == {"smtp", "smtps", *PROVIDERS}
