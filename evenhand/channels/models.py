from .alias import Alias
from .delivery import Delivery
from .folder import Folder
from .grant import Grant
from .letter import Letter
from .login import Login
from .mailbox import Mailbox
from .outgoing import Outgoing
from .question import Question
from .spam.model import SpamModel
from .tally import Tally
from .trial import Trial
from .trouble import Trouble
from .withheld import Withheld

__all__ = [
    "Alias",
    "Delivery",
    "Folder",
    "Grant",
    "Letter",
    "Login",
    "Mailbox",
    "Outgoing",
    "Question",
    "SpamModel",
    "Tally",
    "Trial",
    "Trouble",
    "Withheld",
]
