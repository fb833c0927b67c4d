"""The postman's rounds: every mailbox elsewhere is looked at as soon as its server says that there is something (IDLE,
RFC 2177), and every minute where it cannot say.

One thread waits for all servers at once; a few others do the looking, so that a slow server holds up only itself. Of
several mail processes on one database one makes the rounds, and another takes over when it dies.
"""

from __future__ import annotations

import logging
import selectors
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection
from imapclient import IMAPClient

from ..folder import Folder
from ..hold import FOLDER, ROUNDS, hold
from .connecting import TROUBLE, close, connected
from .fetching import went_wrong
from .taking import take
from .where import Where, everywhere

log = logging.getLogger("evenhand.mail")

AT_ONCE = 8  # servers that are being looked at
GLANCE = 0.5  # seconds, the longest that a turn of the loop takes
NEWS = 5.0  # seconds after which a mailbox that was connected or changed is noticed
POLL = 60.0  # between two looks where the server cannot say that something came
RENEW = 9 * 60.0  # before a router on the way forgets an idle connection, and well below the 29 minutes of RFC 2177
MORE = 2.0  # between two portions of old letters


@dataclass(slots=True, eq=False)
class Post:
    """One folder that is looked after."""

    where: Where
    client: IMAPClient | None = None  # signed in
    idle: bool = False  # the server will say when something comes
    due: float = 0.0
    visited: bool = False  # right now
    over: bool = False  # we were told to stop, or its login was changed: what happens to the connection is our doing

    def drop(self) -> None:
        """Let the connection go; the next visit makes a new one."""
        client, self.client, self.idle = self.client, None, False
        if client:
            close(client)


class Rounds:
    """Runs until told to stop."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.posts: dict[Where, Post] = {}
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rounds")
        self.read_again = 0.0

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                with hold(ROUNDS, 0) as ours:
                    while ours and not self.stopping.is_set():
                        self._turn()
            except (DatabaseError, InterfaceError) as error:
                log.warning("The mailboxes elsewhere wait for the database: %r", str(error).strip())
            except Exception:  # a mistake of ours must not end the rounds of all mailboxes while the process lives on
                log.exception("The rounds stumbled, and begin anew.")
            self._let_go()
            connection.close()
            self.stopping.wait(NEWS)
        self.pool.shutdown(wait=True, cancel_futures=True)

    def stop(self) -> None:
        """End soon, whatever a server keeps us waiting for."""
        self.stopping.set()
        self._let_go()

    def _let_go(self) -> None:
        for post in list(self.posts.values()):
            post.over = True
            post.drop()
        self.posts, self.read_again = {}, 0.0

    def _turn(self) -> None:
        now = time.monotonic()
        if now >= self.read_again:  # which also notices that the database, and with it our lock, is gone
            self._know(everywhere())
            self.read_again = now + NEWS
        spoke = self._listen()
        for post in list(self.posts.values()):
            if not post.visited and (post in spoke or post.due <= now):
                post.visited = True
                self.pool.submit(self._visit, post)

    def _know(self, found: list[Where]) -> None:
        """Look after these, and no longer after those whose login was changed or removed."""
        for where in set(self.posts) - set(found):
            post = self.posts.pop(where)
            post.over = True
            post.drop()
        for where in found:
            self.posts.setdefault(where, Post(where))

    def _listen(self) -> list[Post]:
        """Whose server said something within a glance: a letter came, or it closed the connection."""
        idle = [post for post in self.posts.values() if post.idle and not post.visited and post.client]
        if not idle:
            self.stopping.wait(GLANCE)
            return []
        with selectors.DefaultSelector() as selector:
            for post in idle:
                if (client := post.client) and (number := client.socket().fileno()) >= 0:
                    selector.register(number, selectors.EVENT_READ, post)
            return [key.data for key, _ in selector.select(GLANCE)]

    def _visit(self, post: Post) -> None:
        try:
            post.due = time.monotonic() + visit(post)
        except (DatabaseError, InterfaceError):
            post.drop()
            post.due = time.monotonic() + NEWS
        except Exception:
            log.exception("%r could not be looked at.", post.where.name)
            post.drop()
            post.due = time.monotonic() + POLL
        finally:
            if post.over:
                post.drop()
            post.visited = False
            connection.close()


def visit(post: Post) -> float:
    """Store what is new and listen again. After how many seconds to come back, if nothing is heard before."""
    where = post.where
    folder = Folder.at(where.name, where.login)
    if waits := folder.waits:
        return min(waits, POLL)
    with hold(FOLDER, folder.pk) as held:
        if not held:
            return MORE
        folder.refresh_from_db()
        try:
            _look(post, folder)
        except TROUBLE as error:
            post.drop()
            if post.over:
                return 0.0
            went_wrong(folder, where, error)
            return folder.waits
        folder.succeeded()
        return _listen_again(post, folder)


def _look(post: Post, folder: Folder) -> None:
    """On the connection there is; once on a new one where the old one was cut while nobody used it."""
    if post.client and post.idle:
        try:
            post.idle = False
            post.client.idle_done()
            take(folder, post.where, post.client)
            return
        except TROUBLE:
            post.drop()
            folder.refresh_from_db()
    post.client = post.client or connected(post.where)
    take(folder, post.where, post.client)


def _listen_again(post: Post, folder: Folder) -> float:
    more = folder.old_below > 0
    try:
        if post.client and post.client.has_capability("IDLE"):
            post.client.idle()
            post.idle = True
            # What came between our look and this moment is in a buffer, where no selector sees it.
            heard = post.client.idle_check(timeout=0)
            return 0.0 if heard else MORE if more else RENEW
    except TROUBLE:
        post.drop()
        return MORE
    post.drop()
    return MORE if more else POLL
