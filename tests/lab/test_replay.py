"""Histories: read as they are written, played as they were, and refused in a sentence where they cannot be."""

import os
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from evenhand.command.lab import lab
from evenhand.lab import columns
from evenhand.lab.compare import outcome
from evenhand.lab.fit import efforts
from evenhand.lab.history import history
from evenhand.lab.past import afterwards, reproduced, with_more, workload
from evenhand.lab.past import efforts as past_efforts
from evenhand.lab.refused import Refused
from evenhand.lab.study import load

DATA = Path(os.environ.get("EVENHAND_SHARED_DATA", "../shared/data"))
ITALY = DATA / "helpdesk_italy.csv"
EVENTS = "ticket=Case ID,activity=Activity,time=Complete Timestamp,agent=Resource,customer=customer,plan=service_level"
PLAIN = "opened=opened,first_reply=replied,customer=who,plan=plan"


def write(folder, *rows, heading="opened,replied,who,plan"):
    path = folder / "tickets.csv"
    path.write_text("\n".join([heading, *rows]) + "\n")
    return path


def run(*arguments):
    return CliRunner().invoke(lab, ["replay", *map(str, arguments)])


@pytest.mark.skipif(not ITALY.exists(), reason="the shared event log is not here")
def test_a_real_event_log_runs_from_end_to_end(tmp_path):
    out, page, study = tmp_path / "tickets.parquet", tmp_path / "replay.html", tmp_path / "study.toml"
    people = tmp_path / "customers.csv"
    options = ["--zone", "Europe/Rome", "--policy", "flat", "--policy", "strict_tiers", "--tickets", out, "--json"]
    options += ["--report", page, "--study", study, "--customers", people]
    result = run(ITALY, "--map", EVENTS, *options)
    assert result.exit_code == 0, result.output
    found = orjson.loads(result.stdout)
    assert (found["tickets"], found["customers"], found["rows"]) == (4580, 394, 21348)
    assert found["reproduced"] == {"tickets": 4580, "exactly": 4580, "all": True}
    assert found["policies"]["flat"]["identities_hold"]
    assert pa.parquet.read_table(out).num_rows == 2 * 4580
    assert pa.csv.read_csv(people).num_rows == 2 * 394
    assert found["later"] == 21348 - 2 * 4580
    assert found["recorded"]["next_mean"] > 0
    assert found["policies"]["flat"]["all"]["next_mean"] > 0
    html = page.read_text()
    assert html.index("As recorded, a first reply took") < html.index("<h2>")
    assert html.count("<svg") == 5
    assert html.count("<table") >= 8
    assert "4,580 of 4,580 recorded first replies" in html
    assert "https://" not in html
    learned = load(study)
    assert len(learned.arrivals) == 168
    assert sum(plan.customers for plan in learned.plans.values()) == 394
    assert outcome(learned.with_values(weeks=20), "flat", 0).identities["hold"]


LOG = [
    "1,asked,2024-03-05 09:00,a,p,",
    "1,answered,2024-03-05 10:00,a,p,ada",
    "1,note,2024-03-05 10:30,a,p,ada",
    "1,asked,2024-03-05 12:00,a,p,",
    "1,asked,2024-03-05 13:00,a,p,",
    "1,answered,2024-03-05 14:00,a,p,bo",
    "1,closed,2024-03-06 14:00,a,p,",
    "2,asked,2024-03-05 09:30,b,q,",
    "2,answered,2024-03-05 11:00,b,q,ada",
    "2,asked,2024-03-05 12:00,b,q,",
]
LOGGED = "ticket=ticket,activity=what,time=at,customer=who,plan=plan,agent=agent"


def test_later_answers_are_played(tmp_path):
    past = history(
        write(tmp_path, *LOG, heading="ticket,what,at,who,plan,agent"),
        LOGGED,
        asks=("asked",),
        silent=("closed", "note"),
    )
    later = past.later
    assert (len(past), len(later)) == (2, 1)  # what ticket 2 asked last was never answered
    assert (later.replied - later.asked).tolist() == [2.0]  # since the customer first asked again
    assert (past.resolved - past.opened)[0] == 29.0
    load = workload(past, past_efforts(past), np.inf)
    assert load.turns.kind.tolist() == [0, 1, 0]
    assert load.turns.arrival.tolist() == [33.0, 2.0, 33.5]  # the customer came back two hours after the answer
    assert afterwards(past).tolist() == [24.0, 1.0]


