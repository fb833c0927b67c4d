"""The real processes of a desk, `evenhand up`, and what they use."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil
import psycopg

from evenhand.database.desk import DESK, OWNER
from evenhand.database.embedded import DATABASE, Embedded
from evenhand.supervisor.desk import SERVER

from .client import Client

PARTS = ("nursery", "web", "work", "mail")  # of which the first only makes the others
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Desk:
    """A desk that runs on a built data directory until the block is left."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.server = directory, Embedded(directory)
        self.address, self.smtp = ("127.0.0.1", free_port()), free_port()
        self.log, self.statements = directory / "bench.log", directory / "postgres.log"

    def __enter__(self) -> Self:
        self.postgres = self._start_postgres()
        environment = {
            **os.environ,
            DESK: self.server.url_of("desk"),
            OWNER: self.server.url_of("owner"),
            "EVENHAND_DATA": str(self.directory),
            "EVENHAND_URL": f"http://127.0.0.1:{self.address[1]}",
            "EVENHAND_BEHIND_PROXY": "1",  # so that each new question may come from another customer's address
        }
        command = [
            sys.executable,
            "-m",
            "evenhand",
            "up",
            "--http",
            f"127.0.0.1:{self.address[1]}",
            "--smtp",
            f"127.0.0.1:{self.smtp}",
        ]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log.open("wb"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 120
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"The desk did not start; {self.log} says why.")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self.process, self.postgres):
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start_postgres(self) -> subprocess.Popen[bytes]:
        """The server as `evenhand up` starts it, but with a log that tells the processes apart."""
        self.server.make_way()
        process = subprocess.Popen(
            self.server.command(**SERVER, log_line_prefix="bench[%p] "),
            user=self.server.user, group=self.server.user, cwd="/", start_new_session=True,
            stdout=self.statements.open("wb"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        while not self.server.ready():
            time.sleep(0.1)
        return process

    def _answers(self) -> bool:
        try:
            return Client(self.address).get("/healthz").status == 200
        except OSError:
            return False

    def database(self) -> psycopg.Connection:
        """A superuser's connection to the desk's database."""
        return psycopg.connect(self.server.url(database=DATABASE), autocommit=True)

    def open_django(self) -> None:
        """Let this process make sign-in links, with the desk's own rights."""
        os.environ.update(
            EVENHAND_DATABASE_URL=self.server.url_of("desk"), EVENHAND_DATA=str(self.directory),
            DJANGO_SETTINGS_MODULE="evenhand.settings",
        )  # fmt: skip
        import django

        django.setup()

    def sign_in(self, agent: int) -> Client:
        """A browser of this agent: a sign-in link, opened and pressed."""
        from evenhand.people.models import Agent, SignInLink

        client = Client(self.address)
        token = SignInLink.make(Agent.objects.get(pk=agent))
        page = client.get(f"/enter/{token}")
        client.post(f"/enter/{token}", {"csrfmiddlewaretoken": TOKEN.search(page.body)[1].decode()})  # type: ignore[index]
        if client.get("/desk/open/").status != 200:
            raise SystemExit("The bench could not sign in.")
        return client

    def processes(self, *parts: str) -> list[psutil.Process]:
        """A part's process and those it has started; "postgres" for the database's."""
        if parts == ("postgres",):
            postmaster = psutil.Process(self.postgres.pid)
            return [postmaster, *postmaster.children(recursive=True)]
        found = []
        for each in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it is gone already
                title = " ".join(each.cmdline()).replace("evenhand.command.", "evenhand ").split()
                if "evenhand" in title and title[title.index("evenhand") + 1] in parts:
                    found.append(each)
        return found

    def cpu(self, *parts: str) -> float:
        """Seconds of processor these have used so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self.processes(*parts))

    def memory(self) -> dict[str, float]:
        """MiB of each part: a page of memory that several share is divided among them (PSS)."""
        return {part: sum(each.memory_full_info().pss for each in self.processes(part)) / 2**20 for part in PARTS}
