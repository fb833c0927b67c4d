import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import connections
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.channels.models import Outgoing
from evenhand.people.models import Agent, SignInLink
from evenhand.web.accounts import signin
from evenhand.web.accounts.tasks import mail_sign_in_link

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def with_password(browser: Client, email: str = "ada@desk.example", password: str = PASSWORD, **more):
    return browser.post("/sign-in/", {"login": email, "password": password}, **more)


def mailed_token() -> str:
    raw = bytes(Outgoing.objects.latest("pk").raw).decode().replace("=\r\n", "")
    return re.search(r"/enter/([\w-]+)", raw)[1]


def jobs() -> list[str]:
    found = ProcrastinateJob.objects.filter(task_name="accounts.mail_sign_in_link")
    return [each["email"] for each in found.order_by("id").values_list("args", flat=True)]


def test_a_password_signs_in_and_leads_to_the_desk(browser, agent):
    answer = with_password(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert signed_in(browser)


def test_where_one_was_going_is_kept_unless_it_leads_away(browser, agent):
    assert (
        browser.post("/sign-in/?next=/account/", {"login": agent.email, "password": PASSWORD})["Location"]
        == "/account/"
    )
    away = Client().post("/sign-in/?next=https://evil.example/", {"login": agent.email, "password": PASSWORD})
    assert away["Location"] == "/desk/"


def test_a_wrong_password_an_unknown_address_and_one_without_a_password_answer_alike(browser, agent, admin):
    def words(email: str) -> str:
        answer = with_password(Client(), email, "wrong")
        assert answer.status_code == 200
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "")

    assert words("ada@desk.example") == words("nobody@desk.example") == words("noor@desk.example")


