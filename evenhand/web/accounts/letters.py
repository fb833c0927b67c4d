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


def write_sign_in(agent: Agent) -> Outgoing:
    text = SIGN_IN.format(desk=settings.EVENHAND_NAME, minutes=20, url=_url(SignInLink.make(agent)))
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [agent.email], f"Sign in to {settings.EVENHAND_NAME}", text)


def write_invitation(agent: Agent, inviter: Agent) -> Outgoing:
    """Earlier invitations of this agent stop working."""
    agent.end_sessions()
    url = _url(SignInLink.make(agent, "invitation"))
    text = INVITATION.format(inviter=inviter.name, desk=settings.EVENHAND_NAME, url=url)
    return Outgoing.post(Outgoing.Kind.SIGN_IN, [agent.email], f"Join {settings.EVENHAND_NAME}", text)


def _url(token: str) -> str:
    return f"{settings.EVENHAND_URL}{reverse('accounts:enter', args=[token])}"
