"""How fast the simulator is beside Ciw and SimPy, side by side in one run; and what it takes in memory.

    python -m bench.lab [--rounds 12] [--million 10]

The model is M/M/20 with two priority classes and abandonment (arrivals 4 and 16 an hour, service 1, patience rate 0.5).
"All features" is the same load on shifts with breaks, three lanes by skill, follow-ups, a limit of tickets in hand for
half of the agents, follow-ups kept for the other half, abandonment, and the desk's own turns by two hundred customers.
Rates are by processor time, and beside the median stands the best of all rounds, for each alike: what other work on the
machine does to memory and caches can only slow a round down.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time

import ciw
import numpy as np
import simpy

from evenhand.lab import rules
from evenhand.lab.calendar import weekly
from evenhand.lab.crew import Agent, crew
from evenhand.lab.simulate import simulate
from evenhand.lab.textbook import Textbook, play
from evenhand.lab.turns import FOLLOWING, OPENING, TURN, WAIT, turns


def timed(function, *arguments):
    begin = time.process_time()
    customers = function(*arguments)
    return customers / (time.process_time() - begin)


def by_ciw(hours):
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions={"a": [exponential(4)], "b": [exponential(16)]},
        service_distributions={"a": [exponential(1)], "b": [exponential(1)]},
        number_of_servers=[20],
        priority_classes={"a": 0, "b": 1},
        reneging_time_distributions={"a": [exponential(0.5)], "b": [exponential(0.5)]},
    )
    ciw.seed(1)
    run = ciw.Simulation(network)
    run.simulate_until_max_time(hours)
    return run.nodes[0].number_of_individuals


def by_simpy(hours):
    draw, env, count = random.Random(1), simpy.Environment(), [0]
    desk = simpy.PriorityResource(env, capacity=20)

    def ticket(klass):
        with desk.request(priority=klass) as request:
            yield request | env.timeout(draw.expovariate(0.5))
            if request.triggered:
                yield env.timeout(draw.expovariate(1))

    def source(klass, rate):
        while True:
            yield env.timeout(draw.expovariate(rate))
            count[0] += 1
            env.process(ticket(klass))

    env.process(source(0, 4))
    env.process(source(1, 16))
    env.run(until=hours)
    return count[0]


def by_lab(tickets):
    """Drawing the tickets included, as it is for the others."""
    play(Textbook((4, 16), 1, 20, 0.5, order="priority", tickets=tickets))
    return tickets


def by_lab_with_everything(tickets):
    """As many turns, follow-ups included, on a desk where everything is switched on."""
    draw = np.random.default_rng(1)
    kind = np.where(draw.random(tickets) < 0.2, FOLLOWING, OPENING).astype(np.int8)
    kind[0] = OPENING
    opening = np.flatnonzero(kind == OPENING)
    ticket = np.cumsum(kind == OPENING) - 1
    begins = draw.standard_exponential(tickets) * 5
    begins[opening] = np.cumsum(draw.standard_exponential(opening.size)) / 11
    who = draw.integers(0, 200, opening.size)[ticket]
    lane = draw.integers(0, 3, opening.size)[ticket]
    table = turns(
        begins, draw.standard_exponential(tickets), draw.standard_exponential(tickets) * 40, who, lane, lane, kind
    )
    early, late = weekly("Mon-Sun 0-6, 7-15"), weekly("Mon-Sun 10-14, 14:30-24")
    skills = [(0, 1, 2), (0, 1), (1, 2), (0, 2)]
    people = [Agent(skills[i % 4], early if i % 2 else late, 8 if i % 4 < 2 else 0) for i in range(28)]
    promise = [2.0, 8.0, 16.0]
    simulate(table, rules.flat_turns(200, promise)._replace(keep=rules.kept(promise)), *crew(people, 3))
    return tickets


def memory(million):
    """Peak resident memory of a process that plays so many million tickets, in MiB."""
    code = (
        f"import resource; from bench.lab import by_lab; by_lab({million * 1_000_000}); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def warm_start():
    code = "from evenhand.lab.textbook import *; play(Textbook((4, 16), 1, 20, 0.5, tickets=1000))"
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--million", type=int, default=10)
    given = parser.parse_args()
    by_lab(1000), by_lab_with_everything(1000)  # compiled, or read from the cache
    rates = {"Ciw": [], "SimPy": [], "Evenhand": [], "Evenhand, all features": []}
    for _ in range(given.rounds):  # interleaved, so that all meet the same weather
        rates["Ciw"].append(timed(by_ciw, 1000))
        rates["SimPy"].append(timed(by_simpy, 1500))
        rates["Evenhand"].append(timed(by_lab, 1_000_000))
        rates["Evenhand, all features"].append(timed(by_lab_with_everything, 1_000_000))
    print(f"{'customers per second of work':30}{'':8}{'':>12}{'× Ciw':>8}{'× SimPy':>9}")
    for how, of in (("median", statistics.median), ("best", max)):
        found = {name: of(values) for name, values in rates.items()}
        for name, rate in found.items():
            print(f"{name:30}{how:8}{rate:12,.0f}{rate / found['Ciw']:8.0f}{rate / found['SimPy']:9.0f}")
    print(f"\nwarm start, import and a thousand tickets: {warm_start():.2f} s")
    print(
        f"a turn takes {TURN.itemsize} bytes asked and {WAIT.itemsize} played, {TURN.itemsize + WAIT.itemsize} in all"
    )
    small, large = memory(1), memory(given.million)
    print(f"peak memory: {small} MiB at 1 million tickets, {large} MiB at {given.million} million")
    if given.million > 1:
        print(f"so {(large - small) * 2**20 / ((given.million - 1) * 1e6):.0f} bytes a ticket, drawing them included")


if __name__ == "__main__":
    main()
