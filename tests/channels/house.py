"""A desk of its own: a PostgreSQL that keeps its promises to the disk, and the real processes, each of which may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg

from evenhand.database import prepare, roles
from evenhand.database.embedded import DATABASE, Embedded

PATIENCE = 240  # seconds for anything to come about; the machine that runs the tests may be busy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """Starts what is asked for, and ends all of it on leaving."""

    def __init__(self, **environment: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="evenhand-house-"))
        self.postgres = Embedded(self.directory)
        self.smtp = free_port()
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (self.directory / "log").open("ab")

    def __enter__(self) -> Self:
        self.postgres.create()
        self.start_postgres()
        passwords = {role: self.postgres.password(role) for role in roles.ROLES}
        roles.create(self.postgres.url(), DATABASE, passwords)
        desk, audit = (roles.role_name(DATABASE, role) for role in ("desk", "audit"))
        prepare.migrate(self.postgres.url_of("owner"), desk, audit)
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.running):
            self.kill(name)
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def url(self) -> str:
        return self.postgres.url_of("desk")

    def start_postgres(self) -> None:
        self.postgres.stop_left_running()
        command = self.postgres.command()
        self.running["postgres"] = subprocess.Popen(
            command, user=self.postgres.user, group=self.postgres.user, cwd="/", stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip
        self.until(self.postgres.ready)

    def start(self, name: str, *command: str) -> None:
        environment = {
            **os.environ,
            "EVENHAND_DATABASE_URL": self.url,
            "EVENHAND_DATA": str(self.directory),
            "EVENHAND_SMTP": f"127.0.0.1:{self.smtp}",
            "EVENHAND_ADDRESS": "support@desk.example",
            **self.environment,
        }
        arguments = [sys.executable, "-m", "evenhand", *command]
        self.running[name] = subprocess.Popen(arguments, env=environment, stdout=self.log, stderr=self.log)

    def kill(self, name: str) -> None:
        """SIGKILL: no chance to put anything in order."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.smtp)) == 0

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]

    def until(self, holds, timeout: float = PATIENCE) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + timeout
        while not holds():
            assert time.monotonic() < deadline, (self.directory / "log").read_text()[-3000:]
            time.sleep(0.05)
