"""Ciw and SimPy play the same queue: two classes in strict order, with abandonment."""

import random

import ciw
import simpy

from evenhand.lab.textbook import Textbook, measure

QUEUE = Textbook((4, 16), 1, 20, 0.5, order="priority", tickets=200_000, seed=4)


def ciw_waits(time):
    """Mean wait of each class, those who leave included, by Ciw."""
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions={"first": [exponential(4)], "second": [exponential(16)]},
        service_distributions={"first": [exponential(1)], "second": [exponential(1)]},
        number_of_servers=[20],
        priority_classes={"first": 0, "second": 1},
        reneging_time_distributions={"first": [exponential(0.5)], "second": [exponential(0.5)]},
    )
    ciw.seed(2)
    run = ciw.Simulation(network)
    run.simulate_until_max_time(time)
    records = run.get_all_records(only=["service", "renege"])
    return [_mean([r.waiting_time for r in records if r.customer_class == name]) for name in ("first", "second")]


def simpy_waits(time):
    """The same by SimPy."""
    draw, waits = random.Random(3), {0: [], 1: []}
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, capacity=20)

    def ticket(klass):
        asked = env.now
        with desk.request(priority=klass) as request:
            yield request | env.timeout(draw.expovariate(0.5))
            waits[klass].append(env.now - asked)
            if request.triggered:
                yield env.timeout(draw.expovariate(1))

    def source(klass, rate):
        while True:
            yield env.timeout(draw.expovariate(rate))
            env.process(ticket(klass))

    env.process(source(0, 4))
    env.process(source(1, 16))
    env.run(until=time)
    return [_mean(waits[0]), _mean(waits[1])]


def _mean(values):
    return sum(values) / len(values)


def test_ciw_and_simpy_agree_with_the_lab():
    mine = [row["wait"] for row in measure(QUEUE)["classes"]]
    for theirs in (ciw_waits(1500), simpy_waits(1500)):
        for ours, other in zip(mine, theirs, strict=True):
            assert abs(other / ours - 1) < 0.12
