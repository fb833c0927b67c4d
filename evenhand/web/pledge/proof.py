"""For a customer, with the link of their own conversation: that it was counted, with which times, and the proof.

A leaf holds times the customer knows already and a commitment to the groups; which group it is, nobody reads from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.conversations.models import Link
from evenhand.fairness.merkle import leaf_hash, proof, root
from evenhand.parity.models import Leaf, Statement
from evenhand.web.light import metric_words, verdict_words
from evenhand.web.number import decimal
from evenhand.web.span import date_words
from evenhand.web.window import HOUR, Window
from evenhand.web.wording import wording
from evenhand.web.wording.pledged import Proof

PROOFS_AN_HOUR = 120  # each is made from every record of its statement
SHOWN = 400  # records of one conversation
HOW = (
    "Hash the record as UTF-8 with a zero byte before it (SHA-256). Then, for each hash of `path` from the first to the last, "
    "combine as RFC 9162, section 2.1.3.2 says, with `position` and `size`. The result is `root`, which the statement's "
    "signature covers. `sealed` in the record is a commitment to the group; only who publishes the records opens it."
)


class Counted(NamedTuple):
    """One record, in words."""

    position: int
    times: list[str]
    answers: list[str]
    raw: str

    @classmethod
    def of(cls, leaf: Leaf) -> Counted:
        record, say = json.loads(leaf.record), wording().proof
        times = [_time(say, metric_words(name), *value) for name, value in record["hours"].items()]
        answers = [
            (say.yes if yes else say.no).format(name=metric_words(name)) for name, yes in record["answers"].items()
        ]
        return cls(leaf.position, times, answers, leaf.record)


def _time(say: Proof, name: str, hours: float, ended: bool) -> str:
    return (say.after if ended else say.not_yet).format(name=name, hours=decimal(f"{hours:g}"))


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(token)
    leaves = _leaves(link).select_related("statement").defer("statement__figures", "statement__openings")
    latest = leaves.order_by("-statement_id", "position")[:SHOWN]
    found = [
        (statement, [Counted.of(leaf) for leaf in of]) for statement, of in groupby(latest, lambda leaf: leaf.statement)
    ]
    given = {
        "number": link.conversation_id,
        "token": token,
        "found": found,
        "day": date_words,
        "verdict_words": verdict_words,
    }
    return _private(render(request, "pledge/proof.html", given))


@require_safe
def path_of(request: HttpRequest, token: str, pk: int) -> HttpResponse:  # noqa: ARG001 - the token is who asks
    """The inclusion proofs of the conversation's records in one statement."""
    link = _link(token)
    statement = Statement.objects.defer("figures", "openings").filter(pk=pk).first()
    leaves = list(_leaves(link).filter(statement_id=pk).order_by("position"))
    if not statement or not leaves:
        raise Http404
    if not Window.allows("proof", link.key, PROOFS_AN_HOUR, HOUR):
        return _private(
            HttpResponse("Very many proofs in one hour. Wait a little.", status=429, content_type="text/plain")
        )
    hashes = _hashes(statement.pk, statement.root)
    signed = {name: getattr(statement, name) for name in ("root", "digest", "signature", "public_key")}
    said = {
        "statement": {"id": statement.pk, "made_at": statement.made_at.isoformat(), **signed},
        "size": len(hashes),
        "records": [_proved(leaf, hashes) for leaf in leaves],
        "how": HOW,
    }
    response = JsonResponse(said, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="proof-{statement.pk}.json"'
    return _private(response)


def _proved(leaf: Leaf, hashes: tuple[bytes, ...]) -> dict[str, Any]:
    return {
        "position": leaf.position,
        "record": leaf.record,
        "leaf": hashes[leaf.position].hex(),
        "path": [step.hex() for step in proof(hashes, leaf.position)],
    }


@lru_cache(maxsize=4)
def _hashes(statement: int, expected: str) -> tuple[bytes, ...]:
    """The leaves of a statement's tree; it never changes, so it may be kept. Raises ValueError where it is not whole."""
    records = Leaf.objects.filter(statement_id=statement).order_by("position").values_list("record", flat=True)
    hashes = tuple(leaf_hash(record.encode()) for record in records.iterator())
    if root(hashes).hex() != expected:
        raise ValueError(f"The records of statement {statement} do not make its root.")
    return hashes


def _link(token: str) -> Link:
    """Raises Http404 for a link that does not open, whatever was wrong with it."""
    link = Link.open(token)
    if link is None:
        raise Http404
    return link


def _leaves(link: Link) -> Any:
    """Of the conversation of the link, and of the one it was merged into."""
    return Leaf.objects.filter(number__in=list(_numbers(link)))


def _numbers(link: Link) -> Iterator[int]:
    conversation: Any = link.conversation
    yield conversation.number
    while conversation.merged_into:
        conversation = conversation.merged_into
        yield conversation.number


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
