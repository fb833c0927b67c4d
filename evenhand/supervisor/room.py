"""What must be free before a desk can start: its data directory, and the addresses it listens on."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from pathlib import Path
from typing import IO

from evenhand.env import Address

MIB = 1024 * 1024
NEW, EXISTING = 160 * MIB, 48 * MIB  # what a first start writes, and what PostgreSQL needs to recover and run
CHOOSE = "choose another with --data or EVENHAND_DATA"


class NoRoom(Exception):
    """The desk cannot start here; the message says what to do."""


def take(directory: Path) -> IO[str]:
    """Make the data directory and hold it for this process. The file returned is the hold; closing it lets go."""
    try:
        directory.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        hold = (directory / "up.lock").open("a+")
        probe = directory / f".probe-{os.getpid()}"
        probe.write_bytes(b"\0" * MIB)
        probe.unlink()
    except OSError as error:
        raise NoRoom(_why(directory, error)) from error
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        hold.close()
        raise NoRoom(f"Another `evenhand up` already uses {directory}: stop that one, or {CHOOSE}.") from error
    free, needed = shutil.disk_usage(directory).free, EXISTING if (directory / "postgres").exists() else NEW
    if free < needed:
        raise NoRoom(
            f"{directory} has {free // MIB} MB free and the desk needs {needed // MIB}: make room, or {CHOOSE}."
        )
    return hold


def _why(directory: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of the data directory {directory} is full: make room, or {CHOOSE}."
    return f"The data directory {directory} cannot be written ({error.strerror}): make it writable, or {CHOOSE}."


def check_free(address: Address, option: str, setting: str) -> None:
    """Raise NoRoom when `address` cannot be listened on."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            busy = error.errno == errno.EADDRINUSE
            why = "is in use by another program" if busy else f"cannot be listened on ({error.strerror})"
            raise NoRoom(f"{address} {why}: give another address with {option} or {setting}.") from error
