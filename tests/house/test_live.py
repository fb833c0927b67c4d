"""The live stream: who hears what, and when it ends. On a real database, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from evenhand.people.models import Agent, Team
from evenhand.serving import hub as hubs
from evenhand.serving.hub import ASIDE, HEARTBEAT, HELLO, OVER, SIGNED_OUT, WAITING, Hub, Listener
from evenhand.serving.live import Live

from .asgi import scope

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 240.0  # seconds; the machine that runs the tests may be busy


def agent(email: str, team: Team) -> Agent:
    return Agent.invite(email, email, team)


def cookie(agent: Agent) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Stream:
    """One open stream, as a browser has it."""

    def __init__(self, live: Live, key: str, query: bytes = b"") -> None:
        self.status = 0
        self.frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.leave = asyncio.Event()
        about = scope("/desk/live", headers={"cookie": f"x=y; sessionid={key}"}, query=query)
        self.task = asyncio.create_task(live(about, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            await self.frames.put(message["body"] if message.get("more_body") else None)

    async def next(self) -> bytes | None:
        """The next frame; None: the end."""
        return await asyncio.wait_for(self.frames.get(), SOON)


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Live]:
    live = Live(url)
    live.start()
    try:
        yield live
    finally:
        live.stop()


def on(urls: dict[str, str], act: Callable[[Live, psycopg.AsyncConnection], Awaitable[None]]) -> None:
    async def run() -> None:
        async with listening(urls["desk"]) as live, await psycopg.AsyncConnection.connect(urls["desk"]) as database:
            await database.set_autocommit(True)
            await act(live, database)

    asyncio.run(run())


TELL = "SELECT pg_notify('evenhand_live', %s)"


async def heard(stream: Stream, database: psycopg.AsyncConnection, event: str) -> bytes | None:
    """Say it until it is heard: the LISTEN connection may not stand yet."""
    while stream.frames.empty():
        await database.execute(TELL, [event])
        await asyncio.sleep(0.05)
    return await stream.next()


def test_an_agent_hears_their_teams_and_nobody_elses(database_urls: dict[str, str]) -> None:
    ours, theirs = Team.objects.create(name="Ours"), Team.objects.create(name="Theirs")
    key = cookie(agent("ada@desk.example", ours))

    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        stream = Stream(live, key)
        assert await stream.next() == HELLO
        assert stream.status == 200
        mine = f'{{"what":"received","number":7,"team":{ours.pk},"agent":null}}'
        for foreign in (f'{{"what":"received","number":8,"team":{theirs.pk}}}', '{"what":"x"}', "nonsense", "[]"):
            await database.execute(TELL, [foreign])
        assert await heard(stream, database, mine) == f"data: {mine}\n\n".encode()
        stream.leave.set()
        await asyncio.wait_for(stream.task, SOON)
        assert not live.hub.listeners

    on(database_urls, act)


@pytest.mark.parametrize(
    ("what", "team", "query", "looks_again"),
    [
        ("received", "ours", b"age=600000", True),
        ("received", "ours", b"", False),  # nobody says how old a page is
        ("received", "ours", b"age=0", False),  # the page was asked for afterwards
        ("received", "ours", b"age=-1", False),
        ("typing", "ours", b"age=600000", False),
        ("received", "theirs", b"age=600000", False),
    ],
)
def test_what_was_told_since_a_page_was_asked_for_makes_it_look_again(
    database_urls: dict[str, str], what: str, team: str, query: bytes, looks_again: bool
) -> None:
    teams = {name: Team.objects.create(name=name) for name in ("ours", "theirs")}
    key = cookie(agent("ada@desk.example", teams["ours"]))
    tomas = cookie(agent("tomas@desk.example", teams[team]))

    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        other = Stream(live, tomas)
        assert await other.next() == HELLO
        event = f'{{"what":"{what}","number":7,"team":{teams[team].pk}}}'
        await heard(other, database, event)
        stream = Stream(live, key, query)
        assert await stream.next() == HELLO
        after = f'{{"what":"sent","number":7,"team":{teams["ours"].pk}}}'
        await database.execute(TELL, [after])
        while (frame := await stream.next()) == f"data: {event}\n\n".encode():
            pass  # said more than once, until it was heard
        assert frame == (HELLO if looks_again else f"data: {after}\n\n".encode())

    on(database_urls, act)


@pytest.mark.parametrize("key", ["", "unknown", "x" * 4000])
def test_a_stranger_hears_nothing(database_urls: dict[str, str], key: str) -> None:
    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        stream = Stream(live, key)
        await asyncio.wait_for(stream.task, SOON)
        assert stream.status == 401
        assert not live.hub.listeners

    on(database_urls, act)


ENDINGS = {
    "signing out": "DELETE FROM django_session WHERE session_key = %(key)s",
    "deactivation": "UPDATE people_agent SET is_active = false WHERE id = %(agent)s",
    "another password": "UPDATE people_agent SET password = 'other' WHERE id = %(agent)s",
    "farewell": "DELETE FROM people_agent WHERE id = %(agent)s",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_a_stream_ends_at_once_with(database_urls: dict[str, str], ending: str) -> None:
    team = Team.objects.create(name="Ours")
    ada, bo = agent("ada@desk.example", team), agent("bo@desk.example", team)
    key, other = cookie(ada), cookie(bo)
    if ending.startswith("DELETE FROM people_agent"):
        ada.teams.clear()

    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        stream, beside = Stream(live, key), Stream(live, other)
        assert await stream.next() == await beside.next() == HELLO
        assert await heard(beside, database, f'{{"team":{team.pk}}}')
        while not stream.frames.empty():
            await stream.next()
        await database.execute(ending, {"key": key, "agent": ada.pk})
        while (frame := await stream.next()) and frame != SIGNED_OUT:
            pass
        assert frame == SIGNED_OUT
        assert await stream.next() is None
        assert not beside.task.done(), "others listen on"

    on(database_urls, act)


def test_leaving_a_team_is_leaving_its_events(database_urls: dict[str, str]) -> None:
    old, new = Team.objects.create(name="Old"), Team.objects.create(name="New")
    ada = agent("ada@desk.example", old)
    key = cookie(ada)

    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        stream = Stream(live, key)
        assert await stream.next() == HELLO
        assert await heard(stream, database, f'{{"team":{old.pk}}}')
        await database.execute("UPDATE people_agent_teams SET team_id = %s WHERE agent_id = %s", [new.pk, ada.pk])
        [listener] = live.hub.listeners
        while listener.teams != {new.pk}:
            await asyncio.sleep(0.02)
        while not stream.frames.empty():
            await stream.next()
        await database.execute(TELL, [f'{{"team":{old.pk},"number":1}}'])
        assert await heard(stream, database, f'{{"team":{new.pk},"number":2}}') == (
            f'data: {{"team":{new.pk},"number":2}}\n\n'.encode()
        )

    on(database_urls, act)


def test_after_a_lost_connection_everybody_looks_again(
    database_urls: dict[str, str], as_owner: psycopg.Connection
) -> None:
    team = Team.objects.create(name="Ours")
    key = cookie(agent("ada@desk.example", team))
    listeners = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"

    async def act(live: Live, database: psycopg.AsyncConnection) -> None:
        stream = Stream(live, key)
        assert await stream.next() == HELLO
        assert await heard(stream, database, f'{{"team":{team.pk}}}')
        with psycopg.connect(database_urls["postgres"], autocommit=True) as superuser:
            found = superuser.execute(listeners).fetchall()
            assert len(found) == 1, "one LISTEN for the whole process"
            superuser.execute("SELECT pg_terminate_backend(%s)", found[0])
        while await stream.next() != HELLO:
            pass
        assert await heard(stream, database, f'{{"team":{team.pk}}}')

    on(database_urls, act)


def test_who_is_too_slow_is_cut_off_and_nobody_waits_for_them() -> None:
    hub, slow, quick = Hub(), Listener("k", "s"), Listener("k", "s")
    slow.teams = quick.teams = frozenset({1})
    hub.listeners = {slow, quick}
    for number in range(WAITING + 1):
        hub.publish(f'{{"team":1,"number":{number}}}')
        assert quick.frames.get_nowait() == f'data: {{"team":1,"number":{number}}}\n\n'.encode()
    assert slow.frames.get_nowait() == OVER
    assert slow.frames.empty()
    hub.everyone(HEARTBEAT)
    hub.publish('{"team":1}')
    assert quick.frames.qsize() == 2


def test_an_agents_oldest_stream_makes_room_for_their_newest_and_nobody_elses(
    database_urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST", 3)
    team = Team.objects.create(name="Ours")
    ada, bo = agent("ada@desk.example", team), agent("bo@desk.example", team)
    laptop, phone, other = cookie(ada), cookie(ada), cookie(bo)

    async def act(live: Live, _: psycopg.AsyncConnection) -> None:
        beside = Stream(live, other)
        assert await beside.next() == HELLO
        streams = []
        for key in (laptop, laptop, phone, laptop, phone):  # of whichever session
            streams.append(Stream(live, key))
            assert await streams[-1].next() == HELLO
        for each in streams[:2]:
            assert await each.next() == ASIDE
            assert await each.next() is None
            await asyncio.wait_for(each.task, SOON)
        assert not any(each.task.done() for each in [beside, *streams[2:]])
        assert len(live.hub.listeners) == 4

    on(database_urls, act)