def test_each_of_them_costs_one_hash_of_a_password(agent, admin, monkeypatch):
    """What is measured is the number of hashes: they take all of the time."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    counted = []
    encode = PBKDF2PasswordHasher.encode
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", lambda *a, **k: counted.append(1) or encode(*a, **k))
    for email in ("ada@desk.example", "nobody@desk.example", "noor@desk.example"):
        counted.clear()
        with_password(Client(), email, "wrong")
        assert len(counted) == 1, email


def test_guessing_ends_after_a_few_attempts_wherever_they_come_from(agent):
    for n in range(5):
        with_password(Client(), password="wrong", REMOTE_ADDR=f"10.1.0.{n}")
    refused = with_password(Client(), REMOTE_ADDR="10.1.1.1")
    assert "Too many failed login attempts" in refused.content.decode()


def test_a_claimed_source_is_not_believed(agent):
    answers = [
        with_password(Client(), f"x{n}@desk.example", "wrong", headers={"X-Forwarded-For": f"10.2.0.{n}"})
        for n in range(12)
    ]
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_a_claimed_user_is_not_believed(agent):
    client = Client(headers={"X-Remote-User": agent.email, "Remote-User": agent.email}, REMOTE_USER=agent.email)
    assert client.get("/account/").status_code == 302


def test_a_claimed_host_is_refused_and_writes_no_link(agent):
    assert Client().get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400
    Client().post(
        "/sign-in/link", {"email": agent.email}, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )
    mail_sign_in_link(agent.email)
    assert "evil.example" not in bytes(Outgoing.objects.get().raw).decode()


def test_nobody_signs_up(browser):
    for path in ("/signup/", "/accounts/signup/", "/account/signup/"):
        assert browser.get(path).status_code == 404


def test_a_mailed_link_gets_one_answer_for_every_address(browser, agent):
    known = browser.post("/sign-in/link", {"email": "Ada@desk.example"}).content.decode()
    unknown = browser.post("/sign-in/link", {"email": "nobody@desk.example"}).content.decode()
    assert known.replace("ada@", "nobody@") == unknown
    assert jobs() == ["ada@desk.example", "nobody@desk.example"]
    mail_sign_in_link("nobody@desk.example")
    assert not Outgoing.objects.exists()
    mail_sign_in_link("ada@desk.example")
    assert Outgoing.objects.get().to == ["ada@desk.example"]


def test_five_links_an_hour_and_the_answer_stays_the_same(browser, agent):
    answers = {browser.post("/sign-in/link", {"email": agent.email}).content for _ in range(8)}
    assert len(answers) == 1
    assert len(jobs()) == 5


def test_a_source_that_asks_for_many_is_told_to_wait(browser, monkeypatch):
    monkeypatch.setattr(signin, "ASKED_BY_A_SOURCE", 2)
    codes = [browser.post("/sign-in/link", {"email": f"p{n}@p.example"}).status_code for n in range(3)]
    assert codes == [200, 200, 429]


def test_opening_a_link_does_not_use_it_up_pressing_the_button_does(browser, agent):
    mail_sign_in_link(agent.email)
    token = mailed_token()
    for _ in range(3):
        assert "Welcome back, Ada" in browser.get(f"/enter/{token}").content.decode()
        assert browser.head(f"/enter/{token}").status_code == 200
    assert not signed_in(browser)
    assert browser.post(f"/enter/{token}")["Location"] == "/desk/"
    assert signed_in(browser)
    again = Client()
    assert again.post(f"/enter/{token}").status_code == 404
    assert again.get(f"/enter/{token}").status_code == 404
    assert not signed_in(again)


def test_expired_foreign_and_empty_tokens_are_refused(browser, agent):
    token = SignInLink.make(agent)
    SignInLink.objects.update(expires_at=timezone.now())
    for each in (token, "0" * 43, "x"):
        assert browser.get(f"/enter/{each}").status_code == 404
        assert browser.post(f"/enter/{each}").status_code == 404
    assert browser.get("/enter/").status_code == 404
    assert SignInLink.look("") is None


def test_a_link_is_void_once_its_agent_has_left_or_set_a_password(browser, agent):
    token = SignInLink.make(agent)
    agent.deactivate()
    agent.reactivate()
    assert browser.post(f"/enter/{token}").status_code == 404


def with_totp(agent: Agent) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(agent, secret)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__()))


def test_a_second_factor_is_asked_for_whichever_way_one_comes(browser, agent):
    secret = with_totp(agent)
    mail_sign_in_link(agent.email)
    assert browser.post(f"/enter/{mailed_token()}")["Location"] == "/account/keys/authenticate/"
    assert not signed_in(browser)
    other = Client()
    assert with_password(other)["Location"] == "/account/keys/authenticate/"
    assert not signed_in(other)
    assert other.post("/account/keys/authenticate/", {"code": "000000"}).status_code == 200
    assert not signed_in(other)
    assert other.post("/account/keys/authenticate/", {"code": code_of(secret)})["Location"] == "/desk/"
    assert signed_in(other)


def test_guessing_codes_ends(agent):
    secret = with_totp(agent)
    for _ in range(5):
        browser = Client()
        with_password(browser)
        browser.post("/account/keys/authenticate/", {"code": "000000"})
    browser = Client()
    with_password(browser)
    refused = browser.post("/account/keys/authenticate/", {"code": code_of(secret)})
    assert "Too many failed login attempts" in refused.content.decode()
    assert not signed_in(browser)


def test_secrets_of_apps_are_kept_encrypted(agent):
    secret = with_totp(agent)
    kept = Authenticator.objects.get(user=agent).data["secret"]
    assert secret not in kept
    assert totp.TOTP(Authenticator.objects.get(user=agent)).validate_code(code_of(secret))


def test_the_cast_is_there_in_the_demo_only(browser, agent, settings):
    assert "This is the demo" not in browser.get("/sign-in/").content.decode()
    assert browser.post("/sign-in/demo", {"agent": agent.pk}).status_code == 404
    assert not signed_in(browser)
    settings.EVENHAND_DEMO = True
    assert "Ada Okafor" in browser.get("/sign-in/").content.decode()
    assert browser.post("/sign-in/demo", {"agent": "zero"}).status_code == 404
    assert browser.post("/sign-in/demo", {"agent": agent.pk})["Location"] == "/desk/"
    assert signed_in(browser)


def test_links_do_not_outlive_twenty_minutes(agent):
    SignInLink.make(agent)
    link = SignInLink.objects.get()
    assert link.expires_at - link.made_at <= timedelta(minutes=20)


@pytest.mark.django_db(transaction=True)
def test_of_clicks_at_one_moment_one_wins_whichever_link_they_are_of(agent):
    one, two = SignInLink.make(agent), SignInLink.make(agent)
    barrier, won = Barrier(6), []

    def click(token: str) -> None:
        try:
            barrier.wait(30)
            won.append(SignInLink.use(token))
        finally:
            connections.close_all()

    clicks = [Thread(target=click, args=[token]) for token in (one, two) * 3]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(60)
    assert [each for each in won if each] == [agent]
    assert len(won) == len(clicks)
