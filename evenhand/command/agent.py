"""`evenhand agent`: who answers here."""

from __future__ import annotations

import click

from evenhand.database import desk


@click.group()
def agent() -> None:
    """The people who answer customers."""


@agent.command()
@click.argument("email", required=False)
@click.option("--name", help="As customers see it; default: the address before the @.")
@click.option("--admin", is_flag=True, help="May also change the promise, the team and the mailboxes.")
@click.option("--first", is_flag=True, help="The first administrator; does nothing once anybody has signed in.")
def add(email: str | None, name: str | None, admin: bool, first: bool) -> None:
    """Add an agent, or invite one again, and print a sign-in link that works once within seven days."""
    if bool(email) == first:
        raise click.UsageError("Give an address, or --first.")
    desk.open_desk()
    from django.conf import settings
    from django.core.exceptions import ValidationError

    from evenhand.channels.models import Mailbox
    from evenhand.people.agent import FIRST
    from evenhand.people.models import Agent, SignInLink

    if first:
        if not Agent.nobody_yet():
            return
        email, name, admin = f"admin@{settings.EVENHAND_ADDRESS.rpartition('@')[2]}", FIRST, True
    try:
        added = Agent.invite(email or "", name or "", Mailbox.default().team, is_admin=admin)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"{settings.EVENHAND_URL}/enter/{SignInLink.make(added, 'invitation')}")
