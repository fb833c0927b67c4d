"""One's own PostgreSQL: made ready by a role that is no superuser, and used by two webs and two workers at once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from evenhand.database import roles

from .desk import COMMAND, PATIENCE, Desk, environment, free_port, get, run, wait_until

pytestmark = pytest.mark.timeout(900)  # whole desks are started, also on a busy machine

NAME = "own_desk"
LETTER = "From: {who}@x.example\nTo: support@desk.example\nMessage-ID: <{who}@x.example>\nSubject: Hi {who}\n\nHello.\n"


@pytest.fixture(scope="module")
def urls(database_urls: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings that `evenhand database setup` prints, made by a role with CREATEDB and CREATEROLE alone."""
    with psycopg.connect(database_urls["postgres"], autocommit=True) as superuser:
        superuser.execute("CREATE ROLE dba LOGIN CREATEDB CREATEROLE PASSWORD 'dba'")
        where = database_urls["postgres"].rpartition("?")[2]
        for _ in range(2):  # again gives new passwords, and is otherwise the same
            done = run("database", "setup", f"postgresql://dba:dba@/postgres?{where}", "--name", NAME)
            assert done.returncode == 0, done.stderr
        yield dict(line.split("=", 1) for line in done.stdout.splitlines() if not line.startswith("#"))
        superuser.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        for role in [*(roles.role_name(NAME, each) for each in roles.ROLES), "dba"]:
            superuser.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.fixture
def settings(urls: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """What every web and worker of this desk is given."""
    return {"EVENHAND_DATABASE_URL": urls["EVENHAND_DATABASE_URL"], "EVENHAND_DATA": str(tmp_path)}


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*COMMAND, *arguments], env=environment(**settings), start_new_session=True, text=True)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, "a clean stop"


def test_the_roles_have_their_rights_and_no_more(urls: dict[str, str]) -> None:
    with psycopg.connect(urls["EVENHAND_DATABASE_URL"]) as desk:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema ledger"):
            desk.execute("SELECT * FROM ledger.fact")
        desk.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute("CREATE TABLE public.mine ()")
        desk.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute(f"SET ROLE {NAME}_audit")
    with psycopg.connect(urls["EVENHAND_DATABASE_AUDIT_URL"]) as audit:
        assert audit.execute("SELECT count(*) FROM ledger.fact").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            audit.execute("INSERT INTO ledger.fact (key, as_of) VALUES (gen_random_uuid(), now())")


def test_an_audit_without_its_own_role_is_told_so(settings: dict[str, str]) -> None:
    done = run("database", "url", "audit", **settings)
    assert done.returncode == 1
    assert "EVENHAND_DATABASE_AUDIT_URL" in done.stderr


def test_up_without_the_owner_says_what_is_missing(urls: dict[str, str], settings: dict[str, str]) -> None:
    with psycopg.connect(urls["EVENHAND_DATABASE_OWNER_URL"]) as owner:
        taken = owner.execute(
            "DELETE FROM django_migrations WHERE app = 'surveys' RETURNING app, name, applied"
        ).fetchall()
    try:
        done = run("up", *Desk(Path(settings["EVENHAND_DATA"])).options, **settings)
    finally:
        with psycopg.connect(urls["EVENHAND_DATABASE_OWNER_URL"]) as owner:
            for row in taken:
                owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert done.returncode == 1
    assert f"lacks {len(taken)} migrations" in done.stderr
    assert "EVENHAND_DATABASE_OWNER_URL" in done.stderr
    assert not (Path(settings["EVENHAND_DATA"]) / "postgres").exists(), "no second server beside one's own"


def test_two_webs_and_two_workers_do_everything_once(settings: dict[str, str], tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    letters = tmp_path / "letters"
    letters.mkdir()
    for number in range(30):
        (letters / f"{number}.eml").write_text(LETTER.format(who=f"w{number}"))
    with ExitStack() as parts:
        for port in ports:
            parts.enter_context(running("web", "--http", f"127.0.0.1:{port}", **settings))
            parts.enter_context(running("work", **settings))
        wait_until(lambda: all(get(port, "/healthz") == 200 for port in ports))
        importing = [
            subprocess.Popen([*COMMAND, "mail", "import", str(letters)], env=environment(**settings), text=True)
            for _ in range(2)  # each letter twice, at the same moment
        ]
        assert [each.wait(PATIENCE) for each in importing] == [0, 0]
        with psycopg.connect(settings["EVENHAND_DATABASE_URL"], autocommit=True) as desk:

            def outcomes() -> dict[str, int]:
                return dict(desk.execute("SELECT outcome, count(*) FROM channels_letter GROUP BY 1").fetchall())

            wait_until(lambda: "" not in outcomes(), lambda: str(outcomes()))
            assert outcomes() == {"stored": 30, "duplicate": 30}
            assert desk.execute("SELECT count(*) FROM conversations_conversation").fetchone() == (30,)
            link = run("agent", "add", "ada@desk.example", **settings).stdout.strip()
        path = link[link.index("/enter/") :]
        assert [get(port, path) for port in ports] == [200, 200], "a link made here opens on every web"
    assert run("check", "--deep", **settings).returncode == 0
