"""The policies: who is kept out, who goes first, and that the same tickets are asked under each."""

import numpy as np
import pytest

from evenhand.lab import doors
from evenhand.lab.compare import compare, outcome, promise
from evenhand.lab.draw import workload
from evenhand.lab.outcomes import play
from evenhand.lab.presets import preset, presets
from evenhand.lab.refused import Refused
from evenhand.lab.study import Study
from evenhand.lab.team import agents
from evenhand.lab.turns import KEPT_OUT, OPENING, turns
from evenhand.lab.workload import MONTH, Customers, Workload

STUDY = Study(weeks=6, replications=2)


def small(arrival, customer, plan=(0, 1), effort=1.0, seats=(1, 2), bought=(0, 0), project=0, kind=OPENING):
    """A workload of two customers, one on each plan."""
    size = len(arrival)
    people = Customers(np.array(plan, np.int32), np.array(seats, float), np.zeros(2), np.array(bought, float))
    klass = np.array(plan, np.int16)[np.array(customer)]
    table = turns(arrival, effort, customer=customer, klass=klass, kind=kind)
    appetite = (np.arange(size) + 0.5) / size
    return Workload(table, people, ("free", "paid"), ("any",), np.zeros(size, np.int32) + project, appetite, 2 * MONTH)


def stays(door, load):
    return list(door(load, load.opening.copy()))


def test_monthly_allotment_counts_anew_each_month():
    load = small([0, 1, 2, MONTH + 1, MONTH + 2, MONTH + 3], [0, 0, 0, 0, 0, 1])
    assert stays(doors.monthly_allotment({"free": 2}), load) == [True, True, False, True, True, True]
    assert stays(doors.monthly_allotment({"free": 1, "paid": 0}, per_seat=True), load) == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]


def test_incidents_and_projects_count_for_ever():
    load = small([0, 1, MONTH + 1, MONTH + 2], [0, 0, 0, 1], project=np.array([0, 1, 1, 0]))
    assert stays(doors.incidents({"free": 2}), load) == [True, True, False, True]
    assert stays(doors.project_allotment(1), load) == [True, True, False, True]


def test_an_hours_bank_is_open_while_any_is_left():
    load = small([0, 1, 2, 3], [0, 0, 0, 1], effort=[0.4, 0.4, 0.4, 9.0])
    assert stays(doors.hours_bank({"free": 0.5}), load) == [True, True, False, True]


def test_time_limits_run_from_purchase():
    load = small([10, 30, 10, 60], [0, 0, 1, 1], bought=(0, 24))
    assert stays(doors.time_limited(1), load) == [True, False, True, False]


def test_a_price_suppresses_the_share_it_says():
    load = small(np.arange(1000.0), [0] * 1000)
    assert sum(stays(doors.pay_by_use(25, 0.02), load)) == pytest.approx(1000 * np.exp(-0.5), abs=1)


def test_fair_use_stops_only_the_heaviest():
    load = small(np.arange(100.0), [0] * 97 + [1] * 3)
    assert stays(doors.fair_use(3), load).count(False) == 22  # the average is 25 a month; 75 are let in


def test_a_refused_ticket_takes_its_follow_ups_with_it():
    load = small([0, 1, 5], [0, 0, 1], kind=[0, 1, 0])
    from evenhand.lab.policies import Policy, apply, first_come

    policy = Policy("none", "", "", first_come, denies=(doors.incidents({"free": 0}),))
    applied = apply(load, policy, [], np.array([1.0]))
    assert list(applied.turns.kind) == [KEPT_OUT, KEPT_OUT, OPENING]
    assert load.turns.kind[0] == OPENING


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_runs_and_balances(name):
    load = workload(STUDY, 0)
    before = load.turns.copy()
    found = play(load, preset(name), agents(STUDY), promise(STUDY))
    assert found.identities["hold"]
    assert (load.turns == before).all()
    rows = found.tickets
    answered = ~np.isnan(rows.reply)
    ends = answered.astype(int) + rows.abandoned + rows.denied + rows.suppressed
    assert (ends == 1).all()
    assert (found.utilisation >= 0).all()
    assert (found.utilisation <= 1 + 1e-9).all()


def test_strict_tiers_put_the_best_paying_plan_first():
    rows = {name: outcome(STUDY, name, 0).tickets for name in ("flat", "strict_tiers")}
    mean = {name: [np.nanmean(r.reply_staffed[r.plan == p]) for p in range(4)] for name, r in rows.items()}
    assert mean["strict_tiers"][3] < mean["strict_tiers"][0] * 0.7
    assert abs(mean["flat"][3] / mean["flat"][0] - 1) < 0.35


def test_plans_do_not_matter_to_the_desks_own_order():
    """Permute the plans: every ticket is answered at the same moment."""
    load = workload(STUDY, 0)
    people = Customers(load.customers.plan[::-1].copy(), *list(vars(load.customers).values())[1:])
    shuffled = Workload(**{**vars(load), "turns": load.turns.copy(), "customers": people})
    shuffled.turns.klass = people.plan[load.turns.customer] * len(load.needs) + load.need
    one, other = (play(w, preset("flat"), agents(STUDY), promise(STUDY)).tickets.reply for w in (load, shuffled))
    np.testing.assert_array_equal(one, other)


def test_follow_ups_and_limits_together():
    study = Study(weeks=4, follow_up=0.5, team=type(STUDY.team)(agents=9, at_once=6))
    assert outcome(study, "flat", 1).identities["hold"]


def test_an_unknown_policy_is_named():
    with pytest.raises(Refused, match="no policy “gold”"):
        preset("gold")


def test_the_same_seed_gives_the_same_numbers():
    study = Study(weeks=4, replications=2, policies=("flat", "strict_tiers"))
    assert compare(study)["policies"] == compare(study)["policies"]
