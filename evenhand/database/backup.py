"""One file that holds a desk: its database as PostgreSQL dumps it, its attachments, and what must be found in them.

A tar of `manifest.json`, `database.dump`, `files/…`, and `secrets/secret_key` when asked for.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from evenhand import __version__

from .embedded import Embedded

SECRET = "secrets/secret_key"  # noqa: S105 - its name
TABLES = """
    SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'ledger')
    AND tablename NOT IN ('web_cache', 'django_session') ORDER BY 1, 2
"""
# Counts of attempts, and who is signed in: with a session's key whoever finds the file would be, too.
LEFT_OUT = ("web_cache", "django_session")
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


class Unusable(RuntimeError):
    """The backup, or the place to restore it to, cannot be used; the message says why."""


def make(target: Path, data: Path, owner_url: str, *, secrets: bool) -> dict[str, Any]:
    """Write a backup of the desk to `target`, while it runs. The manifest."""
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.unlink(missing_ok=True)
    # Made by us, and not one that somebody else put there to read what is written, or to lead it elsewhere.
    made = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(made, "wb") as file:
            manifest = _write(file, data, owner_url, secrets=secrets)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)  # never half a backup under its name
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write(file: IO[bytes], data: Path, owner_url: str, *, secrets: bool) -> dict[str, Any]:
    with tarfile.open(fileobj=file, mode="w") as tar, tempfile.TemporaryDirectory(dir=data) as room:
        dump = Path(room) / "database.dump"
        counts = _dump(dump, owner_url)
        tar.add(dump, dump.name)
        dump.unlink()
        # After the dump: a row whose file is missing cannot be, a file without a row does no harm.
        files = [path for path in sorted((data / "files").rglob("*")) if path.is_file()]
        for path in files:
            tar.add(path, f"files/{path.relative_to(data / 'files')}", recursive=False)
        if secrets:
            tar.add(data / SECRET, SECRET)
        manifest = {
            "evenhand": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rows": counts,
            "files": len(files),
            "secrets": secrets,
        }
        content = json.dumps(manifest, indent=2).encode()
        about = tarfile.TarInfo("manifest.json")
        about.size = len(content)
        tar.addfile(about, io.BytesIO(content))
    return manifest


def _dump(target: Path, owner_url: str) -> dict[str, int]:
    """Dump the database and count its rows, both as of the same moment."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot  # noqa: S101 - a function returns a row
        left_out = [f"--exclude-table-data=public.{each}" for each in LEFT_OUT]
        _run("pg_dump", owner_url, "-Fc", "--no-owner", "--no-acl", f"--snapshot={snapshot[0]}", f"--file={target}",
             *left_out)  # fmt: skip
        return _count(connection)


def _count(connection: psycopg.Connection) -> dict[str, int]:
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def read_manifest(source: Path) -> dict[str, Any]:
    """What a backup says it holds. Raises Unusable for what is none."""
    try:
        with tarfile.open(source) as tar:
            about = tar.extractfile("manifest.json")
            manifest = json.loads(about.read()) if about else None
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise Unusable(f"{source} is not a backup of Evenhand, or is cut short: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("rows"), dict):
        raise Unusable(f"{source} is not a backup of Evenhand: its manifest says nothing.")
    return manifest


def restore(source: Path, data: Path, owner_url: str) -> dict[str, Any]:
    """Put a backup into an empty database and its files under `data`. The manifest. Raises Unusable.

    The database is then as it was when the backup was made: migrate and grant next.
    """
    manifest = read_manifest(source)
    with psycopg.connect(owner_url) as connection:
        if connection.execute(TABLES).fetchone():
            raise Unusable("This database is not empty: restore into a new one, or into a new data directory (--data).")
    with tarfile.open(source) as tar, tempfile.TemporaryDirectory(dir=data) as room:
        dump = Path(room) / "database.dump"
        _unpack(tar, tar.getmember(dump.name), dump)
        _run("pg_restore", owner_url, "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error",
             "--dbname", str(conninfo_to_dict(owner_url)["dbname"]), str(dump))  # fmt: skip
        for member in tar:
            if member.isfile() and (member.name.startswith("files/") or member.name == SECRET):
                _unpack(tar, member, _inside(data, member.name))
    with psycopg.connect(owner_url) as connection:
        found = _count(connection)
    said = {table: count for table, count in manifest["rows"].items() if table.removeprefix("public.") not in LEFT_OUT}
    if found != said:
        different = [table for table, count in said.items() if found.get(table) != count]
        raise Unusable(f"The restored database does not hold what the backup says: {', '.join(different)}.")
    return manifest


def _inside(data: Path, name: str) -> Path:
    target = (data / name).resolve()
    if not target.is_relative_to(data.resolve()):
        raise Unusable(f"The backup names a file outside the desk: {name!r}.")
    return target


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is None:
        raise Unusable(f"The backup holds no file {member.name!r}.")
    with content, os.fdopen(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's. The password goes by the environment: arguments can be seen by everyone."""
    where = {VARIABLES[name]: str(value) for name, value in conninfo_to_dict(url).items() if name in VARIABLES}
    done = subprocess.run(  # noqa: S603 - our own program
        [str(Embedded.binaries() / program), *arguments],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unusable(f"{program} failed: {done.stderr.strip()}")
