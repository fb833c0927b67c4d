from .attachment import Attachment
from .conversation import Conversation, one_line
from .draft import Draft, DraftFile
from .event import Event
from .held import HeldFile
from .judgement import Judgement
from .link import Link
from .look import Look
from .message import Message
from .suggestion import Suggestion
from .view import SavedView

__all__ = [
    "Attachment",
    "Conversation",
    "Draft",
    "DraftFile",
    "Event",
    "HeldFile",
    "Judgement",
    "Link",
    "Look",
    "Message",
    "SavedView",
    "Suggestion",
    "one_line",
]
