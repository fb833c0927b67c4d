"""Taking turns, on the real line."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.fairness.turns import may_take
from evenhand.line import taking
from evenhand.line.models import Claim, Skip, Turn

pytestmark = pytest.mark.django_db


def ask(team, account, number, need="question", kind="first", **more):
    return Turn.join(number, account.pk, need, kind, team.pk, **more)


def numbers_taken(agent, count):
    return [turn.number for turn in (taking.take_next(agent) for _ in range(count)) if turn]


def test_a_flood_takes_one_place_a_round(team, ada, accounts):
    flood, calm, late = accounts[:3]
    for number in range(1, 6):
        ask(team, flood, number)
    ask(team, calm, 6)
    assert numbers_taken(ada, 2) == [1, 6]
    ask(team, late, 7)
    assert numbers_taken(ada, 9) == [2, 7, 3, 4, 5]


def test_single_askers_are_served_first_come_first_served(team, ada, accounts):
    for number, account in enumerate(accounts, start=1):
        ask(team, account, number)
    assert numbers_taken(ada, 20) == list(range(1, 13))


def test_asking_again_while_waiting_neither_loses_nor_gains_a_place(team, ada, accounts):
    first, second = accounts[:2]
    turn = ask(team, first, 1)
    ask(team, second, 2)
    assert ask(team, first, 1) == turn
    assert numbers_taken(ada, 5) == [1, 2]


def test_the_lane_due_soonest_comes_first(team, ada, accounts):
    now = timezone.now()
    ask(team, accounts[0], 1, "question", since=now - timedelta(minutes=1))
    ask(team, accounts[1], 2, "blocked", since=now)
    assert numbers_taken(ada, 2) == [2, 1]


def test_no_lane_starves(team, ada, accounts):
    now = timezone.now()
    ask(team, accounts[0], 1, "idea", since=now - timedelta(days=30))
    ask(team, accounts[1], 2, "blocked", since=now)
    assert numbers_taken(ada, 2) == [1, 2]


def test_what_waits_for_its_own_agent_is_kept_for_them_for_a_while(team, ada, grace, accounts):
    ask(team, accounts[0], 1, kind="next", for_agent=grace)
    assert taking.take_next(ada) is None
    assert numbers_taken(grace, 1) == [1]
    assert Claim.objects.get().way == Claim.Way.OWN


def test_what_was_kept_opens_to_everyone_when_half_the_promise_is_over(team, ada, grace, accounts):
    ask(team, accounts[0], 1, kind="next", for_agent=grace, since=timezone.now() - timedelta(days=14))
    assert numbers_taken(ada, 1) == [1]


@pytest.mark.parametrize("kept_for", [None, "ada", "grace"])
@pytest.mark.parametrize("days", [0, 14])
def test_the_line_keeps_what_the_plain_function_keeps(team, ada, grace, accounts, kept_for, days):
    since = timezone.now() - timedelta(days=days)
    turn = ask(team, accounts[0], 1, kind="next", for_agent={"ada": ada, "grace": grace}.get(kept_for), since=since)
    opens, now = turn.open_at.timestamp(), timezone.now().timestamp()
    assert (taking.offer(ada) is not None) == may_take(turn.for_agent_id or -1, ada.pk, opens, now)


def test_what_was_kept_opens_when_the_agent_goes_away(team, ada, grace, accounts):
    ask(team, accounts[0], 1, kind="next", for_agent=grace)
    Turn.release_from(grace)
    assert numbers_taken(ada, 1) == [1]


def test_an_agent_takes_only_what_their_skills_cover(team, agent_named, ada, accounts):
    german = agent_named("Lise", languages=["de"])
    only_english = agent_named("Alan", languages=["en"])
    ask(team, accounts[0], 1, language="de")
    assert taking.take_next(only_english) is None
    assert numbers_taken(german, 1) == [1]


def test_a_language_nobody_speaks_waits_for_anyone(team, agent_named, accounts):
    alan = agent_named("Alan", languages=["en"])
    ask(team, accounts[0], 1, language="fi")
    assert numbers_taken(alan, 1) == [1]


def test_the_work_in_progress_limit_is_said(team, agent_named, accounts):
    agent = agent_named("Mary", at_once=1)
    for number, account in enumerate(accounts[:2], start=1):
        ask(team, account, number)
    taking.take_next(agent)
    with pytest.raises(taking.TooMany, match="You hold 1 already"):
        taking.take_next(agent)


def test_a_skip_is_a_row_and_keeps_the_place(team, ada, grace, accounts):
    for number, account in enumerate(accounts[:3], start=1):
        ask(team, account, number)
    taking.take_next(ada)
    taking.put_back(ada, 1, "Needs someone who knows billing")
    assert Skip.objects.get().reason == "Needs someone who knows billing"
    assert numbers_taken(ada, 1) == [2]
    assert numbers_taken(grace, 1) == [1]


def test_a_skipped_head_keeps_the_place_of_its_account(team, ada, accounts):
    flood, calm = accounts[:2]
    for number in (1, 2):
        ask(team, flood, number)
    ask(team, calm, 3)
    taking.take_next(ada)
    taking.put_back(ada, 1, "Not mine")
    assert Turn.objects.placed().count() == 2
    assert Turn.objects.get(number=2).round is None


def test_out_of_turn_needs_a_reason_and_is_a_row(team, ada, accounts):
    for number, account in enumerate(accounts[:3], start=1):
        ask(team, account, number)
    taking.take(ada, 3, "Same outage as the one I am on")
    claim = Claim.objects.get()
    assert (claim.way, claim.reason) == ("out_of_turn", "Same outage as the one I am on")
    with pytest.raises(taking.Taken):
        taking.take(ada, 3, "again")


def test_taking_the_one_whose_turn_it_is_is_not_out_of_turn(team, ada, accounts):
    ask(team, accounts[0], 1)
    taking.take(ada, 1, "")
    assert Claim.objects.get().way == "next"


def test_from_behind_its_own_account_is_out_of_turn_and_leaves_the_place(team, ada, accounts):
    for number in (1, 2):
        ask(team, accounts[0], number)
    taking.take(ada, 2, "One answer for both")
    assert Turn.objects.placed().get().number == 1


def test_a_withdrawn_turn_hands_its_place_to_the_next_of_its_account(team, ada, accounts):
    flood, calm = accounts[:2]
    for number in (1, 2):
        ask(team, flood, number)
    ask(team, calm, 3)
    Turn.end(1, "withdrawn")
    assert numbers_taken(ada, 2) == [2, 3]


def test_a_corrected_need_waits_since_the_same_moment(team, ada, accounts):
    since = timezone.now() - timedelta(minutes=30)
    ask(team, accounts[0], 1, since=since)
    Turn.move(1, "blocked", team.pk, "", "")
    turn = Turn.objects.live().get(number=1)
    assert (turn.waiting_since, turn.lane.need) == (since, "blocked")
    assert turn.due_at < Turn.objects.get(outcome="moved").due_at


def test_a_turn_that_is_held_stays_in_its_hands_when_its_need_is_corrected(team, ada, accounts):
    ask(team, accounts[0], 1)
    taking.take_next(ada)
    Turn.move(1, "blocked", team.pk, "", "")
    assert Turn.objects.held().get().claimed_by == ada
    assert taking.take_next(ada) is None


def test_giving_a_turn_gains_no_place(team, ada, grace, accounts):
    for number, account in enumerate(accounts[:2], start=1):
        ask(team, account, number)
    taking.take_next(ada)
    taking.give(1, grace)
    assert Turn.objects.get(number=1).claimed_by == grace
    assert list(Claim.objects.order_by("id").values_list("way", flat=True)) == ["next", "assigned"]
    assert numbers_taken(ada, 1) == [2]
