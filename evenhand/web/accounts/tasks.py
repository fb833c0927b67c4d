"""What signing in leaves to the worker, so that the page answers alike, and as fast, for every address."""

from __future__ import annotations

from django.db import transaction
from procrastinate import App
from procrastinate.contrib import django

from evenhand.people.models import Agent

from .letters import write_sign_in

app: App = django.app


@app.task(name="accounts.mail_sign_in_link", queue="mail", priority=1)  # somebody waits for it
def mail_sign_in_link(email: str) -> None:
    """Mail a link to the agent at `email`, if one works here."""
    with transaction.atomic():
        agent = Agent.objects.filter(email=email, is_active=True).first()
        if agent:
            write_sign_in(agent)
