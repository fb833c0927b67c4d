"""Reading what was kept: each letter understood once, whatever happens meanwhile to the process or the database."""

from __future__ import annotations

import errno
import logging
import threading
from contextlib import suppress

from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from evenhand.conversations import leaving
from evenhand.conversations.models import Conversation

from .acknowledgement import acknowledge
from .arrived import Arrived, same_as
from .hold import LETTER, hold
from .letter import AlreadyRead, Letter
from .mailbox import Mailbox
from .notice import tell_too_large
from .reading import Authentication, language, read_letter
from .reading import Letter as Said
from .sorting import sort
from .trial import Trial
from .verifying import UNKNOWN, Way, verify

log = logging.getLogger("evenhand.mail")

TRIES = 3  # a letter that ends the reader so often is put before an agent unread
BATCH, BATCH_OF_OLD = 50, 5
DATABASE_TROUBLE = (OperationalError, InterfaceError, ProgrammingError, InternalError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)  # for its files
UNREAD = "Reading it failed {} times ({}). The raw letter is kept and can be opened."
TRY = "UPDATE channels_letter SET tries = tries + 1 WHERE id = %s AND outcome = '' RETURNING *"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"

Boxes = dict[str, Mailbox]

_reading, _more = threading.Lock(), threading.Event()


def read_all() -> int:
    """Read every letter that waits to be read and that nobody else is reading. How many were read.

    One thread of a process reads: more would wait for each other at the lane and for the interpreter. Whoever comes
    meanwhile only says that there is more, and the one at work looks once more before it ends.
    """
    done = 0
    _more.set()
    while _more.is_set() and _reading.acquire(blocking=False):
        try:
            _more.clear()
            done += _read_waiting()
        finally:
            _reading.release()
    return done


def _read_waiting() -> int:
    done = 0
    while pks := _next_few():
        # It takes seconds, the first time: no letter is to be blamed for a process that is ended meanwhile.
        language.model()
        boxes = Mailbox.by_address()
        fresh = sum(read(pk, boxes) is not None for pk in pks)
        if not fresh:  # the rest is in other hands
            break
        done += fresh
        leaving.at()
    return done


def _next_few() -> list[int]:
    """Old ones in small portions: what comes today meanwhile is next."""
    found = list(Letter.objects.in_turn().values_list("pk", "old")[:BATCH])
    return [pk for pk, old in found if not old] or [pk for pk, _ in found[:BATCH_OF_OLD]]


def read(pk: int, boxes: Boxes | None = None) -> Letter | None:
    """Understand one letter and put it where it belongs. None if somebody else has it, or did."""
    with hold(LETTER, pk) as held:
        letter = next(iter(Letter.objects.raw(TRY, [pk])), None) if held else None
        return _understand(letter, boxes or Mailbox.by_address()) if letter else None


def _understand(letter: Letter, boxes: Boxes) -> Letter | None:
    why = "the reader was ended by it"
    while letter.tries <= TRIES:
        try:
            raw = bytes(letter.raw)
            verdict = verify(raw, _way(letter))
            return _settle(letter, _arrived(letter, read_letter(raw), boxes, verdict))
        except AlreadyRead:
            return None
        except DATABASE_TROUBLE:
            _not_its_fault(letter)
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                _not_its_fault(letter)
                raise
            log.exception("Letter %s could not be read, try %s.", letter.pk, letter.tries)
            why = type(error).__name__
            letter.tries += 1
            Letter.objects.filter(pk=letter.pk).update(tries=letter.tries)
    return _give_up(letter, boxes, why)


def _not_its_fault(letter: Letter) -> None:
    """The database is away or not in order, or the disk is full: this try does not count, and the job comes back."""
    with suppress(DatabaseError, InterfaceError):
        Letter.objects.filter(pk=letter.pk).update(tries=letter.tries - 1)


def _arrived(letter: Letter, said: Said, boxes: Boxes, verdict: Authentication = UNKNOWN) -> Arrived:
    mailbox = next((each for each in boxes.values() if each.pk == letter.mailbox_id), letter.mailbox)
    ours = not _way(letter).past_our_server
    return Arrived(said, mailbox, letter.envelope_from, tuple(letter.envelope_to), boxes, verdict, ours)


def _way(letter: Letter) -> Way:
    return Way(letter.via, letter.peer, letter.helo, letter.envelope_from)


@transaction.atomic
def _settle(letter: Letter, arrived: Arrived) -> Letter:
    """Everything that follows from a letter, in one transaction: it happens once and as a whole."""
    _note(letter, arrived)
    with connection.cursor() as cursor:  # two copies of one letter are not read at the same moment
        cursor.execute(ONE_AT_A_TIME, [letter.same_as])
    known = Letter.objects.like(letter).order_by("pk").first()
    if known:
        letter.end(Letter.Outcome.DUPLICATE, f"It is letter {known.pk} again.", known.conversation, known.message)
        return letter
    if Trial.took(letter, arrived.said):
        return letter
    place = sort(arrived)
    acknowledge(arrived, place)
    tell_too_large(arrived, place)
    letter.end(place.outcome, place.reason, place.conversation, place.message)
    return letter


def _note(letter: Letter, arrived: Arrived) -> None:
    """What the letter says of itself, and what is to be thought of it."""
    said, verdict = arrived.said, arrived.verdict
    letter.rfc_id, letter.same_as = said.message_id.replace("\0", "")[:320], same_as(said)
    letter.sender, letter.reply_to = arrived.sender, arrived.answers_go_elsewhere()
    letter.verified, letter.verdict = verdict.passed, verdict.reason[:300]
    letter.spf, letter.dkim, letter.dmarc = verdict.spf[:12], verdict.dkim[:12], verdict.dmarc[:12]


@transaction.atomic
def _give_up(letter: Letter, boxes: Boxes, why: str) -> Letter:
    """Put before an agent what cannot be read, with the raw letter at hand."""
    reason = UNREAD.format(TRIES, why)
    nobody = _arrived(letter, Said(text=reason, reply=reason), boxes)
    subject, box = "A letter that could not be read", nobody.mailbox
    conversation, message = Conversation.start(
        nobody.person(), box.team, subject, reason, problem=reason, topic=box.topic
    )
    letter.end(Letter.Outcome.QUARANTINED, reason, conversation, message)
    return letter
