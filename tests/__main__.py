"""`make test`: every test, on the PostgreSQL that Evenhand brings; then those that use a database on the installed one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from .programs import CHROMIUM, CLAMD, DOVECOT
from .server import system_binaries

USES_A_DATABASE = re.compile(r"django_db|database_urls|as_owner|as_audit")


def run(*arguments: str, **settings: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**os.environ, **settings}, check=False).returncode


def using_a_database() -> list[str]:
    """The test files that ask for one, by name."""
    files = sorted(Path(__file__).parent.glob("*/test_*.py"))
    return [str(file) for file in files if USES_A_DATABASE.search(file.read_text())]


def main(arguments: list[str]) -> int | str:
    missing = CHROMIUM.have() or DOVECOT.have() or CLAMD.have()
    if missing:
        return missing
    failed = run(*arguments)
    if failed or arguments:
        return failed
    installed = system_binaries()
    if installed is None:
        print("No PostgreSQL 15 or later is installed: the tests ran on the embedded one alone.", file=sys.stderr)
        return 0
    print(f"Once more on the PostgreSQL in {installed}, what uses a database:", file=sys.stderr)
    return run(*using_a_database(), EVENHAND_TEST_POSTGRES="system")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
