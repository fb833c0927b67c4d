"""Letters that Amazon SES posts through a topic: what its signature covers, whom it is believed, and whither the desk goes."""

import http.client
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import timedelta

import boto3
import pytest
import requests
from django.test import Client
from moto.server import ThreadedMotoServer

from evenhand import env
from evenhand.api.mail import fetched as fetching
from evenhand.api.mail import sns
from evenhand.api.mail.fetched import Answered
from evenhand.channels import reader, website
from evenhand.channels.host import NotPublic
from evenhand.channels.models import Letter
from tests.channels.house import free_port

from . import amazon

pytestmark = pytest.mark.django_db
TO = "support@desk.example"
RAW = b"From: Mira <mira@lumen.example>\r\nTo: support@desk.example\r\nSubject: Hello\r\nMessage-ID: <1@lumen.example>\r\n\r\nOn fire.\r\n"


@pytest.fixture(autouse=True)
def asked(settings, monkeypatch):
    settings.EVENHAND_HOOK_SECRETS, settings.EVENHAND_ADDRESS = {"amazon_ses": amazon.TOPIC}, TO
    settings.EVENHAND_SES_BUCKET = None
    return amazon.certificates(monkeypatch)


def post(said) -> int:
    given, headers = amazon.post(said)
    return Client(raise_request_exception=False).post("/api/hooks/amazon_ses", **given, **headers).status_code


def letter(**more):
    return amazon.notification(amazon.received(RAW, [TO]), **more)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", ["", "Amazon SES Email Receipt Notification"])
@pytest.mark.parametrize("encoding", ["BASE64", "Base64", "UTF-8"])
def test_both_signatures_with_and_without_a_subject(version, subject, encoding):
    said = amazon.notification(amazon.received(RAW, [TO, "b@x.example"], encoding=encoding), version, Subject=subject)
    assert post(said) == 200
    kept = Letter.objects.get()
    assert bytes(kept.raw) == RAW
    assert (kept.envelope_from, kept.envelope_to) == ("mira@lumen.example", [TO, "b@x.example"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Message", "{}"), ("Subject", "Another"), ("MessageId", "another"), ("Timestamp", "2026-11-26T13:00:00.000Z"),
        ("TopicArn", amazon.TOPIC + "s"), ("Type", "UnsubscribeConfirmation"), ("Type", "Else"), ("Type", None),
        ("SignatureVersion", "2"), ("SignatureVersion", "3"), ("SignatureVersion", None),
        ("Signature", ""), ("Signature", "no base64"), ("Signature", None), ("Signature", 7), ("SigningCertURL", None),
    ],
)  # fmt: skip
def test_a_change_of_any_part_is_refused(field, value):
    changed = letter() | {field: value}
    assert post({name: given for name, given in changed.items() if given is not None}) == 401
    assert not Letter.objects.exists()


@pytest.mark.parametrize("body", [[], None, "x", 7, {}, {"Type": "Notification", "TopicArn": amazon.TOPIC}])
def test_what_is_no_message_is_refused(body):
    assert post(body) == 401


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"\xff"])
def test_what_breaks_a_reader_of_json_is_refused(body):
    client = Client(raise_request_exception=False)
    assert client.post("/api/hooks/amazon_ses", body, content_type="text/plain").status_code == 401


def test_what_is_longer_than_any_message_is_not_even_parsed(monkeypatch):
    from evenhand.api.mail import amazon_ses

    monkeypatch.setattr(amazon_ses.json, "loads", lambda _: pytest.fail("was parsed"))
    body = b"[" + b"[]," * 400_000 + b"0]"
    assert Client().post("/api/hooks/amazon_ses", body, content_type="text/plain").status_code == 401


def test_another_topic_that_amazon_signs_is_refused_before_anything_is_fetched(asked):
    """Anybody may have a topic and subscribe this desk to it; Amazon signs that as well."""
    other = "arn:aws:sns:eu-west-1:999999999999:letters"
    assert post(letter(TopicArn=other)) == 401
    assert post(amazon.confirmation(TopicArn=other)) == 401
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com:444/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://evil@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://evil.s3.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/?Action=x&a=/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem?x",
        "https://sns.eu-west-1.amazonaws.com/a/../SimpleNotificationService-1.pem",
        "https://169.254.169.254/SimpleNotificationService-1.pem", "https://[::1", "file:///etc/passwd", "",
    ],
)  # fmt: skip
def test_a_certificate_from_elsewhere_is_not_even_fetched(url, asked):
    assert post(letter(SigningCertURL=url)) == 401
    assert asked == []


