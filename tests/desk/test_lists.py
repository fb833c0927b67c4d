"""The lists: what is in each, in which order, how they are narrowed, and what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenhand.conversations.models import Conversation, Look, SavedView
from evenhand.people.models import Person
from evenhand.web.desk import listing
from evenhand.web.desk.boxes import BOXES
from evenhand.web.desk.filters import Filters, Unknown

pytestmark = pytest.mark.django_db


def start(team, n, **fields):
    now = timezone.now()
    return [
        Conversation.start(Person.at(f"p{i}@post.example", f"P {i}"), team, f"S {i}", "T", at=now - timedelta(minutes=i), **fields)[0]
        for i in range(n)
    ]  # fmt: skip


def numbers(page):
    return [row.number for row in page.rows]


@pytest.mark.parametrize("box", BOXES)
def test_paging_shows_each_once_and_in_the_same_order(noor, team, box, monkeypatch):
    made = start(team, 7)
    if box == "mine":
        for each in made:
            each.assign(noor, noor)
    if box == "snoozed":
        for i, each in enumerate(made):
            each.snooze(noor, timezone.now() + timedelta(hours=i + 1))
    if box == "closed":
        for each in made:
            each.close(agent=noor)
    if box in ("quarantined", "spam"):
        Conversation.objects.update(state="quarantined", spam=box == "spam")
    whole = numbers(listing.page(BOXES[box], Filters(), noor.pk))
    assert len(whole) == 7
    monkeypatch.setattr(listing, "PAGE", 3)
    paged, mark = [], ""
    while True:
        page = listing.page(BOXES[box], Filters(), noor.pk, mark)
        paged += numbers(page)
        if not (mark := page.next):
            break
    assert paged == whole


def test_equal_moments_are_not_lost_between_pages(noor, team, monkeypatch):
    at = timezone.now()
    for i in range(5):
        Conversation.start(Person.at(f"p{i}@post.example"), team, "S", "T", at=at)
    monkeypatch.setattr(listing, "PAGE", 2)
    paged, mark = [], ""
    for _ in range(3):
        page = listing.page(BOXES["open"], Filters(), noor.pk, mark)
        paged, mark = paged + numbers(page), page.next
    assert len(set(paged)) == 5
    assert mark == ""


def test_waiting_is_ordered_by_when_it_is_due(desk, noor, team):
    start(team, 3, need="idea")
    soonest = start(team, 1, need="blocked")[0]
    assert numbers(listing.page(BOXES["waiting"], Filters(), noor.pk))[0] == soonest.pk


def test_filters_stand_in_the_address_and_narrow(desk, noor, team, talk):
    start(team, 2, need="idea", language="de")
    talk.tag(noor, ["billing"])
    assert (
        b"Invoices do not open" in desk.get("/desk/open/?need=blocked&tag=billing&language=en&assignee=nobody").content
    )
    assert b"Invoices do not open" not in desk.get("/desk/open/?need=idea").content
    assert b"Invoices do not open" not in desk.get("/desk/open/?assignee=me").content
    nothing = desk.get("/desk/open/?language=fr").content
    assert b"Nothing here matches" in nothing
    assert b'<a href="/desk/open/">Without them</a>' in nothing


@pytest.mark.parametrize(
    "query",
    ["sort=password", "need=vip", "plan=gold", "need=blocked&order_by=account__ledger_key", "assignee=1 OR 1=1", "assignee=" + "1" * 5000, "after=x",
     "after=99999999999999999999999.1", "tag=" + "x" * 41, "language=../..", "after=1.99999999999999999999"],
)  # fmt: skip
def test_what_is_not_permitted_is_refused_in_a_sentence(desk, query):
    answer = desk.get(f"/desk/open/?{query}")
    assert answer.status_code == 400
    assert b'id="refusal"' in answer.content


def test_an_unknown_list_does_not_exist(desk):
    assert desk.get("/desk/vip/").status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_rows(desk, noor, team, hours_kept):
    desk.get("/desk/open/")

    def queries(path):
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(path).status_code == 200
        return len(caught)

    start(team, 2)
    few = queries("/desk/open/")
    start(team, 20)
    assert queries("/desk/open/") == few <= 5


def test_a_list_reads_its_own_index(noor, team, as_owner):
    """At any size a page is one step into the box's partial index: no sort, no scan of the table."""
    start(team, 5)
    for box in BOXES.values():
        way = "DESC" if box.descending else "ASC"
        sql = listing.SQL.format(sort=box.sort, way=way, where=box.where, limit=31)
        inner = sql[sql.index("SELECT * FROM") : sql.index(") c\n")]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            inner = inner.replace("member.team_id", "%(team)s")
            cursor.execute(f"EXPLAIN {inner}", {"team": team.pk, "agent": noor.pk})
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Index Scan using conv_" in plan, plan
        assert "Sort" not in plan, plan


