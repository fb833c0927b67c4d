"""Fill an empty desk with the cast and three months of history."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from evenhand.channels.models import Mailbox
from evenhand.conversations.models import Conversation
from evenhand.people.models import Agent, Team
from evenhand.promise.models import Promise

from . import looks, money, opinions, quarantine
from .arrivals import lately, moment
from .cast import AGENTS, DOMAIN, FLOOD, TEAM, TWINS
from .crowd import Crowd
from .history import History
from .lanes import Lanes
from .rows import save
from .thread import Thread

CONVERSATIONS = 2500
MONTHS = timedelta(days=91)
FLOOD_SIZE, FLOOD_AGO = 60, timedelta(days=16)
WAITING = range(84, 97)  # how many should wait at the end
TWIN_TOPICS = ("sync", "export", "sharing", "idea")


def fill(seed: str, until: datetime | None = None) -> bool:
    """Fill the desk of the current database; False when it already has conversations. The same `seed` and `until` give
    the same history."""
    until = (until or timezone.now()).replace(microsecond=0)
    with transaction.atomic():
        with connection.cursor() as cursor:  # two that start at once must not both fill it
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('evenhand demo'))")
        if Conversation.objects.exists():
            return False
        team, agents, promises = _desk(until)
        crowd = Crowd(Random(f"{seed} crowd"), until - MONTHS)
        history = _history(seed, team, agents, promises, crowd, until)
        crowd.save()
        save(Random(f"{seed} rows"), history, crowd, until)
        quarantine.fill(Random(f"{seed} quarantine"), team, until)
        opinions.fill(Random(f"{seed} opinions"), until)
        looks.fill()
        # Last, and from a random state of its own: nothing above knows what anybody pays.
        money.fill(Random(f"{seed} money"), crowd, until)
    return True


def _desk(until: datetime) -> tuple[Team, list[Agent], list[Promise]]:
    """The team, its agents and mailboxes, and the promise with its one change."""
    since = until - MONTHS
    team, _ = Team.objects.get_or_create(name=TEAM)
    agents = []
    for member in AGENTS:
        agent = Agent.objects.create_user(
            member.email,
            name=member.name,
            is_admin=member.is_admin,
            languages=list(member.languages),
            topics=list(member.topics),
            joined_at=since,
            last_login=since,  # or the team's page would call everyone invited
        )
        agent.teams.add(team)
        agents.append(agent)
    Mailbox.objects.get_or_create(
        address=settings.EVENHAND_ADDRESS.lower(), defaults={"name": settings.EVENHAND_NAME, "team": team}
    )
    Mailbox.objects.get_or_create(
        address=f"developers@{DOMAIN}", defaults={"name": "Quillwork developers", "team": team, "topic": "integrations"}
    )
    weekday, hours = [[8 * 60, 18 * 60]], {"time_zone": "Europe/Amsterdam", "holidays_of": "NL"}
    first = Promise.objects.create(
        applies_from=since - timedelta(days=1),
        made_by=agents[0],
        words="Whoever you are, you get an answer from a person, in turn.",
        weekly=[weekday] * 5 + [[], []],
        **hours,
    )
    second = Promise.objects.create(
        applies_from=until - timedelta(days=40),
        made_by=agents[0],
        words="Whoever you are, you get an answer from a person, in turn. Now on Saturdays, too.",
        weekly=[weekday] * 5 + [[[10 * 60, 14 * 60]], []],
        **hours,
    )
    return team, agents, [first, second]


def _history(
    seed: str, team: Team, agents: list[Agent], promises: list[Promise], crowd: Crowd, until: datetime
) -> History:
    """A history at whose end about ninety wait: how many came this morning is tried until it fits."""
    busy, tried = 70, []
    for _ in range(8):
        history = _lived(seed, team, agents, promises, crowd, until, busy)
        waiting = sum(len(lane) for lane in history.lanes.waiting.values())
        tried.append((abs(waiting - WAITING[6]), history))
        if waiting in WAITING:
            break
        busy = max(0, busy + WAITING[6] - waiting)
    return min(tried, key=lambda each: each[0])[1]


def _lived(
    seed: str,
    team: Team,
    agents: list[Agent],
    promises: list[Promise],
    crowd: Crowd,
    until: datetime,
    busy: int,
) -> History:
    since, random = until - MONTHS, Random(f"{seed} history")
    history = History(random, Lanes(team, agents, promises), since, until)
    for agent in agents:
        history.staff(agent, promises[0])
    twins = [crowd.named[twin.email] for twin in TWINS]
    writes = {
        n: random.lognormvariate(0, 0.9)
        for n, each in enumerate(crowd.people)
        if all(each is not twin for twin in twins)
    }
    usual = CONVERSATIONS - FLOOD_SIZE - 2 * len(TWIN_TOPICS) - busy
    for number, who in enumerate(random.choices(list(writes), list(writes.values()), k=usual + busy)):
        person = crowd.people[who]
        at = moment(random, person.language, since, until) if number < usual else lately(random, until)
        history.arrives(Thread(Random(f"{seed} {number}"), person, team, at))
    _twins(seed, history, team, crowd, until)
    _flood(seed, history, team, crowd, until)
    history.run()
    return history


def _twins(seed: str, history: History, team: Team, crowd: Crowd, until: datetime) -> None:
    """Both write the same, a minute apart, each first in turn."""
    for number, tag in enumerate(TWIN_TOPICS):
        at = until - timedelta(days=70 - 19 * number, hours=2)
        order = TWINS if number % 2 else TWINS[::-1]
        for minute, twin in enumerate(order):
            thread = Thread(
                Random(f"{seed} twins {number}"), crowd.named[twin.email], team, at + timedelta(minutes=minute), tag
            )
            history.arrives(thread)


def _flood(seed: str, history: History, team: Team, crowd: Crowd, until: datetime) -> None:
    start = until - FLOOD_AGO
    while start.weekday() > 3:
        start -= timedelta(days=1)
    start = start.replace(hour=9, minute=20)
    for number in range(FLOOD_SIZE):
        random = Random(f"{seed} flood {number}")
        at = start + timedelta(seconds=number * 3540 / FLOOD_SIZE + random.uniform(0, 20))
        thread = Thread(random, crowd.named[FLOOD.email], team, at, "sync")
        thread.words.slots["doc"] = f"Order sheet {number + 1:02}"
        thread.row.subject = f"Order sheet {number + 1:02} does not reach the workshop"
        history.arrives(thread)