def test_without_saying_who_asks_each_event_answers_the_one_before(tmp_path):
    past = history(write(tmp_path, *LOG, heading="ticket,what,at,who,plan,agent"), LOGGED)
    assert len(past.later) == 6
    assert "--asks" in " ".join(past.notes)


def test_more_tickets_are_like_those_recorded(tmp_path):
    past = history(write(tmp_path, *LOG, heading="ticket,what,at,who,plan,agent"), LOGGED)
    load = workload(past, past_efforts(past), np.inf)
    grown, like = with_more(load, 300)
    assert like.size == 8
    assert grown.opening.sum() == 8
    assert (np.diff(grown.turns.arrival[grown.opening]) >= 0).all()
    assert set(grown.turns.arrival[grown.opening] % 1) == {0.0, 0.5}
    assert grown.turns.effort.sum() > load.turns.effort.sum()


def test_recorded_starts_give_back_every_first_reply(tmp_path):
    draw = np.random.default_rng(1)
    opened = 1.7e9 + np.cumsum(draw.exponential(700, 500))
    replied = opened + draw.lognormal(8, 1.3, 500)
    rows = [f"{a:.3f},{b:.3f}" for a, b in zip(opened, replied, strict=True)]
    stamps = [[np.datetime64(int(float(v) * 1000), "ms").item().isoformat() for v in row.split(",")] for row in rows]
    path = write(tmp_path, *(f"{a},{b},c{i % 40},p{i % 3}" for i, (a, b) in enumerate(stamps)))
    past = history(path, PLAIN)
    assert reproduced(past, efforts(past)[0]) == {"tickets": 500, "exactly": 500, "all": True}


@pytest.mark.parametrize(
    "moment",
    [
        "2024-03-05 09:30:00",
        "2024/03/05 09:30",
        "2024-03-05T09:30:00+00:00",
        "2024-03-05T09:30:00Z",
        "1709631000",
        "05.03.2024 09:30",
    ],
)
def test_moments_in_the_usual_forms(tmp_path, moment):
    past = history(write(tmp_path, f"{moment},2024-03-05 10:00:00,a,p", "2024-03-06 00:00,2024-03-06 01:00,b,p"), PLAIN)
    assert past.zero.date().isoformat() == "2024-03-04"
    assert past.opened[0] == 24 + 9.5


def test_zones_are_explicit_and_the_clock_changes(tmp_path):
    past = history(write(tmp_path, "2024-03-31 01:30,2024-03-31 03:30,a,p"), PLAIN, zone="Europe/Rome")
    assert past.replied[0] - past.opened[0] == 1.0


def test_slashes_that_can_be_read_both_ways_are_refused(tmp_path):
    path = write(tmp_path, "03/04/2024 09:00,03/04/2024 10:00,a,p")
    with pytest.raises(Refused, match="--dates dmy"):
        history(path, PLAIN)
    assert history(path, PLAIN, dates="dmy").zero.date().isoformat() == "2024-04-01"
    assert (
        history(write(tmp_path, "13/04/2024 09:00,14/04/2024 10:00,a,p"), PLAIN).zero.date().isoformat() == "2024-04-08"
    )


def test_rows_that_cannot_be_used_are_listed(tmp_path):
    rows = [
        "2024-03-05 09:00,2024-03-05 10:00,a,p",
        "soon,2024-03-05 10:00,a,p",
        "2024-03-05 09:00,2024-03-04 10:00,b,p",
    ]
    past = history(write(tmp_path, *rows), PLAIN)
    assert len(past) == 1
    assert [row for row, _ in past.unusable] == [2, 3]


