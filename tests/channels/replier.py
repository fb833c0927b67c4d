"""An agent who answers every conversation once, whatever happens to the database meanwhile."""

from __future__ import annotations

import time
from datetime import timedelta

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from evenhand.conversations.models import Conversation  # noqa: E402
from evenhand.people.models import Agent  # noqa: E402


@transaction.atomic
def answer_one(agent: Agent) -> bool:
    unanswered = Conversation.objects.filter(first_replied_at=None, state="open").select_for_update(skip_locked=True)
    conversation = unanswered.order_by("number").first()
    if conversation is None:
        return False
    conversation.reply(agent, f"Answer to {conversation.number}.", leaves_at=timezone.now() + timedelta(seconds=0.1))
    return True


def main() -> None:
    agent = None
    while True:
        try:
            agent = agent or Agent.objects.get(email="ada@desk.example")
            if not answer_one(agent):
                time.sleep(0.05)
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.1)


if __name__ == "__main__":
    main()
