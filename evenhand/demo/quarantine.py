"""A few letters at the demo desk that could not be understood or trusted."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from evenhand.conversations.models import Conversation
from evenhand.people.models import Person, Team

from . import letters

FOUND = (
    (
        "Invoice 88113 attached, open now",
        "billing@micr0invoice.example",
        "The sender's domain says this letter is not from it (DMARC).",
    ),
    ("(no subject)", "scanner@ridgeway-housing.example", "The letter breaks off in the middle of an attachment."),
    (
        "=?utf-8?Q?broken",
        "mailer@tidewater-foods.example",
        "The letter names no character set, and none of the usual ones reads it.",
    ),
    (
        "Re: Re: Fwd: Order",
        "office@longacre-farms.example",
        "It answers a conversation of somebody else; whoever sent it was never part of it.",
    ),
    ("You have won a document", "lucky@prize.example", "The sender's domain says this letter is not from it (DMARC)."),
)


def fill(random: Random, team: Team, until: datetime) -> None:
    for subject, sender, problem in FOUND:
        at = until - timedelta(hours=random.uniform(1, 200))
        raw = letters.written(
            "", sender, "support@localhost", subject, "The letter could not be shown.", at, f"{at.timestamp()}@{sender}"
        )
        person = Person.at(sender)
        conversation, _ = Conversation.start(
            person, team, subject, "The letter could not be shown.", problem=problem, at=at
        )
        letters.quarantined(raw, sender, conversation, problem, at)
