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
from .disk import without_waiting_for_the_disk
from .group import without_group
from .here import Here
from .hold import LETTER, hold, hold_some
from .letter import TRIES, AlreadyRead, Letter
from .notice import tell_too_large
from .reading import Authentication, language, read_file, read_letter
from .reading import Letter as Said
from .sorting import sort
from .trial import Trial
from .verifying import UNKNOWN, Way, verify

log = logging.getLogger("evenhand.mail")

BATCH, BATCH_OF_OLD = 50, 5
DATABASE_TROUBLE = (OperationalError, InterfaceError, ProgrammingError, InternalError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE)  # for its files
UNREAD = "Reading it failed {} times ({}). The raw letter is kept and can be opened."
# Whose lock is taken is read by nobody else. PostgreSQL asks for it in this order, and of no more than are wanted.
NEXT = """
    SELECT id FROM (SELECT id FROM channels_letter WHERE outcome = '' AND old = %(old)s ORDER BY id) AS unread
    WHERE pg_try_advisory_lock(%(kind)s + id) LIMIT %(most)s
"""
TRY = "UPDATE channels_letter SET tries = tries + 1 WHERE id = %s AND outcome = '' RETURNING *"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"

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
            with without_waiting_for_the_disk():
                done += _read_waiting()
        finally:
            _reading.release()
    return done


def _read_waiting() -> int:
    done = 0
    while fresh := _read_few(old=False) or _read_few(old=True):  # what comes today meanwhile is next
        done += fresh
        leaving.at()
    return done


def _read_few(*, old: bool) -> int:
    with hold_some(LETTER, NEXT, {"old": old, "most": BATCH_OF_OLD if old else BATCH}) as pks:
        if not pks:
            return 0
        # It takes seconds, the first time: no letter is to be blamed for a process that is ended meanwhile.
        language.model()
        here, done = Here.now(), 0
        for pk in pks:
            here = here.still()
            done += _read(pk, here) is not None
        return done


def read(pk: int) -> Letter | None:
    """Understand one letter and put it where it belongs. None if somebody else has it, or did."""
    with hold(LETTER, pk) as held:
        return _read(pk, Here.now()) if held else None


def _read(pk: int, here: Here) -> Letter | None:
    letter = next(iter(Letter.objects.raw(TRY, [pk])), None)
    return _understand(letter, here) if letter else None


def _understand(letter: Letter, here: Here) -> Letter | None:
    why = "the reader was ended by it"
    while letter.tries <= TRIES:
        try:
            raw = bytes(letter.raw)
            verdict = verify(raw, _way(letter), here.domains)
            said = read_file(raw) if letter.via == "import" else read_letter(raw)
            return _settle(letter, _arrived(letter, said, here, verdict))
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
    return _give_up(letter, here, why)


def _not_its_fault(letter: Letter) -> None:
    """The database is away or not in order, or the disk is full: this try does not count, and the job comes back."""
    with suppress(DatabaseError, InterfaceError):
        Letter.objects.filter(pk=letter.pk).update(tries=letter.tries - 1)


def _arrived(letter: Letter, said: Said, here: Here, verdict: Authentication = UNKNOWN) -> Arrived:
    known = (each for each in here.boxes.values() if each.pk == letter.mailbox_id)
    mailbox = next(known, None) or letter.mailbox
    ours = not _way(letter).past_our_server
    arrived = Arrived(said, mailbox, letter.envelope_from, tuple(letter.envelope_to), here, verdict, ours)
    return without_group(arrived)


def _way(letter: Letter) -> Way:
    return Way(letter.via, letter.peer, letter.helo, letter.envelope_from)


@transaction.atomic
def _settle(letter: Letter, arrived: Arrived) -> Letter:
    """Everything that follows from a letter, in one transaction: it happens once and as a whole."""
    _note(letter, arrived)
    with connection.cursor() as cursor:  # two copies of one letter are not read at the same moment
        cursor.execute(ONE_AT_A_TIME, [letter.same_as])
    if known := Letter.objects.like(letter):
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
def _give_up(letter: Letter, here: Here, why: str) -> Letter:
    """Put before an agent what cannot be read, with the raw letter at hand."""
    reason = UNREAD.format(TRIES, why)
    nobody = _arrived(letter, Said(text=reason, reply=reason), here)
    subject, box = "A letter that could not be read", nobody.mailbox
    conversation, message = Conversation.start(
        nobody.person(), box.team, subject, reason, problem=reason, topic=box.topic
    )
    letter.end(Letter.Outcome.QUARANTINED, reason, conversation, message)
    return letter
