"""Beginning what was asked by the form: each question becomes one conversation, whatever happens meanwhile."""

from __future__ import annotations

import logging
import time
from itertools import takewhile

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from django.utils import timezone

from evenhand.conversations import leaving
from evenhand.conversations.models import Conversation, HeldFile
from evenhand.people.models import Person
from evenhand.promise.models import Promise

from .acknowledgement import acknowledge_question
from .disk import without_waiting_for_the_disk
from .mailbox import Mailbox
from .question import Question
from .reading.language import language_of

log = logging.getLogger("evenhand.mail")

BATCH = 100
LONGEST = 5.0  # seconds at a time, so that a worker that is to stop is soon done
TRIES = 3  # a question that could not be begun so often goes before an agent as plainly as can be
Boxes = dict[str, Mailbox]
PLAINLY = "It could not be looked at by itself; the worker's log says why."


def begin_all() -> int:
    """Begin the questions that wait and that nobody else is beginning, for some seconds. How many were begun."""
    done, since = 0, time.monotonic()
    with without_waiting_for_the_disk():
        while pks := list(Question.objects.waiting().order_by("pk").values_list("pk", flat=True)[:BATCH]):
            boxes = Mailbox.by_address()
            in_time = takewhile(lambda _: time.monotonic() - since < LONGEST, pks)
            begun = sum(begin(pk, boxes) for pk in in_time)
            if not begun:  # the rest is for later, in other hands, or cannot be begun now
                break
            done += begun
            leaving.at()
    return done


def begin(pk: int, boxes: Boxes) -> bool:
    """Begin one question's conversation. False if somebody else does, or did, or it could not be done now."""
    try:
        return _begin(pk, boxes)
    except (DatabaseError, InterfaceError):
        if not connection.is_usable():
            raise
        log.exception("Question %s could not be begun.", pk)
    except Exception:
        log.exception("Question %s could not be begun.", pk)
    Question.objects.filter(pk=pk).update(tries=F("tries") + 1)
    return False


@transaction.atomic
def _begin(pk: int, boxes: Boxes) -> bool:
    question = Question.objects.waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
    if question is None:
        return False
    mailbox, promise = next(iter(boxes.values())), Promise.current(question.asked_at)
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
        promise=promise,
    )
    if question.files:
        HeldFile.attach(question.once, message)
    if not question.problem:
        acknowledge_question(question, conversation, boxes, promise)
    Question.objects.filter(pk=pk).update(begun_at=timezone.now(), conversation=conversation)
    return True
