"""Amazon's notification service with a key and a certificate of the tests' own: messages of its shape, signed as it signs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from evenhand.api.mail import sns
from evenhand.api.mail.fetched import Answered

TOPIC = "arn:aws:sns:eu-west-1:123456789012:letters"
HOST = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE = f"{HOST}/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
SUBSCRIBE = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
BASE = {"1": hashes.SHA1(), "2": hashes.SHA256()}
_count = count(1)


def now(ago: timedelta = timedelta()) -> str:
    """A moment as Amazon writes it."""
    return (datetime.now(UTC) - ago).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def certificate(key=KEY) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(today).not_valid_after(today + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


PEM = certificate()


def certificates(monkeypatch, there=None) -> list[str]:
    """Have `there` at Amazon's addresses instead of the net; whatever is asked for."""
    asked: list[str] = []
    known = {CERTIFICATE: PEM, SUBSCRIBE: b"<ConfirmSubscriptionResponse/>"} if there is None else there

    def fetched(url: str) -> bytes:
        asked.append(url)
        found = known.get(url, Answered("404"))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(sns, "fetched", fetched)
    monkeypatch.setattr(sns, "_keys", {})
    return asked


def signed(said: dict, names: Iterable[str], version: str = "1", key=KEY) -> dict:
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said).encode()
    signature = base64.b64encode(key.sign(text, padding.PKCS1v15(), BASE[version])).decode()
    return said | {"SignatureVersion": version, "Signature": signature, "SigningCertURL": said["SigningCertURL"]}


def notification(told: object, version: str = "1", key=KEY, **changed: str) -> dict:
    said = {
        "Type": "Notification", "MessageId": f"22b80b92-fdea-4c2c-8f9d-{next(_count):012}", "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Receipt Notification",
        "Message": told if isinstance(told, str) else json.dumps(told), "Timestamp": now(),
        "SigningCertURL": CERTIFICATE, "UnsubscribeURL": f"{HOST}/?Action=Unsubscribe",
    } | changed  # fmt: skip
    if said["Subject"] == "":
        del said["Subject"]
    return signed(said, ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"), version, key)


def confirmation(kind: str = "SubscriptionConfirmation", version: str = "1", key=KEY, **changed: str) -> dict:
    said = {
        "Type": kind, "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b", "Token": "2336412f37", "TopicArn": TOPIC,
        "Message": "You have chosen to subscribe to the topic.\nTo confirm, visit the SubscribeURL.",
        "SubscribeURL": SUBSCRIBE, "Timestamp": now(), "SigningCertURL": CERTIFICATE,
    } | changed  # fmt: skip
    names = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    return signed(said, names, version, key)


def received(raw: bytes, to: list[str], **action: str) -> dict:
    """As SES tells of a letter that a receipt rule has taken in (its guide: notification contents)."""
    pass_ = {"status": "PASS"}
    told = {
        "notificationType": "Received",
        "mail": {"timestamp": now(), "source": "mira@lumen.example", "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
                 "destination": to, "headersTruncated": False, "headers": [], "commonHeaders": {"subject": "Hello"}},
        "receipt": {"timestamp": now(), "processingTimeMillis": 222, "recipients": to, "spamVerdict": pass_,
                    "virusVerdict": pass_, "spfVerdict": pass_, "dkimVerdict": pass_, "dmarcVerdict": pass_,
                    "action": {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"} | action},
    }  # fmt: skip
    if told["receipt"]["action"]["type"] == "SNS":
        base = told["receipt"]["action"]["encoding"].upper() == "BASE64"
        told["content"] = base64.b64encode(raw).decode() if base else raw.decode()
    return told


def post(said: object) -> tuple[dict, dict]:
    return {"data": json.dumps(said), "content_type": "text/plain; charset=UTF-8"}, {}
