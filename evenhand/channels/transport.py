"""The SMTP server that carries our letters away, and what it answered."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

NOBODY = re.compile(r"\s*5\.(1\.(1|2|3|10)|2\.1)\b")
TIMEOUT = 60  # seconds, for each answer of the server


class End(Enum):
    SENT = "sent"
    LATER = "later"  # a temporary error: try again
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one try ended, in the server's words; `refused` are the recipients it would not take while it took others, `later`
    those it put off meanwhile, `gone` those of whom it says that there is nobody."""

    end: End
    words: str = ""
    refused: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class Transport:
    """One connection, kept for as many letters as there are to send."""

    def __init__(self, url: str) -> None:
        self.url: SplitResult = urlsplit(url)
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.server:
            with suppress(OSError, smtplib.SMTPException):
                self.server.quit()
        self.server = None

    def send(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:
        """Hand over one letter. Never raises for what a server or a network can do."""
        try:
            return self._send(sender, to, raw)
        except smtplib.SMTPRecipientsRefused as refused:
            return _all_refused(refused.recipients)
        except smtplib.SMTPResponseException as error:
            self.close()
            return Answer(_end_of(error.smtp_code), f"{error.smtp_code} {_text(error.smtp_error)}")
        except smtplib.SMTPNotSupportedError as error:
            return Answer(End.REFUSED, str(error))
        except (OSError, smtplib.SMTPException) as error:
            self.server = None
            return Answer(End.LATER, f"{self.url.hostname} cannot be reached: {error}")

    def _send(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:
        self.server = self.server or self._connect()
        plain = all(each.isascii() for each in (sender, *to))
        options = () if plain else ("SMTPUTF8", "BODY=8BITMIME")
        refused = self.server.sendmail(sender, list(to), raw, options)
        final = {who: said for who, said in refused.items() if _end_of(said[0]) is End.REFUSED}
        later = tuple(who for who in refused if who not in final)
        return Answer(End.SENT, _said(refused) or "accepted", tuple(final), later, _gone(final))

    def _connect(self) -> smtplib.SMTP:
        host, secure = self.url.hostname or "localhost", ssl.create_default_context()
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=secure)
        else:
            server = smtplib.SMTP(host, self.url.port or 25, timeout=TIMEOUT)
        server.ehlo_or_helo_if_needed()
        if self.url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=secure)
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server


def _end_of(code: int) -> End:
    return End.REFUSED if 500 <= code < 600 else End.LATER


def _all_refused(recipients: dict[str, tuple[int, bytes]]) -> Answer:
    """Nobody was taken: given up only where every refusal is final."""
    final = all(_end_of(code) is End.REFUSED for code, _ in recipients.values())
    return Answer(End.REFUSED if final else End.LATER, _said(recipients), gone=_gone(recipients))


def _said(recipients: dict[str, tuple[int, bytes]]) -> str:
    """What the server said of each whom it did not take."""
    return "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in recipients.items())


def _gone(recipients: dict[str, tuple[int, bytes]]) -> tuple[str, ...]:
    """Of whom the server says that no such mailbox exists (RFC 3463), not only that it does not want the letter."""
    return tuple(who for who, (code, said) in recipients.items() if code >= 500 and NOBODY.match(_text(said)))


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
