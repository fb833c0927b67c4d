"""What is asked of the desk, by whom, and how it is said in HTTP."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .building import NEEDLE
from .client import Client

WORDS = "Thank you for writing. We have looked into it: please try once more, and tell us if it comes back."


@dataclass(frozen=True)
class Act:
    """One thing done over and over. `requests` yields the next request of a client."""

    name: str
    requests: Callable[[Client], Iterator[bytes]]
    expected: int  # status
    goal_p50: float | None = None  # milliseconds, one client
    goal_p95: float | None = None
    goal_rate: float | None = None  # a second, eight clients
    writes: bool = False


def over_and_over(path: str) -> Callable[[Client], Iterator[bytes]]:
    def requests(client: Client) -> Iterator[bytes]:
        request = client.request("GET", path)
        while True:
            yield request

    return requests


def acts(count: int, replied: Iterator[int]) -> list[Act]:
    """`count` conversations are at the desk; `replied` gives the numbers of those to be answered, each once."""
    source = random.Random("acts")

    def conversation(client: Client) -> Iterator[bytes]:
        while True:
            yield client.request("GET", f"/desk/c/{source.randint(1, count)}/")

    def search(client: Client) -> Iterator[bytes]:
        while True:
            yield client.request("GET", f"/desk/search/?q={NEEDLE}")

    def take_next(client: Client) -> Iterator[bytes]:
        while True:
            yield client.request("POST", "/desk/next/", {})

    def reply(client: Client) -> Iterator[bytes]:
        for number in replied:
            form = {"words": WORDS, "format": "text", "seen": str(2**40)}
            yield client.request("POST", f"/desk/c/{number}/reply", form)

    def create(client: Client) -> Iterator[bytes]:
        for number in range(10**9):
            who = f"{id(client)}.{number}"
            form = {
                "name": "A Customer", "email": f"new{who}@customer.example", "subject": f"Question {who}", "text": WORDS,
                "going_on": "yes", "wish": "answer",
            }  # fmt: skip
            source_address = f"10.{source.randrange(256)}.{source.randrange(256)}.{source.randrange(256)}"
            yield client.request("POST", "/ask", form, X_Forwarded_For=source_address)

    return [
        Act("inbox (open)", over_and_over("/desk/open/"), 200, 4.8, 10, 345),
        Act("inbox (waiting)", over_and_over("/desk/waiting/"), 200, 4.8, 10, 345),
        Act("conversation", conversation, 200, 5),
        Act("search, 0.5 %", search, 200, 15),
        Act("take next", take_next, 302, writes=True),
        Act("reply", reply, 302, writes=True),
        Act("create by form", create, 200, goal_rate=600, writes=True),
    ]
