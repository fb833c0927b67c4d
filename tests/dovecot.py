"""Dovecot, a real IMAP server, started for a test."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from imapclient import IMAPClient

from tests.programs import DOVECOT

PASSWORD = "open-sesame"
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/log
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
ssl = yes
ssl_cert = <{directory}/cert.pem
ssl_key = <{directory}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{directory}/mail/%n
imap_idle_notify_interval = 1 min
mail_max_userip_connections = 50
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={directory}/home/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OAUTH2 = """
introspection_mode = get
introspection_url = {url}
username_attribute = email
username_format = %Lu
active_attribute = active
active_value = yes
"""


class Dovecot:
    """A server with a mailbox for whoever signs in, on ports of its own. Whatever it holds outlives a restart."""

    def __init__(self, introspects: str = "http://127.0.0.1:9/") -> None:
        from tests.channels.house import free_port

        self.program = DOVECOT.path
        self.directory = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.port, self.tls_port = free_port(), free_port()
        self.user = pwd.getpwnam("nobody" if os.geteuid() == 0 else getpass.getuser())
        self._write(introspects)
        self.process: subprocess.Popen[bytes] | None = None

    def _write(self, introspects: str) -> None:
        user = self.user
        for name in ("mail", "home", "run", "state"):
            (self.directory / name).mkdir()
            self._give(self.directory / name)
        self.directory.chmod(0o755)
        certificate(self.directory)
        names = {"user": user.pw_name, "uid": user.pw_uid, "gid": user.pw_gid, "group": _group(user.pw_gid)}
        text = CONFIGURATION.format(
            directory=self.directory, port=self.port, tls_port=self.tls_port, password=PASSWORD, **names
        )
        (self.directory / "conf").write_text(text)
        (self.directory / "oauth2.conf").write_text(OAUTH2.format(url=introspects))

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "-F", "-c", self.directory / "conf"], start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client("nobody").logout()
                return
            except (OSError, IMAPClient.Error):
                assert self.process.poll() is None, self.log()
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """With SIGKILL without a word to anybody who is connected."""
        process, self.process = self.process, None
        if not process:
            return
        os.killpg(process.pid, number) if number == signal.SIGKILL else process.send_signal(number)
        process.wait(20)

    def log(self) -> str:
        file = self.directory / "log"
        return file.read_text()[-3000:] if file.exists() else "Dovecot said nothing."

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        return client

    def url(self, user: str, folder: str = "INBOX") -> str:
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}/{folder}"

    def deliver(self, user: str, raws: Iterable[bytes], *, seen: bool = False) -> None:
        """Put letters into the mailbox as a delivery agent does: quicker by far than by IMAP."""
        maildir = self.directory / "mail" / user
        for name in ("", "cur", "new", "tmp"):
            (maildir / name).mkdir(exist_ok=True)
            self._give(maildir / name)
        for raw in raws:
            name = f"{time.time():.6f}.{os.urandom(8).hex()}.test"
            whole = maildir / "tmp" / name
            whole.write_bytes(raw)
            self._give(whole)
            whole.rename(maildir / ("cur" if seen else "new") / (f"{name}:2,S" if seen else name))

    def _give(self, path: Path) -> None:
        """To whom the server reads it as."""
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def certificate(directory: Path) -> None:
    """A certificate for 127.0.0.1 that nobody signed but itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(9))
    signed = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True).sign(
        key, hashes.SHA256()
    )
    encoding = serialization.Encoding.PEM
    (directory / "cert.pem").write_bytes(signed.public_bytes(encoding))
    plain = (encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (directory / "key.pem").write_bytes(key.private_bytes(*plain))
