"""Who sees the desk and subtracts one night's figures from another's learns nothing of anybody's plan."""

from datetime import timedelta
from itertools import combinations, pairwise

import pytest

from evenhand.audit.chain import Broken
from evenhand.audit.desk import publishing
from evenhand.audit.verify import verify
from evenhand.conversations.models import Conversation
from evenhand.parity.models import Leaf, Statement
from evenhand.people.models import Account

from .desks import NOW, build
from .test_statements import bundled

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTS = 24


@pytest.fixture
def nights(measure):
    """A tiny desk, measured every night for more than three weeks. What is published of it."""

    def go(conversations=400, accounts=120):
        build(conversations=conversations, accounts=accounts)
        for night in reversed(range(NIGHTS)):
            measure(NOW - timedelta(days=night))
        return bundled()["statements"]

    return go


def attacked(statements):
    """What follows from every two statements by counting: {account: plan}, from public figures and what agents see."""
    opened = list(Conversation.objects.values_list("account", "opened_at"))
    learned = {}
    for earlier, later in combinations(statements, 2):
        new = [account for account, at in opened if earlier["until"] <= at.isoformat() < later["until"]]
        for group in ("dear", "plain"):
            counts = [_counted(each, group) for each in (earlier, later)]
            if None in counts or not new:
                continue
            if counts[1] - counts[0] in (0, len(new)):  # none of them, or every one
                learned |= dict.fromkeys(new, group if counts[1] > counts[0] else f"not {group}")
    return learned


def _counted(statement, group):
    for row in statement["figures"]["metrics"]:
        if (row["metric"], row["by"], row["group"]) == ("first reply", "plan", group):
            return row.get("group_tickets")
    return None


def truth():
    """As in desks.py: every fourth account is dear."""
    names = Account.objects.filter(name__startswith="Org").values_list("pk", "name")
    return {pk: "dear" if int(name.split()[1]) % 4 == 0 else "plain" for pk, name in names}


def test_without_the_rule_the_attack_reads_plans(nights, monkeypatch):
    """The attack is a real one: it finds many, and is right."""
    monkeypatch.setattr(publishing.Newcomers, "may_be_seen", lambda *_: True)
    learned, true = attacked(nights()), truth()
    assert len(learned) > 20
    assert all(
        (plan == true[pk]) or (plan == f"not {({'dear', 'plain'} - {true[pk]}).pop()}") for pk, plan in learned.items()
    )


def test_with_it_the_attack_learns_nothing(nights):
    statements = nights()
    assert len(statements) == NIGHTS, "a statement every night all the same"
    anew = [each for each in statements if "stands" not in each["figures"]]
    assert 1 < len(anew) < NIGHTS / 2, "figures come, and not every night"
    assert attacked(statements) == {}
    opened = list(Conversation.objects.values_list("account", "opened_at"))
    for earlier, later in pairwise(anew):
        new = {account for account, at in opened if earlier["until"] <= at.isoformat() < later["until"]}
        dear = {account for account in new if truth()[account] == "dear"}
        assert len(new) >= publishing.BATCH
        assert min(len(dear), len(new - dear)) >= publishing.FEWEST_NEW


def test_figures_that_stand_are_the_same_signed_and_checked(nights):
    statements = nights()
    first, second = statements[:2]
    assert second["figures"].pop("stands")["since"] == first["made_at"]
    assert second["figures"] == first["figures"]
    assert (second["root"], second["until"]) == (first["root"], first["until"])
    assert second["made_at"] > first["made_at"]
    assert not Leaf.objects.filter(statement=Statement.objects.order_by("id")[1]).exists()
    assert len(verify(bundled())["statements"]) == NIGHTS


def test_figures_that_are_said_to_stand_and_do_not_are_found(nights, as_audit):
    from evenhand.audit import chain
    from evenhand.audit.desk.run import _key

    statements = nights()
    forged = {name: statements[1][name] for name in chain.SIGNED} | {"verdict": "parity"}
    statements[1] = {**chain.signed(forged, chain.Key(_key(as_audit, "signing"))), "openings": None}
    with pytest.raises(Broken, match="figures before it stand, and has others"):
        verify({"statements": statements[:2]})


def test_a_group_of_few_customers_is_no_group(measure):
    """Three accounts on a plan of their own, with as many conversations as one likes."""
    from evenhand.ledger import slot

    build(conversations=1500, accounts=60)
    for account in Account.objects.filter(name__in=["Org 1", "Org 2", "Org 3"]):
        slot.put(slot.Fact(account.ledger_key, (NOW - timedelta(days=100)).date(), "royal"))
    statement = measure()
    assert "royal" not in str(statement["figures"])
    assert {row["group"] for row in statement["figures"]["metrics"] if row["by"] == "plan"} == {"dear", "plain"}
    assert "Plan: one group has fewer than 10 customers and is left out." in statement["figures"]["notes"]


def test_what_is_left_out_does_not_follow_from_what_is_not(measure):
    """Where one of two groups is too small for a metric, the other's row, which has it as everyone else, is left out too."""
    from evenhand.surveys.models import Rating

    build(conversations=1500, accounts=60)
    for conversation in Conversation.objects.order_by("number"):
        plain = int(conversation.account.name.split()[1]) % 4
        if conversation.number % 3 == 0 and (plain or conversation.number % 50 == 0):
            Rating.objects.create(
                conversation=conversation, person=conversation.person, score=5, at=NOW - timedelta(days=1)
            )
    rows = [row for row in measure()["figures"]["metrics"] if row["by"] == "plan" and row["metric"] == "rated 4 or 5"]
    assert {row["group"] for row in rows} == {"dear", "plain"}
    assert all("adjusted" not in row for row in rows)


def test_what_befell_a_few_is_not_told_by_group(measure):
    """A few conversations were overtaken: an agent knows which, and exact shares would say whose."""
    from evenhand.line.models import Claim

    build(conversations=1500, accounts=60)
    some = list(Claim.objects.order_by("pk").values_list("pk", flat=True)[700:703])
    Claim.objects.filter(pk__in=some).update(way="out_of_turn", reason="Asked for")
    found = measure()["figures"]
    rare = [row for row in found["metrics"] if row["metric"] == "overtaken out of turn"]
    assert rare
    assert all("adjusted" not in row for row in rare)
    assert not any(0 < group["ahead"] + group["behind"] < 20 for group in found["monitor"]["groups"])
    assert all("adjusted" in row for row in found["metrics"] if row["metric"] == "first reply")
