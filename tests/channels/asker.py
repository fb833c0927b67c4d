"""So many customers, each with a question that an agent will answer."""

from __future__ import annotations

import sys

import django

django.setup()

from evenhand.channels.models import Mailbox  # noqa: E402
from evenhand.conversations.models import Conversation  # noqa: E402
from evenhand.people.models import Person  # noqa: E402


def main(count: int) -> None:
    team = Mailbox.default().team
    for n in range(count):
        Conversation.start(Person.at(f"c{n}@client{n % 50}.example"), team, f"Question {n}", "How?")


if __name__ == "__main__":
    main(int(sys.argv[1]))
