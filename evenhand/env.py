"""Settings are environment variables named EVENHAND_…; each is read here, and a malformed one stops the start."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


class Malformed(SystemExit):
    """A setting that cannot be used. Exits with the sentence and code 1."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"evenhand: {name}={os.environ.get(name, '')!r} cannot be used: {wanted}.")
        self.code = f"evenhand: {name}={os.environ.get(name, '')!r} cannot be used: {wanted}."


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in ("0", "1", "no", "yes", "false", "true"):
        raise Malformed(name, "give 1 or 0")
    return value in ("1", "yes", "true")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise Malformed(name, "give a whole number")
    return int(value)


def path(name: str, default: str) -> Path:
    return Path(text(name, default)).expanduser().resolve()


def url(name: str, default: str, schemes: tuple[str, ...]) -> SplitResult:
    parts = urlsplit(text(name, default))
    if parts.scheme not in schemes:
        raise Malformed(name, f"give a URL beginning with {' or '.join(f'{each}://' for each in schemes)}")
    return parts


def secret(name: str, directory: Path) -> str:
    """A secret from the environment, else one made on first run and kept in the data directory, readable by us alone."""
    given = text(name)
    if given:
        return given
    file = directory / "secrets" / name.removeprefix("EVENHAND_").lower()
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # the first process to arrive decides; the others read what it made
        fresh.unlink()
    return file.read_text().strip()
