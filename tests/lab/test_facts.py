"""What splitting a team and buying priority do: facts that the lab must be able to show."""

import math

import pytest

from evenhand.lab import erlang


@pytest.mark.parametrize(("agents", "more"), [(20, 0.20), (50, 0.14), (100, 0.11)])
def test_the_premium_wait_for_everyone_has_a_price(agents, more):
    """At a load of 0.95, a tenth of it premium: the agents with whom everybody waits no longer than premium customers did."""
    load = 0.95 * agents
    premium = erlang.priority([0.1 * load, 0.9 * load], 1, agents)[0].wait
    enough = agents
    while erlang.priority([load], 1, enough)[0].wait > premium:
        enough += 1
    assert (enough - agents) / agents == pytest.approx(more)


@pytest.mark.parametrize("agents", [1, 20, 50])
@pytest.mark.parametrize(("load", "share"), [(0.9, 0.2), (0.7, 0.5)])
def test_the_order_moves_waits_by_these_factors(agents, load, share):
    premium, standard = erlang.priority([share * load * agents, (1 - share) * load * agents], 1, agents)
    all_alike = erlang.priority([load * agents], 1, agents)[0].wait
    assert standard.wait / premium.wait == pytest.approx(1 / (1 - load))
    assert premium.wait / all_alike == pytest.approx((1 - load) / (1 - share * load))
    assert standard.wait / all_alike == pytest.approx(1 / (1 - share * load))
    assert math.isclose(share * premium.wait + (1 - share) * standard.wait, all_alike)


def test_splitting_a_team_costs():
    assert erlang.priority([18], 1, 20)[0].wait == pytest.approx(0.2753845, rel=1e-6)
    assert erlang.priority([4.5], 1, 5)[0].wait == pytest.approx(1.524986, rel=1e-6)
    assert erlang.priority([3.6], 1, 4)[0].wait == pytest.approx(1.969, abs=1e-3)
