"""Policies put together, a vendor's own, and teams with skills, shifts and holidays: all from a study's file."""

import dataclasses

import numpy as np
import pytest

from evenhand.lab import toml
from evenhand.lab.compare import outcome
from evenhand.lab.draw import workload
from evenhand.lab.outcomes import play
from evenhand.lab.refused import Refused
from evenhand.lab.schemes import policy
from evenhand.lab.staffing import fewest
from evenhand.lab.study import Group, Need, Plan, Scheme, Study, Team, load
from evenhand.lab.team import agents, staffed_a_week

FILE = """
weeks = 6
replications = 1
policies = ["flat", "ours", "strict_tiers+ours_by_the_month"]
arrivals = [0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 6, 5, 4, 5, 5, 5, 4, 2, 0, 0, 0, 0, 0, 0]

[plans.basic]
customers = 300
[plans.gold]
customers = 30
tickets = 4

[needs.outage]
share = 0.2
promise = 2
[needs.question]
share = 0.8

[team]
agents = 2
hours = "Mon-Fri 9-17"
kept = 0.25
begins = 2026-12-14
zone = "Europe/Rome"
holidays = [2026-12-25, "2027-01-01"]
[team.groups.night]
agents = 2
needs = ["outage"]
hours = "Mon-Sun 17-24"
at_once = 4

[schemes.ours]
title = "Our gold support"
promises = { gold = 1, basic = 24 }
[schemes.ours_by_the_month]
a_month = { basic = 1 }
price = 10
elasticity = 0.02
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(FILE)
    return load(path)


def test_everything_of_the_file_is_played(study):
    for name in study.policies:
        assert outcome(study, name, 0).identities["hold"]
    rows = outcome(study, "ours", 0).tickets
    best, others = (np.nanmean(rows.reply_staffed[rows.plan == plan]) for plan in (1, 0))
    assert best < others


def test_the_hours_asked_are_those_of_the_file(study):
    moments = workload(study, 0).turns
    opened = moments.arrival[moments.kind == 0] % 24
    assert opened.min() >= 8
    assert opened.max() < 18


def test_a_group_answers_only_what_it_can_and_nobody_works_on_holidays(study):
    people = agents(study)
    assert [agent.lanes for agent in people] == [(0, 1), (0, 1), (0,), (0,)]
    assert people[2].at_once == 4
    closed = 11 * 24.0  # 25 December, of a study that begins on the Monday 14 December
    assert not any(closed <= opens < closed + 24 for opens, _ in people[0].calendar.pieces)
    assert any(closed - 24 <= opens < closed for opens, _ in people[0].calendar.pieces)
    assert staffed_a_week(people) < 2 * 40 + 2 * 49


def test_parts_are_put_together(study):
    both = policy("strict_tiers+ours_by_the_month", study.schemes)
    assert both.order is policy("strict_tiers").order
    assert (len(both.denies), len(both.suppresses)) == (1, 1)
    found = play(workload(study, 0), both, agents(study), np.array([2.0, 8.0])).tickets
    assert found.denied[found.plan == 0].any()
    assert not found.denied[found.plan == 1].any()
    assert found.suppressed.mean() == pytest.approx(1 - np.exp(-0.2), abs=0.06)


def test_limits_are_of_the_lowest_plans_whatever_they_are_called(study):
    rows = outcome(study, "monthly_allotment", 0).tickets
    assert rows.denied[rows.plan == 0].any()
    assert not rows.denied[rows.plan == 1].any()


def test_two_orders_at_once_are_refused():
    with pytest.raises(Refused, match="two orders of one line"):
        policy("flat+strict_tiers")
    assert policy("premium_team+strict_tiers").own_team == 0.25


def test_a_share_of_the_team_for_good(study):
    rows = play(workload(study, 0), policy("premium_team"), agents(study)[:2], np.array([2.0, 8.0])).tickets
    assert np.isfinite(rows.reply).any()


def test_a_team_of_its_own_takes_two_agents_at_least(study):
    with pytest.raises(Refused, match="at least two agents"):
        play(workload(study, 0), policy("premium_team"), agents(study)[:1], np.array([2.0, 8.0]))
    mine = dataclasses.replace(policy("premium_team"), own_team=0.9)
    rows = play(workload(study, 0), mine, agents(study)[:2], np.array([2.0, 8.0])).tickets
    assert np.isfinite(rows.reply).any(), "one agent is left for the others"
    nobody_else = dataclasses.replace(study, team=dataclasses.replace(study.team, groups={}))
    assert fewest(nobody_else, "premium_team", 0.01, only_best=True, seeds=range(1))["agents"] == 2


@pytest.mark.parametrize(
    ("line", "change", "sentence"),
    [
        ("basic = 24", "silver = 24", "Scheme ours names “silver”, which is no plan"),
        ("basic = 24", "basic = 0", "promises and weights must be above zero"),
        ("a_month = { basic = 1 }", "a_month = 3", "must be a table of plans and numbers"),
        ("begins = 2026-12-14", "", "Holidays need the day the study begins on"),
        ("2026-12-25", '"Christmas"', "“Christmas” is not a day"),
        ('zone = "Europe/Rome"', 'zone = "Mars"', "no time zone “Mars”"),
        ('needs = ["outage"]', 'needs = ["coffee"]', "answers “coffee”, which is no need"),
        ("agents = 2\nhours", "agents = 0\nhours", "Nobody answers question"),
        ("kept = 0.25", "kept = 2", "share of the promise"),
        ("arrivals = [0, 0,", "arrivals = [0,", "list of 24 weights"),
        ('"flat", "ours"', '"flat", "theirs"', "no policy “theirs”"),
    ],
)
def test_what_cannot_be_is_said_by_name(tmp_path, line, change, sentence):
    assert line in FILE
    path = tmp_path / "study.toml"
    path.write_text(FILE.replace(line, change, 1))
    with pytest.raises(Refused) as refused:
        outcome(load(path), "ours" if "theirs" not in change else "theirs", 0)
    assert sentence in str(refused.value)


def test_the_file_that_the_page_writes_is_the_same_study(study):
    assert toml.read(toml.written(study)) == study
    made = Study(
        plans={"a b": Plan()},
        needs={"n": Need()},
        team=Team(groups={"ä": Group(needs=("n",))}, begins="2026-01-05", holidays=("2026-01-06",)),
        schemes={"x": Scheme(weights={"a b": 2.0})},
    )
    assert toml.read(toml.written(made)) == made
