"""What visitors of the demo's pledge page said of it: most agree, some do not, one has not been read yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from evenhand.parity.models import Opinion

AGREE, DISAGREE = True, False
SHOWN, WAITING = Opinion.State.SHOWN, Opinion.State.WAITING
SAID = (
    (AGREE, "Leonie", "We are on the smallest plan and stopped asking our last vendor anything. Here I just ask."),
    (DISAGREE, "A payer", "We pay forty times what a small shop pays. I would like somebody to pick up the phone first for that."),
    (AGREE, "", "I checked the signature and computed the verdict myself. Same figures."),
    (AGREE, "Tomasz", "When something is broken for me it is broken for everyone. Answer whoever is stuck first."),
    (DISAGREE, "Priya", "Fine by me as long as the wait does not grow with your customers. Show me that each quarter."),
    (AGREE, "Hélène", "« Personne ne passe devant. » C'est pour cela que nous sommes restés."),
)  # fmt: skip
UNREAD = (
    AGREE,
    "Aarav",
    "My old help desk sold me a faster queue. I asked who became slower by it, and got no answer.",
)
WITHOUT_A_WORD = 31, 4  # how many more agreed and disagreed


def fill(random: Random, until: datetime) -> None:
    """All within the last two months, the one nobody has read yesterday."""
    said = [Opinion(agrees=agrees, name=name, word=word, state=SHOWN) for agrees, name, word in SAID]
    said += [Opinion(agrees=AGREE, state=SHOWN) for _ in range(WITHOUT_A_WORD[0])]
    said += [Opinion(agrees=DISAGREE, state=SHOWN) for _ in range(WITHOUT_A_WORD[1])]
    for opinion in said:
        opinion.at = until - timedelta(hours=random.uniform(30, 60 * 24))
    agrees, name, word = UNREAD
    said.append(Opinion(agrees=agrees, name=name, word=word, state=WAITING, at=until - timedelta(hours=21)))
    Opinion.objects.bulk_create(sorted(said, key=lambda each: each.at))
