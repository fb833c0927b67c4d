from .letter import Letter
from .mailbox import Mailbox
from .outgoing import Outgoing

__all__ = ["Letter", "Mailbox", "Outgoing"]
