from .letter import Letter
from .mailbox import Mailbox
from .outgoing import Outgoing
from .tally import Tally

__all__ = ["Letter", "Mailbox", "Outgoing", "Tally"]
