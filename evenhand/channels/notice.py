"""Telling the sender that a file is too large: a letter answered, within the rules for whatever a machine writes."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from evenhand.conversations.models import Event, Link

from .acknowledgement import AN_HOUR, AT_MOST, forbidden
from .arrived import Arrived, Place
from .outgoing import Outgoing
from .wording import wording_in


def tell_too_large(letter: Arrived, place: Place) -> Outgoing | None:
    """One letter about all of them, which names none: it repeats nothing of the sender's. Runs in the transaction that
    reads the letter. The raw letter has the files."""
    names, conversation, message = letter.too_large(), place.conversation, place.message
    if not names or conversation is None or message is None:
        return None
    Event.record(conversation, "file too large", names=[each[:200] for each in names[:20]])
    told = Outgoing.objects.automatic_to(letter.sender, timezone.now() - AN_HOUR)
    if place.outcome != "stored" or message.person is None or forbidden(letter) or told >= AT_MOST:
        return None
    words = wording_in(conversation.language or conversation.person.language)
    url = Link.of(conversation, message.person).url
    return Outgoing.post(
        Outgoing.Kind.NOTICE,
        to=[letter.sender],
        subject=words.subject.format(number=conversation.number),
        language=words.language,
        text=words.too_large.format(url=url, desk=letter.mailbox.name, limit=settings.EVENHAND_FILE_BYTES // 2**20),
        mailbox=letter.mailbox,
        answers=[letter.said.message_id],
        boxes=letter.boxes,
        wakes=False,
    )
