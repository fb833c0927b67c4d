import logging

import pytest
from django.db import connection

from evenhand.channels import sending
from evenhand.channels.models import Mailbox
from evenhand.conversations import waking
from evenhand.people.models import Agent, Team

from .post import DESK, arrive, write
from .server import postbox

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells of every command


@pytest.fixture
def mailbox(db):
    return Mailbox.objects.create(address=DESK, name="The desk", team=Team.objects.create(name="Support"))


@pytest.fixture
def no_jobs(db, monkeypatch):
    """Other tests' jobs stay in the database, whose table is not one that Django empties, and in what a process remembers."""
    monkeypatch.setattr(waking, "_last", {})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def ada(mailbox):
    agent = Agent.objects.create_user("ada@desk.example", name="Ada Lovelace")
    agent.teams.add(mailbox.team)
    return agent


@pytest.fixture
def conversation(mailbox, settings):
    """A letter that came and was acknowledged."""
    settings.EVENHAND_OUTBOUND = ""
    letter = arrive(write("My printer is on fire."))
    sending.send_all()
    return letter.conversation


@pytest.fixture
def box(settings):
    """Where what the desk sends arrives."""
    with postbox() as box:
        settings.EVENHAND_OUTBOUND = box.url
        yield box
