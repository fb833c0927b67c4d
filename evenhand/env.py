"""Settings are environment variables named EVENHAND_…; each is read here, and a malformed one stops the start."""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import os
import re
import secrets
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

MAIL_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
SECRET_LENGTH = 32
TOPIC = r"arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2,}(?:-[a-z]+)+-\d{1,2}):\d{12}:[A-Za-z0-9_-]{1,256}"

# All there are, of docs/settings.md, each after EVENHAND_: what else is so named is a mistake of somebody's.
KNOWN = frozenset(
    f"EVENHAND_{name}"
    for name in """
    ADDRESS AUTHSERV_ID BEHIND_PROXY CLAMAV DATA DATABASE_AUDIT_URL DATABASE_OWNER_URL DATABASE_URL DEBUG DEMO
    DKIM DKIM_KEY DOMAIN_A_MINUTE FILES FILE_BYTES GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET HOOK_SECRETS HTTP IMAP
    LANGUAGE LETTER_BYTES LMTP MICROSOFT_CLIENT_ID MICROSOFT_CLIENT_SECRET NAME OUTBOUND PRIVATE_HOSTS
    PUBLISH_RECORDS RECIPIENT_AN_HOUR RELAYS RESOLVER SECRET_KEY SES_BUCKET SMTP SMTP_CERTIFICATE SMTP_KEY
    STRIPE_CURRENCY STRIPE_SECRET UNDO_SECONDS URL WEB_THREADS WEB_WORKERS WORKER_JOBS
    """.split()  # noqa: SIM905 - a list of one a line would be forty lines
)
OTHERS = ("EVENHAND_PARENT", "EVENHAND_TEST_")  # the supervisor's to its parts, and what tests are told


class Malformed(SystemExit):
    """A setting that cannot be used. Left alone, the process ends with the sentence and code 1."""

    def __init__(self, name: str, wanted: str) -> None:
        # Passwords stand in URLs, and sentences end up in logs.
        given = "…" if "SECRET" in name else re.sub(r"//[^/\s]*@", "//…@", os.environ.get(name, ""))
        super().__init__(f"evenhand: {name}={given!r} cannot be used: {wanted}.")


class Address(NamedTuple):
    """Where a part listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def near(self) -> Address:
        """The same, for a program on this machine: nobody can connect to "every interface"."""
        return Address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host), self.port)  # noqa: S104


def unknown() -> list[str]:
    """A sentence for each variable that is named like a setting and is none, without its value, which may be a secret."""
    found = []
    for name in sorted(os.environ):
        if name.startswith("EVENHAND_") and name not in KNOWN and not name.startswith(OTHERS):
            near = difflib.get_close_matches(name, sorted(KNOWN), 1, 0.8)
            found.append(f"{name} is no setting and is ignored.{f' Did you mean {near[0]}?' if near else ''}")
    return found


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def word(name: str, shape: str, wanted: str) -> str:
    """A word of the shape of a pattern, empty where nothing is given."""
    value = text(name).strip()
    if value and not re.fullmatch(shape, value):
        raise Malformed(name, f"give {wanted}")
    return value


def words(name: str, shape: str, wanted: str) -> list[str]:
    """Any number of words, with spaces between them."""
    found = text(name).split()
    if not all(re.fullmatch(shape, each) for each in found):
        raise Malformed(name, f"give {wanted}; several with spaces between")
    return found


def one_of(name: str, default: str, known: list[str]) -> str:
    value = text(name).strip().lower() or default
    if value not in known:
        raise Malformed(name, f"give one of {', '.join(known)}")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in ("0", "1", "no", "yes", "false", "true"):
        raise Malformed(name, "give 1 or 0")
    return value in ("1", "yes", "true")


def number(name: str, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise Malformed(name, f"give a whole number of at least {least}" if least else "give a whole number")
    return int(value)


def address(name: str, default: str) -> Address:
    host, colon, port = text(name, default).rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Malformed(name, "give an address and a port, as in 127.0.0.1:8000")
    return Address(host.strip("[]"), int(port))


def place(name: str) -> Address | Path | None:
    """Where something listens: a socket in the file system, or an address and a port; None for nowhere."""
    given = text(name)
    return Path(given) if given.startswith("/") else address(name, "") if given else None


def path(name: str, default: str) -> Path:
    return Path(text(name, default)).expanduser().resolve()


def mail_address(name: str, default: str) -> str:
    value = text(name, default).strip().lower()
    if not MAIL_ADDRESS.fullmatch(value):
        raise Malformed(name, "give a mail address, as in support@example.com")
    return value


def url(name: str, default: str, schemes: tuple[str, ...], hosted: tuple[str, ...] = ()) -> SplitResult:
    """A URL of one of the schemes; those that are `hosted` have to name a server."""
    parts = _split(text(name, default))
    if parts is None or parts.scheme not in schemes:
        raise Malformed(name, f"give a URL beginning with {' or '.join(f'{each}://' for each in schemes)}")
    if parts.scheme in hosted and not parts.hostname:
        raise Malformed(name, f"give the server's name in it, as in {parts.scheme}://server.example")
    return parts


def urls(name: str, schemes: tuple[str, ...]) -> list[str]:
    """Any number of URLs, with spaces between them."""
    found = text(name).split()
    if not all((parts := _split(each)) and parts.scheme in schemes and parts.hostname for each in found):
        wanted = " or ".join(f"{each}://" for each in schemes)
        raise Malformed(name, f"give URLs beginning with {wanted}, and spaces between")
    return found


def needs(name: str, module: str, extra: str) -> None:
    """Stop the start where a setting asks for a package that is not installed."""
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise Malformed(name, f"install the package with its extra, evenhand[{extra}]")


def label(name: str) -> str:
    """One part of a name in the DNS."""
    value = text(name).strip().lower()
    if value and not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", value):
        raise Malformed(name, "give one word of letters, digits and hyphens, as in evenhand")
    return value


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Any number of addresses or networks, with spaces between them."""
    try:
        return [ip_network(each) for each in text(name).split()]
    except ValueError as error:
        raise Malformed(name, "give addresses or networks, as in 192.0.2.7 198.51.100.0/24") from error


def secrets_of(name: str, known: tuple[str, ...], shapes: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Any number of `service:secret`, with spaces between them; some services' have a shape of their own."""
    found = {service: secret for service, _, secret in (each.partition(":") for each in text(name).split())}
    if not all(service in known and secret for service, secret in found.items()):
        raise Malformed(name, f"give service:secret, with spaces between; the services are {', '.join(known)}")
    for service, (shape, wanted) in shapes.items():
        if service in found and not re.fullmatch(shape, found[service]):
            raise Malformed(name, f"give {service}:{wanted}")
    return found


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port  # looked at late by urllib, and of no use when malformed
    except ValueError:
        return None
    return parts


def secret(name: str, directory: Path) -> str:
    """A secret from the environment, else one made on first run and kept in the data directory."""
    given = text(name)
    if given and len(given) < SECRET_LENGTH:
        raise Malformed(name, f"give at least {SECRET_LENGTH} characters that nobody can guess, or leave it out")
    return given or kept(directory / "secrets" / name.removeprefix("EVENHAND_").lower())


def _random() -> str:
    return secrets.token_urlsafe(48)


def kept(file: Path, make: Callable[[], str] = _random) -> str:
    """The secret in `file`, made when it is first asked for, readable by us alone."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # the first process to arrive decides; the others read what it made
        fresh.unlink()
    return file.read_text().strip()
