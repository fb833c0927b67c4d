"""An administrator's token, and a door to show it at."""

import json

import pytest
from django.test import Client

from evenhand.people.models import Agent, ApiToken


@pytest.fixture
def noor(transactional_db) -> Agent:
    return Agent.objects.create_user("noor@desk.example", name="Noor Karimi", is_admin=True)


@pytest.fixture
def token(noor) -> str:
    return ApiToken.make(noor, "Billing", ApiToken.Scope.LEDGER_WRITE)


@pytest.fixture
def put(token):
    """`put(rows, keep=…)` sends rows of facts; the status and the answer."""

    def send(rows, *, token=token, **more):
        sheet = json.dumps({"rows": rows, **more}) if not isinstance(rows, (str, bytes)) else rows
        answer = Client().post("/api/facts", sheet, "application/json", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    return send


@pytest.fixture
def facts(as_audit):
    """What is in the ledger of whoever is asked about: (plan, spend, seats, usage, as of) in order."""

    def of(*keys):
        as_audit.rollback()
        return as_audit.execute(
            "SELECT plan, monthly_spend, seats, usage, as_of::text FROM ledger.fact WHERE key = ANY(%s) ORDER BY id",
            [list(keys)],
        ).fetchall()

    return of