@pytest.mark.parametrize(
    "there", [b"no certificate", Answered("404"), amazon.certificate(amazon.OTHER)], ids=["no", "absent", "another"]
)
def test_a_certificate_that_is_none_or_anothers_is_refused(there, monkeypatch):
    amazon.certificates(monkeypatch, {amazon.CERTIFICATE: there})
    assert post(letter()) == 401


def test_while_the_certificate_cannot_be_had_amazon_keeps_the_letter(monkeypatch):
    amazon.certificates(monkeypatch, {amazon.CERTIFICATE: TimeoutError()})
    assert post(letter()) == 503


def test_the_certificate_is_fetched_once_a_day(asked, monkeypatch):
    assert [post(letter()) for _ in range(3)] == [200, 200, 200]
    assert asked == [amazon.CERTIFICATE]
    monkeypatch.setattr(sns, "A_DAY", 0)
    post(letter())
    assert asked == [amazon.CERTIFICATE] * 2


def test_the_same_message_again_is_a_duplicate():
    """Amazon may bring one twice, and so may whoever has seen it."""
    said = letter()
    assert [post(said), post(said)] == [200, 200]
    reader.read_all()
    assert sorted(Letter.objects.values_list("outcome", flat=True)) == ["duplicate", "stored"]


@pytest.mark.parametrize(
    "ago", [timedelta(minutes=66), timedelta(days=400), -timedelta(minutes=6), -timedelta(days=400)]
)
def test_what_was_not_signed_within_the_hour_waits_for_a_clock_that_is_right(ago, asked, caplog):
    """Somebody kept it; or it is our clock, and Amazon keeps the letter."""
    assert post(letter(Timestamp=amazon.now(ago))) == 503
    assert "by the clock of this machine" in caplog.text
    assert post(amazon.confirmation(Timestamp=amazon.now(ago))) == 503
    assert asked == [amazon.CERTIFICATE]  # and nothing was confirmed
    assert not Letter.objects.exists()


@pytest.mark.parametrize("ago", [timedelta(minutes=59), -timedelta(minutes=4)])
def test_amazon_tries_for_an_hour_and_clocks_differ(ago):
    assert post(letter(Timestamp=amazon.now(ago))) == 200


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-26T12:00:00", "9" * 400])
def test_what_names_no_moment_is_refused(moment):
    assert post(letter(Timestamp=moment)) == 401


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_topics_own_question_is_answered(version, asked):
    assert post(amazon.confirmation(version=version)) == 200
    assert asked == [amazon.CERTIFICATE, amazon.SUBSCRIBE]


@pytest.mark.parametrize(
    "url",
    ["https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription", "http://sns.eu-west-1.amazonaws.com/",
     "https://evil.example/", "https://169.254.169.254/latest/meta-data/", "https://sns.eu-west-1.amazonaws.com:8443/"],
)  # fmt: skip
def test_nobody_sends_the_desk_elsewhere(url, asked):
    """Not even with Amazon's signature."""
    assert post(amazon.confirmation(SubscribeURL=url)) == 401
    assert asked == [amazon.CERTIFICATE]


def test_a_question_that_amazon_did_not_sign_is_not_answered(asked):
    assert post(amazon.confirmation(key=amazon.OTHER)) == 401
    assert asked == [amazon.CERTIFICATE]


def test_a_confirmation_that_fails_is_asked_for_again(monkeypatch):
    amazon.certificates(monkeypatch, {amazon.CERTIFICATE: amazon.PEM, amazon.SUBSCRIBE: Answered("403")})
    assert post(amazon.confirmation()) == 503


@pytest.mark.parametrize(
    "told",
    ["Successfully validated SNS topic for Amazon SES event publishing.", "[]", {"notificationType": "Bounce", "bounce": {}},
     {"eventType": "Complaint"}],
)  # fmt: skip
def test_what_is_no_letter_is_taken_and_let_go(told):
    assert post(amazon.notification(told)) == 200
    assert post(amazon.confirmation("UnsubscribeConfirmation")) == 200
    assert not Letter.objects.exists()


def test_a_letter_without_its_text_is_said():
    told = amazon.received(RAW, [TO])
    del told["content"]
    assert post(amazon.notification(told)) == 400


