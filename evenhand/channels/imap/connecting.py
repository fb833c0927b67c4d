"""A connection to a server, signed in, and a sentence for whatever is wrong with it."""

from __future__ import annotations

from contextlib import suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from .. import oauth
from ..host import public_address, unreachable
from ..login import Login
from ..sealing import Unsealable, unseal
from ..tls import Named
from .where import Where

CONNECTS = 15  # seconds until a server is taken for unreachable
ANSWERS = 60  # seconds, for each answer of one
TROUBLE = (IMAPClientError, OSError, Unsealable, oauth.Refused)


class NoFolder(IMAPClientError):  # type: ignore[misc]  # published without types
    """There is no folder of that name; `there` are those that are."""

    def __init__(self, name: str, there: list[str]) -> None:
        known = f" There are: {', '.join(there[:12])}." if there else ""
        super().__init__(f"There is no folder {name!r}.{known}")


def connected(where: Where) -> IMAPClient:
    """A connection, signed in. Raises one of TROUBLE."""
    context = Named.for_host(where.host)
    address = where.host if where.private else public_address(where.host, where.port)
    client = IMAPClient(
        address,
        where.port,
        ssl=where.tls,
        ssl_context=context if where.tls else None,
        timeout=SocketTimeout(CONNECTS, ANSWERS),
    )
    try:
        client.normalise_times = False
        if not where.tls and not where.here:
            client.starttls(context)  # raises where the server has no TLS: a password is not sent in the clear
        sign_in(client, where)
    except BaseException:
        close(client)
        raise
    return client


def sign_in(client: IMAPClient, where: Where) -> None:
    if where.login is None:
        client.login(where.user, where.password)
    elif where.login.proof == Login.Proof.PASSWORD:
        client.login(where.user, unseal(where.password))
    else:
        client.oauth2_login(where.user, oauth.access_token(where.login.mailbox))


def close(client: IMAPClient) -> None:
    with suppress(OSError, IMAPClientError):
        client.shutdown()


def choose(client: IMAPClient, name: str) -> dict[bytes, int]:
    """Select a folder. Raises NoFolder where there is none."""
    try:
        return dict(client.select_folder(name))
    except IMAPClientError as error:
        there = [str(folder) for _, _, folder in client.list_folders()]
        if name in there:
            raise
        raise NoFolder(name, there) from error


def said(where: Where, error: Exception) -> str:
    """What is wrong, and what to do about it."""
    if isinstance(error, LoginError):
        return refused(where)
    if isinstance(error, OSError):
        return unreachable(where.host, where.port, error)
    if isinstance(error, (NoFolder, Unsealable, oauth.Refused)):
        return str(error)
    if isinstance(error, IMAPClientAbortError):  # its message may hold a piece of a letter
        return f"The connection to {where.host} was cut off."
    return f"{where.host} answers: {error}."


def refused(where: Where) -> str:
    how = "the user name or the password"
    if where.login and where.login.proof != Login.Proof.PASSWORD:
        how = f"what {where.login.get_proof_display()} grants for {where.user}: connect it again"
    return f"{where.host} refuses {how}."
