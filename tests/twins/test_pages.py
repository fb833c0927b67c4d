"""The twins: whatever is shown of one customer is shown of the other, and what they pay changes nothing."""

import pytest
from django.db import transaction
from django.test import Client

from evenhand.conversations.models import Conversation
from evenhand.line.models import Turn

from .conftest import signed_in
from .pages import DESK_WIDE, FORMS, addresses, every_pattern, nameless, settled
from .world import NOW, PLANS

PAGES = [(name, parameters) for name, parameters in every_pattern() if name not in DESK_WIDE]
ALPHABETICAL = ("accounts:organisations",)  # lists in which the names themselves decide who comes first
POLISH = Client(raise_request_exception=False, headers={"accept-language": "pl"})
ACT = 405  # what a page says to GET when it only takes POST


def test_every_address_is_explained(world):
    for name, parameters in PAGES:
        assert addresses(name, parameters, world.twins[0]), name


def everything(world) -> dict[str, str]:
    """Every page about either twin, or about nobody, as an agent and as a customer see it."""
    readers = {"agent": signed_in(world.agent), "customer": Client(raise_request_exception=False)}
    found = {}
    for name, parameters in PAGES:
        reads = {"reader of Polish": POLISH} if name.startswith(("help:", "pledge:")) else {}
        for who, client in (readers | reads).items():
            for k, twin in enumerate(world.twins):
                for n, address in enumerate(addresses(name, parameters, twin)):
                    answer = client.get(address)
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    key = f"{name} {n} of twin {k} for {who}"
                    found[key] = (
                        f"{answer.status_code} {answer.headers.get('Location', '')}\n{body.decode(errors='replace')}"
                    )
    return found


def test_no_page_breaks(world):
    broken = {key: text[:300] for key, text in everything(world).items() if text.startswith("5")}
    assert broken == {}


def test_enough_pages_are_seen(world):
    shown = [key for key, text in everything(world).items() if text.startswith("200")]
    assert len(shown) > 40


def test_what_customers_pay_changes_no_byte_of_any_page(world):
    before = {key: settled(text) for key, text in everything(world).items()}
    world.pay(PLANS[::-1], NOW.date())
    after = {key: settled(text) for key, text in everything(world).items()}
    assert [key for key in before if before[key] != after[key]] == []


def test_no_page_says_what_a_customer_pays(world):
    telling = [key for key, text in everything(world).items() if any(plan in text for plan in PLANS)]
    assert telling == []


def test_the_twins_could_change_places_on_every_page(make_world):
    """A world with the names the other way round is the same world."""
    one, other = _nameless(make_world, ("Robin", "Robyn")), _nameless(make_world, ("Robyn", "Robin"))
    assert [key for key in one if one[key] != other[key] and not key.startswith(ALPHABETICAL)] == []


def _nameless(make_world, names) -> dict[str, str]:
    with transaction.atomic():
        world = make_world(names)
        pages = {key: nameless(text, world) for key, text in everything(world).items()}
        transaction.set_rollback(True)
    return pages


def acts(world) -> list[tuple[str, list[str]]]:
    """The pages that only take POST."""
    client = signed_in(world.agent)
    return [
        (name, parameters)
        for name, parameters in PAGES
        if name in FORMS
        or (parameters and client.get(addresses(name, parameters, world.twins[0])[0]).status_code == ACT)
    ]


def test_every_act_has_a_form(world):
    without = [name for name, _ in acts(world) if name not in FORMS]
    assert without == []


def test_every_act_does_the_same_to_both(make_world):
    one, other = _acted(make_world, ("Robin", "Robyn")), _acted(make_world, ("Robyn", "Robin"))
    assert [key for key in one if one[key] != other[key]] == []
    assert [key for key, text in one.items() if text.startswith("5")] == []


def _acted(make_world, names) -> dict[str, str]:
    """What became of every act upon the first twin: the answer, the conversation, its turn, and its page."""
    found = {}
    with transaction.atomic():
        world = make_world(names)
        for name, parameters in acts(world):
            with transaction.atomic():
                found[name] = nameless(_act(world, name, parameters), world)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def _act(world, name: str, parameters: list[str]) -> str:
    client = signed_in(world.agent) if not name.startswith("help:") else Client(raise_request_exception=False)
    twin = world.twins[0]
    answer = client.post(addresses(name, parameters, twin)[0], FORMS[name])
    state = Conversation.objects.filter(pk=twin.waiting.pk).values("state", "need", "tags", "due_at", "waiting_since")
    turn = Turn.objects.live().filter(number=twin.waiting.pk).values("lane__need", "round", "due_at", "kind")
    page = signed_in(world.agent).get(f"/desk/c/{twin.waiting.pk}/").content.decode()
    return f"{answer.status_code} {answer.headers.get('Location', '')} {list(state)} {list(turn)}\n{answer.content.decode()}\n{page}"


@pytest.mark.parametrize("plan", PLANS)
def test_a_search_for_a_plan_finds_nobody(world, plan):
    found = signed_in(world.agent).get("/desk/search/", {"q": plan}).content.decode()
    assert "Vale" not in found
