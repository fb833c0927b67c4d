"""Comparisons from the command line: studies, executors, the page, and what is refused."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from click.testing import CliRunner

from evenhand.command.lab import lab
from evenhand.lab.compare import compare
from evenhand.lab.study import Study, load

STUDY = """
name = "Three plans"
weeks = 4
replications = 2
policies = ["flat", "strict_tiers", "monthly_allotment"]
[plans.free]
customers = 200
tickets = 1.0
monthly = 0
[plans.team]
customers = 100
tickets = 2.0
monthly = 60
[needs.any]
promise = 8
effort = 0.7
[team]
agents = 3
hours = "Mon-Fri 9-12, 13-17"
[money]
support_fee = 0.1
win_cost = 400
"""


def run(*arguments):
    return CliRunner().invoke(lab, [str(a) for a in arguments])


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_a_study_writes_its_page_and_its_numbers(study, tmp_path):
    page = tmp_path / "report.html"
    result = run("compare", study, "--report", page, "--json", "--seed", 4)
    assert result.exit_code == 0, result.output
    found = orjson.loads(result.stdout)
    assert list(found["policies"]) == ["flat", "strict_tiers", "monthly_allotment"]
    assert found["policies"]["monthly_allotment"]["all"]["denied"] > 0
    assert found["policies"]["flat"]["all"]["denied"] == 0
    html = page.read_text()
    assert html.count("<svg") == 4
    assert html.count("<table") >= 6
    assert "Seed 4" in html
    assert "When everyone gets the same" in html
    for outside in ("http://", "https://", "<script", "<link", "@import"):  # self-contained, but for names in SVG
        assert outside not in html.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
            "http://creativecommons.org", ""
        )


def test_the_result_does_not_depend_on_the_executor(study):
    mine = load(study)
    alone = compare(mine)
    with ThreadPoolExecutor(2) as threads:
        assert compare(mine, threads) == alone


def test_a_dask_cluster_gives_the_same_numbers(study):
    from distributed import Client, LocalCluster

    from evenhand.lab.compare import on

    mine = load(study)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        on(cluster.scheduler_address, 1, 9) as executor,
    ):
        assert len(Client(cluster).scheduler_info()["workers"]) == 2
        assert compare(mine, executor) == compare(mine)


def test_staff_finds_the_fewest_and_a_rota_that_holds(study):
    result = run("staff", study, "--confidence", "0.85", "--policy", "strict_tiers", "--json")
    assert result.exit_code == 0, result.output
    found = orjson.loads(result.stdout)
    flat, tiers = found["schemes"]
    assert flat["agents"] >= tiers["agents"]
    assert min(flat["kept"].values()) >= 0.85
    assert found["rota"]["confirmed"]
    assert all(have >= need for have, need in zip(found["rota"]["covered"], found["need"], strict=True))


def test_presets_are_listed():
    rows = [orjson.loads(line) for line in run("presets", "--json").stdout.splitlines()]
    assert {
        "flat",
        "strict_tiers",
        "severity_by_plan",
        "percent_of_spend",
        "time_limited",
        "per_incident",
        "prepaid_hours",
    } <= {row["name"] for row in rows}


def test_an_unstable_load_is_said(study):
    result = run("compare", study, "--agents", 1, "--policy", "flat")
    assert result.exit_code == 0
    assert "tickets pile up" in result.output


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("agents = 0", "no agents"),
        ('hours = "never"', "never"),
        ("agents = 'many'", "must be a number"),
        ("chairs = 3", "does not know “chairs”"),
        ("agents = [", "not a TOML file"),
        ("agents = 2.5", "whole number"),
        ("agents = -3", "no agents"),
        ("agents = 99_999_999_999", "99,999,999,999 agents; the lab plays with 100,000 at most"),
    ],
)
def test_a_bad_study_is_refused_by_name(study, tmp_path, change, sentence):
    study.write_text(
        STUDY.replace("agents = 3", change)
        if "hours" not in change
        else STUDY.replace('hours = "Mon-Fri 9-12, 13-17"', change)
    )
    page = tmp_path / "report.html"
    result = run("compare", study, "--report", page)
    assert result.exit_code == 1
    assert sentence in result.output
    assert not page.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--policy", "gold"], "no policy “gold”"),
        (["--agents", "0"], "no agents"),
        (["--seed", "-1"], "from 0"),
        (["--replications", "0"], "between 1 and"),
        (["nowhere.toml"], "No such file"),
        (
            ["--replications", "1", "--policy", "flat", "--report", "nowhere/r.html"],
            "No such file or directory: nowhere/r.html\n",
        ),
        (["--cluster", "tcp://127.0.0.1:1"], "No Dask cluster"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(options, sentence):
    result = run("compare", *options)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("confidence", ["0", "1", "3", "-1", "nan"])
@pytest.mark.parametrize(
    "command",
    [
        ["compare"],
        ["staff"],
        ["queue", "--arrivals", "4", "--service", "1", "--agents", "5"],
        ["replay", __file__, "--map", "opened=a,first_reply=b"],
    ],
)
def test_a_confidence_that_is_none_is_refused_before_any_work(command, confidence):
    result = run(*command, "--confidence", confidence)
    assert result.exit_code == 2
    assert "a confidence lies between 0 and 1" in result.stderr


@pytest.mark.parametrize("options", [["--shift", "0"], ["--shift", "24"], ["--days", "0"], ["--days", "8"]])
def test_shifts_that_no_day_holds_are_refused(options):
    assert run("staff", *options).exit_code == 2


def test_nothing_is_assumed_about_waiting():
    assert Study().money.beta == 0


def test_a_web_process_can_read_studies_and_presets_without_the_compiler():
    code = (
        "import sys, evenhand.lab.presets, evenhand.lab.study, evenhand.lab.report; assert 'numba' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
