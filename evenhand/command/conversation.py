"""`evenhand conversation`: what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from evenhand.database import desk

if TYPE_CHECKING:
    from evenhand.conversations.models import Conversation, Message


@click.group()
def conversation() -> None:
    """What was said, to whom, when."""


@conversation.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(number: int, as_json: bool) -> None:
    """Show conversation NUMBER with all its messages, notes included."""
    desk.open_desk()
    import orjson

    from evenhand.conversations.models import Conversation

    found = Conversation.objects.select_related("person").filter(number=number).first()
    if found is None:
        raise click.ClickException(f"There is no conversation {number}.")
    shown = as_object(found)
    click.echo(orjson.dumps(shown) if as_json else as_text(shown))


def as_object(conversation: Conversation) -> dict[str, Any]:
    """A conversation as programs read it; `lane` and `round` are null while it does not wait."""
    from evenhand.line.models import Turn

    turn = Turn.objects.live().filter(number=conversation.number).select_related("lane").first()
    messages = conversation.messages.order_by("id").select_related("agent", "person", "outgoing")
    return {
        "number": conversation.number,
        "subject": conversation.subject,
        "customer": conversation.person.email,
        "state": conversation.state,
        "need": conversation.need,
        "lane": str(turn.lane) if turn else None,
        "round": turn.round if turn else None,
        "waiting_since": conversation.waiting_since,
        "due_at": conversation.due_at,
        "messages": [said(message, conversation) for message in messages.prefetch_related("attachments", "letters")],
    }


def said(message: Message, conversation: Conversation) -> dict[str, Any]:
    """One message. Who and what its letter named, where it was a letter."""
    return {
        "kind": message.kind,
        **(_by_letter(message) or _otherwise(message, conversation)),
        "text": message.text,
        "quoted": message.quoted,
        "html": message.html,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size, "sha256": each.sha256}
            for each in message.attachments.all()
        ],
        "sent_at": message.sent_at if message.kind == message.Kind.AGENT else message.at,
    }


def _by_letter(message: Message) -> dict[str, Any] | None:
    from evenhand.channels.reading import read_file

    letter = next(iter(message.letters.all()), None) or getattr(message, "outgoing", None)
    if letter is None:
        return None
    read = read_file(bytes(letter.raw))
    to, cc = ([each.address for each in boxes] for boxes in (read.to, read.cc))
    return {"from": read.sender.address, "to": to, "cc": cc, "subject": read.subject}


def _otherwise(message: Message, conversation: Conversation) -> dict[str, Any]:
    """By the form, not sent yet, or a note: what its letter would name."""
    from evenhand.channels.models import Mailbox

    ours = Mailbox.of_team(conversation.team_id).address
    if message.kind == message.Kind.NOTE:
        sender, to = message.agent.email if message.agent else ours, []
    elif message.person:
        sender, to = message.person.email, [ours]
    else:
        sender, to = ours, [conversation.person.email]
    return {"from": sender, "to": to, "cc": message.cc, "subject": conversation.subject}


def as_text(shown: dict[str, Any]) -> str:
    """The same for people at a terminal."""
    waits = f", due {shown['due_at']:%Y-%m-%d %H:%M} UTC" if shown["due_at"] else ""
    lines = [f"{shown['number']}  {shown['subject']}", f"{shown['customer']}: {shown['state']}, {shown['need']}{waits}"]
    for message in shown["messages"]:
        when = f"{message['sent_at']:%Y-%m-%d %H:%M}" if message["sent_at"] else "not sent yet"
        lines += ["", f"── {message['kind']} · {message['from']} · {when}", message["text"]]
        lines += [f"[{each['name']}, {each['type']}, {each['size']} bytes]" for each in message["attachments"]]
    return "\n".join(lines)
