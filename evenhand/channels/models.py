from .folder import Folder
from .letter import Letter
from .mailbox import Mailbox
from .outgoing import Outgoing
from .tally import Tally

__all__ = ["Folder", "Letter", "Mailbox", "Outgoing", "Tally"]
