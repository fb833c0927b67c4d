"""Answering: what is sent, what is kept, what is taken back, and two agents who answer at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from evenhand.channels.answer import Answer, End
from evenhand.channels.models import Mailbox, Outgoing
from evenhand.channels.settling import settle
from evenhand.conversations.models import Draft, Message

pytestmark = pytest.mark.django_db


def reply(client, talk, **fields):
    given = {"words": "<p>We see it.</p>", "format": "html", "seen": talk.messages.last().pk, **fields}
    return client.post(f"/desk/c/{talk.pk}/reply", given)


def answers(talk):
    return list(talk.messages.filter(kind="agent").order_by("pk"))


def test_a_reply_is_kept_cleaned_and_leaves_later(desk, noor, talk):
    Draft.objects.create(conversation=talk, agent=noor, html="<p>We se</p>")
    answer = reply(
        desk, talk, words='<p>We <strong onclick="x()">see</strong> it.</p><script>alert(1)</script><img src=x>'
    )
    assert answer.status_code == 302
    (message,) = answers(talk)
    assert message.html == "<p>We <strong>see</strong> it.</p>"
    assert message.text == "We see it."
    assert 5 < (message.leaves_at - message.at).total_seconds() < 15
    assert not Draft.objects.exists()


def test_the_signature_stands_below(desk, noor, talk):
    noor.signature = "Noor <Haddad>\nSupport"
    noor.save()
    reply(desk, talk)
    (message,) = answers(talk)
    assert message.text == "We see it.\n\nNoor <Haddad>\nSupport"
    assert message.html == "<p>We see it.</p><p>Noor &lt;Haddad&gt;<br>Support</p>"


def test_the_teams_signature_stands_below_the_agents_and_goes_with_an_answer_taken_back(desk, noor, talk):
    noor.signature, talk.team.signature = "Noor", "Lumen Help, <Mon to Fri>"
    noor.save()
    talk.team.save()
    reply(desk, talk)
    (message,) = answers(talk)
    assert message.text == "We see it.\n\nNoor\nLumen Help, <Mon to Fri>"
    desk.post(f"/desk/m/{message.pk}/take-back")
    assert Draft.objects.get().html == "<p>We see it.</p>"


def test_send_and_close(desk, talk):
    reply(desk, talk, close="1")
    talk.refresh_from_db()
    assert talk.state == "closed"


def test_files_go_out_with_it(desk, talk):
    reply(desk, talk, files=[SimpleUploadedFile("../../how to.pdf", b"%PDF-", "application/pdf")])
    (file,) = answers(talk)[0].attachments.all()
    assert (file.name, file.content()) == ("how to.pdf", b"%PDF-")


def test_nothing_to_send_is_said(desk, talk):
    answer = reply(desk, talk, words="<p></p>")
    assert answer.status_code == 400
    assert b"nothing to send" in answer.content
    assert answers(talk) == []


@pytest.mark.parametrize(
    "cc", ["no address", "a@b.example\r\nBcc: c@d.example", ", ".join(f"a{i}@b.example" for i in range(11))]
)
def test_a_wrong_copy_address_sends_nothing_and_keeps_the_words(desk, noor, talk, cc):
    answer = reply(desk, talk, cc=cc)
    assert answer.status_code == 400
    assert answers(talk) == []
    assert Draft.objects.get(agent=noor).html == "<p>We see it.</p>"


def test_copies_are_folded_and_counted_once(desk, talk):
    reply(desk, talk, cc="Ann@Post.example; ann@post.example, bo@post.example")
    assert answers(talk)[0].cc == ["ann@post.example", "bo@post.example"]


def test_a_colleague_who_was_quicker_is_shown_and_nothing_is_lost(desk, noor, tomas, talk):
    seen = talk.messages.last().pk
    talk.reply(tomas, "Tomas was here.")
    answer = reply(desk, talk, seen=seen, words="<p>Mine</p>")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Tomas was here." in page
    assert "<p>Mine</p>" in page
    assert Draft.objects.get(agent=noor).html == "<p>Mine</p>"
    assert len(answers(talk)) == 1
    assert reply(desk, talk, seen=answers(talk)[-1].pk, words="<p>Mine</p>").status_code == 302
    assert [each.text for each in answers(talk)] == ["Tomas was here.", "Mine"]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_a_form_without_what_was_seen_counts_as_having_seen_nothing(desk, tomas, talk, seen):
    talk.reply(tomas, "Tomas was here.")
    assert reply(desk, talk, seen=seen).status_code == 409


def test_ones_own_answer_and_the_customers_words_are_no_conflict(desk, talk, mira):
    seen = talk.messages.last().pk
    assert reply(desk, talk, seen=seen).status_code == 302
    talk.receive(mira, "And another thing")
    assert reply(desk, talk, seen=seen).status_code == 302


def test_a_draft_is_kept_replaced_and_forgotten(desk, noor, talk):
    for words, kept in [("<p>One</p>", ["<p>One</p>"]), ("<p>Two</p>", ["<p>Two</p>"]), ("", [])]:
        assert (
            desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "agent", "words": words, "format": "html"}).status_code
            == 204
        )
        assert list(Draft.objects.values_list("html", flat=True)) == kept
    assert desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "boss", "words": "x"}).status_code == 400


def test_the_draft_is_there_when_one_comes_back_and_is_nobody_elses(desk, client, noor, tomas, talk):
    desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "agent", "words": "<p>Begun</p>", "format": "html"})
    assert "&lt;p&gt;Begun&lt;/p&gt;" in desk.get(f"/desk/c/{talk.pk}/").content.decode()
    client.force_login(tomas)
    assert "Begun" not in client.get(f"/desk/c/{talk.pk}/").content.decode()


def test_a_session_that_ended_shows_the_words_and_the_way_back(client, talk):
    answer = client.post(f"/desk/c/{talk.pk}/reply", {"words": "<b>Long work", "format": "html"})
    assert answer.status_code == 401
    assert b"&lt;b&gt;Long work" in answer.content
    assert b"/sign-in/?next=" in answer.content
    assert not Message.objects.filter(kind="agent").exists()


def test_taking_back_makes_it_a_draft_without_the_signature(desk, noor, talk):
    noor.signature = "Noor"
    noor.save()
    reply(desk, talk)
    assert desk.post(f"/desk/m/{answers(talk)[0].pk}/take-back").status_code == 302
    assert answers(talk) == []
    assert Draft.objects.get().html == "<p>We see it.</p>"


def test_what_has_left_cannot_be_taken_back(desk, talk):
    reply(desk, talk)
    (message,) = answers(talk)
    talk.went(message, timezone.now())
    answer = desk.post(f"/desk/m/{message.pk}/take-back")
    assert answer.status_code == 409
    assert b"It has left already" in answer.content


@pytest.fixture
def waiting(desk, talk):
    """An answer whose letter a mail server put off."""
    reply(desk, talk)
    (message,) = answers(talk)
    Message.objects.filter(pk=message.pk).update(leaves_at=timezone.now())
    box = Mailbox.objects.create(address="support@desk.example", name="The desk", team=talk.team)
    letter = Outgoing.post("reply", ["mira@lumen.example", "jo@post.example"], "s", "t", mailbox=box, conversation=talk, message=message)  # fmt: skip
    letter.tries = 1
    settle(letter, Answer(End.LATER, "451 4.7.1 Greylisted, <come back>"))
    return letter


def shown(desk, talk):
    return " ".join(desk.get(f"/desk/c/{talk.pk}/").content.decode().split())


def test_an_answer_that_waits_says_why_and_is_taken_back(desk, talk, waiting):
    page = shown(desk, talk)
    assert "It has not left yet.</span> Next try at" in page
    assert "451 4.7.1 Greylisted, &lt;come back&gt;" in page
    assert f"/desk/m/{waiting.message_id}/take-back" in page
    assert desk.post(f"/desk/m/{waiting.message_id}/take-back").status_code == 302
    assert (answers(talk), Draft.objects.get().html) == ([], "<p>We see it.</p>")


def test_it_is_tried_now_by_whoever_is_in_the_team(desk, client, tomas, talk, waiting):
    client.force_login(tomas)
    page = shown(client, talk)
    assert "take-back" not in page
    assert f"/desk/m/{waiting.message_id}/try-now" in page
    assert client.post(f"/desk/m/{waiting.message_id}/try-now").status_code == 302
    waiting.refresh_from_db()
    assert waiting.next_try_at <= timezone.now()
    assert "On its way" in shown(client, talk)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(End.SENT, "ok", later=("jo@post.example",)), "Somebody has it already, so it cannot be taken back"),
        (Answer(End.LATER, "no word", perhaps=True), "It may have arrived, so it cannot be taken back"),
    ],
)
def test_what_somebody_has_or_may_have_is_said_and_stays(desk, talk, waiting, answer, sentence):
    settle(waiting, answer)
    page = shown(desk, talk)
    assert sentence in page
    assert "take-back" not in page
    assert f"/desk/m/{waiting.message_id}/try-now" in page
    assert desk.post(f"/desk/m/{waiting.message_id}/take-back").status_code == 409


def test_nobody_takes_back_a_colleagues_answer(desk, tomas, talk):
    message = talk.reply(tomas, "His")
    assert desk.post(f"/desk/m/{message.pk}/take-back").status_code == 404


def test_a_note_is_a_note(desk, talk):
    desk.post(f"/desk/c/{talk.pk}/note", {"words": "Line one\nline <two>", "format": "text"})
    note = talk.messages.get(kind="note")
    assert (note.html, note.text) == ("<p>Line one<br>line &lt;two&gt;</p>", "Line one\nline <two>")
    assert note not in talk.messages.for_customer()


def test_too_long_is_refused(desk, talk):
    assert reply(desk, talk, words="x" * 200_001).status_code == 413
    assert desk.post(f"/desk/c/{talk.pk}/draft", {"kind": "agent", "words": "x" * 200_001}).status_code == 413


@pytest.mark.parametrize("what", [{}, {"typing": "1"}])
def test_being_here_is_told_and_kept_nowhere(desk, noor, talk, what, database_urls, django_capture_on_commit_callbacks):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    before = talk.events.count()
    assert desk.post(f"/desk/c/{talk.pk}/here", what).status_code == 204
    assert talk.events.count() == before
