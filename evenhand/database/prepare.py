"""Bring a database up to this version: roles, schema, rights."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import psycopg

from . import roles
from .desk import AUDIT, DESK, OWNER

NEWER, BEHIND = 3, 4  # exit codes
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Exit|Malformed)\b(: )?")


class Newer(RuntimeError):
    """The database was migrated by a later Evenhand; going on would damage it."""


class Behind(RuntimeError):
    """The database lacks migrations of this version."""


def migrate(owner_url: str, desk: str, audit: str) -> None:
    """Migrate as the owner, in a process of its own so that this one never holds the owner's rights; then grant."""
    _in_a_process(owner_url)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        roles.grant(connection, desk, audit)


def check(desk_url: str) -> None:
    """Raise Newer or Behind unless the database is of this very version. Needs no more than the desk's rights."""
    _in_a_process(desk_url, "--check")


def _in_a_process(url: str, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in (OWNER, AUDIT)}
    environment |= {DESK: url, "DJANGO_SETTINGS_MODULE": "evenhand.settings"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    said = done.stderr.strip()
    if done.returncode in (NEWER, BEHIND):
        raise {NEWER: Newer, BEHIND: Behind}[done.returncode](said)
    if done.returncode:
        raise RuntimeError(f"The database could not be prepared: {_reason(said)}")


def _reason(said: str) -> str:
    """What the exception of a traceback says, without its name."""
    lines = [EXCEPTION.sub("", line) for line in said.splitlines() if EXCEPTION.match(line)]
    return (lines or said.splitlines() or ["no reason given"])[-1]


def main(arguments: list[str]) -> int:
    """Run the migrations with the role of EVENHAND_DATABASE_URL; with --check only see whether any is missing."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    with connection.cursor() as cursor:  # two hosts may start at once; the second finds the work done
        cursor.execute("SELECT pg_advisory_lock(hashtext('evenhand.migrate'))")
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    unknown = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in executor.loader.migrated_apps and (app, name) not in known
    )
    if unknown:
        sys.stderr.write(
            f"This database was made by a newer Evenhand (it knows {', '.join(unknown)}). "
            "Install that version, or restore a backup made by this one.\n"
        )
        return NEWER
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing and arguments == ["--check"]:
        sys.stderr.write(
            f"This database lacks {len(missing)} migrations of this Evenhand. Set {OWNER} for one start of "
            "`evenhand up`, or run `evenhand database migrate` with it.\n"
        )
        return BEHIND
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