@pytest.fixture
def bucket(monkeypatch, settings):
    for name, value in {"AWS_ACCESS_KEY_ID": "desk", "AWS_SECRET_ACCESS_KEY": "secret"}.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        requests.post(f"{url}/moto-api/reset", timeout=30)
        client = boto3.client("s3", endpoint_url=url, region_name="eu-west-1")
        client.create_bucket(Bucket="ses", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_object(Bucket="ses", Key="in/d6ii", Body=RAW)
        settings.EVENHAND_SES_BUCKET = {
            "bucket_name": "ses", "location": "in", "endpoint_url": url, "region_name": "eu-west-1",
        }  # fmt: skip
        yield client
    finally:
        server.stop()


def stored(bucket="ses", key="in/d6ii"):
    return amazon.notification(amazon.received(b"", [TO], type="S3", bucketName=bucket, objectKey=key))


def test_a_larger_letter_is_fetched_from_the_bucket(bucket, settings):
    assert post(stored()) == 200
    assert bytes(Letter.objects.get().raw) == RAW
    settings.EVENHAND_LETTER_BYTES = len(RAW) - 1
    assert post(stored()) == 413
    refused = Letter.objects.get(outcome="rejected")
    assert (refused.size, bytes(refused.raw)) == (len(RAW), RAW.partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("another", "in/d6ii"),
        ("ses", "else/d6ii"),
        ("ses", "in/absent"),
        ("ses", "in-house/d6ii"),
        ("ses", "in/deep/d6ii"),
        ("ses", "d6ii"),
    ],
)
def test_no_other_bucket_is_looked_into_and_amazon_keeps_what_cannot_be_had(bucket, name, key):
    assert post(stored(name, key)) == 503
    assert not Letter.objects.exists()


def test_what_ses_itself_encrypted_is_never_taken_for_a_letter(bucket, caplog):
    bucket.put_object(Bucket="ses", Key="in/sealed", Body=b"\x8e\x11", Metadata={"x-amz-key-v2": "AQIDAHh"})
    assert post(stored(key="in/sealed")) == 503
    assert "switch off message encryption in the receipt rule" in caplog.text
    bucket.put_object(Bucket="ses", Key="in/sealed", Body=RAW)
    assert post(stored(key="in/sealed")) == 200
    assert bytes(Letter.objects.get().raw) == RAW


def test_without_a_bucket_the_letter_waits_for_one():
    assert post(stored()) == 503


@pytest.mark.parametrize(
    "given", ["the key", "arn:aws:sqs:eu-west-1:123456789012:letters", "arn:aws:sns:eu-west-1:1:x"]
)
def test_what_is_no_topic_stops_the_start(given, monkeypatch):
    monkeypatch.setenv("EVENHAND_HOOK_SECRETS", f"amazon_ses:{given.replace(' ', '-')}")
    with pytest.raises(env.Malformed, match="give amazon_ses:the ARN of a topic"):
        env.secrets_of("EVENHAND_HOOK_SECRETS", ("amazon_ses",), {"amazon_ses": (env.TOPIC, "the ARN of a topic")})


class Plain(ssl.SSLContext):
    """No TLS: what is tested is what is done with an answer."""

    def wrap_socket(self, sock, *_args, **_kwargs):
        return sock


@contextmanager
def answering(data: bytes):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65536)
                line.sendall(data)

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes", b"yes"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", Answered),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 99999, Answered),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Answered),
        (b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n", OSError),
        (b"nonsense\r\n\r\n", OSError),
    ],
)  # fmt: skip
def test_what_is_fetched_is_small_and_stays_where_it_is(answer, what, monkeypatch):
    with answering(answer) as port:
        monkeypatch.setattr(website, "public_address", lambda _host, _port: "127.0.0.1")
        monkeypatch.setattr(fetching, "HTTPS", port)
        monkeypatch.setattr(website.Named, "for_host", lambda _host: Plain(ssl.PROTOCOL_TLS_CLIENT))
        if isinstance(what, bytes):
            assert fetching.fetched("https://sns.eu-west-1.amazonaws.com/x") == what
        else:
            with pytest.raises(what):
                fetching.fetched("https://sns.eu-west-1.amazonaws.com/x")


def test_amazons_name_that_leads_inside_is_not_connected_to(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(http.client.HTTPSConnection, "request", None)
    with pytest.raises(NotPublic):
        fetching.fetched("https://sns.eu-west-1.amazonaws.com/x")
