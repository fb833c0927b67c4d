"""The lab's page: change a number, see what follows; nothing is lost when it cannot be used."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evenhand.lab import toml
from evenhand.lab.study import Scheme, Study
from evenhand.web.desk.lab import running
from evenhand.web.models import KeptStudy

pytestmark = pytest.mark.django_db
ASKED = "/desk/lab/?agents=8&asked=50&best=10&promise=8&draws=1&policy=flat&policy=strict_tiers"


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_is_there_before_anything_is_played(desk, monkeypatch):
    monkeypatch.setattr(running, "_run", None)  # playing would fail
    page = text(desk.get("/desk/lab/"))
    assert "What would happen if every customer got the same support?" in page
    assert 'value="8" data-slides="lab-agents-number"' in page
    assert 'hx-trigger="input delay:200ms, submit, load"' in page
    assert re.search(r'name="policy" value="premium_team" checked', page)


def test_the_answer_comes_first_and_each_plan_has_a_line_and_a_row(desk):
    page = text(desk.get(ASKED))
    answer = re.search(r'<p class="lead" id="answer">(.*?)</p>', page).group(1)
    assert re.match(r"With the same support for everyone, a customer waits [\d.]+ (min|h) of staffed time", answer)
    assert "Under “Strict tiers” it is" in answer
    assert page.index('id="answer"') < page.index("Who waits, and for how long") < page.index("What this assumes")
    assert page.count('role="img"') == 8  # two policies of four plans
    assert page.count('<th scope="row">') == 10  # and everyone
    assert "evenhand lab compare study.toml" in page
    assert "style=" not in page


def test_a_slider_changes_the_result(desk):
    few, many = (text(desk.get(ASKED.replace("agents=8", f"agents={n}"))) for n in (4, 12))
    waits = [float(re.search(r'scheme even".*?<data value="([\d.]+)"', page).group(1)) for page in (few, many)]
    assert waits[0] > waits[1]


def test_htmx_is_given_the_result_alone(desk):
    answer = desk.get(ASKED, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<section id="lab-result"')
    assert "HX-Request" in answer["Vary"]
    assert '<input type="hidden" name="csrfmiddlewaretoken"' in answer.content.decode()


@pytest.mark.parametrize("how", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("agents=0", "There are no agents: nobody would ever be served."),
        ("agents=a+few", "The number of agents must be a number, not “a few”."),
        ("agents=5&policy=other", "There is no policy “other”."),
        ("agents=5&" + "&".join(f"policy={name}" for name in list("abcdefg")), "There is no policy “a”."),
    ],
)
def test_what_cannot_be_used_is_said_and_kept(desk, typed, sentence, how):
    answer = desk.get(f"/desk/lab/?promise=3&{typed}", headers=how)
    assert answer.status_code == 400
    assert sentence in text(answer)
    if not how:
        assert 'name="promise" value="3"' in text(answer)


def test_more_load_than_the_agents_can_do_is_said(desk):
    page = text(desk.get(ASKED.replace("agents=8", "agents=2").replace("asked=50", "asked=100")))
    assert "tickets pile up for as long as the study lasts" in page


def test_the_file_that_makes_it_again(desk):
    answer = desk.get(ASKED.replace("/lab/", "/lab/study.toml"))
    assert answer["Content-Disposition"] == 'attachment; filename="study.toml"'
    study = toml.read(answer.content.decode())
    assert (study.team.agents, study.replications, study.policies) == (8, 1, ("flat", "strict_tiers"))
    assert study.plans["enterprise"].customers == 100


def test_a_study_is_saved_with_its_result_and_put_beside_another(desk, noor):
    query = ASKED.partition("?")[2]
    assert desk.post("/desk/lab/keep", {"query": query, "name": "Half as many"}).status_code == 302
    saved = KeptStudy.objects.get()
    assert (saved.name, saved.made_by) == ("Half as many", noor)
    assert list(saved.result["policies"]) == ["flat", "strict_tiers"]
    page = text(desk.get(f"{ASKED}&beside={saved.pk}"))
    assert "Beside it: Half as many" in page
    assert page.count('role="img"') == 16
    opened = text(desk.get(f"/desk/lab/?study={saved.pk}"))
    assert f'name="study" value="{saved.pk}"' in opened


def test_nothing_is_saved_before_it_is_played(desk):
    assert desk.post("/desk/lab/keep", {"query": ""}).status_code == 400
    assert desk.post("/desk/lab/keep", {"query": "agents=0"}).status_code == 400
    assert not KeptStudy.objects.exists()


@pytest.mark.parametrize("key", ["987654321", "abc", "9" * 30, "-1"])
def test_a_study_that_is_not_there(desk, key):
    assert desk.get(f"/desk/lab/?study={key}").status_code == 404


def test_only_who_saved_a_study_removes_it(desk, client, ed, noor):
    saved = KeptStudy.objects.create(name="Hers", made_by=noor, toml="")
    client.force_login(ed)
    assert client.post(f"/desk/lab/drop/{saved.pk}").status_code == 404
    client.force_login(noor)
    assert client.post(f"/desk/lab/drop/{saved.pk}").status_code == 302
    assert not KeptStudy.objects.exists()


def bring(desk, content: bytes):
    return desk.post("/desk/lab/bring", {"file": SimpleUploadedFile("mine.toml", content)})


def test_a_study_file_is_brought(desk):
    answer = bring(desk, toml.written(Study(name="Ours", policies=("flat", "per_seat"))).encode())
    saved = KeptStudy.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/lab/?study={saved.pk}")
    page = text(desk.get(answer["Location"]))
    assert "<h2>Ours</h2>" in page
    assert re.search(r'name="policy" value="per_seat" checked', page)


def test_a_studys_own_ways_of_selling_can_be_chosen(desk):
    ours = Study(
        weeks=4, policies=("ours", "strict_tiers+ours"), schemes={"ours": Scheme(title="By the ticket", price=5.0)}
    )
    bring(desk, toml.written(ours).encode())
    saved = KeptStudy.objects.get()
    page = text(desk.get(f"/desk/lab/?study={saved.pk}"))
    assert re.search(r'name="policy" value="ours" checked', page)
    assert "Strict tiers + By the ticket" in page
    page = text(desk.get(f"/desk/lab/?study={saved.pk}&agents=9&draws=1&policy=strict_tiers%2Bours&policy=flat"))
    assert '<th scope="row">' in page
    assert "Strict tiers + By the ticket" in page


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"agents = ", 400, "is not a TOML file"),
        (b"\xff\xfe\x00", 400, "That file is not a study"),
        (b"[team]\nagents = 0", 400, "There are no agents"),
        (b"[plans.basic]\nprice = 3", 400, "does not know “price”"),
        (b"name = 5", 400, "must be text"),
        (b"#" * 300_000, 413, "too large"),
    ],
)
def test_a_file_that_is_no_study_is_said_and_not_kept(desk, content, status, sentence):
    answer = bring(desk, content)
    assert answer.status_code == status
    assert sentence in text(answer)
    assert not KeptStudy.objects.exists()
