"""One look at a folder: what is new is stored; what goes wrong is kept with it, as a sentence, and tried again later."""

from __future__ import annotations

import logging
from datetime import timedelta

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from .. import oauth
from ..folder import FIRST_WAIT, Folder
from ..hold import FOLDER, hold
from .connecting import TROUBLE, close, connected, said
from .taking import take
from .where import Where, everywhere

log = logging.getLogger("evenhand.mail")

# A server that is told a wrong password every few seconds may lock the mailbox for everyone.
FIRST_WAIT_AT_A_LOCK = timedelta(minutes=1)


def fetch_all() -> int:
    """Fetch from every folder whose turn it is. How many letters came."""
    return sum(fetch(where) for where in everywhere())


def fetch(where: Where) -> int:
    """Fetch what is new in one folder, if it is its turn and nobody else is at it."""
    folder = Folder.at(where.name, where.login)
    if folder.waits:
        return 0
    with hold(FOLDER, folder.pk) as held:
        if not held:
            return 0
        folder.refresh_from_db()
        client: IMAPClient | None = None
        try:
            client = connected(where)
            count = take(folder, where, client)
        except TROUBLE as error:
            went_wrong(folder, where, error)
            return 0
        finally:
            if client:
                close(client)
        folder.succeeded()
        return count


def went_wrong(folder: Folder, where: Where, error: Exception) -> None:
    locked = isinstance(error, (LoginError, oauth.Refused))
    folder.failed(said(where, error), FIRST_WAIT_AT_A_LOCK if locked else FIRST_WAIT)
    log.warning("%r: %r", where.name, folder.error)
