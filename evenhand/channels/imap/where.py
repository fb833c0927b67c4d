from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.conf import settings

from ..host import is_here
from ..login import Login


@dataclass(frozen=True, slots=True)
class Where:
    """A folder on a server: of EVENHAND_IMAP (`imaps://user:password@host:port/folder`), or of a login."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    folder: str
    login: Login | None = None
    after: str = Login.After.READ
    moves_to: str = ""
    takes_unread: bool = True

    @classmethod
    def of(cls, url: str) -> Where:
        parts = urlsplit(url)
        tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (993 if tls else 143),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    @classmethod
    def each_of(cls, login: Login) -> list[Where]:
        """Every folder of a login. Its password stays sealed until somebody connects."""
        return [
            cls(
                host=login.host,
                port=login.port,
                tls=login.tls,
                user=login.user,
                password=login.secret,
                folder=folder,
                login=login,
                after=login.after,
                moves_to=login.moves_to,
                takes_unread=login.takes_unread,
            )
            for folder in login.folders
        ]

    @property
    def name(self) -> str:
        """What it is known by; never the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"[:300]

    @property
    def here(self) -> bool:
        return is_here(self.host)

    @property
    def private(self) -> bool:
        """Whether it may be on a private network: what the administrator of the machine wrote may, and what is typed
        into a page only where they allow it."""
        return self.login is None or bool(settings.EVENHAND_PRIVATE_HOSTS)


def everywhere() -> list[Where]:
    """All folders that letters are fetched from."""
    logins = Login.objects.filter(way=Login.Way.RECEIVE).select_related("mailbox").order_by("pk")
    return [*map(Where.of, settings.EVENHAND_IMAP), *(each for login in logins for each in Where.each_of(login))]
