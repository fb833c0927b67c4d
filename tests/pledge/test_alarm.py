"""A red light is told to the administrators, once."""

import pytest

from evenhand.channels.models import Outgoing
from evenhand.parity.models import LightChange
from evenhand.people.models import Agent
from evenhand.web.pledge import alarm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agents(db):
    Agent.objects.create_user("ada@desk.example", name="Ada", is_admin=True)
    Agent.objects.create_user("gone@desk.example", name="Gone", is_admin=True, is_active=False)
    Agent.objects.create_user("bo@desk.example", name="Bo")


def test_administrators_are_told_once(agents, stated):
    stated(light="red")
    assert alarm.tell() == 1
    assert alarm.tell() == 0
    letter = Outgoing.objects.get()
    assert (letter.kind, letter.to) == ("alarm", ["ada@desk.example"])
    assert b"Look at team: Support." in bytes(letter.raw)
    assert b"/desk/parity/" in bytes(letter.raw)
    assert LightChange.objects.get().told_at


@pytest.mark.parametrize("light", ["green", "amber"])
def test_other_lights_are_no_alarm(agents, stated, light):
    stated(light=light)
    assert alarm.tell() == 0


def test_a_desk_without_administrators_is_told_when_it_has_one(stated, db):
    stated(light="red")
    assert alarm.tell() == 0
    Agent.objects.create_user("ada@desk.example", name="Ada", is_admin=True)
    assert alarm.tell() == 1


def test_an_address_that_cannot_be_written_to_keeps_nobody_else_from_knowing(agents, stated):
    Agent.objects.filter(name="Bo").update(is_admin=True, email="bo@@desk")
    stated(light="red")
    assert alarm.tell() == 1
