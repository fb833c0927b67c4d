"""What an agent does beside answering; each deed a row, each refusal a sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.conversations.models import Conversation

pytestmark = pytest.mark.django_db


def act(client, talk, name, **fields):
    answer = client.post(f"/desk/c/{talk.pk}/{name}", fields)
    talk.refresh_from_db()
    return answer


def test_assign_hands_over_and_back(desk, noor, tomas, talk):
    assert act(desk, talk, "assign", to=tomas.pk).status_code == 302
    assert talk.assignee == tomas
    act(desk, talk, "assign", to="")
    assert talk.assignee is None


@pytest.mark.parametrize("to", ["x", "-1", "999999", "9" * 40])
def test_assign_to_nobody_known_is_refused(desk, talk, to):
    assert act(desk, talk, "assign", to=to).status_code == 400


def test_assign_to_another_team_is_refused(desk, talk, stranger):
    assert act(desk, talk, "assign", to=stranger.pk).status_code == 400
    assert talk.assignee is None


def test_out_of_turn_needs_a_reason_and_keeps_it(desk, noor, tomas, talk, team, mira):
    first = talk
    from evenhand.people.models import Person

    later = Conversation.start(Person.at("jo@post.example"), team, "Later", "T", need="blocked")[0]
    assert act(desk, later, "take").status_code == 400
    assert act(desk, later, "take", reason="  on the phone ").status_code == 302
    assert later.events.get(what="taken out of turn").data["reason"] == "on the phone"
    assert act(desk, later, "take", reason="again").status_code == 409
    assert first.assignee is None


def test_put_back_needs_a_reason(desk, noor, talk):
    act(desk, talk, "take", reason="its turn")
    assert act(desk, talk, "put-back").status_code == 400
    assert act(desk, talk, "put-back", reason="Needs the API team").status_code == 302
    assert talk.assignee is None


@pytest.mark.parametrize("until", ["later", "tomorrow", "week"])
def test_snooze_until(desk, talk, until):
    act(desk, talk, "snooze", until=until)
    assert talk.state == "snoozed"
    assert timezone.now() < talk.snoozed_until < timezone.now() + timedelta(days=12)


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T10:00", "9999-12-31T23:59", "2027-13-40T10:00"])
def test_snooze_until_no_moment_is_refused(desk, talk, at):
    assert act(desk, talk, "snooze", until="at", at=at).status_code == 400
    assert talk.state == "open"


def test_close_reopen(desk, talk):
    act(desk, talk, "close")
    assert talk.state == "closed"
    act(desk, talk, "reopen")
    assert (talk.state, talk.waiting_since is not None) == ("open", True)


def test_tags_are_set_folded_and_few(desk, talk):
    act(desk, talk, "tag", tags="#Billing, export  billing")
    assert talk.tags == ["billing", "export"]
    assert act(desk, talk, "tag", tags=" ".join(f"t{i}" for i in range(21))).status_code == 400


def test_need_is_corrected_with_a_reason(desk, talk):
    assert act(desk, talk, "need", need="gold", reason="x").status_code == 400
    assert act(desk, talk, "need", need="question").status_code == 400
    assert act(desk, talk, "need", need="question", reason="They can work").status_code == 302
    assert (talk.need, talk.need_first) == ("question", "blocked")


def test_merge_goes_where_it_went(desk, talk, team, mira):
    other = Conversation.start(mira, team, "The same", "T")[0]
    assert act(desk, other, "merge", into="0").status_code == 400
    assert act(desk, other, "merge", into=str(other.pk)).status_code == 400
    assert act(desk, other, "merge", into=f"#{talk.pk}").status_code == 302
    assert desk.get(f"/desk/c/{other.pk}/").url == f"/desk/c/{talk.pk}/"


def test_merge_into_what_one_may_not_see_is_as_into_what_does_not_exist(desk, talk, stranger, mira):
    hidden = Conversation.start(mira, stranger.teams.get(), "Hidden", "T")[0]
    missing, foreign = (act(desk, talk, "merge", into=into) for into in ("999999", str(hidden.pk)))
    assert (missing.status_code, foreign.status_code) == (400, 400)
    main = [each.content[each.content.index(b"<main") :] for each in (missing, foreign)]
    assert main[0] == main[1]


def test_release_from_quarantine(desk, team, mira):
    odd = Conversation.start(mira, team, "Odd", "T", problem="Two From headers.")[0]
    assert b"Two From headers." in desk.get(f"/desk/c/{odd.pk}/").content
    act(desk, odd, "release")
    assert (odd.state, odd.waiting_since is not None) == ("open", True)


def test_in_place_an_act_answers_with_an_event(desk, talk):
    answer = desk.post(f"/desk/c/{talk.pk}/close", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "desk:changed")


def test_ones_own_settings_and_nothing_else(desk, noor):
    given = {
        "theme": "dark",
        "signature": "Noor",
        "away": "on",
        "is_admin": "on",
        "email": "x@y.example",
        "at_once": 99,
    }
    assert desk.post("/desk/me/", given).status_code == 302
    noor.refresh_from_db()
    assert (noor.theme, noor.signature, noor.away_since is not None) == ("dark", "Noor", True)
    assert (noor.is_admin, noor.email, noor.at_once) == (False, "noor@desk.example", 5)
    assert desk.post("/desk/me/", {"theme": "pink"}).status_code == 400
