"""Money: the worked example, neutrality, and a churn effect found where there is one and not where there is none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evenhand.lab import money
from evenhand.lab.churn import _model, clustered_errors, covariates, fit, read
from evenhand.lab.history import history
from evenhand.lab.presets import preset
from evenhand.lab.refused import Refused
from evenhand.lab.study import Money, Plan, Study
from evenhand.lab.trailing import stretches


def test_the_worked_break_even():
    worth = money.value(60, 0.008, 0.02)
    assert worth == pytest.approx(2160)
    assert money.break_even(3000, worth, 4, 6000, 0) == pytest.approx(0.0037, abs=5e-5)


def test_beta_zero_makes_waiting_free():
    study = Study()
    worst = {"broken": 1.0, "wait": 3.0, "reopened": 1.0, "denied": 1.0}
    kept = money.monthly(study, {}, preset("flat"))
    broken = money.monthly(study, dict.fromkeys(study.plans, worst), preset("flat"))
    assert kept == broken
    for beta in money.EXPERIENCE.values():
        moved = Money(**{beta: 0.5})
        assert money.monthly(study, dict.fromkeys(study.plans, worst), preset("flat"), moved)["profit"] < kept["profit"]


def test_what_a_plan_went_through():
    row = {"tickets": 10, "kept": 0.6, "denied": 0.2, "suppressed": 0.0, "restricted_mean": np.e - 1, "reopened": 0.3}
    assert money.experience(row) == pytest.approx({"broken": 0.25, "wait": 1.0, "reopened": 0.3, "denied": 0.2})


def test_the_interval_of_beta_becomes_a_range_of_money():
    study = replace(Study(), money=Money(beta=0.4, beta_range=(0.1, 0.7)))
    rows = {plan: {"tickets": 1, "kept": 0.5, "restricted_mean": 4.0} for plan in study.plans}
    found = money.economics(study, {"plans": rows}, preset("flat"))
    low, high = found["profit_range"]
    assert low < found["month"]["profit"] < high


def test_churn_follows_its_hazard():
    assert money.churn(0.02, 0.0) == pytest.approx(0.02)
    assert money.churn(0.02, np.log(2)) == pytest.approx(1 - 0.98**2)


def test_a_saved_customer_is_worth_no_more_than_another():
    assert money.saved_customer(2160, 300, replaceable=True) == 300
    assert money.saved_customer(2160, 300, replaceable=False) == 2160
    assert money.keep_or_win(300, 2.0, 0.02) == pytest.approx(3.0)
    assert money.keep_or_win(0, 2.0, 0.02) is None


def test_the_tornado_is_sorted_and_moves_what_it_says():
    study = replace(Study(), plans={"paid": Plan(customers=3000, monthly=75.0, churn=0.02)})
    rows = money.tornado(study, 4)
    swings = [abs(row["high"] - row["low"]) for row in rows]
    assert swings == sorted(swings, reverse=True)
    cost = next(row for row in rows if row["input"] == "agent_cost")
    assert cost["high"] / cost["low"] == pytest.approx(1.3 / 0.7)


def customers(beta, count=1500, seed=3):
    """A row a customer and month, leaving at 3 % × exp(beta × broken)."""
    draw, rows = np.random.default_rng(seed), []
    for customer in range(count):
        usual = draw.beta(1, 2)
        for month in range(18):
            broken = float(np.clip(usual + draw.normal(0, 0.15), 0, 1))
            left = draw.random() < 1 - np.exp(-0.03 * np.exp(beta * broken))
            rows.append((customer, month * 30.0, (month + 1) * 30.0, int(left), broken))
            if left:
                break
    return pd.DataFrame(rows, columns=["customer", "start", "stop", "left", "broken"])


def test_an_effect_is_found_and_its_absence_too():
    found = fit(customers(1.2))
    assert found["ci"][0] < 1.2 < found["ci"][1]
    assert found["ci"][0] > 0
    assert found["later"]["concordance_after"] > 0.5
    none = fit(customers(0.0))
    assert none["ci"][0] < 0 < none["ci"][1]
    assert "cannot tell" in none["says"]


def test_too_few_leavers_are_refused(tmp_path):
    path = tmp_path / "churn.csv"
    customers(0.0, count=5).to_csv(path, index=False)
    with pytest.raises(Refused, match="too few"):
        read(path)
    path.write_text("customer,start\n1,2\n")
    with pytest.raises(Refused, match="no column “stop”"):
        read(path)


def test_each_part_of_what_was_gone_through_has_a_beta_of_its_own():
    draw = np.random.default_rng(8)
    rows = customers(1.0, seed=9)
    rows["wait"], rows["reopened"] = draw.gamma(2.0, 3.0, len(rows)), draw.random(len(rows))
    rows["seats"], rows["denied"] = draw.integers(1, 9, len(rows)), 0.0
    found = fit(rows)
    assert set(found["betas"]) == {"broken", "wait", "reopened"}  # nothing was ever denied: nothing to learn of it
    assert found["adjusted_for"] == ["seats"]
    assert found["money"]["beta"] == found["betas"]["broken"]["beta"]
    assert found["money"]["beta_wait"] == 0.0
    assert set(found["later"]["betas_before"]) == {"broken", "wait", "reopened", "seats"}


def test_errors_by_customer_are_wider_when_customers_stand_for_many_rows():
    """Each row of a customer twice: the model thinks it knows twice as much, the sandwich does not."""
    rows = customers(0.8, count=600)
    twin = rows.assign(customer=rows["customer"], start=rows["start"], stop=rows["stop"])
    frame, names, _ = covariates(pd.concat([rows, twin]))
    model = _model(frame.assign(customer=range(len(frame))))
    assert clustered_errors(model, frame, names)[0] > 1.25 * float(model.standard_errors_["broken"])


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("broken", 1.5, "a share from 0 to 1"),
        ("wait", -1.0, "hours from 0"),
        ("left", 2, "left is 1 where"),
        ("stop", -5.0, "end before"),
    ],
)
def test_a_file_that_cannot_be_so_is_refused(tmp_path, column, value, sentence):
    rows = customers(0.0, count=400).assign(wait=1.0)
    rows.loc[3, column] = value
    path = tmp_path / "churn.csv"
    rows.to_csv(path, index=False)
    with pytest.raises(Refused, match=sentence):
        read(path)


def test_the_ninety_days_are_worked_out_from_a_history(tmp_path):
    """Ada was kept the promise and stays; Bo was not and leaves."""
    lines = ["opened,replied,who"]
    for day in range(1, 29):
        for month in (1, 2, 3, 4, 5, 6):
            late = "16:30" if month < 6 else "16:00"
            lines += [f"2024-0{month}-{day:02} 09:00,2024-0{month}-{day:02} 10:00,ada"]
            lines += [f"2024-0{month}-{day:02} 09:00,2024-0{month}-{day:02} {late},bo"]
    tickets, people = tmp_path / "tickets.csv", tmp_path / "people.csv"
    tickets.write_text("\n".join(lines))
    people.write_text("name,from,to\nada,2024-01-01,\nbo,2024-01-01,2024-05-20\ncy,2024-05-01,\n")
    past = history(tickets, "opened=opened,first_reply=replied,customer=who")
    rows = stretches(past, people, "customer=name,since=from,until=to", 4.0, "Mon-Sun 9-17")
    ada, bo, cy = (rows[rows.customer == name] for name in ("ada", "bo", "cy"))
    assert (ada.broken.max(), bo.broken.min()) == (0.0, 1.0)
    assert (ada.left.sum(), bo.left.sum(), bo.left.iloc[-1]) == (0, 1, 1)
    assert ada.wait.iloc[0] == pytest.approx(1.0)
    assert cy.wait.max() == 0.0
    with pytest.raises(Refused, match="since when"):
        stretches(past, people, "customer=name", 4.0, None)
