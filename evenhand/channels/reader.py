"""Reading what was kept: each letter understood once, whatever happens meanwhile to the process or the database."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, connection, transaction

from evenhand.conversations import leaving
from evenhand.conversations.models import Conversation

from .acknowledgement import acknowledge
from .hold import LETTER, hold
from .letter import Letter
from .reading import Letter as Said
from .reading import read_letter
from .sorting import Arrived, Place, same_as, sort

log = logging.getLogger("evenhand.mail")

TRIES = 3  # a letter that ends the reader so often is put before an agent unread
BATCH = 50
UNREAD = "Reading it failed {} times ({}). The raw letter is kept and can be opened."
TRY = "UPDATE channels_letter SET tries = tries + 1 WHERE id = %s AND outcome = '' RETURNING *"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def read_all() -> int:
    """Read every letter that waits to be read and that nobody else is reading. How many were read."""
    done = 0
    while pks := list(Letter.objects.unread().order_by("id").values_list("pk", flat=True)[:BATCH]):
        before = done
        for pk in pks:
            done += read(pk) is not None
        if done == before:  # the rest is in other hands
            break
        leaving.at()
    return done


def read(pk: int) -> Letter | None:
    """Understand one letter and put it where it belongs. None if somebody else has it, or did."""
    with hold(LETTER, pk) as held:
        letter = next(iter(Letter.objects.raw(TRY, [pk])), None) if held else None
        return _understand(letter) if letter else None


def _understand(letter: Letter) -> Letter | None:
    why = "the reader was ended by it"
    while letter.tries <= TRIES:
        try:
            said = read_letter(bytes(letter.raw))
            return _settle(letter, said)
        except (OperationalError, InterfaceError):
            raise  # the database is away, which is not the letter's fault: the job comes back
        except Exception as error:
            log.exception("Letter %s could not be read, try %s.", letter.pk, letter.tries)
            why = type(error).__name__
            letter.tries += 1
            Letter.objects.filter(pk=letter.pk).update(tries=letter.tries)
    return _give_up(letter, why)


@transaction.atomic
def _settle(letter: Letter, said: Said) -> Letter | None:
    """Everything that follows from a letter, in one transaction: it happens once and as a whole."""
    if not _ours_to_read(letter):
        return None
    letter.rfc_id, letter.same_as = said.message_id.replace("\0", "")[:320], same_as(said)
    with connection.cursor() as cursor:  # two copies of one letter are not read at the same moment
        cursor.execute(ONE_AT_A_TIME, [letter.same_as])
    known = Letter.objects.like(letter).order_by("pk").first()
    if known:
        letter.end(Letter.Outcome.DUPLICATE, f"It is letter {known.pk} again.", known.conversation, known.message)
        return letter
    arrived = Arrived(said, letter.mailbox, letter.envelope_from, tuple(letter.envelope_to))
    place = sort(arrived)
    acknowledge(arrived, place)
    _end(letter, place)
    return letter


def _ours_to_read(letter: Letter) -> bool:
    waiting = Letter.objects.unread().filter(pk=letter.pk).select_for_update(skip_locked=True, no_key=True)
    return waiting.values_list("pk").first() is not None


def _end(letter: Letter, place: Place) -> None:
    letter.end(place.outcome, place.reason, place.conversation, place.message)


@transaction.atomic
def _give_up(letter: Letter, why: str) -> Letter | None:
    """Put before an agent what cannot be read, with the raw letter at hand."""
    if not _ours_to_read(letter):
        return None
    reason = UNREAD.format(TRIES, why)
    nobody = Arrived(Said(text=reason, reply=reason), letter.mailbox, letter.envelope_from, tuple(letter.envelope_to))
    subject = "A letter that could not be read"
    conversation, message = Conversation.start(
        nobody.person(), letter.mailbox.team, subject, reason, problem=reason, topic=letter.mailbox.topic
    )
    letter.end(Letter.Outcome.QUARANTINED, reason, conversation, message)
    return letter
