"""The parts of a desk and the order in which they start."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from evenhand.database import prepare, roles
from evenhand.database.desk import AUDIT, DESK, OWNER
from evenhand.database.embedded import DATABASE, Embedded
from evenhand.env import Address

from .lifeline import PARENT
from .nightly import Nightly
from .nursery import Forked, Nursery
from .part import Part
from .supervisor import Supervisor

PARTS = ("web", "work", "mail")
NAMES = {"work": "worker"}
TRIES = 4  # of PostgreSQL, before `up` gives up; once the desk has run, it tries for ever
# Durable, and quick enough: PostgreSQL's own defaults for memory suit a server it has to itself. Its default for the cost
# of a page out of turn is that of a turning disk: with it, a list reads all organisations there are to name thirty.
SERVER = {"max_connections": "100", "random_page_cost": "1.1"}


@dataclass
class Desk:
    """One desk: where it keeps its data, where it listens, and which database it has."""

    data: Path
    http: Address
    smtp: Address
    url: str
    demo: bool
    database_url: str  # empty: the embedded server
    owner_url: str
    audit_url: str = ""  # beside a database of one's own; the embedded server's is known

    async def run(self, supervisor: Supervisor) -> None:
        """Start everything and stay until asked to stop."""
        supervisor.listen_to_signals()
        try:
            if await self._prepare(supervisor):
                nursery = Nursery(self._environment)
                supervisor.keep(nursery)
                for part in PARTS:
                    supervisor.keep(Forked(NAMES.get(part, part), [part], {}, nursery=nursery))
                self._watch(supervisor)
                if await supervisor.wait_until(self._answers):
                    await self._greet(supervisor)
                await supervisor.stopping.wait()
        finally:
            await supervisor.stop()

    async def _prepare(self, supervisor: Supervisor) -> bool:
        """Have a database of this version, and in the demo a history. False when asked to stop before."""
        migrate = self._migrate_own if self.database_url else self._migrate_embedded
        if not self.database_url and not await self._start_embedded(supervisor):
            return False
        if not await supervisor.unless_stopping(asyncio.to_thread(migrate)):
            return False
        return not self.demo or await supervisor.unless_stopping(self._fill(supervisor))

    async def _start_embedded(self, supervisor: Supervisor) -> bool:
        server = self._embedded
        if not (server.data / "PG_VERSION").exists():
            supervisor.say("Making a PostgreSQL database, once.")
        await asyncio.to_thread(server.create)
        part = Part(
            "database",
            server.command(**SERVER),
            {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            stop_signal=signal.SIGINT,  # fast: it ends the connections and writes everything out
            patience=60,
            user=server.user,
            before=server.make_way,
        )
        supervisor.keep(part)

        def ready() -> bool:
            if part.deaths >= TRIES:
                raise RuntimeError("PostgreSQL does not start; its own words are above.")
            return server.ready()

        return await supervisor.wait_until(ready)

    @property
    def _embedded(self) -> Embedded:
        return Embedded(self.data)

    def _migrate_embedded(self) -> None:
        server = self._embedded
        server.make_roles()
        desk, audit = (roles.role_name(DATABASE, role) for role in ("desk", "audit"))
        prepare.migrate(server.url_of("owner"), desk, audit)

    def _migrate_own(self) -> None:
        if self.owner_url:
            prepare.migrate(self.owner_url, *roles.working_roles(self.database_url))
        else:
            prepare.check(self.database_url)

    @property
    def _environment(self) -> dict[str, str]:
        """What every part is given: the desk's rights, never the owner's or the audit's."""
        given = {name: value for name, value in os.environ.items() if name not in (OWNER, AUDIT)}
        return given | {
            DESK: self.database_url or self._embedded.url_of("desk"),
            "EVENHAND_DATA": str(self.data),
            "EVENHAND_HTTP": str(self.http),
            "EVENHAND_SMTP": str(self.smtp),
            "EVENHAND_URL": self.url,
            "EVENHAND_DEMO": "1" if self.demo else "0",
            PARENT: str(os.getpid()),
            "PYTHONUNBUFFERED": "1",
        }

    def _watch(self, supervisor: Supervisor) -> None:
        """Audit the desk every night, and the demo once now, since it has a history already."""
        part = self._audit()
        if part:
            nightly = Nightly(part).run(supervisor, at_once=self.demo)
            supervisor.keepers.append(asyncio.create_task(nightly))
        else:
            supervisor.say(f"No audit runs at night: {AUDIT} is not set.")

    def _audit(self) -> Part | None:
        """The one process that is given the audit's rights; None where they are not known."""
        url = self.audit_url if self.database_url else self._embedded.url_of("audit")
        demo = {"EVENHAND_PUBLISH_RECORDS": "1"} if self.demo else {}
        environment = self._environment | demo | {AUDIT: url}
        return (
            Part("audit", [sys.executable, "-m", "evenhand", "audit", "run", "--quiet"], environment) if url else None
        )

    async def _fill(self, supervisor: Supervisor) -> None:
        supervisor.say("Looking after the demo's history; the first time it is written, which takes a minute.")
        part = Part("demo", [sys.executable, "-m", "evenhand.demo"], self._environment)
        supervisor.parts.append(part)
        if await part.run(supervisor.log) and not supervisor.stopping.is_set():
            raise RuntimeError("The demo's history could not be made; the lines above say why.")
        supervisor.parts.remove(part)

    @property
    def far_from_its_links(self) -> bool:
        """Whether it listens to other machines, while every link it makes leads to this one."""
        loopback = ("127.0.0.1", "::1", "localhost")
        return self.http.host not in loopback and urlsplit(self.url).hostname in loopback

    def _answers(self) -> bool:
        """Whether the web answers that it and its database are well."""
        connection = http.client.HTTPConnection(self.http.near.host, self.http.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    async def _greet(self, supervisor: Supervisor) -> None:
        supervisor.say(f"Ready at {self.url} and for mail at {self.smtp}.")
        if self.far_from_its_links:
            supervisor.say(
                f"Others can reach it at {self.http}, and it takes no address but {self.url} for its own: "
                "set EVENHAND_URL to the one that people open."
            )
        if self.demo:
            supervisor.say("This is a demo: open the page and choose whom to be.")
            return
        command = [sys.executable, "-m", "evenhand", "agent", "add", "--first"]
        adding = await asyncio.create_subprocess_exec(
            *command, env=self._environment, stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
        )
        link, _ = await adding.communicate()
        if link.strip():
            supervisor.say(f"Nobody has signed in yet. The first administrator's link: {link.decode().strip()}")
