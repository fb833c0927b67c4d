"""Speaking SMTP with the patience that RFC 5321 demands, and knowing when a letter may have been taken in silence."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

# Seconds that a server may take to say that it has a letter (section 4.5.3.2.6): who asks again before gets it there twice.
LAST_WORD = 600


class NoLastWord(Exception):
    """The letter was handed over, and the connection ended before the server said whether it has taken it."""


class SMTP(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        """Raises NoLastWord where the standard library tells it apart from no other failure."""
        if self.sock:
            self.sock.settimeout(LAST_WORD)
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:  # it wants no letter
            raise
        except OSError as error:
            self.close()
            raise NoLastWord(str(error)) from error
        finally:
            if self.sock:
                self.sock.settimeout(self.timeout)


class SMTPS(SMTP, smtplib.SMTP_SSL):
    """The same, by TLS from the first byte."""


def opened(address: str, port: int, *, timeout: float, tls: ssl.SSLContext | None) -> SMTP:
    """A connection, with TLS from the first byte where `tls` is given. Raises OSError."""
    if tls:
        server: SMTP = SMTPS(address, port, timeout=timeout, context=tls)
    else:
        server = SMTP(address, port, timeout=timeout)
    return server
