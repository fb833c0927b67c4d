"""Exports of made-up desks, written the way desks write them."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2026, 1, 5, tzinfo=UTC)


def export(path: Path, n: int = 6000, slower: float = 1.0, seed: int = 1, plans: int = 2, **settings: str) -> Path:
    """A desk of n tickets over eight weeks; all plans but `premium` wait `slower` times as long. Harder mix for premium.

    `delimiter`, `encoding` and `dates` (a strftime pattern) say how it is written.
    """
    rng = np.random.default_rng(seed)
    names = ["premium", *(f"plan {k}" for k in range(1, plans))]
    customers = n // 6
    plan = rng.integers(0, plans, customers)
    customer = rng.integers(0, customers, n)
    hard = rng.random(n) < np.where(plan[customer] == 0, 0.6, 0.3)
    hours = rng.lognormal(np.where(hard, 2.0, 0.7) + rng.normal(0, 0.2, customers)[customer], 1.2)
    hours *= np.where(plan[customer] == 0, 1.0, slower)
    opened = np.sort(rng.uniform(0, 56 * 24, n))
    pattern = settings.get("dates", "%Y-%m-%d %H:%M:%S")
    with path.open("w", newline="", encoding=settings.get("encoding", "utf-8")) as file:
        rows = csv.writer(file, delimiter=settings.get("delimiter", ","))
        rows.writerow(["Ticket", "Tier", "Account", "Created", "First reply", "Kind", "Channel", "Agent"])
        for k in range(n):
            at = START + timedelta(hours=float(opened[k]))
            replied = opened[k] + hours[k] < 56 * 24
            reply = (at + timedelta(hours=float(hours[k]))).strftime(pattern) if replied else ""
            kind, channel = ("hard" if hard[k] else "easy"), ("mail", "form")[k % 2]
            agent = f"agent {rng.integers(0, 5)}"
            rows.writerow(
                [k, names[plan[customer[k]]], f"c{customer[k]}", at.strftime(pattern), reply, kind, channel, agent]
            )
    return path


MAP = (
    "plan=Tier,customer=Account,opened=Created,first_reply=First reply,type=Kind,channel=Channel,agent=Agent,id=Ticket"
)


def written(path: Path, header: str, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path
