"""The letters that bring a link: an invitation, and a way in without a password."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from evenhand.channels.models import Outgoing
from evenhand.people.models import Agent, SignInLink

SIGN_IN = """\
Open this link to sign in to {desk}. It works once, for {minutes} minutes:
{url}

If you did not ask for it, do nothing: without the link nobody gets in.
"""

INVITATION = """\
{inviter} invites you to answer customers at {desk}.

Open this link to begin. It works once, for seven days:
{url}
"""

NEW_ADDRESS = """\
{name} wants to sign in to {desk} with this address. If that is you, open this link within a day, where you are signed in:
{url}

If it is not you, do nothing: without the link nothing changes.
"""


def write_sign_in(agent: Agent) -> Outgoing:
    text = SIGN_IN.format(desk=settings.EVENHAND_NAME, minutes=20, url=_url(SignInLink.make(agent)))
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [agent.email], f"Sign in to {settings.EVENHAND_NAME}", text)


def write_invitation(agent: Agent, inviter: Agent) -> Outgoing:
    """Earlier invitations of this agent stop working."""
    agent.end_sessions()
    url = _url(SignInLink.make(agent, "invitation"))
    text = INVITATION.format(inviter=inviter.name, desk=settings.EVENHAND_NAME, url=url)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [agent.email], f"Join {settings.EVENHAND_NAME}", text)


def write_new_address(agent: Agent, email: str, path: str) -> Outgoing:
    """To the address that an agent wants to have, with the path of the page that makes it theirs."""
    text = NEW_ADDRESS.format(name=agent.name, desk=settings.EVENHAND_NAME, url=settings.EVENHAND_URL + path)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [email], f"Your address at {settings.EVENHAND_NAME}", text)


def _url(token: str) -> str:
    return f"{settings.EVENHAND_URL}{reverse('accounts:enter', args=[token])}"
