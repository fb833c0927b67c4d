"""`evenhand up`, with real processes: it starts, keeps running whatever is killed, and stops.

The tests share one desk, and pytest gives one module to one process; each leaves the desk running or starts it itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psutil
import psycopg
import pytest

from .desk import PATIENCE, Desk, get, run, wait_until

pytestmark = pytest.mark.timeout(900)  # whole desks are started, also on a busy machine


@pytest.fixture(scope="module")
def only() -> Iterator[Desk]:
    # Not in pytest's own directory: run by root it is closed to PostgreSQL's user, and closed again by every other run.
    directory = Path(tempfile.mkdtemp(prefix="evenhand-up-"))
    desk = Desk(directory / "data")
    yield desk
    desk.kill()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def desk(only: Desk) -> Desk:
    """The desk, running."""
    if not (only.process and only.process.is_running()):
        only.start()
    wait_until(lambda: only.well and only.takes_letters, lambda: only.said)
    return only


def test_it_says_where_it_is_and_how_to_get_in(desk: Desk) -> None:
    assert f"Ready at http://127.0.0.1:{desk.http} and for mail at 127.0.0.1:{desk.smtp}." in desk.said
    wait_until(lambda: "/enter/" in desk.said, lambda: desk.said)


def test_only_the_desks_password_leaves_the_secrets(desk: Desk) -> None:
    """No process is given the owner's or the superuser's, and none but the audit the audit's."""
    secret = {role: (desk.data / "secrets" / role).read_text() for role in ("owner", "audit", "postgres")}
    for process in desk.family:
        given = "\n".join([*process.cmdline(), *(f"{name}={value}" for name, value in process.environ().items())])
        for role, password in secret.items():
            if role == "audit" and process.cmdline()[-3:] == ["audit", "run", "--quiet"]:
                continue  # the one that measures, for some seconds every night
            assert password not in given, (role, process)


def test_the_ledger_refuses_every_process(desk: Desk) -> None:
    for name in ("web", "page", "work", "mail"):
        url = desk.part(name).environ()["EVENHAND_DATABASE_URL"]
        with psycopg.connect(url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied for schema ledger"):
                connection.execute("SELECT * FROM ledger.fact")
            connection.rollback()
            assert connection.execute("SELECT current_user").fetchone() == ("evenhand_desk",)


def test_a_program_puts_facts_into_the_ledger_and_gets_none_back(desk: Desk) -> None:
    """Through the web, as the desk's role; the row is there, and only the audit's role sees it."""
    run("agent", "add", "noor@desk.example", "--admin", EVENHAND_DATA=str(desk.data))
    token = "evenhand_" + "t" * 43
    make = """INSERT INTO people_apitoken (name, scope, digest, made_by_id, made_at, count)
        SELECT 'Billing', 'ledger: write', %s, id, now(), 0 FROM people_agent WHERE email = 'noor@desk.example'"""
    with psycopg.connect(desk.part("work").environ()["EVENHAND_DATABASE_URL"]) as connection:
        connection.execute(make, [sha256(token.encode()).hexdigest()])
    sheet = json.dumps({"rows": [{"customer": "ada@x.example", "plan": "gold", "as_of": "2026-01-31"}]})
    asked = urllib.request.Request(
        f"http://127.0.0.1:{desk.http}/api/facts",
        sheet.encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        assert json.load(answer) == {"taken": 1, "bad": []}
    audit = run("database", "url", "audit", EVENHAND_DATA=str(desk.data)).stdout.strip()
    with psycopg.connect(audit) as connection:
        assert connection.execute("SELECT plan, as_of::text FROM ledger.fact").fetchall() == [("gold", "2026-01-31")]


def test_secrets_are_ours_alone(desk: Desk) -> None:
    folder = desk.data / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["web", "page", "work", "mail", "database", "nursery"])
def test_what_is_killed_comes_back(desk: Desk, name: str) -> None:
    killed = desk.part(name)
    killed.kill()
    wait_until(lambda: not killed.is_running())
    wait_until(lambda: len([*desk._named(name)]) == 1 and desk.well and desk.takes_letters, lambda: desk.said)
    assert desk.part(name).pid != killed.pid


def test_a_second_desk_in_the_same_directory_is_refused(desk: Desk) -> None:
    second = Desk(desk.data)
    refused = run("up", *second.options)
    assert refused.returncode == 1
    assert f"Another `evenhand up` already uses {desk.data}" in refused.stderr
    assert desk.well


@pytest.mark.parametrize(("taken", "setting"), [("http", "EVENHAND_HTTP"), ("smtp", "EVENHAND_SMTP")])
def test_a_busy_port_is_named_with_its_setting(desk: Desk, tmp_path: Path, taken: str, setting: str) -> None:
    second = Desk(tmp_path / "data")
    setattr(second, taken, getattr(desk, taken))
    refused = run("up", *second.options)
    assert refused.returncode == 1
    assert f"127.0.0.1:{getattr(desk, taken)} is in use by another program" in refused.stderr
    assert setting in refused.stderr
    assert "Traceback" not in refused.stderr


def test_another_command_finds_the_desk(desk: Desk) -> None:
    added = run("agent", "add", "ada@desk.example", "--name", "Ada", EVENHAND_DATA=str(desk.data))
    assert added.stdout.startswith(f"http://127.0.0.1:{desk.http}/enter/"), added.stderr
    assert get(desk.http, added.stdout.strip().partition(str(desk.http))[2]) in (200, 302)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(desk: Desk, number: signal.Signals) -> None:
    family = desk.family
    assert desk.stop(number) == 0, desk.said
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]
    assert not (desk.data / "postgres" / "postmaster.pid").exists()
    assert "database system is shut down" in desk.said


