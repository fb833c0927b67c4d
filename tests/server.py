"""The PostgreSQL the tests run on: the embedded one, or the one installed on this machine (EVENHAND_TEST_POSTGRES=system)."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from evenhand.database import prepare, roles
from evenhand.database.embedded import Embedded

PASSWORDS = {role: f"{role}-password" for role in roles.ROLES}
# Tests give up durability for speed; the tests that kill PostgreSQL start a server of their own.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def _end_with_the_tests() -> None:
    """A run that is killed must not leave its server behind (Linux: PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


class System(Embedded):
    """The distribution's PostgreSQL, in a directory of the tests'."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.bin = system_binaries() or self.bin


def system_binaries() -> Path | None:
    """The newest installed PostgreSQL 15 or later, None where there is none."""
    found = [Path(each).parent for each in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    versions = {int(each.parent.name): each for each in found if each.parent.name.isdigit()}
    if versions:
        newest = max(versions)
        return versions[newest] if newest >= 15 else None
    return Path(on_path).parent if on_path else None


class Server:
    """One cluster for one test run, with a migrated template that every test process copies."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="evenhand-test-"))
        system = os.environ.get("EVENHAND_TEST_POSTGRES") == "system"
        self.postgres = System(self.directory) if system else Embedded(self.directory)
        self.postgres.create()
        with (self.directory / "log").open("wb") as log:
            self.process = subprocess.Popen(
                self.postgres.command(**QUICK), user=self.postgres.user, group=self.postgres.user, cwd="/",
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_the_tests,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while not self.postgres.ready():
            assert time.monotonic() < deadline, (self.directory / "log").read_text()
            time.sleep(0.05)

    def make_template(self) -> None:
        roles.create(self.postgres.url(), "evenhand", PASSWORDS)
        prepare.migrate(self.url("owner", "evenhand"), "evenhand_desk", "evenhand_audit")

    def url(self, role: str, database: str) -> str:
        return self.postgres.url(f"evenhand_{role}", PASSWORDS[role], database)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
