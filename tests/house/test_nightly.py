"""The audit at night: when it runs, and that it alone has the audit's rights."""

from __future__ import annotations

import asyncio
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenhand.database.desk import AUDIT, OWNER
from evenhand.env import Address
from evenhand.supervisor import nightly
from evenhand.supervisor.desk import Desk
from evenhand.supervisor.log import Log
from evenhand.supervisor.nightly import Nightly, next_night
from evenhand.supervisor.part import Part
from evenhand.supervisor.supervisor import Supervisor

URL, THE_AUDITS = "postgresql://desk:x@db.example/evenhand", "postgresql://audit:secret@db.example/evenhand"


def desk(**more) -> Desk:
    here = Address("127.0.0.1", 8000)
    return Desk(
        Path("data"),
        here,
        here,
        "http://127.0.0.1:8000",
        **{"demo": False, "database_url": URL, "owner_url": "", **more},
    )


@pytest.mark.parametrize(
    ("now", "then"),
    [((2026, 6, 1, 3, 39), (2026, 6, 1)), ((2026, 6, 1, 3, 40), (2026, 6, 2)), ((2026, 12, 31, 23, 0), (2027, 1, 1))],
)
def test_once_a_night(now, then):
    assert next_night(datetime(*now, tzinfo=UTC)) == datetime(*then, 3, 40, tzinfo=UTC)


def test_only_the_audit_is_given_the_audits_rights(monkeypatch):
    monkeypatch.setenv(AUDIT, THE_AUDITS)
    monkeypatch.setenv(OWNER, "postgresql://owner:secret@db.example/evenhand")
    ours = desk(audit_url=THE_AUDITS)
    assert "secret" not in str(ours._environment)  # what all other parts are given
    audit = ours._audit()
    assert audit.environment[AUDIT] == THE_AUDITS
    assert OWNER not in audit.environment


def test_without_its_rights_there_is_no_audit():
    assert desk()._audit() is None


def test_records_are_published_in_the_demo_only(monkeypatch):
    monkeypatch.delenv("EVENHAND_PUBLISH_RECORDS", raising=False)
    assert "EVENHAND_PUBLISH_RECORDS" not in desk(audit_url=THE_AUDITS)._audit().environment
    assert desk(audit_url=THE_AUDITS, demo=True)._audit().environment["EVENHAND_PUBLISH_RECORDS"] == "1"


@pytest.mark.parametrize(("code", "said"), [(0, ""), (1, "ended with code 1; it runs again next night")])
def test_it_runs_once_and_waits_for_the_night(monkeypatch, code, said):
    monkeypatch.setattr(nightly, "SETTLING", 0)
    stream = io.StringIO()
    part = Part("audit", [sys.executable, "-c", f"print('measured', flush=True); raise SystemExit({code})"], {})

    async def run() -> None:
        supervisor = Supervisor(Log(stream))
        supervisor.keepers.append(asyncio.create_task(Nightly(part).run(supervisor, at_once=True)))
        while not part.deaths or supervisor.parts:
            await asyncio.sleep(0.01)
        await supervisor.stop()

    asyncio.run(asyncio.wait_for(run(), 240))
    assert stream.getvalue().count("measured") == 1
    assert said in stream.getvalue()
    assert part.deaths == 1
