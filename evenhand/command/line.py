"""`evenhand line`: who waits, and whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from evenhand.database import desk

if TYPE_CHECKING:
    from evenhand.line.models import Turn


@click.group()
def line() -> None:
    """Who waits, and whose turn it is."""


@line.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per waiting conversation and line.")
def list_(as_json: bool) -> None:
    """List everyone who waits, lane by lane, in the order in which their turns come.

    Who stands behind an earlier question of their own has no round yet and comes last in the lane.
    """
    desk.open_desk()
    import orjson
    from django.db.models import F

    from evenhand.line.models import Turn

    order = ("lane_id", F("round").asc(nulls_last=True), "turn_since", "id")
    waiting = Turn.objects.waiting().select_related("lane").order_by(*order)
    for turn in waiting.iterator():
        shown = as_object(turn)
        click.echo(orjson.dumps(shown) if as_json else as_text(shown))


def as_object(turn: Turn) -> dict[str, Any]:
    return {
        "number": turn.number,
        "lane": str(turn.lane),
        "need": turn.lane.need,
        "round": turn.round,
        "kind": turn.kind,
        "waiting_since": turn.waiting_since,
        "due_at": turn.due_at,
    }


def as_text(shown: dict[str, Any]) -> str:
    place = "behind" if shown["round"] is None else f"round {shown['round']}"
    return f"{shown['lane']:<20} {place:<12} {shown['number']:>8}  due {shown['due_at']:%Y-%m-%d %H:%M} UTC"


@line.command("next")
@click.option("--agent", "email", required=True, metavar="EMAIL", help="For whom.")
@click.option("--json", "as_json", is_flag=True, help="The conversation as one JSON object, null when nobody waits.")
def next_(email: str, as_json: bool) -> None:
    """Take the next conversation for an agent, exactly as their button does."""
    desk.open_desk()
    import orjson

    from evenhand.command import conversation
    from evenhand.conversations.models import Conversation
    from evenhand.line.taking import TooMany
    from evenhand.people.models import Agent

    agent = Agent.objects.filter(email=email.strip().lower(), is_active=True).first()
    if agent is None:
        raise click.ClickException(f"There is no active agent {email}.")
    try:
        taken = Conversation.take_next(agent)
    except TooMany as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(orjson.dumps(conversation.as_object(taken) if taken else None))
    else:
        click.echo(f"{taken.number}  {taken.subject}" if taken else "Nobody waits whom you may serve.")
