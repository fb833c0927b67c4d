"""Writing a letter of ours: headers that thread, plain text that reads well, and the same as HTML."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.utils import timezone

from evenhand.conversations.attachment import Upload
from evenhand.conversations.row import one_line

from .formatting import as_html, page


class Headers(HeaderRegistry):
    """The standard library's, which makes a class anew for each header, but keeping these: a third of a letter's time."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        if name not in self.made:
            self.made[name] = super().__getitem__(name)
        return self.made[name]


POLICY = SMTP.clone(max_line_length=200, cte_type="7bit", header_factory=Headers())
REFERENCES = 30  # identifiers; a header must not grow with the thread


def compose(
    *,
    sender: str,
    to: Sequence[str],
    subject: str,
    text: str,
    host: str,
    html: str = "",
    language: str = "",
    cc: Sequence[str] = (),
    reply_to: str = "",
    rfc_id: str = "",
    answers: Sequence[str] = (),
    automatic: str = "",
    uploads: Iterable[Upload] = (),
) -> tuple[bytes, str]:
    """The letter's bytes and its Message-ID (made here when none is given). Raises ValueError for an address or a
    header that cannot be written, line breaks in them among it. `language` is that of the words."""
    letter = EmailMessage(policy=POLICY)
    rfc_id = rfc_id or f"{secrets.token_hex(16)}@{host}"
    letter["From"] = mailbox(sender)
    letter["To"] = [mailbox(each) for each in to]
    if cc:
        letter["Cc"] = [mailbox(each) for each in cc]
    if reply_to:
        letter["Reply-To"] = mailbox(reply_to)
    letter["Subject"] = one_line(subject)
    letter["Date"] = format_datetime(timezone.now())
    letter["Message-ID"] = f"<{rfc_id}>"
    thread(letter, answers)
    if automatic:
        letter["Auto-Submitted"] = automatic
        letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(text)
    letter.add_alternative(page(html or as_html(text), language), subtype="html")
    files = list(uploads)
    for picture in (each for each in files if each.inline):
        illustrate(letter, picture)
    for file in (each for each in files if not each.inline):
        attach(letter, file)
    return letter.as_bytes(), rfc_id


def mailbox(value: str) -> Address:
    """A name and address fit for a header: the domain in ASCII. Raises ValueError."""
    if any(c in value for c in "\r\n\0"):
        raise ValueError("An address cannot contain a line break.")
    name, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(c in address for c in ' <>(),;:"\\'):
        raise ValueError(f"{address or value!r} is not an address that a letter can be sent to.")
    try:
        domain = domain.encode("ascii").decode() if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(f"{domain!r} is not a domain that a letter can be sent to.") from error
    return Address(one_line(name), username=local, domain=domain)


def thread(letter: EmailMessage, answers: Sequence[str]) -> None:
    """In-Reply-To and References (RFC 5322, section 3.6.4); an identifier that is not one is left out."""
    known = [each for each in answers if re.fullmatch(r"[^\s<>]{1,200}@[^\s<>]{1,200}", each) and each.isascii()]
    if known:
        letter["In-Reply-To"] = f"<{known[-1]}>"
        letter["References"] = " ".join(f"<{each}>" for each in [known[0], *known[1:][-REFERENCES:]])


def illustrate(letter: EmailMessage, picture: Upload) -> None:
    """Put a picture beside the formatted words that show it by its Content-ID (RFC 2387)."""
    major, _, minor = picture.type.partition("/")
    name, words = one_line(picture.name), letter.get_body(("related", "html"))
    if words is not None:
        words.add_related(
            picture.content, maintype=major, subtype=minor, cid=picture.content_id, disposition="inline", filename=name
        )


def attach(letter: EmailMessage, upload: Upload) -> None:
    major, _, minor = upload.type.partition("/")
    usual = re.fullmatch(r"[\w.+-]+/[\w.+-]+", upload.type) and major not in ("multipart", "message")
    major, minor = (major, minor) if usual else ("application", "octet-stream")
    letter.add_attachment(upload.content, maintype=major, subtype=minor, filename=one_line(upload.name))


def quote(text: str) -> str:
    """Somebody's words, marked as quoted."""
    return "\n".join(f"> {line}" if line else ">" for line in text.strip().splitlines())
