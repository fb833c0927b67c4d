"""One number over several values: the others and the draws stay, and any executor gives the same."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from click.testing import CliRunner

from evenhand.command.lab import lab
from evenhand.lab.compare import compare
from evenhand.lab.refused import Refused
from evenhand.lab.study import Study
from evenhand.lab.sweep import sweep, varied

STUDY = Study(weeks=3, replications=2, policies=("flat", "strict_tiers"))


def test_more_agents_let_wait_less_and_one_value_is_the_study_itself():
    found = sweep(STUDY, "team.agents", [7, 8, 12])
    waits = [row["policies"]["flat"]["all"]["reply_staffed_mean"] for row in found["values"]]
    assert waits == sorted(waits, reverse=True)
    assert found["values"][1]["policies"] == compare(STUDY)["policies"]


def test_the_result_does_not_depend_on_the_executor():
    with ThreadPoolExecutor(2) as threads:
        assert sweep(STUDY, "plans.free.tickets", [0.5, 1.0], threads) == sweep(STUDY, "plans.free.tickets", [0.5, 1.0])


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("team.chairs", 3, "at “chairs” there are agents"),
        ("plans.gold.tickets", 3, "at “gold” there are free"),
        ("team", 3, "is no number of this study"),
        ("name", 3, "is no number of this study"),
        ("team.agents", 2.5, "whole number"),
        ("team.agents", 0, "There are no agents"),
    ],
)
def test_what_is_no_number_is_refused(path, value, sentence):
    with pytest.raises(Refused) as refused:
        varied(STUDY, path, value)
    assert sentence in str(refused.value)


def test_the_command():
    options = ["sweep", "--replications", "2", "--policy", "flat", "--over"]
    done = CliRunner().invoke(lab, [*options, "needs.urgent.promise=1,4", "--json"])
    assert done.exit_code == 0, done.output
    kept = [row["policies"]["flat"]["needs"]["urgent"]["kept"] for row in orjson.loads(done.stdout)["values"]]
    assert kept[0] < kept[1]
    for wrong in ("team.agents", "team.agents=many"):
        done = CliRunner().invoke(lab, [*options, wrong])
        assert done.exit_code == 1
        assert "is no sweep" in done.output
