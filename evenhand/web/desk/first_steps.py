"""What an administrator of a new desk does first; gone once a customer was answered."""

from __future__ import annotations

from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists
from django.urls import reverse

from evenhand.channels.models import Letter, Login
from evenhand.conversations.models import Message
from evenhand.people.models import Agent
from evenhand.promise.models import Promise


class Step(NamedTuple):
    words: str
    hint: str
    address: str
    done: bool


def first_steps(agent: Agent) -> list[Step]:
    """In one statement, whatever the desk has grown to; nothing for agents who may not do them."""
    if not agent.is_admin:
        return []
    answered, letters, comes, leaves, promised, colleagues, keys = Agent.objects.filter(pk=agent.pk).values_list(
        Exists(Message.objects.filter(kind=Message.Kind.AGENT)),
        Exists(Letter.objects.all()),
        Exists(Login.objects.filter(way=Login.Way.RECEIVE)),
        Exists(Login.objects.filter(way=Login.Way.SEND)),
        Exists(Promise.objects.filter(made_by__isnull=False)),
        Exists(Agent.objects.filter(is_active=True).exclude(pk=agent.pk)),
        Exists(Authenticator.objects.filter(user=agent.pk)),
    )[0]
    if answered:
        return []
    connected = (letters or comes) and (leaves or bool(settings.EVENHAND_OUTBOUND))
    return [
        Step(
            "Connect your mailbox",
            "Letters come in here, answers leave from your own address.",
            reverse("accounts:mailboxes"),
            connected,
        ),
        Step(
            "Say what you promise",
            "How soon an answer comes, in your working hours: once, for everyone.",
            reverse("accounts:promise"),
            promised,
        ),
        Step("Invite your team", "Each with their own languages and topics.", reverse("accounts:team"), colleagues),
        Step(
            "Choose how you sign in",
            "A passkey or a password, beside the mailed link.",
            reverse("accounts:me"),
            keys or agent.has_usable_password(),
        ),
    ]
