"""A provider that carries our letters away by its own API instead of SMTP, by django-anymail.

It writes the letter anew from its parts and signs it; what threads it, its Message-ID among it, is handed over, and the
reply address works whatever a provider makes of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from email.policy import default
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, unquote

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from .answer import Answer, End
from .transport import REST, Transport

# Which of anymail's options the user, the password and the host of the URL are.
PROVIDERS: dict[str, tuple[str, ...]] = {
    "mailgun": ("api_key", "", "sender_domain"),
    "postmark": ("server_token",),
    "brevo": ("api_key",),
    "resend": ("api_key",),
    "mailersend": ("api_token",),
    "sparkpost": ("api_key",),
    "mailjet": ("api_key", "secret_key"),
    "mandrill": ("api_key",),
}
KEPT = ("Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress")
BUSY = (408, 425, 429)
UNKNOWN = (502, 504)  # somebody in between gave up waiting
LONGEST_REST = 4 * 3600  # seconds


class Provider(Transport):
    """One provider; it keeps a session for as many letters as there are to send."""

    _made: Any = None

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
        self._made = None

    def _hand_over(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:  # noqa: ARG002 - the letter names its sender
        from anymail.exceptions import AnymailAPIError, AnymailError

        try:
            backend = self._backend()
            letter = as_mail(message_from_bytes(raw, policy=default), to)
            backend.open()
            backend.send_messages([letter])
        except AnymailAPIError as error:
            return _answer_of(error)
        except AnymailError as error:
            return Answer(End.REFUSED, _words(error))
        except OSError as error:
            return Answer(End.LATER, f"{self.url.scheme} cannot be reached: {error}")
        return Answer(End.SENT, f"accepted by {self.url.scheme}")

    def _backend(self) -> Any:
        if self._made is None:
            given = (unquote(self.url.username or ""), unquote(self.url.password or ""), self.url.hostname or "")
            names = PROVIDERS[self.url.scheme]
            options = {name: value for name, value in zip(names, given, strict=False) if name and value}
            if api := parse_qs(self.url.query).get("api"):
                options["api_url"] = api[-1]
            self._made = import_module(f"anymail.backends.{self.url.scheme}").EmailBackend(**options)
        return self._made


def as_mail(made: EmailMessage, to: Sequence[str]) -> EmailMultiAlternatives:
    """Our letter in the form that anymail takes: the same words, files and identifiers."""
    plain, page = made.get_body(("plain",)), made.get_body(("html",))
    headers = {name: str(made[name]) for name in KEPT if made[name]} | {"X-PM-KeepID": "true"}
    copies = [str(each) for each in made["Cc"].addresses] if made["Cc"] else []
    letter = EmailMultiAlternatives(
        subject=str(made["Subject"]),
        body=plain.get_content() if plain else "",
        from_email=str(made["From"]),
        to=[str(each) for each in made["To"].addresses] if made["To"] else list(to),
        cc=copies,
        reply_to=[str(made["Reply-To"])] if made["Reply-To"] else None,
        headers=headers,
    )
    if page:
        letter.attach_alternative(page.get_content(), "text/html")
    for part in made.walk():
        if part["Content-ID"]:
            letter.attach(_picture(part))
    for part in made.iter_attachments():
        letter.attach(part.get_filename() or "attachment", part.get_payload(decode=True), part.get_content_type())
    return letter


def _picture(part: Message) -> MIMEImage:
    """A picture among the words, in the form that anymail takes."""
    shown = MIMEImage(bytes(part.get_payload(decode=True)), part.get_content_subtype())
    shown["Content-ID"] = str(part["Content-ID"])
    shown.add_header("Content-Disposition", "inline", filename=part.get_filename() or "picture")
    return shown


def _answer_of(error: Any) -> Answer:
    """What an API's error says of the letter. Of one that ends without a status, or after the letter was taken, nobody
    knows."""
    status, words = error.status_code, _words(error)
    if status is None:
        unreached = _never_reached(error)
        return Answer(End.LATER, words, perhaps=not unreached, rest=REST if unreached else None)
    if status in BUSY or status >= 500:
        return Answer(End.LATER, words, perhaps=status in UNKNOWN, rest=_rest(error.response, status))
    # 401 and 403: the key is wrong, which an administrator mends; the letter waits for it.
    refused = 400 <= status < 500 and status not in (401, 403)
    return Answer(End.REFUSED if refused else End.LATER, words, perhaps=status < 400)


def _never_reached(error: Exception) -> bool:
    from requests import ConnectionError as NoConnection
    from requests import ConnectTimeout
    from urllib3.exceptions import MaxRetryError

    # Only what ended before there was a connection has used up its tries.
    no_connection = isinstance(error.__cause__, NoConnection) and isinstance(error.__cause__.args[0], MaxRetryError)
    return no_connection or isinstance(error.__cause__, ConnectTimeout)


def _rest(response: Any, status: int) -> timedelta | None:
    """For how long it asks to be left in peace (RFC 9110, section 10.2.3), within reason."""
    asked = str(response.headers.get("Retry-After", "")).strip()
    try:
        seconds = float(asked) if asked.isdecimal() else (parsedate_to_datetime(asked) - timezone.now()).total_seconds()
    except (ValueError, TypeError):
        return REST if status in BUSY else None
    return timedelta(seconds=min(max(seconds, 1.0), LONGEST_REST))


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
