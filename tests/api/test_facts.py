"""Facts from a program: in by the row, each bad one named, and nothing out."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from django.test import Client

from evenhand.people.models import Account, Agent, ApiToken, Person
from evenhand.people.token import A_MINUTE

pytestmark = pytest.mark.django_db(transaction=True)
ADA = {"customer": "Ada@X.example", "plan": "gold", "monthly_spend": 99.5, "seats": 3, "as_of": "2026-01-31"}


def test_rows_are_taken(put, facts):
    assert put([ADA, {"organisation": "X Ltd", "usage": "12.5", "as_of": "2026-01-31"}]) == (
        200,
        {"taken": 2, "bad": []},
    )
    ada, company = Person.at("ada@x.example").account, Account.objects.get(name="X Ltd")
    assert facts(ada.ledger_key) == [("gold", Decimal("99.50"), 3, None, "2026-01-31")]
    assert facts(company.ledger_key) == [("", None, None, Decimal("12.50"), "2026-01-31")]


BAD = [
    ({"customer": "nobody", "plan": "gold"}, "customer 'nobody' is not an address"),
    ({"plan": "gold"}, "names neither a customer nor an organisation"),
    ({"customer": "b@x.example"}, "says nothing"),
    ({"customer": "b@x.example", "plan": "gold", "as_of": "31.01.2026"}, "as_of '31.01.2026' is not a day"),
    ({"customer": "b@x.example", "plan": "gold", "as_of": "2999-01-01"}, "lies in the future"),
    ({"customer": "b@x.example", "monthly_spend": -1}, "monthly_spend '-1' is less than nothing"),
    ({"customer": "b@x.example", "monthly_spend": float("nan")}, "monthly_spend 'nan' is not a number"),
    ({"customer": "b@x.example", "seats": 1.5}, "seats '1.5' is not a whole number"),
    ({"customer": "b@x.example", "seats": True}, "seats is neither a word nor a number"),
    ({"customer": "b@x.example", "plan": {"name": "gold"}}, "plan is neither a word nor a number"),
    ({"customer": "b@x.example", "tier": "gold"}, "has a field 'tier', which does not exist; there are customer,"),
    ({"customer": "b\0@x.example", "plan": "gold"}, "customer holds unprintable characters"),
    ({"organisation": "\ud800", "plan": "gold"}, "organisation holds unprintable characters"),
    ("gold", "is no object"),
    (ADA, "is about the same customer and day as row 0"),
]


@pytest.mark.parametrize(("row", "reason"), BAD, ids=[reason[:40] for _, reason in BAD])
def test_a_bad_row_is_named_and_the_good_ones_kept(put, facts, row, reason):
    last = {**ADA, "as_of": "2026-02-28"}
    status, answer = put([ADA, row, last])
    assert (status, answer["taken"]) == (422, 2)
    [bad] = answer["bad"]
    assert bad["row"] == 1
    assert reason in bad["reason"]
    assert len(facts(Person.at("ada@x.example").account.ledger_key)) == 2


def test_all_or_nothing(put, facts):
    status, answer = put([ADA, {"plan": "gold"}], keep="all or nothing")
    assert (status, answer["taken"], len(answer["bad"])) == (422, 0, 1)
    assert not Person.objects.filter(addresses__email="ada@x.example").exists(), "nobody was welcomed either"


def test_the_unknown_are_bad_where_they_are_not_welcome(put):
    Person.at("ada@x.example")
    status, answer = put([ADA, {**ADA, "customer": "bo@x.example"}], unknown="refuse")
    assert (status, answer["taken"]) == (422, 1)
    assert answer["bad"] == [{"row": 1, "reason": "customer 'bo@x.example' is unknown"}]


def test_a_retry_is_answered_alike_and_changes_nothing(put, as_audit):
    from datetime import date

    from evenhand.ledger.facts import as_of

    first = put([ADA])
    key = Person.at("ada@x.example").account.ledger_key
    known = as_of(as_audit, [(key, date(2026, 2, 1))])
    assert put([ADA]) == first
    as_audit.rollback()
    assert as_of(as_audit, [(key, date(2026, 2, 1))]) == known


def test_whether_a_fact_was_new_cannot_be_counted(put, django_assert_num_queries):
    """A fact that is there costs the statements that a new one costs; the slot itself always inserts (tests/house)."""
    Person.at("ada@x.example")
    with django_assert_num_queries(5) as new:
        put([ADA])
    with django_assert_num_queries(5) as again:
        put([ADA])
    assert [q["sql"].split()[0] for q in new.captured_queries] == [q["sql"].split()[0] for q in again.captured_queries]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("{", 400, "Nothing was taken"),
        ("[" * 100_000, 400, "Nothing was taken"),
        ("{}", 422, "rows: Field required"),
        ('{"rows": []}', 422, "rows: "),
        ('{"rows": 3}', 422, "rows: "),
        (json.dumps({"rows": [ADA] * 1001}), 422, "rows: "),
        (json.dumps({"rows": [ADA], "keep": "some"}), 422, "keep: "),
        ('{"rows": ["' + "x" * 1024 * 1024 + '"]}', 413, "1 MiB"),
    ],
    ids=["no json", "deep", "no rows", "none", "no list", "many", "unknown word", "large"],
)
def test_what_is_no_sheet_takes_nothing_and_says_why(put, body, status, said):
    assert put(body)[0] == status
    assert said in put(body)[1]["error"]


# --- who may come in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown", ["", "Bearer ", "Bearer x", "Basic eDp5", "Bearer evenhand_" + "x" * 43, "Bearer \u00fc"]
)
def test_strangers_are_refused(token, shown):
    answer = Client().post("/api/facts", "{", "application/json", headers={"Authorization": shown})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "end",
    [
        lambda noor: ApiToken.objects.get().revoke(),
        lambda noor: noor.set_role(is_admin=False),
        lambda noor: noor.deactivate(),
        lambda noor: noor.end_sessions(),
        lambda noor: (noor.deactivate(), noor.reactivate()),
    ],
    ids=["revoked", "no administrator", "left", "new password", "came back"],
)
def test_a_token_ends_at_once(put, noor, end):
    assert put([ADA])[0] == 200
    end(noor)
    assert put([ADA])[0] == 401


def test_only_the_digest_is_kept(token):
    kept = ApiToken.objects.get()
    assert token not in str(vars(kept))
    assert len(kept.digest) == 64


def test_a_token_comes_so_often_a_minute_and_no_more(put, monkeypatch):
    from django.utils import timezone

    noon = timezone.now().replace(second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    ApiToken.objects.update(used_at=noon, count=A_MINUTE - 1)
    assert [put([ADA])[0] for _ in range(2)] == [200, 429]
    monkeypatch.setattr(timezone, "now", lambda: noon + timezone.timedelta(minutes=1))
    assert put([ADA])[0] == 200


def test_nothing_can_be_read(put, token):
    for method in ("get", "head", "put", "patch", "delete", "options"):
        answer = getattr(Client(), method)("/api/facts", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 405, method


def test_the_description_says_what_is_there(token):
    described = Client().get("/api/openapi.json", headers={"Authorization": f"Bearer {token}"}).json()
    assert list(described["paths"]) == ["/api/facts"]
    text = json.dumps(described)
    assert "monthly_spend" in text
    assert "bearer" in text


def test_a_process_loads_the_operations_only_for_a_good_token(database_urls):
    """Eleven megabytes that most desks never need."""
    program = (
        "import sys; from evenhand.serving import start; start.load()\n"
        "from django.test import Client\n"
        "Client().post('/api/facts', headers={'Authorization': 'Bearer x'})\n"
        "assert 'evenhand.api.door' in sys.modules\n"
        "sys.exit('pydantic' in sys.modules or 'ninja' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


# --- the page ----------------------------------------------------------------------------------------------------


def test_an_administrator_makes_a_token_which_is_shown_once(noor, put):
    client = Client()
    client.force_login(noor)
    shown = client.post("/settings/programs/", {"name": " Billing  here "}).content.decode()
    token = shown.partition('class="token">')[2].partition("<")[0]
    assert put([ADA], token=token)[0] == 200
    page = client.get("/settings/programs/").content.decode()
    assert token not in page
    assert "Billing here" in page
    assert client.post("/settings/programs/", {"name": "Billing here"}).status_code == 422
    client.post(f"/settings/programs/{ApiToken.objects.get(name='Billing here').pk}/revoke")
    assert put([ADA], token=token)[0] == 401
    assert "Billing here opens nothing any more" in client.get("/settings/programs/").content.decode()


def test_an_agent_makes_none(noor):
    client = Client()
    client.force_login(Agent.objects.create_user("ada@desk.example", name="Ada"))
    assert client.post("/settings/programs/", {"name": "Mine"}).status_code == 404
    assert not ApiToken.objects.exists()
