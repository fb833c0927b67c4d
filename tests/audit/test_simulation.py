"""The simulated desks have the truth they say they have, and the table tells right from wrong."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from evenhand.audit.simulation.desks import TAU, Desk, factor, month, restricted_mean
from evenhand.command.audit import audit


def test_the_edge_is_exact():
    assert restricted_mean(factor(1.25)) / restricted_mean(1.0) == pytest.approx(1.25)
    assert factor(1.0) == 1.0


def test_the_restricted_mean_is_that_of_the_desk():
    tickets = month(Desk("fair"), 200_000, np.random.default_rng(1))
    early = tickets.opened < 24 * 10  # of these, everything up to tau is seen
    seen = np.minimum(tickets.durations[0].hours[early], TAU).mean()
    assert seen == pytest.approx(restricted_mean(1.0), rel=0.02)


def test_the_command_tells_fair_from_tiered():
    result = CliRunner().invoke(audit, ["simulate", "--runs", "8", "--tickets", "3000", "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    by_desk = {line["desk"]: line for line in said["audit"]}
    assert by_desk["fair"]["inside"]["share"] > 0.6
    assert by_desk["fair"]["wolf"]["share"] > 0.6
    assert by_desk["tiered, 2"]["disparity"]["share"] > 0.8
    assert said["monitor"]["break_median_pairs"]["median"] < 300
    assert "Monte Carlo" in CliRunner().invoke(audit, ["simulate", "--runs", "2", "--tickets", "500"]).stdout
