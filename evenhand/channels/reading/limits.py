"""How large a letter may be before it is kept unread: past any of these it is shown as "could not be displayed".

They are checked before or while the structure is sliced, so that no letter costs more than a bounded time.
"""

MAX_BYTES = 25 * 1024 * 1024
MAX_DEPTH = 30
MAX_PARTS = 1_000
MAX_HEADER_LINES = 500
MAX_HEADER_BYTES = 64 * 1024
MAX_LINKS = 5_000
MAX_TAG_DEPTH = 1_000
MAX_TAGS = 60_000
MAX_ATTRIBUTES = 2_000
MAX_HTML = 4 * 1024 * 1024
# Each character reference is put behind the text before it, which is copied for it: references times characters.
MAX_COPIED = 10**11
MAX_MAILBOXES = 2_000
MAX_REFERENCES = 200


class PastLimitError(Exception):
    """The letter is past one of the limits; the message is a sentence for the agent."""
