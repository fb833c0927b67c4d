"""The commands over the verbs, as a shell or another program meets them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from evenhand.channels.models import Mailbox
from evenhand.conversations.attachment import Upload
from evenhand.conversations.models import Conversation
from evenhand.people.models import Account, Agent, Person, SignInLink

from .desk import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on(database_urls: dict[str, str]) -> dict[str, str]:
    """The settings by which a command finds this test's database."""
    return {"EVENHAND_DATABASE_URL": database_urls["desk"]}


def asked(email: str, subject: str = "It does not print", **more: Any) -> Conversation:
    return Conversation.start(Person.at(email, "Ada"), Mailbox.default().team, subject, "Please help.", **more)[0]


def test_a_conversation_as_programs_read_it(on: dict[str, str]) -> None:
    conversation = asked("ada@x.example", uploads=[Upload("a.txt", "text/plain", b"hello")])
    conversation.note(Agent.invite("bo@desk.example", "Bo", conversation.team), "call them")
    done = run("conversation", "show", str(conversation.number), "--json", **on)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert list(shown) == [
        "number", "subject", "customer", "state", "need", "lane", "round", "waiting_since", "due_at", "messages"
    ]  # fmt: skip
    assert (shown["customer"], shown["state"], shown["lane"]) == ("ada@x.example", "open", "question")
    question, note = shown["messages"]
    assert list(question) == ["kind", "from", "to", "cc", "subject", "text", "quoted", "html", "attachments", "sent_at"]
    assert (question["kind"], question["from"]) == ("customer", "ada@x.example")
    assert question["to"] == [Mailbox.default().address]
    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert question["attachments"] == [{"name": "a.txt", "type": "text/plain", "size": 5, "sha256": digest}]
    assert (note["kind"], note["from"], note["to"]) == ("note", "bo@desk.example", [])


def test_a_conversation_that_is_not_there(on: dict[str, str]) -> None:
    done = run("conversation", "show", "77", **on)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no conversation 77." in done.stderr
    assert run("conversation", "show", "0", **on).returncode == 2


def test_the_line_and_the_next(on: dict[str, str]) -> None:
    first, second, again = asked("a@x.example"), asked("b@y.example"), asked("a@x.example")
    listed = [json.loads(line) for line in run("line", "list", "--json", **on).stdout.splitlines()]
    assert [each["number"] for each in listed] == [first.number, second.number, again.number]
    assert listed[-1]["round"] is None, "behind their own first question"
    Agent.invite("bo@desk.example", "Bo", first.team)
    taken = json.loads(run("line", "next", "--agent", "BO@desk.example", "--json", **on).stdout)
    assert taken["number"] == first.number
    assert run("line", "next", "--agent", "nobody@desk.example", **on).returncode == 1
    Conversation.objects.exclude(number=first.number).update(state="closed")
    for _ in range(2):
        last = run("line", "next", "--agent", "bo@desk.example", "--json", **on)
    assert json.loads(run("line", "next", "--agent", "bo@desk.example", "--json", **on).stdout) is None, last.stdout


def test_an_invited_agent_gets_a_link_that_works_once(on: dict[str, str]) -> None:
    link = run("agent", "add", " Bo@Desk.example", "--name", "Bo B", "--admin", **on).stdout.strip()
    agent = Agent.objects.get(email="bo@desk.example")
    assert (agent.name, agent.is_admin, agent.teams.count()) == ("Bo B", True, 1)
    token = link.rpartition("/")[2]
    assert SignInLink.use(token) == agent
    assert SignInLink.use(token) is None
    assert run("agent", "add", "bo@desk.example", **on).returncode == 0, "inviting again is no mistake"
    assert run("agent", "add", "nonsense", **on).returncode == 1
    assert run("agent", "add", **on).returncode == 2


def test_the_first_administrators_link_ends_with_the_first_sign_in(on: dict[str, str]) -> None:
    assert "/enter/" in run("agent", "add", "--first", **on).stdout
    Agent.objects.update(last_login=timezone.now())
    assert run("agent", "add", "--first", **on).stdout == ""


SHEET = """customer,organisation,plan,monthly_spend,seats,as_of
ada@x.example,,gold,100,3,2026-01-01
nonsense,,gold,1,1,2026-01-01
,X Ltd,free,0,1,2026-01-01
"""


def facts(database_urls: dict[str, str]) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_urls["audit"]) as audit:
        return audit.execute("SELECT key, plan, monthly_spend, seats FROM ledger.fact ORDER BY id").fetchall()


def test_good_rows_are_taken_and_bad_ones_listed(
    on: dict[str, str], database_urls: dict[str, str], tmp_path: Path
) -> None:
    before = len(facts(database_urls))
    (tmp_path / "sheet.csv").write_text(SHEET)
    done = run("ledger", "import", str(tmp_path / "sheet.csv"), "--json", **on)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "taken": 2,
        "bad": [{"line": 3, "reason": "customer 'nonsense' is not an address"}],
        "new": [
            {"line": 2, "reason": "'ada@x.example' is new here, and was added"},
            {"line": 4, "reason": "'X Ltd' is new here, and was added"},
        ],
    }
    assert "line 3" in done.stderr
    ada, company = Person.at("ada@x.example").account, Account.objects.get(name="X Ltd")
    plans = {row[0]: row[1] for row in facts(database_urls)[before:]}
    assert plans == {ada.ledger_key: "gold", company.ledger_key: "free"}


