"""The procedure on plain columns: strata, groups, the family of verdicts, the light, the page and the object."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest

from evenhand.audit.groups import measured
from evenhand.audit.procedure import audit
from evenhand.audit.report.facts import facts
from evenhand.audit.report.page import page
from evenhand.audit.report.words import whereabouts
from evenhand.audit.settings import Settings
from evenhand.audit.strata import stratum_of
from evenhand.audit.tickets import Duration, Labels, Tickets
from evenhand.fairness.verdicts import holm


def desk(n=6000, slow_agent=1.0, plans=2, seed=1):
    rng = np.random.default_rng(seed)
    customer = rng.integers(0, n // 5, n)
    plan, kind, agent = customer % plans, rng.integers(0, 2, n), rng.integers(0, 5, n)
    hours = rng.lognormal(kind + 1.0, 1.0) * np.where((plan == 1) & (agent == 3), slow_agent, 1.0)
    return Tickets(
        customer,
        np.sort(rng.uniform(0, 1000, n)),
        {"plan": Labels(plan, [f"plan <{k}>" for k in range(plans)])},
        strata={"type": Labels(kind, ["easy", "hard"])},
        places={"agent": Labels(agent, list("ABCDE"))},
        durations=[Duration("first reply", hours, np.ones(n, dtype=bool), tau=48.0)],
    )


def test_an_agent_who_favours_a_plan_is_named():
    found = audit(desk(slow_agent=6.0))
    assert found.verdict == "disparity"
    by_agent = next(one for one in found.where if one.column == "agent")
    assert by_agent.levels[by_agent.origin.parts[0].level] == "D"
    assert any("arises in D, which has" in line for line in whereabouts(found.where))


def test_two_groups_count_once_in_the_family():
    found = audit(desk())
    first, second = found.rows
    assert first.finding.adjusted_p == second.finding.adjusted_p == pytest.approx(first.adjusted.p_value)
    assert first.adjusted.value * second.adjusted.value == pytest.approx(1)
    three = audit(desk(plans=3))
    assert [row.finding.adjusted_p for row in three.rows] == holm([row.adjusted.p_value for row in three.rows])


def test_nobody_is_in_two_strata_and_thin_ones_fall_back():
    rng = np.random.default_rng(2)
    need = np.where(np.arange(3000) < 2980, rng.integers(0, 2, 3000), 2)
    tickets = Tickets(
        np.arange(3000),
        strata={
            "need": Labels(need, ["a", "b", "rare"]),
            "channel": Labels(rng.integers(0, 40, 3000), [str(k) for k in range(40)]),
        },
    )
    stratum, strata = stratum_of(tickets)
    assert stratum.min() == 0
    assert strata == stratum.max() + 1
    assert np.bincount(stratum).min() >= 20
    for code in range(strata):
        assert len(set(need[stratum == code]) & {0, 1}) <= 1 or 2 in need[stratum == code]


def test_groups_too_small_are_taken_together():
    codes = np.repeat(np.arange(6), [1000, 500, 300, 100, 50, 5])
    found, notes = measured(Labels(codes, list("abcdef")), 12)
    assert found.names == ["a", "b", "c", "3 smaller ones together"]
    assert found.counts.tolist() == [1000, 500, 300, 155]
    assert "155 tickets" in notes[0]
    found, _ = measured(Labels(codes, list("abcdef")), 2)
    assert found.counts.tolist() == [1000, 500, 455]
    found, notes = measured(Labels(np.repeat([0, 1], [1000, 20]), ["a", "b"]), 12)
    assert (found.counts.tolist(), notes) == ([1000, 20], [])


def test_one_group_is_nothing_to_compare():
    with pytest.raises(ValueError, match="nothing to compare"):
        audit(desk(plans=1))


def test_the_object_is_plain_and_complete():
    said = facts(audit(desk()), Settings(), {"no plan": 3}, ["a note"])
    again = json.loads(json.dumps(said, allow_nan=False))
    assert again == said
    assert said["verdict"] == "parity"
    assert said["metrics"][0].keys() >= {"metric", "group", "unadjusted", "adjusted", "low", "high", "verdict"}
    assert said["monitor"].keys() >= {"pairs", "alarm_at_pair", "alarm_at", "certificate_at_pair"}
    assert said["set_aside"] == {"no plan": 3}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.outside = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.outside += [value for name, value in attrs if name in ("src", "href", "action") and value]


def test_the_page_stands_alone_and_escapes_what_it_shows():
    html = page(audit(desk(slow_agent=6.0)), Settings(), {"no plan": 3}, ["<b>note</b>"], "a<b>.csv", 6000)
    seen = Page()
    seen.feed(html)
    assert seen.outside == []
    assert "script" not in seen.tags
    assert seen.tags.count("svg") == 1
    assert seen.tags.count("circle") == 2
    assert "plan <" not in html
    assert "plan &lt;1&gt;" in html
    assert "&lt;b&gt;note" in html
    assert "a&lt;b&gt;.csv" in html
    assert "color-scheme: light dark" in html
    assert "@media print" in html


def test_a_group_too_small_to_draw_is_still_on_the_page():
    tickets = desk(300)
    few = np.where(np.arange(300) < 5, 1, 0)
    small = Tickets(
        tickets.customer, tickets.opened, {"plan": Labels(few, ["many", "few"])}, durations=tickets.durations
    )
    html = page(audit(small), Settings(), {}, [], "small.csv", 300)
    assert "too few to tell" in html


def test_durations_beyond_the_data_have_a_stand_in_for_the_promise():
    tickets = desk(2000)
    bare = [Duration("first reply", tickets.durations[0].hours, tickets.durations[0].ended)]
    found = audit(Tickets(tickets.customer, tickets.opened, tickets.groups, durations=bare))
    share = np.mean(tickets.durations[0].hours <= found.rows[0].tau / 2)
    assert share == pytest.approx(0.8, abs=0.002)
    assert any("stands in" in note for note in found.notes)
    assert any("harder things" in note for note in found.notes)
