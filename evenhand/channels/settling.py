"""How a try ended, written down: on the letter, on the answer it carries, and for its conversation."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from evenhand.conversations.models import Event
from evenhand.people.models import Address

from .answer import Answer, End
from .delivery import Delivery
from .outgoing import Outgoing

log = logging.getLogger("evenhand.mail")

# After the first failure, the second, …; then every four hours until it has been tried for four days, and so many times: a
# desk that was off for a week has not tried for one.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 120, 240)]
GIVEN_UP_AFTER = timedelta(days=4)
AGAIN = "Sent again after an interruption: the first try may have arrived as well, under the same Message-ID."


def wait_after(tries: int) -> timedelta:
    return WAITS[min(tries, len(WAITS)) - 1]


@transaction.atomic
def settle(letter: Outgoing, answer: Answer) -> None:
    """All or nothing, in one transaction."""
    now = timezone.now()
    over = now - letter.made_at > GIVEN_UP_AFTER and letter.tries > len(WAITS)
    letter.began_at, letter.perhaps = None, letter.perhaps or answer.perhaps
    for each in answer.gone:
        Address.came_back(each)
    if answer.end is End.SENT:
        Delivery.note(set(letter.remaining) - {*answer.refused, *answer.later})
    answer = _for_the_rest(letter, answer, over)
    if answer.end is End.SENT or answer.perhaps:
        went(letter, now)
    if answer.end is End.SENT:
        _not_taken(letter, answer)
    if answer.end is End.SENT and not answer.later:
        letter.sent_at, letter.put_off = now, []
        letter.answer = AGAIN if letter.perhaps else answer.words[:300]
    elif answer.end is End.REFUSED or over:
        _failed(letter, answer)
    else:
        _wait(letter, answer)
    letter.save(update_fields=["began_at", "perhaps", "sent_at", "failed_at", "next_try_at", "answer", "put_off"])


def went(letter: Outgoing, at: datetime) -> None:
    """Somebody has it, or may have: it cannot be taken back any more, and its reader finds it on their page, too."""
    if letter.message:
        letter.message.conversation.went(letter.message, at)


def _for_the_rest(letter: Outgoing, answer: Answer, over: bool) -> Answer:
    """A letter that somebody has is not failed as a whole: whoever did not get it is named instead."""
    if answer.end is End.SENT and over:
        return replace(answer, refused=(*answer.refused, *answer.later), later=())
    if letter.put_off and (answer.end is End.REFUSED or over):
        return replace(answer, end=End.SENT, refused=tuple(letter.put_off))
    return answer


def _not_taken(letter: Outgoing, answer: Answer) -> None:
    """Some recipients were refused for good. If one of them is who asked, they have no answer, whoever else has it."""
    if not answer.refused or not (conversation := letter.about):
        return
    if letter.message:
        Event.record(conversation, "partly delivered", message=letter.message.pk, refused=list(answer.refused))
    if letter.to[0] in answer.refused:
        conversation.came_back(letter.message, answer.words)


def _failed(letter: Outgoing, answer: Answer) -> None:
    log.error("Letter %s to %r was refused: %r", letter.pk, letter.to, answer.words)
    letter.failed_at, letter.answer = timezone.now(), answer.words[:300]
    if conversation := letter.about:
        conversation.came_back(letter.message, answer.words)


def _wait(letter: Outgoing, answer: Answer) -> None:
    wait = max(wait_after(letter.tries), answer.rest or timedelta())
    letter.put_off = list(answer.later) or letter.put_off
    letter.next_try_at, letter.answer = timezone.now() + wait, answer.words[:300]
    log.warning("Letter %s waits %s: %r", letter.pk, wait, answer.words)
    if letter.message:
        letter.message.conversation.waits()
