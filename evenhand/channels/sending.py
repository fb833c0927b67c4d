"""Sending what waits to be sent: each letter made once, and handed over once as far as SMTP allows.

Between the server's "250" and our commit lies the only window in which a crash sends a letter twice: the next try cannot
know. It sends the same bytes under the same Message-ID, by which mail programs show one letter, and says so in `answer`.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from evenhand.conversations.models import Attachment, Message

from .answer import Answer, End
from .carrier import Carriers
from .hold import OUTGOING, alone, hold
from .outgoing import Outgoing
from .pace import room_for
from .reply import post_reply
from .settling import WAITS, settle, wait_after, went
from .transport import Transport

log = logging.getLogger("evenhand.mail")

BATCH = 50


def send_all() -> int:
    """Make the letters of the answers that are due, and send all that is due, some of each in turn: whoever wrote first
    does not wait until everybody's letters are made. How many were sent."""
    sent, busy = 0, True
    with Carriers() as carriers:
        while busy:
            made = make_letters()
            due = Outgoing.objects.due().order_by("next_try_at", "pk").values_list("pk", flat=True)
            ends = [send(pk, carriers) for pk in due[:BATCH]]
            sent += ends.count(End.SENT)
            busy = bool(made) or any(ends)  # what is left is in other hands
    return sent


def waiting_for_the_scanner() -> Exists | Q:
    """Answers with a file that nobody has scanned yet do not leave. Few have files, and fewer wait."""
    if not settings.EVENHAND_CLAMAV:
        return Q(pk__in=[])
    return Exists(Attachment.objects.unscanned().filter(message=OuterRef("pk")))


@transaction.atomic
def make_letters() -> int:
    """The letters of answers that have left the undo window. One row for each message, whatever happens."""
    # A row's lock does not tell that its letter was made since we began to look: two makers would make it twice, the
    # second would be refused, and take back a whole batch with it.
    alone(OUTGOING)
    # By the partial index that holds only these: ordered by `pk` alone, PostgreSQL reads every message there ever was.
    due = Message.objects.to_send().filter(outgoing=None).exclude(waiting_for_the_scanner()).order_by("leaves_at", "pk")
    messages = list(due.select_for_update(skip_locked=True, of=["self"])[:BATCH])
    for message in messages:
        try:
            with transaction.atomic():
                post_reply(message)
        except ValueError as error:  # no address, none that a letter can be sent to, or a file that is not there
            message.conversation.came_back(message, str(error))
        except DatabaseError:
            raise
        except Exception:  # its files cannot be had just now, or a mistake of ours: the others leave, it a minute later
            log.exception("The letter of message %s could not be made.", message.pk)
            Message.objects.filter(pk=message.pk).update(leaves_at=timezone.now() + WAITS[0])
    return len(messages)


def send(pk: int, carriers: Carriers) -> End | None:
    """Hand one letter over. None if somebody else is at it."""
    with hold(OUTGOING, pk) as held:
        due = Outgoing.objects.due().select_related("mailbox", "message__conversation").filter(pk=pk)
        letter = due.first() if held else None
        if letter is None:
            return None
        transport = carriers.of(letter.mailbox)
        if transport and (later := transport.resting() or room_for(letter)):
            letter.wait(later.rest or WAITS[0], later.words)
            return End.LATER
        _begin(letter)
        answer = _hand_over(letter, transport)
        settle(letter, answer)
        return answer.end


def _begin(letter: Outgoing) -> None:
    """Note, and commit, that a try begins. After one that never said how it ended the letter may have arrived; and if it
    is the letter that ends us, the next try lets others come first."""
    now = timezone.now()
    letter.tries += 1
    if letter.began_at:
        letter.perhaps, letter.next_try_at = True, now + wait_after(letter.tries)
        went(letter, now)
    letter.began_at = now
    letter.save(update_fields=["tries", "began_at", "perhaps", "next_try_at"])


def _hand_over(letter: Outgoing, transport: Transport | None) -> Answer:
    if transport is None:
        return Answer(End.SENT, "Kept in the house: EVENHAND_OUTBOUND is not set.")
    try:
        return transport.send(letter.mailbox.address, letter.remaining, bytes(letter.raw))
    except Exception as error:  # a mistake of ours must not keep the letters behind this one from leaving
        log.exception("Letter %s could not be handed over.", letter.pk)
        return Answer(End.LATER, f"This desk stumbled over it: {error!r}", perhaps=True)
