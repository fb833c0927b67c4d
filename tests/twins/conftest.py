from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from .world import NOW, PLANS, World

# Far apart, so that the number of one thing is never taken for another's, and the same in every world.
SEQUENCES = {
    "conversations_conversation_number_seq": 710_001, "conversations_message_id_seq": 720_001,
    "conversations_event_id_seq": 730_001, "conversations_attachment_id_seq": 740_001,
    "conversations_link_id_seq": 750_001, "people_account_id_seq": 760_001, "people_person_id_seq": 770_001,
    "people_agent_id_seq": 780_001, "people_team_id_seq": 790_001, "channels_letter_id_seq": 810_001,
    "channels_mailbox_id_seq": 820_001, "line_turn_id_seq": 830_001, "line_lane_id_seq": 840_001,
    "surveys_rating_id_seq": 850_001, "people_address_id_seq": 860_001,
}  # fmt: skip


@pytest.fixture
def same_numbers(as_owner):
    """Give every world the same numbers."""

    def reset() -> None:
        for sequence, first in SEQUENCES.items():
            as_owner.execute("SELECT setval(%s, %s, false)", [sequence, first])

    return reset


@pytest.fixture
def still(monkeypatch):
    """Time stands still, for the fields that ask for it by themselves, too."""
    moves = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.default is moves:
                monkeypatch.setattr(field, "_get_default", lambda: NOW, raising=False)


@pytest.fixture
def make_world(db, still, same_numbers):
    def make(names=("Robin", "Robyn")) -> World:
        same_numbers()
        world = World(names)
        world.pay(PLANS, NOW.date() - timedelta(days=120))
        return world

    return make


@pytest.fixture
def world(make_world):
    return make_world()


def signed_in(agent) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    return client
