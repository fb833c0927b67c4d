"""A desk with two plans, measured with the audit's own role."""

import json

import pytest

from evenhand.parity.models import LightChange, Statement
from tests.audit_desk.conftest import *  # noqa: F403 - `measure`, and the promise it measures against
from tests.audit_desk.desks import NOW, build
from tests.browser import *  # noqa: F403 - its fixtures


@pytest.fixture
def at_noon(monkeypatch):
    """Right after the audit."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.fixture
def measured(request, transactional_db, as_audit):
    """The desk of desks.py with one statement whose records are published."""
    build(conversations=900, accounts=60)
    request.getfixturevalue("measure")(NOW, publish_records=True)
    as_audit.commit()
    return Statement.objects.get()


@pytest.fixture
def stated(as_owner):
    """`stated(made_at=…, verdict=…, light=…)` writes a statement, without any measuring."""

    def write(**said) -> Statement:
        figures = json.dumps(said.pop("figures", None) or EMPTY)
        row = {
            "made_at": NOW, "since": NOW, "until": NOW, "method": "1", "code": "0", "verdict": "parity", "light": "green",
            "figures": figures, "records": 0, "root": "0" * 64, "previous": "", "digest": f"{Statement.objects.count():064}",
            "signature": "0" * 128, "public_key": "0" * 64, **said,
        }  # fmt: skip
        names, values = ", ".join(row), ", ".join(["%s"] * len(row))
        pk = as_owner.execute(f"INSERT INTO parity_statement ({names}) VALUES ({values}) RETURNING id", [*row.values()])
        statement = Statement.objects.get(pk=pk.fetchone()[0])
        as_owner.execute(
            "INSERT INTO parity_lightchange (at, colour, why, statement_id) VALUES (%s, %s, 'Look at team: Support.', %s)",
            [statement.made_at, statement.light, statement.pk],
        )
        assert LightChange.objects.filter(statement=statement).exists()
        return statement

    return write


def compared(value, low, high, scale="ratio"):
    return {
        "scale": scale,
        "value": value,
        "low": low,
        "high": high,
        "group": 4.0,
        "others": 4.1,
        "tickets": 900,
        "covered": 1.0,
    }


def row(group, found=None, verdict="parity", metric="first reply", by="plan"):
    about = {"metric": metric, "by": by, "group": group, "verdict": verdict}
    if found is None:
        return {**about, "suppressed": "fewer than 20"}
    more = {"group_tickets": 300, "tau": 32.0, "what_would_change_it": "Nothing."}
    return {**about, "unadjusted": found, "adjusted": found, **more}


EMPTY = {
    "tickets": 900,
    "verdict": "parity",
    "metrics": [
        row("Studio", compared(1.02, 0.94, 1.1)),
        row("=Atelier", compared(0.97, 0.9, 1.05)),
        row("Tiny", verdict="not enough evidence"),
        row("Studio", compared(0.01, -0.02, 0.04, "difference"), metric="reopened"),
    ],
    "monitor": {"metric": "first reply", "pairs": 812, "colour": "green", "alarm_at_pair": None, "alarm_at": None,
        "certificate_at_pair": 600, "groups": [{"by": "plan", "group": "Studio", "pairs": 400, "ahead": 200, "behind": 198, "break_at": None}]},
    "where": [{"metric": "first reply", "by": "plan", "group": "Studio", "column": "team", "total": 1.2, "elsewhere": 0.1,
        "parts": [{"level": "Support", "tickets": 300, "difference": 1.1, "low": 0.8, "high": 1.4}]}],
    "sent": [{"metric": "first reply", "by": "plan", "group": "Studio", "column": "tag", "levels": [
        {"level": "later", "group_share": 0.4, "other_share": 0.02, "low": 0.3, "high": 0.46, "part": 0.9}]}],
    "by_accident": [row("German", compared(1.1, 0.9, 1.3), "not enough evidence", by="language")],
    "leaks": [{"feature": "language", "accounts": 60, "gain": 0.1, "sentence": "The language says little about the plan."}],
    "notes": ["Plan: 2 groups with fewer than 200 tickets were taken together."],
    "taus": {"first reply": 32.0, "resolution": None}, "promise_hours": 16.0, "margin": [0.8, 1.25, 0.05],
}  # fmt: skip
