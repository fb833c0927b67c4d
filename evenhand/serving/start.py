"""What granian loads in each of its processes."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from evenhand.supervisor import lifeline

if TYPE_CHECKING:
    from .application import Application

# Whose session has ended, so that they are looked for.
SOMEBODY = {
    "method": "GET", "path": "/sign-in/", "query_string": b"", "http_version": "1.1",
    "headers": [(b"cookie", b"sessionid=over")],
}  # fmt: skip


@cache
def collect() -> None:
    """Collect the static files, once, before a page is made: whoever makes pages reads only once what a file is called.

    In a process of its own, which gives back the memory that it takes. Raises CalledProcessError.
    """
    subprocess.run([sys.executable, "-m", "evenhand.serving.collect"], check=True)


@cache
def load() -> None:
    """Import everything that pages need, once, before granian forks: its processes then share that memory.

    Opens no connection and starts no thread; where granian spawns instead of forking, each process loads for itself.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.template import engines
    from django.template.backends.jinja2 import Jinja2
    from django.urls import get_resolver

    from . import application  # noqa: F401 - for its imports

    get_resolver(settings.ROOT_URLCONF).url_patterns  # noqa: B018 - imports the views
    for engine in engines.all():
        if isinstance(engine, Jinja2):
            for name in engine.env.list_templates():
                engine.get_template(name)  # which compiles it
    freeze()


def freeze() -> None:
    """Leave what is there to all processes: a collection would write to every object, and so copy every shared page."""
    gc.collect()
    gc.freeze()


@cache
def warm() -> None:
    """Make one page, as a process does first: what is set up, cached and bound for it is then shared as well.

    Opens a connection and closes it again. A database that does not answer yet only leaves the memory unshared.
    """
    from django.db import OperationalError, connection, connections

    from .application import wsgi
    from .pages import Page, environ

    try:
        connection.ensure_connection()
        Page(wsgi(), environ(SOMEBODY, BytesIO())).begin()
    except OperationalError:
        return
    finally:
        connections.close_all()
    freeze()


def application() -> Application:
    """The application, once Django is set up. Its process ends with granian's own, even when that is killed."""
    lifeline.follow(os.getppid())
    load()
    from .application import Application

    return Application()
