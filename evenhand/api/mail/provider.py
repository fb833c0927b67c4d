"""How each mail service signs what it posts, and where in it the letter is, as it came.

Signatures are django-anymail's business, but Amazon's, which it does not check. The letter is ours: its own reader raises on
some real mail, so we take the raw MIME wherever a service gives it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.http import HttpRequest

from evenhand.channels.letter import Arrival

from .amazon_ses import AmazonSES
from .service import NotSigned, Service, arrival, raw_of

Letters = Callable[[HttpRequest], Iterable[Arrival]]
OLD = 12 * 3600  # seconds; a service tries for hours, and a signature must not hold for ever


@dataclass(frozen=True, slots=True)
class Provider:
    """`view` checks the signature with the secret that it knows as `secret`."""

    view: str
    secret: str
    letters: Letters
    bytewise: bool = False

    def check(self, request: HttpRequest, secret: str) -> None:
        """Raises NotSigned."""
        from anymail.exceptions import AnymailWebhookValidationFailure

        module, _, name = self.view.rpartition(".")
        made = getattr(import_module(f"anymail.webhooks.{module}"), name)(**{self.secret: secret})
        try:
            made.run_validators(request)
        except (AnymailWebhookValidationFailure, ValueError, TypeError) as error:
            raise NotSigned from error


def _said(request: HttpRequest) -> Any:
    return json.loads(request.body)


def mailgun(request: HttpRequest) -> Iterable[Arrival]:
    """A route that forwards to an address ending with `mime`. Raises NotSigned for an old signature, which covers the
    moment but not the letter."""
    if abs(time.time() - float(request.POST["timestamp"])) > OLD:
        raise NotSigned
    given = request.POST
    yield arrival(given["body-mime"].encode("latin-1"), given.get("sender"), *given.get("recipient", "").split(","))


def sendgrid(request: HttpRequest) -> Iterable[Arrival]:
    """Inbound Parse with "Post the raw, full MIME message"."""
    envelope = json.loads(request.POST.get("envelope") or "{}")
    yield arrival(request.POST["email"].encode("latin-1"), envelope.get("from"), *envelope.get("to", []))


def postmark(request: HttpRequest) -> Iterable[Arrival]:
    """An inbound server with "Include raw email content in JSON payload"."""
    said = _said(request)
    yield arrival(raw_of(said["RawEmail"]), said.get("From"), said.get("OriginalRecipient"))


def mailersend(request: HttpRequest) -> Iterable[Arrival]:
    said = _said(request)["data"]
    recipients = [each["email"] for each in said.get("recipients", {}).get("rcptTo", [])]
    yield arrival(raw_of(said["raw"]), said.get("sender", {}).get("email"), *recipients)


def mandrill(request: HttpRequest) -> Iterable[Arrival]:
    for event in json.loads(request.POST["mandrill_events"]):
        if event["event"] == "inbound":
            yield arrival(raw_of(event["msg"]["raw_msg"]), "", event["msg"].get("email"))


def sparkpost(request: HttpRequest) -> Iterable[Arrival]:
    for event in _said(request):
        said = event["msys"].get("relay_message")
        if said:
            content = said["content"]
            raw = raw_of(content["email_rfc822"], base64=bool(content.get("email_rfc822_is_base64")))
            yield arrival(raw, said.get("msg_from"), said.get("rcpt_to"))


def postal(request: HttpRequest) -> Iterable[Arrival]:
    said = _said(request)
    yield arrival(raw_of(said["message"], base64=bool(said.get("base64"))), said.get("mail_from"), said.get("rcpt_to"))


def mailjet(request: HttpRequest) -> Iterable[Arrival]:
    """The one without raw MIME: the letter is put together again from the pieces it was taken into."""
    from anymail.webhooks.mailjet import MailjetInboundWebhookView

    said = _said(request)
    made = MailjetInboundWebhookView(webhook_secret="checked:before").esp_to_anymail_event(said).message  # noqa: S106 - none
    yield arrival(made.as_bytes(), said.get("Sender"), said.get("Recipient"))


PASSWORD = "webhook_secret"  # noqa: S105 - what anymail calls a user and a password in the address (HTTP basic)
PROVIDERS: dict[str, Service] = {
    "mailgun": Provider("mailgun.MailgunInboundWebhookView", "webhook_signing_key", mailgun, bytewise=True),
    "sendgrid": Provider("sendgrid.SendGridInboundWebhookView", PASSWORD, sendgrid, bytewise=True),
    "postmark": Provider("postmark.PostmarkInboundWebhookView", PASSWORD, postmark),
    "mailersend": Provider("mailersend.MailerSendInboundWebhookView", "inbound_secret", mailersend),
    "mandrill": Provider("mandrill.MandrillCombinedWebhookView", "webhook_key", mandrill),
    "sparkpost": Provider("sparkpost.SparkPostInboundWebhookView", PASSWORD, sparkpost),
    "postal": Provider("postal.PostalInboundWebhookView", "webhook_key", postal),
    "mailjet": Provider("mailjet.MailjetInboundWebhookView", PASSWORD, mailjet),
    "amazon_ses": AmazonSES(),
}