def test_all_or_nothing(on: dict[str, str], database_urls: dict[str, str], tmp_path: Path) -> None:
    before = facts(database_urls)
    (tmp_path / "sheet.csv").write_text(SHEET)
    done = run("ledger", "import", str(tmp_path / "sheet.csv"), "--all-or-nothing", "--json", **on)
    assert (done.returncode, json.loads(done.stdout)["taken"]) == (1, 0)
    assert facts(database_urls) == before
    assert not Account.objects.filter(name="X Ltd").exists(), "nobody was welcomed either"


def test_double_rows_are_listed_and_the_first_holds(
    on: dict[str, str], database_urls: dict[str, str], tmp_path: Path
) -> None:
    before = len(facts(database_urls))
    lines = [
        "ada@x.example,,gold,100,3,2026-01-01",
        "Ada@X.example,,lead,1,3,2026-01-01",
        "ada@x.example,,lead,1,3,2026-02-01",
    ]
    (tmp_path / "sheet.csv").write_text("\n".join([SHEET.splitlines()[0], *lines]))
    done = run("ledger", "import", str(tmp_path / "sheet.csv"), "--json", **on)
    assert json.loads(done.stdout)["bad"] == [{"line": 3, "reason": "is about the same customer and day as line 2"}]
    assert [row[1] for row in facts(database_urls)[before:]] == ["gold", "lead"]


def test_unknown_customers_are_bad_where_only_known_ones_are_wanted(on: dict[str, str], tmp_path: Path) -> None:
    Person.at("ada@x.example")
    (tmp_path / "sheet.csv").write_text(SHEET)
    done = run("ledger", "import", str(tmp_path / "sheet.csv"), "--known-only", "--json", **on)
    found = json.loads(done.stdout)
    assert (found["taken"], found["new"]) == (1, [])
    assert {"line": 4, "reason": "organisation 'X Ltd' is unknown"} in found["bad"]
    assert not Account.objects.filter(name="X Ltd").exists()


def test_what_is_no_sheet(on: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_bytes(b"\xff\xfe\x00c")
    done = run("ledger", "import", str(tmp_path / "sheet.csv"), **on)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_nothing_tells_whether_a_fact_was_known(database_urls: dict[str, str]) -> None:
    """The same fact twice costs what two facts cost, in everything that the desk's role can see."""
    put = "SELECT ledger_put(%s::uuid, '2026-01-01', %s, 1, 1, 1, 'test')"
    seen = "SELECT n_tup_ins FROM pg_stat_all_tables WHERE schemaname = 'ledger' AND relname = 'fact'"
    key = "7e57ab1e-0000-4000-8000-000000000000"
    with psycopg.connect(database_urls["desk"], autocommit=True) as desk:

        def counted() -> int:
            desk.execute("SELECT pg_stat_force_next_flush()")
            desk.execute("SELECT pg_stat_clear_snapshot()")
            row = desk.execute(seen).fetchone()
            return int(row[0]) if row else 0

        counts = [counted()]
        for plan in ("gold", "gold", "free"):
            desk.execute(put, [key, plan])
            counts.append(counted())
    assert [later - earlier for earlier, later in pairwise(counts)] == [1, 1, 1]


def test_a_sound_desk(on: dict[str, str]) -> None:
    asked("ada@x.example")
    done = run("check", "--deep", **on)
    assert done.returncode == 0, done.stdout
    assert "BAD" not in done.stdout


def test_an_unsound_desk_says_what_is_wrong(on: dict[str, str]) -> None:
    conversation = asked("ada@x.example", uploads=[Upload("a.txt", "text/plain", b"hello")])
    Conversation.objects.update(message_count=9)
    done = run("check", "--json", **on, EVENHAND_DATA="/tmp/evenhand-no-such-desk")
    assert done.returncode == 1
    wrong = {each["question"]: each["wrong"] for each in map(json.loads, done.stdout.splitlines()) if not each["sound"]}
    assert wrong["Counts and lines agree"] == [f"conversation {conversation.number} counts 9 messages and has 1"]
    assert "is missing" in wrong["Attachments are where they should be"][0]


@pytest.mark.parametrize(
    "command", [("line", "list"), ("check",), ("agent", "add", "a@x.example"), ("work",), ("web",)]
)
def test_without_a_desk_it_is_said_how_to_start_one(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(*command, EVENHAND_DATA=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "start one with `evenhand up`" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    done = run("line", "list", EVENHAND_DATABASE_URL="postgresql://x@127.0.0.1:1/x", EVENHAND_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
