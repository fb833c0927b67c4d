"""Beginning what was asked by the form: each question becomes one conversation, whatever happens meanwhile."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from django.utils import timezone

from evenhand.conversations import leaving
from evenhand.conversations.models import Conversation, HeldFile
from evenhand.people.models import Person

from .acknowledgement import acknowledge_question
from .mailbox import Mailbox
from .question import Question
from .reading.language import language_of

log = logging.getLogger("evenhand.mail")

BATCH = 100
LONGEST = 5.0  # seconds at a time, so that a worker that is to stop is soon done
TRIES = 3  # a question that could not be begun so often goes before an agent as plainly as can be
PLAINLY = "It could not be looked at by itself; the worker's log says why."


def begin_all() -> int:
    """Begin the questions that wait and that nobody else is beginning, for some seconds. How many were begun."""
    done, since = 0, time.monotonic()
    with _without_waiting_for_the_disk():
        while pks := list(Question.objects.waiting().order_by("pk").values_list("pk", flat=True)[:BATCH]):
            mailbox = Mailbox.default()
            in_time = takewhile(lambda _: time.monotonic() - since < LONGEST, pks)
            begun = sum(begin(pk, mailbox) for pk in in_time)
            if not begun:  # the rest is for later, in other hands, or cannot be begun now
                break
            done += begun
            leaving.at()
    return done


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """Commit each question without waiting: should the machine fail, the question is still there and is begun again.

    Nothing that leaves the house can come before it is on the disk: whatever sends a letter, or takes a turn, commits
    first and waits for that, and PostgreSQL writes everything earlier along with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")


def begin(pk: int, mailbox: Mailbox) -> bool:
    """Begin one question's conversation. False if somebody else does, or did, or it could not be done now."""
    try:
        return _begin(pk, mailbox)
    except (DatabaseError, InterfaceError):
        if not connection.is_usable():
            raise
        log.exception("Question %s could not be begun.", pk)
    except Exception:
        log.exception("Question %s could not be begun.", pk)
    Question.objects.filter(pk=pk).update(tries=F("tries") + 1)
    return False


@transaction.atomic
def _begin(pk: int, mailbox: Mailbox) -> bool:
    question = Question.objects.waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
    if question is None:
        return False
    plainly = question.tries >= TRIES
    language = "" if plainly else language_of(f"{question.subject}\n{question.text}")[:8]
    person = Person.at(question.email, question.name, language or question.reads)
    conversation, message = Conversation.start(
        person,
        mailbox.team,
        question.subject,
        question.text,
        need=question.need,
        channel="form",
        language=language,
        topic=mailbox.topic,
        at=question.asked_at,
        problem=question.problem or (PLAINLY if plainly else ""),
    )
    if question.files:
        HeldFile.attach(question.once, message)
    if not question.problem:
        acknowledge_question(question, conversation, mailbox)
    Question.objects.filter(pk=pk).update(begun_at=timezone.now(), conversation=conversation)
    return True
