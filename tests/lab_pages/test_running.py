"""The lab in a process of its own: what it is told, and what is said when it gives no answer."""

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from evenhand.lab import toml
from evenhand.lab.study import Study
from evenhand.web.desk.lab import ready, running
from evenhand.web.desk.lab.policies import AT_FIRST, POLICIES

SMALL = toml.written(Study(weeks=2, replications=1, policies=("flat", "strict_tiers")))


def test_the_page_offers_what_the_lab_knows():
    said = subprocess.run(
        [sys.executable, "-m", "evenhand", "lab", "presets", "--json"], capture_output=True, check=True, timeout=120
    )
    assert {row["name"]: row["title"] for row in map(orjson.loads, said.stdout.splitlines())} == POLICIES
    assert set(AT_FIRST) <= set(POLICIES)


def test_a_study_is_played():
    found = running.compared(SMALL)
    assert list(found["policies"]) == ["flat", "strict_tiers"]
    assert found["policies"]["flat"]["identities_hold"]
    assert running.compared(SMALL) is found  # the same study is not played twice


def test_the_pages_load_no_compiler():
    """Not even by way of something else; in a fresh process, because the tests of the lab load it here."""
    code = (
        "import os, sys, django; django.setup();"
        "import evenhand.web.desk.lab.urls; print(sorted({'numba', 'scipy', 'pyarrow'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "evenhand.settings"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, timeout=120, check=False)
    assert ast.literal_eval(said.stdout.decode() or said.stderr.decode()) == []


def test_nothing_of_the_desk_is_told_to_the_lab(monkeypatch):
    monkeypatch.setenv("EVENHAND_DATABASE_URL", "postgresql://secret@/secret")
    monkeypatch.setenv("EVENHAND_SECRET_KEY", "secret")
    told = {}

    class Told(subprocess.Popen):
        def __init__(self, command, **how):
            told.update(how["env"])
            super().__init__(command, **how)

    monkeypatch.setattr(ready.subprocess, "Popen", Told)
    lab = ready.ReadyLab()
    lab.start()
    lab.stop()
    assert "PATH" in told
    assert set(told) <= {*ready.TOLD, *ready.SINGLE}


def test_the_labs_own_sentence_is_said():
    with pytest.raises(running.Unplayed, match=r"There is no policy “other”") as unplayed:
        running.compared(SMALL.replace("strict_tiers", "other"))
    assert unplayed.value.status == 400


def test_what_takes_too_long_is_ended_with_a_sentence(monkeypatch):
    running.compared(SMALL + "# ready\n")
    kept = running.LAB.process
    monkeypatch.setattr(running, "LIMIT", 0.05)
    with pytest.raises(running.Unplayed, match="takes longer than") as unplayed:
        running.compared(toml.written(Study(weeks=200, replications=4)))
    assert unplayed.value.status == 503
    assert running.LAB.process is kept, "only the study is ended"
    assert running.ONE.acquire(blocking=False), "the place of a study that was ended is free again"
    running.ONE.release()


def test_the_lab_is_started_once_and_again_when_it_has_ended():
    running.compared(SMALL + "# first\n")
    kept = running.LAB.process
    running.compared(SMALL + "# second of two\n")
    assert running.LAB.process is kept
    kept.kill()
    kept.wait()
    assert list(running.compared(SMALL + "# third\n")["policies"]) == ["flat", "strict_tiers"]
    assert running.LAB.process is not kept


def test_a_lab_that_still_compiles_goes_on_with_it(monkeypatch):
    monkeypatch.setattr(running, "LAB", ready.ReadyLab())
    monkeypatch.setattr(running, "LIMIT", 0.0)
    with pytest.raises(running.Unplayed, match="still getting ready"):
        running.compared(SMALL + "# not ready\n")
    assert running.LAB.process.poll() is None
    monkeypatch.setattr(running, "LIMIT", 300.0)
    assert running.compared(SMALL + "# not ready\n")["load"] > 0
    running.LAB.stop()


def test_a_study_that_wants_too_much_memory_is_ended_and_the_next_is_played(monkeypatch):
    running.compared(SMALL + "# before\n")
    monkeypatch.setattr(ready, "MEMORY", 2**20)
    with pytest.raises(running.Unplayed) as unplayed:
        running.compared(SMALL + "# greedy\n")
    assert "memory" in str(unplayed.value)
    monkeypatch.undo()
    assert running.compared(SMALL + "# after\n")["load"] > 0


def test_a_changed_number_is_played_without_starting_anew():
    """Most of a second was the start; what is left is the study. The limit is generous: the machine may be busy."""
    running.compared(SMALL + "# warm\n")
    begin = time.monotonic()
    running.compared(SMALL + "# changed\n")
    assert time.monotonic() - begin < 5


def test_one_study_at_a_time(monkeypatch):
    monkeypatch.setattr(running, "WAIT", 0.01)
    with running.ONE, pytest.raises(running.Unplayed, match="Another study is being played") as unplayed:
        running.compared(SMALL + "# second\n")
    assert unplayed.value.status == 503


def test_an_end_without_an_answer_is_said_too():
    done = running.Done(-9, b"", b"")
    with pytest.raises(running.Unplayed, match="stopped without an answer"):
        running._said(done)


def test_no_page_imports_the_lab_itself():
    """`lab.study`, `lab.toml` and `lab.refused` are plain reading; everything else in the lab may compile."""
    folder = Path(running.__file__).parent
    imported = {
        node.module
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evenhand.lab")
    }
    assert imported == {"evenhand.lab", "evenhand.lab.study", "evenhand.lab.refused"}
