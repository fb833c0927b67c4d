"""Which database a command works on: EVENHAND_DATABASE_URL, else the server that `evenhand up` runs."""

from __future__ import annotations

import json
import os

from evenhand import env

DESK, OWNER, AUDIT = "EVENHAND_DATABASE_URL", "EVENHAND_DATABASE_OWNER_URL", "EVENHAND_DATABASE_AUDIT_URL"


class NotRunning(RuntimeError):
    """No database is named, and none is running here."""


def open_desk() -> None:
    """Set Django up on the desk's database, with the desk's rights. Raises NotRunning."""
    _open_as("desk")


def open_audit() -> None:
    """The same with the audit's rights: everything may be read, statements may be written. Raises NotRunning."""
    _open_as("audit")


def _open_as(role: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    os.environ[DESK] = url_of(role)
    _follow_running_desk()
    import django
    from django.apps import apps

    if not apps.ready:  # the nursery has done it, and every object it would touch once more is shared
        django.setup()
    _answer()


def _answer() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise NotRunning(f"The database does not answer: {str(error).strip().splitlines()[0]}") from error


def url_of(role: str) -> str:
    """The database with the rights of `role`: owner, desk or audit. Raises NotRunning."""
    name = {"desk": DESK, "owner": OWNER, "audit": AUDIT}[role]
    given = env.text(name)
    if given:
        return given
    if env.text(DESK):
        raise NotRunning(f"{DESK} is set, so set {name} too: this needs the rights of the role {role!r}.")
    from .embedded import Embedded

    server = Embedded(env.path("EVENHAND_DATA", "data"))
    if not server.directory.exists() or not server.ready():
        raise NotRunning(
            f"No desk is running in {server.directory}: start one with `evenhand up`, "
            f"or name its data directory in EVENHAND_DATA or its database in {DESK}."
        )
    return server.url_of(role)


def _follow_running_desk() -> None:
    """Links that a command prints lead to the desk that is running, wherever `up` was told to listen."""
    file = env.path("EVENHAND_DATA", "data") / "up.lock"
    if file.exists() and (running := file.read_text()):
        for name, value in json.loads(running).items():
            os.environ.setdefault(name, value)
