"""The demo's history, written to the database in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from evenhand.conversations.models import Conversation, Draft, Event, Message
from evenhand.line.models import Claim, Lane, Skip, Turn
from evenhand.surveys.models import Rating

from . import letters, pictures
from .copy import copy
from .crowd import Crowd
from .history import History
from .thread import Thread

RATED = 0.32  # of what was closed
SCORES = {5: 52, 4: 26, 3: 11, 2: 7, 1: 4}


def save(random: Random, history: History, crowd: Crowd, until: datetime) -> None:
    """Every row in the order of time, so that numbers and ids follow it as they do at a live desk."""
    threads = sorted(history.threads, key=lambda each: each.row.opened_at)
    copy(Lane, history.lanes.lanes.values())
    copy(Conversation, (each.row for each in threads))
    messages = sorted((each for thread in threads for each in thread.messages), key=lambda each: each.at)
    copy(Message, messages)
    copy(Event, sorted((each for thread in threads for each in thread.events), key=lambda each: each.at))
    for turn in history.lanes.turns:
        turn.number = history.thread_of(turn).row.number
    copy(Turn, history.lanes.turns)
    copy(Claim, history.lanes.claims)
    copy(Skip, history.lanes.skips)
    copy(Rating, _ratings(random, threads, until))
    copy(Draft, _drafts(history))
    pictures.attach(random, messages)
    letters.keep(messages, {each.person_id: each.email for each in crowd.addresses})


def _ratings(random: Random, threads: list[Thread], until: datetime) -> Iterable[Rating]:
    for thread in threads:
        closed_at = thread.row.closed_at
        at = closed_at + timedelta(hours=random.lognormvariate(0.5, 1)) if closed_at else until
        if at >= until or random.random() > RATED:
            continue
        score = random.choices(list(SCORES), list(SCORES.values()))[0]
        word = thread.words.word(score) if random.random() < 0.55 else ""
        yield Rating(conversation=thread.row, person=thread.person, score=score, word=word, at=at)


def _drafts(history: History) -> Iterable[Draft]:
    """What two agents were writing a moment ago."""
    held = [turn for turn in history.lanes.turns if turn.claimed_at and not turn.ended_at]
    for turn in held[:2]:
        thread = history.thread_of(turn)
        text = thread.words.agent("answer", str(turn.claimed_by)).rpartition("\n\n")[0]
        html = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        yield Draft(conversation=thread.row, agent=turn.claimed_by, kind="agent", html=html)
