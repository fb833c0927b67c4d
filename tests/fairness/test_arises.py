"""A difference is found at the level that makes it, and the parts add up."""

import numpy as np
import pytest

from evenhand.fairness.arises import arises, gap
from evenhand.fairness.comparison import Support


def desk(rng, n=12_000):
    member, stratum, channel = rng.random(n) < 0.3, rng.integers(0, 2, n), rng.integers(0, 4, n)
    return member, stratum, channel, rng.exponential(5 + 5 * stratum, n), rng.integers(0, 1500, n)


def cut(time, member, stratum, level, customer):
    support, ended = Support.common(stratum, member, 2), np.ones(len(time), dtype=bool)
    return arises(time, ended, support, level, 4, customer, 200.0, gap(time, ended, support, 200.0))


def test_one_slow_channel_is_named():
    member, stratum, channel, time, customer = desk(np.random.default_rng(1))
    time = np.where(member & (channel == 2), time * 2, time)
    origin = cut(time, member, stratum, channel, customer)
    assert origin.parts[0].level == 2
    assert origin.parts[0].low > 0
    assert origin.parts[0].difference == pytest.approx(origin.total, rel=0.25)
    assert all(abs(part.difference) < origin.total / 5 for part in origin.parts[1:])
    assert sum(part.difference for part in origin.parts) + origin.elsewhere == pytest.approx(origin.total)


def test_being_sent_to_a_slow_team_is_elsewhere():
    member, stratum, team, _, customer = desk(np.random.default_rng(2))
    team = np.where(member & (np.arange(len(team)) % 2 == 0), 3, team % 3)  # nobody else is sent to team 3
    time = np.random.default_rng(3).exponential(np.where(team == 3, 30.0, 8.0))
    origin = cut(time, member, stratum, team, customer)
    assert origin.elsewhere == pytest.approx(origin.total, rel=0.1)
    assert {part.level for part in origin.parts} == {0, 1, 2}
