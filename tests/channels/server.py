"""A mail server that takes our letters and answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .house import free_port


class Postbox:
    """Collects letters; `rcpt` and `data` hold answers to give instead of taking them, first come first used."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.to: list[list[str]] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.port = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:  # noqa: N802
        if self.rcpt and (answer := self.rcpt.pop(0)):
            return answer
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data.pop(0)
        self.letters.append(envelope.content)
        self.to.append(envelope.rcpt_tos)
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mail(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=default) for each in self.letters]  # type: ignore[misc]


@contextmanager
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=10)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
