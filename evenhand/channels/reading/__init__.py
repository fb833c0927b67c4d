"""Reading letters: bytes in, a value out. No Django, no database, no network."""

from evenhand.channels.reading.authentication import Authentication, authenticate, believed
from evenhand.channels.reading.letter import Attachment, Bounce, Letter, Mailbox
from evenhand.channels.reading.read import read_file, read_letter

__all__ = [
    "Attachment",
    "Authentication",
    "Bounce",
    "Letter",
    "Mailbox",
    "authenticate",
    "believed",
    "read_file",
    "read_letter",
]
