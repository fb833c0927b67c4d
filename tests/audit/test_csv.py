"""`evenhand audit csv` from end to end: what it says of fair, tiered and untidy desks, and when it can say nothing."""

import json
import os
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from evenhand.audit.report.table import shown
from evenhand.command.audit import audit
from tests.audit.desk import MAP, export, written

DATA = Path(os.environ.get("EVENHAND_SHARED_DATA", "../shared/data"))


def run(*arguments, code=0):
    result = CliRunner().invoke(audit, ["csv", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def found(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def row(said, group, metric="first reply"):
    return next(one for one in said["metrics"] if (one["group"], one["metric"]) == (group, metric))


def test_a_fair_desk_shows_parity_though_its_premium_plan_waits_longer(tmp_path):
    said = found(export(tmp_path / "fair.csv"), "--map", MAP)
    assert said["verdict"] == "parity"
    premium = row(said, "premium")
    assert premium["unadjusted"] > 1.25
    assert 0.8 < premium["low"] < 1 < premium["high"] < 1.25
    assert said["monitor"]["alarm_at_pair"] is None
    assert said["set_aside"] == {}


def test_a_tiered_desk_is_a_disparity_and_the_alarm_has_a_date(tmp_path):
    said = found(export(tmp_path / "tiered.csv", slower=2.0), "--map", MAP)
    assert said["verdict"] == "disparity"
    assert row(said, "plan 1")["adjusted"] > 1.5
    assert row(said, "premium")["adjusted"] == pytest.approx(1 / row(said, "plan 1")["adjusted"], rel=1e-4)
    monitor = said["monitor"]
    assert 0 < monitor["alarm_at_pair"] <= monitor["pairs"]
    assert monitor["alarm_at"].startswith("2026-0")
    assert monitor["certificate_at_pair"] is None
    assert {one["column"] for one in said["where"]} >= {"type", "channel", "agent", "hour"}
    text = run(tmp_path / "tiered.csv", "--map", MAP).stdout
    assert "There is a disparity: plan 1: first reply takes" in text.splitlines()[-1]
    assert "The monitor would have rung after" in text


def test_a_small_desk_is_not_enough_and_it_says_how_many_more(tmp_path):
    said = found(export(tmp_path / "small.csv", n=700), "--map", MAP)
    assert said["verdict"] == "not enough evidence"
    assert "more" in row(said, "premium")["what_would_change_it"]


def test_a_small_difference_in_a_large_desk_is_within_tolerance(tmp_path):
    said = found(export(tmp_path / "near.csv", n=40_000, slower=1.12), "--map", MAP)
    assert said["verdict"] == "within tolerance"


def test_the_promise_makes_a_metric_of_its_own(tmp_path):
    path = export(tmp_path / "tiered.csv", slower=2.0)
    within = row(found(path, "--map", MAP, "--promise", "8h"), "premium", "first reply within the promise")
    assert within["scale"] == "difference"
    assert within["adjusted"] > 0.05
    assert row(found(path, "--map", MAP, "--promise", "8h"), "premium")["tau_hours"] == 16


@pytest.mark.parametrize(
    "written_as",
    [
        {"delimiter": ";", "dates": "%d/%m/%Y %H:%M:%S"},
        {"delimiter": "\t", "dates": "%m/%d/%Y %I:%M:%S %p"},
        {"encoding": "utf-8-sig", "dates": "%Y-%m-%dT%H:%M:%SZ"},
        {"encoding": "utf-16", "dates": "%d %b %Y %H:%M:%S"},
        {"encoding": "utf-16-le", "delimiter": ";", "dates": "%d/%b/%y %I:%M:%S %p"},
        {"encoding": "utf-16-be"},
        {"encoding": "latin-1", "dates": "%d.%m.%y %H:%M:%S"},
        {"delimiter": "|", "dates": "%Y/%m/%d %H:%M:%S.000"},
        {"dates": "%B %d, %Y %H:%M:%S +0000"},
        {"dates": "%s"},
    ],
)
def test_the_same_desk_written_in_other_ways_says_the_same(tmp_path, written_as):
    plain = found(export(tmp_path / "plain.csv", n=1500), "--map", MAP)
    other = found(export(tmp_path / "other.csv", n=1500, **written_as), "--map", MAP)
    assert row(other, "premium")["adjusted"] == pytest.approx(row(plain, "premium")["adjusted"], rel=1e-3)
    assert other["set_aside"] == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_what_a_spreadsheet_says_first_is_no_header(tmp_path, encoding):
    path = export(tmp_path / "plain.csv", n=300, delimiter=";", encoding="utf-8")
    plain = found(path)
    path.write_text("sep=;\n" + path.read_text(), encoding=encoding)
    assert found(path)["metrics"] == plain["metrics"]


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1"])
def test_a_spreadsheet_is_no_csv_and_it_says_what_to_do(tmp_path, begins):
    path = tmp_path / "tickets.csv"
    path.write_bytes(begins + b"\0" * 99)
    assert "save its table as CSV" in run(path, code=1).stderr


def test_nothing_has_no_sign():
    assert [shown(value, "difference") for value in (-0.0001, 0.0, 0.0006, -0.0006)] == [
        "+0.0 pts", "+0.0 pts", "+0.1 pts", "-0.1 pts"
    ]  # fmt: skip


def test_headers_are_recognised_where_nothing_is_mapped(tmp_path):
    said = found(export(tmp_path / "plain.csv"))
    assert "plan=Tier" in said["notes"][0]
    assert said["verdict"] == "parity"


def test_ten_thousand_plans_are_taken_together(tmp_path):
    path = tmp_path / "plans.csv"
    lines = [
        f"plan{k % 10_000 if k % 2 else 'A'},c{k % 900},2026-01-01 10:00,2026-01-01 1{k % 9}:30" for k in range(40_000)
    ]
    said = found(written(path, "plan,customer,opened,first_reply", *lines))
    assert {one["group"] for one in said["metrics"]} == {"planA", "5,000 smaller ones together"}
    assert any("too small to be told apart" in note for note in said["notes"])


def test_only_small_plans_still_get_an_answer(tmp_path):
    lines = [f"plan{k % 900},c{k % 900},2026-01-01 10:00,2026-01-01 1{k % 9}:30" for k in range(2000)]
    said = found(written(tmp_path / "plans.csv", "plan,customer,opened,first_reply", *lines))
    assert said["verdict"] == "not enough evidence"


UNTIDY = [
    "1,Free,acme,2026-01-01 10:00,2026-01-01 12:00,solved",
    "2,free ,acme,2026-01-01 10:00,,open",
    "3,FREE,beta,2026-01-02 10:00,2026-01-01 09:00,solved",  # replied to before it was opened
    "4,Pro,beta,tomorrow,2026-01-01 09:00,solved",
    "5,Pro,beta,2026-01-02 10:00,N/A,merged",
    "6,Pro,beta,2026-01-02 10:00,2026-01-02 11:00,spam",
    "7,,beta,2026-01-02 10:00,2026-01-02 11:00,solved",
    "1,Free,acme,2026-01-01 10:00,2026-01-01 12:00,solved",
    "8,Pro,gamma,,2026-01-02 11:00,solved",
    "9,Pro,gamma,2026-01-02 10:00,soon,solved",
    "10,Pro,gamma,2026-01-02 10:00,2026-01-02 11:00,solved,what,is,this",
    "11,Pro",
    "12,Pro,,2026-01-02 10:00,2026-01-02 11:00,abandoned by caller",
    "13,Pro,gamma,2026-01-02 10:00,,solved",
    "",
]


def test_everything_set_aside_is_counted_with_its_reason(tmp_path):
    path = written(tmp_path / "untidy.csv", "id,plan,customer,opened,first_reply,status", *UNTIDY)
    said = found(path, "--map", "id=id,plan=plan,customer=customer,opened=opened,first_reply=first_reply,status=status")
    assert said["set_aside"] == {
        "rows with more fields than the header": 1,
        "merged into another ticket": 1,
        "spam or deleted": 1,
        "the same ticket again": 1,
        "no plan": 1,
        "opened: cannot be read": 1,
        "no opening time": 2,
        "first reply: cannot be read": 1,
        "first reply: before the ticket was opened": 1,
        "first reply: none, and nothing says until when it was waited for": 1,
    }
    assert said["verdict"] == "not enough evidence"
    assert {one["group"] for one in said["metrics"]} == {"Free", "Pro"}


def test_open_tickets_have_waited_until_the_end(tmp_path):
    lines = [f"a,c{k},2026-01-01 00:00,2026-01-01 02:00" for k in range(30)] + [
        f"b,c9{k},2026-01-01 00:00," for k in range(30)
    ]
    path = written(tmp_path / "open.csv", "plan,customer,opened,first_reply", *lines)
    said = found(path, "--tau", "10h", "--end", "2026-01-01T20:00")
    assert row(said, "a")["group_figure"] == pytest.approx(2)
    assert row(said, "b")["group_figure"] == pytest.approx(10)


@pytest.mark.parametrize(
    ("header", "values", "option"),
    [
        ("wait_minutes", ("90", "180"), ()),
        ("Wait (h)", ("1,5", "3"), ()),
        ("wait", ("5400", "10800"), ("--unit", "seconds")),
        ("wait", ("1:30:00", "03:00:00"), ()),
        ("wait", ("1h 30m", "3 hours"), ()),
        ("wait", ("PT1H30M", "PT3H"), ()),
        ("wait", ("0 days 01:30:00", "0 days 03:00:00"), ()),
    ],
)
def test_durations_may_be_given_as_such(tmp_path, header, values, option):
    lines = [f'a;c{k};"{values[0]}"' for k in range(30)] + [f'b;d{k};"{values[1]}"' for k in range(30)]
    path = written(tmp_path / "waits.csv", f"plan;customer;{header}", *lines)
    said = found(path, "--map", f"plan=plan,customer=customer,first_reply={header}", "--tau", "20h", *option)
    assert row(said, "a")["group_figure"] == pytest.approx(1.5)
    assert row(said, "b")["group_figure"] == pytest.approx(3)


def test_an_outcome_such_as_abandoned_ends_the_wait_without_a_reply(tmp_path):
    """A call centre: half of plan b hangs up after an hour; those answered waited two."""
    calls = [f"a,c{k},2,AGENT" for k in range(60)] + [
        f"b,d{k},{1 + k % 2},{'AGENT' if k % 2 else 'HANG'}" for k in range(60)
    ]
    path = written(tmp_path / "calls.csv", "plan,customer,wait,outcome", *calls)
    said = found(
        path, "--map", "plan=plan,customer=customer,first_reply=wait,outcome=outcome", "--tau", "9h", "--unit", "hours"
    )
    assert row(said, "b")["group_figure"] == pytest.approx(2)  # not 1.5: who hung up would have waited on
    assert row(said, "b", "withdrawn unanswered")["adjusted"] == pytest.approx(0.5)


def test_callers_who_were_not_recognised_are_nobody_in_particular(tmp_path):
    """Half of the calls are of customer 0, which is nobody; day and time of day stand in two columns."""
    lines = [
        f"{k % 2},{k if k % 2 else 0},2601{1 + k // 2 % 28:02},{9 + k // 2 % 8}:15:00,{30 + 7 * k % 600},AGENT"
        for k in range(3000)
    ]
    path = written(tmp_path / "calls.csv", "priority,customer_id,date,start,q_time,outcome", *lines)
    said = found(
        path,
        "--map",
        "plan=priority,customer=customer_id,opened=date+start,first_reply=q_time,outcome=outcome",
        "--unit",
        "seconds",
    )
    assert said["verdict"] == "parity"
    assert said["set_aside"] == {}
    assert any("1,500 tickets name no customer" in note for note in said["notes"])
    assert said["monitor"]["pairs"] > 500


def test_spend_and_use_are_cut_in_quarters(tmp_path):
    lines = [
        f"{k % 400},c{k % 800},2026-01-{1 + k % 28:02} 10:00,2026-01-{1 + k % 28:02} 1{k % 9}:30" for k in range(4000)
    ]
    path = written(tmp_path / "spend.csv", "mrr,customer,opened,first_reply", *lines)
    said = found(path, "--map", "spend=mrr,customer=customer,opened=opened,first_reply=first_reply")
    assert {one["group"] for one in said["metrics"]} == {
        "lowest quarter", "second quarter", "third quarter", "highest quarter"
    }  # fmt: skip
    assert [one["by"] for one in said["trends"]] == ["spend"]
    assert abs(said["trends"][0]["rho"]) < 0.1


def test_yes_and_no_columns(tmp_path):
    lines = [
        f"{'ab'[k % 2]},c{k % 700},{'yes' if k % 7 == 0 else 'no'},{k % 3},{1 + k % 5 if k % 4 else ''}"
        for k in range(4200)
    ]
    path = written(tmp_path / "shares.csv", "plan,customer,breached,reopens,csat", *lines)
    said = found(path, "--map", "plan=plan,customer=customer,breached=breached,reopened=reopens,rating=csat")
    assert {one["metric"] for one in said["metrics"]} == {"breached", "reopened", "rating of 4 or 5", "rating given"}
    assert row(said, "a", "reopened")["group_figure"] == pytest.approx(2 / 3, abs=0.01)
    assert said["monitor"]["pairs"] == 0


@pytest.mark.parametrize(
    ("content", "arguments", "sentence"),
    [
        ("", (), "empty"),
        ("plan,customer,opened,first_reply\n", (), "no tickets"),
        ("plan,customer,opened,first_reply\na,b,2026-01-01,2026-01-02\n", (), "nothing to compare"),
        ("plan,customer,opened,first_reply\n,b,2026-01-01,2026-01-02\n", (), "1 no plan"),
        ("plan,customer,opened,first_reply\na,b,x,2026-01-02\nb,c,y,2026-01-03\n", (), "No ticket is left"),
        (
            "plan,opened,first_reply\na,2026-01-02,2026-01-01\nb,2026-01-03,2026-01-01\n",
            (),
            "Map at least one of first_reply, resolved or a yes/no column. Set aside: 2 first reply: before the ticket was opened.",
        ),
        (
            "plan,first_reply\na,2026-01-02\nb,2026-01-03\n",
            ("--map", "plan=plan,first_reply=first_reply"),
            "Map opened as well",
        ),
    ],
)
def test_when_nothing_can_be_said_it_says_so_and_exits_with_1(tmp_path, content, arguments, sentence):
    path = tmp_path / "nothing.csv"
    path.write_text(content)
    result = run(path, *arguments, code=1)
    assert sentence in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--map", "plan=Nothing"), "There is no column 'Nothing'. The columns are: Ticket, Tier"),
        (("--map", "colour=Tier"), "'colour' is not something a column can be"),
        (
            ("--map", "tag=Tier"),
            "which column is the plan, such as --map plan=Tier (or spend=…, usage=…). The columns are: Ticket, Tier",
        ),
        (("--map", "plan"), "not of the form word=column"),
        (("--map", "plan=Tier,plan=Kind"), "plan is given twice"),
        (("--promise", "soon"), "no length of time"),
        (("--promise", "reply=8h"), "first_reply or resolved"),
        (("--end", "later"), "not a date"),
        (("--html", "nowhere/report.html"), "There is no folder nowhere to write the report in."),
        (("--margin", "1.1", "1.2"), "margin"),
    ],
)
def test_wrong_usage_is_said_and_exits_with_2(tmp_path, arguments, sentence):
    assert sentence in run(export(tmp_path / "plain.csv", n=30), *arguments, code=2).stderr


def test_the_words_of_map_are_listed():
    assert "first_reply  when it was first replied to" in run("--words").stdout


@pytest.mark.skipif(
    not (DATA / "helpdesk_italy.csv").exists(), reason="the shared event log is not here (EVENHAND_SHARED_DATA)"
)
@pytest.mark.parametrize(
    "mapping",
    [
        (),
        (
            "--map",
            "case=Case ID,activity=Activity,time=Complete Timestamp,plan=service_level,customer=customer,need=seriousness_2",
        ),
    ],
)
def test_a_real_event_log_runs_from_end_to_end(tmp_path, mapping):
    said = found(DATA / "helpdesk_italy.csv", *mapping, "--html", tmp_path / "report.html")
    assert said["rows"] == 21_348
    assert said["tickets"] == 4_580
    assert {"first reply", "resolution", "reopened"} == {one["metric"] for one in said["metrics"]}
    assert said["verdict"] == "not enough evidence"
    assert said["monitor"]["pairs"] > 1000
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_a_log_that_only_closes_says_what_is_taken_for_the_resolution(tmp_path):
    lines = [
        f"{k},{what},2026-01-01 1{hour}:00,{'ab'[k % 2]},c{k}"
        for k in range(60)
        for hour, what in ((0, "opened"), (1, "agent replied"), (2, "closed"))
    ]
    path = written(tmp_path / "log.csv", "case,activity,time,plan,customer", *lines)
    said = found(path)
    assert "In the log, resolved is the event 'closed'." in said["notes"]
    assert row(said, "a", "resolution")["group_figure"] == pytest.approx(2, abs=0.1)


def test_what_is_short_is_said_in_minutes_and_seconds(tmp_path):
    """Callers, one kind of whom is put in front without being told."""
    chance = random.Random(3)
    lines = []
    for k in range(4000):
        kind = 2 if k % 4 == 0 else 1
        lines.append(f"{kind},c{k % 900},2026-01-{1 + k % 28:02} 10:00,{int(chance.expovariate(kind / 100))}")
    path = written(tmp_path / "calls.csv", "priority,caller,arrival,wait_sec", *lines)
    told = run(path, "--map", "plan=priority,customer=caller,opened=arrival,first_reply=wait_sec").stdout
    assert " min stands in for it" in told
    assert "1, first reply: +" in told
    assert " s, spread alike" in told
    assert "There is a disparity" in told


def test_an_event_log_may_name_its_own_activities(tmp_path):
    lines = []
    for k in range(60):
        plan, wait = ("a", 2) if k < 30 else ("b", 3)
        lines += [f"{k},Ticket arrives,2026-01-01 10:00,{plan},c{k}", f"{k},Ping,2026-01-01 1{wait}:00,{plan},c{k}"]
    path = written(tmp_path / "log.csv", "case,activity,time,plan,customer", *reversed(lines))
    mapping = "case=case,activity=activity,time=time,plan=plan,customer=customer,first_reply="
    assert row(found(path, "--map", mapping + "Ping", "--tau", "9h"), "a")["group_figure"] == pytest.approx(2)
    assert "No event is called 'Pong'" in run(path, "--map", mapping + "Pong", code=1).stderr
    assert "name them" in run(path, "--map", mapping.removesuffix(",first_reply="), code=1).stderr
