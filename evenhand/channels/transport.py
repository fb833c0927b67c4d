"""The SMTP server that carries our letters away, and what it answered."""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from .answer import Answer, End
from .host import is_here, unreachable
from .smtp import SMTP, NoLastWord, opened

NOBODY = re.compile(r"\s*5\.(1\.(1|2|3|10)|2\.1)\b")
TIMEOUT = 60  # seconds, for each answer of the server but the last on a letter
REST = timedelta(minutes=1)  # of a server that is away: the letters behind do not each wait for it
AWAY = 421
# It wants a password, or another one: for an administrator to mend, and the letter waits.
NOT_LET_IN = (530, 534, 535, 538)


class NotLetIn(OSError):
    """The server could not be signed in to; the message says why. For an administrator to mend, and the letters wait."""


class Transport:
    """One connection, kept for as many letters as there are to send."""

    def __init__(self, url: str) -> None:
        self.url: SplitResult = urlsplit(url)
        self.host = self.url.hostname or "localhost"
        self.port = self.url.port or (465 if self.url.scheme == "smtps" else 25)
        self.server: SMTP | None = None
        self._rests_until = 0.0  # on the monotonic clock
        self._said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.server:
            with suppress(OSError):
                self.server.quit()
        self.server = None

    def resting(self) -> Answer | None:
        """What it said last, while it wants nothing brought."""
        left = self._rests_until - time.monotonic()
        return Answer(End.LATER, self._said, rest=timedelta(seconds=left)) if left > 0 else None

    def send(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:
        """Hand over one letter. Never raises for what a server or a network can do."""
        answer = self._hand_over(sender, to, raw)
        if answer.rest:
            self._rests_until, self._said = time.monotonic() + answer.rest.total_seconds(), answer.words
        return answer

    def _hand_over(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:
        used = self.server is not None
        answer = self._try(sender, to, raw)
        if used and self.server is None and not answer.perhaps:
            # It had carried letters, and was closed since, or may carry no more of them.
            answer = self._try(sender, to, raw)
        return answer

    def _try(self, sender: str, to: Sequence[str], raw: bytes) -> Answer:
        try:
            self.server = self.server or self._connect()
        except OSError as error:  # which is what every SMTPException is, too
            return Answer(End.LATER, self._why_not(error), rest=REST)
        known = {in_ascii(each): each for each in to}
        try:
            return self._carry(self.server, in_ascii(sender), known, raw)
        except NoLastWord as error:
            self.server = None
            words = f"{self.host} did not say whether it took the letter: {error}"
            return Answer(End.LATER, words, perhaps=True, rest=REST)
        except smtplib.SMTPRecipientsRefused as refused:
            return self._all_refused({known[who]: said for who, said in refused.recipients.items()})
        except smtplib.SMTPResponseException as error:
            return self._refused(error)
        except smtplib.SMTPNotSupportedError as error:
            return Answer(End.REFUSED, str(error))
        except OSError as error:
            self.server = None
            return Answer(End.LATER, f"{self.host} broke off: {error}")

    def _carry(self, server: SMTP, sender: str, known: dict[str, str], raw: bytes) -> Answer:
        plain = all(each.isascii() for each in (sender, *known))
        options = () if plain else ("SMTPUTF8", "BODY=8BITMIME")
        refused = {known[who]: said for who, said in server.sendmail(sender, list(known), raw, options).items()}
        final = {who: said for who, said in refused.items() if _end_of(said[0]) is End.REFUSED}
        later = tuple(who for who in refused if who not in final)
        return Answer(End.SENT, _said(refused) or "accepted", tuple(final), later, _gone(final))

    def _connect(self) -> SMTP:
        """Raises OSError, which is what every SMTPException is."""
        secure, tls = ssl.create_default_context(), self.url.scheme == "smtps"
        server = opened(self.host, self.port, timeout=TIMEOUT, tls=secure if tls else None)
        try:
            server.ehlo_or_helo_if_needed()
            # Where a password is to be said, it raises where there is none: but on this very machine.
            if not tls and (server.has_extn("starttls") or (self.url.username and not is_here(self.host))):
                server.starttls(context=secure)
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _why_not(self, error: OSError) -> str:
        """Why the server could not be signed in to."""
        if isinstance(error, NotLetIn):
            return str(error)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{self.host} refuses the user name or the password: {error.smtp_code} {_text(error.smtp_error)}"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return f"{self.host} offers no STARTTLS on port {self.port}, or no way to sign in."
        if isinstance(error, smtplib.SMTPException):
            return f"{self.host} answers: {error}"
        return unreachable(self.host, self.port, error)

    def _refused(self, error: smtplib.SMTPResponseException) -> Answer:
        end = End.LATER if error.smtp_code in NOT_LET_IN else _end_of(error.smtp_code)
        return Answer(end, f"{error.smtp_code} {_text(error.smtp_error)}", rest=self._closed(error.smtp_code))

    def _all_refused(self, recipients: dict[str, tuple[int, bytes]]) -> Answer:
        """Nobody was taken: given up only where every refusal is final."""
        final = all(_end_of(code) is End.REFUSED for code, _ in recipients.values())
        rest = self._closed(*(code for code, _ in recipients.values()))
        return Answer(End.REFUSED if final else End.LATER, _said(recipients), gone=_gone(recipients), rest=rest)

    def _closed(self, *codes: int) -> timedelta | None:
        """The standard library has closed the connection of a server that says that it goes away."""
        if AWAY not in codes:
            return None
        self.server = None
        return REST


def in_ascii(address: str) -> str:
    """An address whose domain every server understands; of the part before it only some do (SMTPUTF8)."""
    local, at, domain = address.rpartition("@")
    with suppress(UnicodeError):
        return f"{local}{at}{domain.encode('idna').decode()}" if not domain.isascii() else address
    return address


def _end_of(code: int) -> End:
    return End.REFUSED if 500 <= code < 600 else End.LATER


def _said(recipients: dict[str, tuple[int, bytes]]) -> str:
    """What the server said of each whom it did not take."""
    return "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in recipients.items())


def _gone(recipients: dict[str, tuple[int, bytes]]) -> tuple[str, ...]:
    """Of whom the server says that no such mailbox exists (RFC 3463), not only that it does not want the letter."""
    return tuple(who for who, (code, said) in recipients.items() if code >= 500 and NOBODY.match(_text(said)))


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