def test_lines_that_are_no_rows_are_listed_too(tmp_path):
    past = history(
        write(tmp_path, "2024-03-05 09:00,2024-03-05 10:00,a,p", "2024-03-05 09:00,2024-03-05 10:00,a,p,q,r"), PLAIN
    )
    assert (len(past), past.rows) == (1, 2)
    assert past.unusable == ((2, "it has 6 values and the heading 4"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("first", "separator"), [("", ";"), ("sep=;\n", ";"), ("sep=,\n", ","), ("", "\t"), ("", "|")])
def test_a_csv_is_read_as_programs_write_it(tmp_path, encoding, first, separator):
    rows = ["opened,replied,who,plan", GOOD, GOOD + ",more"]
    path = tmp_path / "t.csv"
    path.write_text(first + "".join(f"{row}\n" for row in rows).replace(",", separator), encoding=encoding)
    past = history(path, PLAIN)
    assert (len(past), past.rows) == (1, 2)
    assert past.unusable == ((2, "it has 5 values and the heading 4"),)


@pytest.mark.parametrize(
    "written",
    ["5 Mar 2024 15:30", '"Mar 5, 2024 03:30 PM"', "03/05/2024 3:30 PM", "03/05/2024 15:30:00", "2024-03-05T15:30:00Z"],
)
def test_moments_as_programs_write_them(tmp_path, written):
    past = history(write(tmp_path, f"2024-03-05 15:00,{written},a,p"), PLAIN, dates="mdy")
    assert (past.replied - past.opened).tolist() == [0.5]


def test_a_name_of_a_column_may_hold_a_comma():
    assert columns.mapped("opened=Created, at,plan = Tier,") == {"opened": "Created, at", "plan": "Tier"}


def test_parquet_reads_like_csv(tmp_path):
    path = tmp_path / "t.parquet"
    table = pa.table({"opened": ["2024-03-05 09:00"], "replied": ["2024-03-05 10:00"], "who": ["a"], "plan": ["p"]})
    pa.parquet.write_table(table, path)
    past = history(path, PLAIN)
    assert past.replied[0] - past.opened[0] == 1.0
    assert "one customer only" in " ".join(past.notes)


def test_more_rows_than_memory_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "free_memory", lambda: 1000.0)
    with pytest.raises(Refused, match="about 1 fit in the memory that is free"):
        history(write(tmp_path, *[GOOD] * 3), PLAIN)


def test_an_offset_of_each_moment_is_kept_and_a_day_that_is_none_is_listed(tmp_path):
    rows = ["2024-03-05 09:30:00 +01:00,2024-03-05T09:30:00Z,a,p", "2024-02-30T09:30:00Z,2024-03-05T09:30:00Z,b,p"]
    past = history(write(tmp_path, *rows), PLAIN)
    assert (past.replied - past.opened).tolist() == [1.0]
    assert past.unusable == ((2, "no moment can be read"),)


def test_a_reply_of_nobody_named_is_nobodys(tmp_path):
    rows = [f"{GOOD},ada", f"{GOOD},", f"{GOOD},bo"]
    past = history(write(tmp_path, *rows, heading="opened,replied,who,plan,agent"), PLAIN + ",agent=agent")
    assert past.agent.tolist() == [0, -1, 1]


GOOD = "2024-03-05 09:00,2024-03-05 10:00,a,p"


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        ([], [], "no rows"),
        (["x,y,a,p"], [], "None of the 1 rows"),
        ([GOOD], ["--map", "opened=when"], "no column “when”"),
        ([GOOD], ["--map", "customer=who"], "when tickets were opened"),
        ([GOOD], ["--map", "born=opened"], "NAME is one of"),
        ([GOOD], ["--map", "opened=opened"], "first answered"),
        ([GOOD], ["--zone", "Mars/Olympus"], "no time zone"),
        ([GOOD], ["--plans", "gold,silver"], "does not name"),
        ([GOOD], ["--policy", "gold"], "no policy “gold”"),
        ([GOOD], ["--asks", "x", "--map", "ticket=who,activity=plan,time=opened"], "No event of the log is “x”"),
        ([GOOD], ["--customers", "x.xls"], "must end in .csv or .parquet"),
        ([GOOD], ["--hours", "sometimes"], "sometimes"),
        (["2024-03-05 09:00,,a,p"], [], "Not one ticket has a first reply"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_a_sentence(tmp_path, rows, options, sentence):
    path, out = write(tmp_path, *rows), tmp_path / "out.csv"
    mapping = [] if "--map" in options else ["--map", PLAIN]
    result = run(path, *mapping, *options, "--tickets", out)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tickets.csv"]
