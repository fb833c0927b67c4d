"""Messages of Amazon's notification service (SNS): whether Amazon signed one, and whether it is of a topic of ours.

Anybody can have a topic, and have Amazon post and sign it to this address. So a message counts only if it is of the topic
that the administrator named; and whatever is fetched for one is fetched from that topic's own region, by a name that we
make ourselves and only compare with what the message says.

What was signed once must not count for ever. Amazon tries for an hour at most, so that what is older was kept by
somebody. It is not told that this is no message of ours: if it is our clock that is wrong, Amazon keeps the letter until
it is right.
"""

from __future__ import annotations

import re
import time
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate
from django.utils import timezone

from .fetched import Answered, fetched
from .service import NotNow, NotSigned

CERTIFICATE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}
NOTIFIES, CONFIRMS = "Notification", "SubscriptionConfirmation"
ENDS = "UnsubscribeConfirmation"
# What is signed, in this order; a subject only where there is one.
SIGNED = {
    NOTIFIES: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMS: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
SIGNED[ENDS] = SIGNED[CONFIRMS]
A_DAY = 24 * 3600
SLACK = timedelta(minutes=5)  # of two clocks
OLD = timedelta(hours=1) + SLACK
MOST_KEYS = 8  # Amazon has one at a time for each region
_keys: dict[str, tuple[float, rsa.RSAPublicKey]] = {}
_fetching = Lock()


def verify(said: Mapping[str, object], topic: str) -> None:
    """Raises NotSigned, and NotNow while Amazon's certificate cannot be had."""
    if said.get("TopicArn") != topic or said.get("Type") not in SIGNED:
        raise NotSigned
    try:
        digest = HASHES[str(said["SignatureVersion"])]()
        signature = b64decode(str(said["Signature"]), validate=True)
        text = _signed_text(said)
        where = str(said["SigningCertURL"])
    except (KeyError, ValueError) as error:
        raise NotSigned from error
    try:
        _key(where, topic).verify(signature, text, padding.PKCS1v15(), digest)
    except InvalidSignature as error:
        raise NotSigned from error
    _check_age(str(said["Timestamp"]))


def _check_age(signed: str) -> None:
    """Raises NotNow for what was not signed within the hour, and NotSigned for what names no moment."""
    try:
        age = timezone.now() - datetime.fromisoformat(signed)
    except (ValueError, TypeError) as error:  # no moment, or one without a time zone
        raise NotSigned from error
    if not -SLACK <= age <= OLD:
        raise NotNow(f"It was signed at {signed[:40]}, which is not within the hour by the clock of this machine.")


def confirm(said: Mapping[str, object]) -> None:
    """Say yes to a verified question of our own topic. Raises NotSigned where it leads elsewhere, and NotNow."""
    where = str(said.get("SubscribeURL"))
    if not _is_of(where, str(said["TopicArn"])):
        raise NotSigned
    try:
        fetched(where)
    except (OSError, Answered) as error:
        raise NotNow(f"Amazon's subscription could not be confirmed: {error}") from error


def _signed_text(said: Mapping[str, object]) -> bytes:
    names = [name for name in SIGNED[str(said["Type"])] if name != "Subject" or said.get(name) is not None]
    return "".join(f"{name}\n{said[name]}\n" for name in names).encode()


def _is_of(url: str, topic: str) -> bool:
    """Whether it is a plain https address at the notification service of the topic's own region."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    _, partition, _, region, _ = topic.split(":", 4)
    china = ".cn" if partition == "aws-cn" else ""
    return (parts.scheme, parts.netloc) == ("https", f"sns.{region}.amazonaws.com{china}")


def _key(url: str, topic: str) -> rsa.RSAPublicKey:
    """The key that Amazon signs with, kept for a day."""
    if not _is_of(url, topic) or url != url.partition("?")[0] or not CERTIFICATE.fullmatch(urlsplit(url).path):
        raise NotSigned
    if found := _kept(url):
        return found
    # One at a time, so that forged messages that name certificates without end hold up no more than one thread each
    # few seconds; Amazon tries again.
    if not _fetching.acquire(timeout=3):
        raise NotNow("Amazon's certificate is being fetched.")
    try:
        return _kept(url) or _fetch(url)
    finally:
        _fetching.release()


def _kept(url: str) -> rsa.RSAPublicKey | None:
    since, key = _keys.get(url, (0.0, None))
    return key if key and time.monotonic() - since < A_DAY else None


def _fetch(url: str) -> rsa.RSAPublicKey:
    try:
        key = load_pem_x509_certificate(fetched(url)).public_key()
    except (Answered, ValueError) as error:  # there is no such certificate
        raise NotSigned from error
    except OSError as error:
        raise NotNow(f"Amazon's certificate cannot be fetched: {error}") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise NotSigned
    if len(_keys) >= MOST_KEYS:
        _keys.clear()
    _keys[url] = time.monotonic(), key
    return key
