"""What the tests need of the distribution, installed where we may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def install(name: str, whose: str, package: str) -> None:
    """Where we are root and there is apt-get. Quietly, unless it fails: then apt's own words are shown."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    sys.stderr.write(f"Installing {name} for {whose}.\n")
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
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
