"""Reading letters: bytes in, a value out. No Django, no database, no network."""

from evenhand.channels.reading.letter import Attachment, Bounce, Letter, Mailbox
from evenhand.channels.reading.read import read_letter

__all__ = ["Attachment", "Bounce", "Letter", "Mailbox", "read_letter"]