def test_counts_stop_at_a_hundred(desk, noor, team, talk):
    Conversation.objects.bulk_create(
        [Conversation(person_id=talk.person_id, account_id=talk.account_id, team=team, subject="x") for _ in range(120)]
    )
    assert b'<data class="count">99+</data>' in desk.get("/desk/open/").content


def test_others_teams_are_not_counted_nor_listed(client, stranger, talk):
    client.force_login(stranger)
    page = client.get("/desk/waiting/").content
    assert b"Nobody is waiting" in page
    assert b'<data class="count">' not in page


def test_a_view_is_kept_shown_and_dropped(desk, noor):
    assert (
        desk.post(
            "/desk/views/", {"name": "German, blocked", "box": "waiting", "need": "blocked", "language": "de"}
        ).status_code
        == 302
    )
    view = SavedView.objects.get(agent=noor)
    page = desk.get("/desk/waiting/").content.decode()
    assert 'href="/desk/waiting/?need=blocked&amp;language=de"' in page
    assert desk.get("/desk/waiting/?need=blocked&language=de").status_code == 200
    assert desk.post(f"/desk/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_of_what_is_not_permitted_is_not_kept(desk):
    assert desk.post("/desk/views/", {"name": "x", "box": "waiting", "need": "gold"}).status_code == 400
    assert desk.post("/desk/views/", {"name": "", "box": "waiting"}).status_code == 400
    assert desk.post("/desk/views/", {"name": "x", "box": "nowhere"}).status_code == 400
    assert desk.post("/desk/views/", {"name": "x", "box": "waiting", "tag": "😀" * 40}).status_code == 400
    assert not SavedView.objects.exists()


def test_somebody_elses_view_cannot_be_dropped(desk, tomas):
    view = SavedView.objects.create(agent=tomas, name="his", query="box=open")
    assert desk.post(f"/desk/views/{view.pk}/drop/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_filters_say_what_they_are(desk):
    with pytest.raises(Unknown, match="need called"):
        Filters.read({"need": "gold"})
    assert Filters(need="blocked", tag="a b").query == "need=blocked&tag=a+b"
    assert Filters(need="blocked", tag="x").without("need") == "tag=x"


def news(agent, box="mine"):
    return {row.number: row.news for row in listing.page(BOXES[box], Filters(), agent.pk).rows}


def test_what_changed_since_an_agent_looked_is_marked_for_them_alone(desk, noor, tomas, talk, mira):
    talk.assign(noor, noor)
    assert news(noor) == {talk.pk: True}  # hers, and she has never looked
    desk.post(f"/desk/c/{talk.pk}/here")
    assert news(noor) == {talk.pk: False}
    talk.refresh_from_db()
    talk.receive(mira, "One more thing.")
    assert news(noor) == {talk.pk: True}
    assert '<span class="row-new">New</span>' in desk.get("/desk/mine/").content.decode()
    assert news(tomas, "open") == {talk.pk: False}  # not his, and he never looked
    desk.post(f"/desk/c/{talk.pk}/here")
    assert news(noor) == {talk.pk: False}


def test_looking_again_at_what_is_still_writes_nothing(desk, talk):
    desk.post(f"/desk/c/{talk.pk}/here")
    before = version()
    desk.post(f"/desk/c/{talk.pk}/here", {"typing": "1"})
    assert version() == before


def version():
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text FROM conversations_look")
        return cursor.fetchall()


def test_old_looks_are_forgotten(noor, talk):
    Look.take(talk, noor)
    assert Look.forget() == 0
    talk.assign(noor, noor)
    long_ago = timezone.now() - timedelta(days=91)
    Look.objects.update(seen=long_ago)
    Conversation.objects.update(changed_at=long_ago)
    assert Look.forget() == 1
    assert news(noor) == {talk.pk: False}  # it does not become new by that


def test_who_is_lost_in_the_desk_is_led_back_to_it(desk):
    answer = desk.get("/desk/c/999999/")
    assert answer.status_code == 404
    assert b'<a class="button" href="/desk/">Back to the desk</a>' in answer.content
    assert b"Back to the desk" not in desk.get("/nowhere/").content
