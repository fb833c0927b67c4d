"""The audit of a running desk: a fair one is left in peace, a cheating one is found, and where it cheats is named."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from evenhand.ledger import slot
from evenhand.people.models import Account

from .desks import NOW, Case, build

pytestmark = pytest.mark.django_db(transaction=True)


def verdicts(statement, metric="first reply", by="plan"):
    return {
        row["group"]: row["verdict"]
        for row in statement["figures"]["metrics"]
        if (row["metric"], row["by"]) == (metric, by)
    }


def named(statement, column):
    """The level that carries most of the first difference cut by this column."""
    cuts = [
        cut for cut in statement["figures"]["where"] if cut["column"] == column and cut["by"] == "plan" and cut["parts"]
    ]
    return cuts[0]["parts"][0]["level"] if cuts else None


def sent_to(statement, column, group):
    """The level to which this group is sent more or less often, and which carries most of the difference."""
    cuts = [
        cut
        for cut in statement["figures"]["sent"]
        if (cut["column"], cut["by"], cut["group"]) == (column, "plan", group)
    ]
    return cuts[0]["levels"][0]["level"] if cuts else None


def test_a_fair_desk_is_not_accused(measure):
    build()
    statement = measure()
    assert verdicts(statement) == {"plain": "parity", "dear": "parity"}
    assert statement["figures"]["metrics"]
    assert statement["light"] != "red"
    assert not any(row["verdict"] == "disparity" for row in statement["figures"]["metrics"] if row["by"] == "plan")


def test_a_trend_over_the_whole_range_is_told(measure):
    def slower(case: Case) -> None:
        case.hours *= 3 if case.plan == "plain" else 1

    build(slower)
    trends = {(row["by"], row["metric"]): row for row in measure()["figures"]["trends"]}
    spend, use = trends["spend", "first reply"], trends["use", "first reply"]
    assert spend["high"] < -0.1, "who pays more waits less"
    assert use["low"] < 0 < use["high"]


def test_an_agent_who_favours_one_plan_out_of_turn_is_found_and_named(measure):
    def favour(case: Case) -> None:
        if case.plan == "dear" and case.agent == 2:
            case.hours, case.out_of_turn = case.hours / 20, True

    build(favour, conversations=5000)
    statement = measure()
    assert verdicts(statement)["dear"] == "disparity"
    assert sent_to(statement, "out of turn", "dear") == "taken out of turn"
    assert named(statement, "agent") == "Agent 2"


def test_a_tag_that_stands_in_for_the_plan_is_found(measure):
    def tag(case: Case) -> None:
        if case.plan == "dear":
            case.tags, case.hours = ("gold desk",), case.hours / 3

    build(tag)
    statement = measure()
    first = statement["figures"]["leaks"][0]
    assert (first["feature"], first["gain"]) == ('tag "gold desk"', 1.0)
    assert sent_to(statement, "tag", "dear") == "gold desk"
    assert statement["light"] == "red"


def test_a_view_that_stands_in_for_the_plan_is_found_and_its_name_stays_the_agents(measure):
    from evenhand.conversations.models import SavedView
    from evenhand.people.models import Agent

    def tag(case: Case) -> None:
        case.tags = ("gold desk",) if case.plan == "dear" else ("other",)

    build(tag, conversations=600)
    ada = Agent.objects.create_user("ada@desk.example", name="Ada")
    for name, query in (
        ("The rich", "box=open&tag=gold+desk"),
        ("Mine", "box=mine&assignee=me"),
        ("Odd", "tag=%00&x=1"),
    ):
        SavedView.objects.create(agent=ada, name=name, query=query)
    found = {leak["feature"]: leak for leak in measure()["figures"]["leaks"]}
    assert found['view of tag "gold desk"']["gain"] == 1.0
    assert not any("rich" in name or "Mine" in name or "assignee" in name for name in found)


def test_one_plans_letters_that_sit_in_quarantine_are_found(measure):
    def set_aside(case: Case) -> None:
        if case.plan == "plain" and case.agent in (0, 1):
            case.quarantined = True

    build(set_aside)
    statement = measure()
    assert verdicts(statement)["plain"] == "disparity"
    assert sent_to(statement, "quarantine", "plain") == "was in quarantine"


def test_a_desk_that_nobody_wrote_to_has_nothing_to_say(measure):
    from evenhand.audit.desk.measured import NothingToSay

    with pytest.raises(NothingToSay, match="nothing to measure"):
        measure()


def test_the_light_changes_once(measure):
    from evenhand.parity.models import LightChange

    build(conversations=400)
    measure()
    measure()
    assert LightChange.objects.count() == 1


def test_what_is_over_keeps_its_plan_when_billing_names_a_new_account(open_always, as_audit):
    from evenhand.audit.desk.measured import Measured
    from evenhand.audit.desk.waits import read

    build(conversations=300, accounts=60)
    name, old, new = uuid4(), Account.objects.earliest("pk"), Account.objects.create()
    slot.put(slot.Fact(name, date(2026, 2, 1), "royal", part="subscription"))
    slot.same(name, old.ledger_key, date(2026, 2, 1), NOW - timedelta(days=120))
    slot.same(name, new.ledger_key, NOW.date(), NOW)
    measured = Measured.of(as_audit, read(as_audit, NOW - timedelta(days=90), NOW), open_always)
    theirs = [known.plan for (key, _), known in measured.known.items() if key == old.ledger_key]
    assert theirs
    assert set(theirs) == {"royal"}, "the later word of the two that held on each day"
