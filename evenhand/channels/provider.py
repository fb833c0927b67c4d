"""A provider that carries our letters away by its own API instead of SMTP, by django-anymail.

It writes the letter anew from its parts and signs it; what threads it, its Message-ID among it, is handed over, and the
reply address works whatever a provider makes of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from email.policy import default
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, unquote

from django.core.mail import EmailMultiAlternatives

from .transport import Answer, End, Transport

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


class Provider(Transport):
    """One provider; it keeps a session for as many letters as there are to send."""

    _made: Any = None

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
        self._made = None

    def send(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:  # noqa: ARG002 - the letter names its sender
        """Hand over one letter. Never raises for what a provider or a network can do."""
        from anymail.exceptions import AnymailAPIError, AnymailError

        try:
            backend = self._backend()
            letter = as_mail(message_from_bytes(raw, policy=default), to)
            backend.open()
            backend.send_messages([letter])
        except AnymailAPIError as error:
            final = error.status_code is not None and 400 <= error.status_code < 500 and error.status_code not in BUSY
            # 401 and 403: the key is wrong, which an administrator mends; the letter waits for it.
            refused = final and error.status_code not in (401, 403)
            return Answer(End.REFUSED if refused else End.LATER, _words(error))
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


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
