"""The letters to learn from: what agents called spam or not, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from django.db import transaction

from evenhand.channels.letter import Letter
from evenhand.channels.reading import Authentication, read_letter
from evenhand.conversations.models import Conversation, Judgement

from .features import features
from .learning import Learned, Sample, learn
from .model import SpamModel

MOST = 3_000  # of each kind, the latest: what is unwanted changes


def learn_anew() -> Learned | None:
    """Learn from all there is and keep it; None where too little is known."""
    found = learn(list(samples(_called_spam())), list(samples(_wanted())))
    if found:
        keep(found)
    return found


@transaction.atomic
def keep(found: Learned) -> SpamModel:
    made = SpamModel.objects.create(
        weights=np.asarray(found.weights, dtype="<f4").tobytes(), bias=found.bias, threshold=found.threshold,
        spam=found.spam, wanted=found.wanted, caught=found.caught, wrong=found.wrong,
    )  # fmt: skip
    SpamModel.forget()
    return made


def samples(letters: Iterable[Letter]) -> Iterator[Sample]:
    for letter in letters:
        verdict = Authentication(letter.verified)
        yield features(read_letter(bytes(letter.raw)), verdict)


def _called_spam() -> Iterator[Letter]:
    """What agents called spam."""
    yield from _began(Judgement.objects.filter(spam=True).order_by("-at").values_list("conversation", flat=True)[:MOST])


def _wanted() -> Iterator[Letter]:
    """What agents called wanted, and what they answered without a word of spam."""
    called = list(Judgement.objects.filter(spam=False).order_by("-at").values_list("conversation", flat=True)[:MOST])
    answered = Conversation.objects.filter(first_replied_at__isnull=False, judgement=None, spam=False)
    yield from _began(called)
    yield from _began(answered.order_by("-pk").values_list("pk", flat=True)[: MOST - len(called)])


def _began(conversations: Iterable[int]) -> Iterator[Letter]:
    """The letters that conversations began with; those that came by the form have none."""
    read = Letter.objects.filter(conversation__in=list(conversations)).exclude(outcome=Letter.Outcome.DUPLICATE)
    yield from read.order_by("conversation", "pk").distinct("conversation").iterator(chunk_size=100)
