"""The programs that the tests need and no Python package brings: found, else installed where we may, else said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Program:
    title: str
    names: tuple[str, ...]
    package: str  # Debian's
    whose: str

    @property
    def path(self) -> str:
        """Where it is. Says what to do where it is nowhere."""
        found = self.find()
        assert found, self.missing
        return found

    @property
    def missing(self) -> str:
        return (
            f"{self.whose} need {self.title}: install your distribution's package "
            f"(Debian, Ubuntu: apt-get install {self.package})."
        )

    def find(self) -> str | None:
        return next((found for name in self.names if (found := shutil.which(name, path=PATH))), None)

    def have(self) -> str:
        """What is missing, in a sentence, when all that we may do was done; "" when it is here."""
        if not self.find():
            self._install()
        return "" if self.find() else self.missing

    def _install(self) -> None:
        """Where we are root and there is apt-get. Quietly, unless it fails: then apt's own words are shown."""
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return
        sys.stderr.write(f"Installing {self.title}. {self.whose} need it.\n")
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", self.package]):
            done = subprocess.run(
                ["apt-get", *arguments],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode:
                sys.stderr.write(done.stdout)
                return


CHROMIUM = Program("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium", "The browser tests")
DOVECOT = Program("Dovecot", ("dovecot",), "dovecot-imapd", "The mail tests")
CLAMD = Program("ClamAV's daemon", ("clamd",), "clamav-daemon", "The tests of held files")
