"""Numbers changed, and the study they make; the file it becomes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.lab import toml
from evenhand.lab.refused import Refused
from evenhand.lab.study import Need, Plan, Study
from evenhand.web.desk.lab.sliders import MOST_PLAYED, Sliders

names = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable())
numbers = st.floats(0.01, 1000)


def test_untouched_sliders_leave_the_study_as_it_was():
    study = Study()
    same = Sliders.of(study).applied(study, study.policies)
    assert same == study.with_values(replications=2)


def test_each_slider_changes_what_it_says():
    study = Study()
    read = Sliders.read({"agents": "11", "asked": "150", "best": "10", "promise": "4", "draws": "3"}, study)
    found = read.applied(study, ("flat",))
    assert (found.team.agents, found.replications, found.policies) == (11, 3, ("flat",))
    assert found.plans["free"].tickets == pytest.approx(0.9)
    assert [plan.customers for plan in found.plans.values()] == [551, 276, 73, 100]  # of a thousand, as before
    assert [need.promise for need in found.needs.values()] == [1, 4, 8]


@given(share=st.floats(0, 100), customers=st.lists(st.integers(0, 500), min_size=2, max_size=5).filter(sum))
def test_a_share_neither_wins_nor_loses_a_customer(share, customers):
    study = Study(plans={str(n): Plan(customers=count, tickets=0.1) for n, count in enumerate(customers)})
    found = Sliders.read({"best": str(share)}, study).applied(study, ("flat",))
    assert sum(plan.customers for plan in found.plans.values()) == sum(customers)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"agents": "0"}, "There are no agents"),
        ({"agents": "many"}, "The number of agents must be a number, not “many”."),
        ({"promise": "nan"}, "The promise must lie between"),
        ({"best": "101"}, "The share of the best-paying plan must lie between 0 and 100, not at 101."),
        ({"asked": "1000", "draws": "50"}, f"more than a page does at once ({MOST_PLAYED:,})"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(typed, sentence):
    with pytest.raises(Refused) as refused:
        Sliders.read(typed, Study()).applied(Study(), ("flat", "strict_tiers"))
    assert sentence in str(refused.value)


@given(
    name=st.text(max_size=30), plan=names, need=names, patience=st.one_of(st.just(math.inf), numbers), tickets=numbers
)
def test_a_study_and_its_file_are_the_same(name, plan, need, patience, tickets):
    study = Study(name=name, plans={plan: Plan(tickets=tickets)}, needs={need: Need(patience=patience)})
    assert toml.read(toml.written(study)) == study