def test_a_second_ctrl_c_kills(desk: Desk) -> None:
    family, stuck = desk.family, desk.part("work")
    stuck.suspend()  # it will not stop by itself
    desk.started.send_signal(signal.SIGINT)
    wait_until(lambda: "Stopping" in desk.said)
    desk.started.send_signal(signal.SIGINT)
    desk.started.wait(PATIENCE)
    assert "did not stop within" not in desk.said, "nobody waited for what is stuck"
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]


def test_after_a_power_cut_everything_is_there(desk: Desk) -> None:
    run("agent", "add", "bo@desk.example", EVENHAND_DATA=str(desk.data))
    desk.kill()
    desk.start()
    with psycopg.connect(desk.part("work").environ()["EVENHAND_DATABASE_URL"]) as connection:
        found = connection.execute("SELECT email FROM people_agent WHERE email = 'bo@desk.example'").fetchone()
    assert found


def test_what_a_killed_supervisor_leaves_does_not_stay_in_the_way(desk: Desk) -> None:
    orphan = desk.part("database")
    parts = [each for each in desk.family if each != orphan and orphan not in each.parents()]
    desk.started.kill()
    desk.started.wait()
    assert not psutil.wait_procs(parts, timeout=PATIENCE)[1], "parts follow their supervisor"
    assert orphan.is_running()
    desk.start()
    assert not orphan.is_running()
    assert desk.well


def test_after_an_upgrade_pages_name_the_files_that_are_there(desk: Desk) -> None:
    """They are named by their content, and the desk comes up in a directory that knows the names of before."""
    desk.kill()
    static = desk.data / "static"
    names = json.loads((static / "staticfiles.json").read_text())
    names["paths"]["evenhand/tokens.css"] = "evenhand/tokens.000000000000.css"
    (static / "staticfiles.json").write_text(json.dumps(names))
    (static / ".collected").write_text("of the version before")
    desk.start()
    page = urllib.request.urlopen(f"http://127.0.0.1:{desk.http}/sign-in/").read().decode()
    styles = re.findall(r'href="(/static/[^"]+css)"', page)
    assert len(styles) >= 3
    assert [get(desk.http, style) for style in styles] == [200] * len(styles)
    assert all(re.search(r"\.[0-9a-f]{12}\.css$", style) for style in styles)


def test_the_note_of_a_dead_server_is_no_obstacle(desk: Desk) -> None:
    """After a restart of the machine the number in it may be anybody's."""
    desk.kill()
    note = desk.data / "postgres" / "postmaster.pid"
    lines = note.read_text().splitlines()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    desk.start()
    assert desk.well


def test_a_newer_database_is_left_alone(desk: Desk) -> None:
    owner = run("database", "url", "owner", EVENHAND_DATA=str(desk.data)).stdout.strip()
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('line', '9999_from_tomorrow', now())"
    with psycopg.connect(owner) as connection:
        connection.execute(newer)
    desk.stop()
    refused = run("up", *desk.options)
    assert refused.returncode == 1
    assert "made by a newer Evenhand" in refused.stderr
    assert "line.9999_from_tomorrow" in refused.stderr
    assert "Traceback" not in refused.stderr
