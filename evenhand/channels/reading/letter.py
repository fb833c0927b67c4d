"""What a letter says, once read."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as the letter gives them; the address is "" where it was refused or missing."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with the letter.

    `name` is safe to show and to save under; `inline` files are those the text points at or means to show in place.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a letter did not arrive.

    `status` is the enhanced code of RFC 3463 ("5.1.1"), or "" where none is given; `permanent` says not to try again.
    """

    address: str
    status: str
    permanent: bool
    original_message_id: str = ""


NOBODY = Mailbox("", "")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, read. `reply` and `quoted` together hold every line of `text`: what is folded is never deleted."""

    sender: Mailbox = NOBODY
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    reply: str = ""
    quoted: str = ""
    forwarded: bool = False
    html: str = ""
    html_reply: str = ""
    html_quoted: str = ""
    attachments: tuple[Attachment, ...] = ()
    language: str = ""
    automatic: bool = False
    automatic_reason: str = ""
    out_of_office: bool = False
    bounces: tuple[Bounce, ...] = ()
    list_id: str = ""
    protection: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def bounce(self) -> Bounce | None:
        """Of a report, the first whom the letter did not reach."""
        return self.bounces[0] if self.bounces else None
