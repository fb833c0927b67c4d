"""The simulator against every closed form, within a 99.9 % interval; and what priority by plan does to a queue."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from evenhand.command.lab import lab
from evenhand.lab.textbook import Textbook, measure, play

QUEUES = [
    Textbook((0.9,), 1, 1),
    Textbook((4.5,), 1, 5),
    Textbook((9,), 1, 10),
    Textbook((18,), 1, 20),
    Textbook((19,), 1, 20),
    Textbook((45,), 1, 50),
    Textbook((3.6, 14.4), 1, 20, order="priority"),
    Textbook((1, 3, 5), 1, 10, order="priority"),
    Textbook((0.18, 0.72), 1, 1, order="priority"),
    Textbook((20,), 1, 20, 0.5),
    Textbook((20,), 1, 20, 1),
    Textbook((18,), 1, 20, 0.5),
    Textbook((48,), 0.25, 200, 0.5),
    Textbook((4, 16), 1, 20, 0.5, order="priority"),
    Textbook((4, 16), 1, 20, 0.5, order="fcfs"),
    Textbook((0.9,), 1, 1, scv=0),
    Textbook((0.9,), 1, 1, scv=0.25),
    Textbook((0.9,), 1, 1, scv=4),
    Textbook((0.2, 0.6), 1, 1, scv=4, order="priority"),
    Textbook((18,), 1, 20, order="turns"),
    Textbook((4, 16), 1, 20, 0.5, order="turns"),
    Textbook((18,), 1, 20, order="lcfs"),
    Textbook((18,), 1, 20, order="random"),
]


def within(value, ends):
    return ends[0] <= value <= ends[1]


@pytest.mark.parametrize("queue", QUEUES, ids=lambda q: f"{q.order}-{q.arrivals}-{q.agents}-{q.patience}-{q.scv}")
def test_simulated_within_a_999_interval_of_exact(queue):
    found = measure(Textbook(**{**vars(queue), "tickets": 400_000, "seed": 20}), confidence=0.999)
    assert found["identities"]["hold"]
    rows = [found["all"]] if queue.order in ("turns", "lcfs", "random") else found["classes"]
    for row in rows:
        assert within(row["exact_wait"], row["wait_ci"]), row
        assert within(row["exact_abandoned"], row["abandoned_ci"]) or queue.patience == 0 == row["abandoned"]
    if found["exact_p_wait"]:
        assert within(found["exact_p_wait"], found["all"]["p_wait_ci"])


def test_the_order_changes_who_waits_not_how_much_work_is_done():
    """Kleinrock's conservation law, and equal busy time over the orders of the same tickets."""
    waits, busy, spread = {}, {}, {}
    for order in ("fcfs", "random", "lcfs", "priority", "turns"):
        queue = Textbook((3.6, 14.4), 1, 20, order=order, tickets=800_000, seed=3)
        turns, wait = play(queue)
        waited = wait.start - wait.since
        waits[order], spread[order] = waited.mean(), waited.std()
        busy[order] = float(np.sum(turns.effort[~np.isnan(wait.start)]))
        if order == "priority":
            premium, standard = (waited[turns.klass == k].mean() for k in (0, 1))
    assert len(set(busy.values())) == 1
    assert np.ptp(list(waits.values())) < 0.02 * waits["fcfs"]
    assert standard / premium == pytest.approx(10, rel=0.08)  # 1 / (1 - load)
    assert spread["fcfs"] < spread["turns"] < spread["priority"]


def test_a_premium_team_waits_longer_than_everybody_together():
    expected = {(18, 20): 0.2753845024, (3.6, 4): 1.9693827585, (4.5, 5): 1.524986441}
    for (rate, agents), wait in expected.items():
        found = measure(Textbook((rate,), 1, agents, tickets=400_000, seed=2), confidence=0.999)["all"]
        assert found["exact_wait"] == pytest.approx(wait)
        assert within(wait, found["wait_ci"])


def test_the_command_prints_one_object():
    options = "queue --arrivals 4,16 --agents 20 --patience-rate 0.5 --order priority --tickets 20000 --json"
    result = CliRunner().invoke(lab, options.split())
    found = json.loads(result.output)
    assert {"wait", "wait_ci", "abandoned", "exact_wait", "exact_abandoned", "p_wait"} <= set(found["classes"][0])
    assert "p_wait" in found


def test_the_command_prints_a_table():
    result = CliRunner().invoke(lab, ["queue", "--arrivals", "18", "--agents", "20", "--tickets", "20000"])
    assert result.exit_code == 0
    assert "Identities hold" in result.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--arrivals 21 --agents 20", "grows for ever"),
        ("--arrivals 0,4 --agents 20", "above zero"),
        ("--arrivals 4 --agents 0", "above zero"),
        ("--arrivals nan --agents 2", "finite"),
        ("--arrivals 1 --agents 2 --seed -1", "from 0"),
        ("--arrivals 4 --agents 20 --service-scv -1", "negative"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(options, sentence):
    result = CliRunner().invoke(lab, ["queue", *options.split()])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_confidence_that_is_none_is_wrong_usage():
    result = CliRunner().invoke(lab, ["queue", "--arrivals", "4", "--agents", "20", "--confidence", "2"])
    assert result.exit_code == 2
    assert "between 0 and 1" in result.output


def test_rates_that_are_no_numbers_are_wrong_usage():
    assert CliRunner().invoke(lab, ["queue", "--arrivals", "four", "--agents", "20"]).exit_code == 2
