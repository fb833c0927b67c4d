"""Bring a database up to this version: roles, schema, rights."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

from . import roles


class Newer(RuntimeError):
    """The database was migrated by a later Evenhand; going on would damage it."""


def migrate(owner_url: str, desk: str, audit: str) -> None:
    """Migrate as the owner, in a process of its own so that this one never holds the owner's rights; then grant."""
    environment = {**os.environ, "EVENHAND_DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "evenhand.settings"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "evenhand.database.prepare"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == NEWER:
        raise Newer(done.stderr.strip())
    if done.returncode:
        raise RuntimeError(f"The database could not be migrated:\n{done.stderr.strip()}")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        roles.grant(connection, desk, audit)


NEWER = 3


def main() -> int:
    """Run the migrations with the role of EVENHAND_DATABASE_URL."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    unknown = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in executor.loader.migrated_apps and (app, name) not in executor.loader.disk_migrations
    ]
    if unknown:
        sys.stderr.write(
            f"This database was made by a newer Evenhand (it knows {', '.join(sorted(unknown))}). "
            "Install that version, or restore a backup made by this one.\n"
        )
        return NEWER
    call_command("migrate", interactive=False, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
