"""Money: the worked example, neutrality, and a churn effect found where there is one and not where there is none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evenhand.lab import money
from evenhand.lab.churn import fit, read
from evenhand.lab.presets import preset
from evenhand.lab.refused import Refused
from evenhand.lab.study import Money, Plan, Study


def test_the_worked_break_even():
    worth = money.value(60, 0.008, 0.02)
    assert worth == pytest.approx(2160)
    assert money.break_even(3000, worth, 4, 6000, 0) == pytest.approx(0.0037, abs=5e-5)


def test_beta_zero_makes_waiting_free():
    study = Study()
    kept = money.monthly(study, dict.fromkeys(study.plans, 0.0), preset("flat"))
    broken = money.monthly(study, dict.fromkeys(study.plans, 1.0), preset("flat"))
    assert kept == broken
    moved = Money(beta=0.5)
    assert money.monthly(study, dict.fromkeys(study.plans, 1.0), preset("flat"), moved)["profit"] < kept["profit"]


def test_churn_follows_its_hazard():
    assert money.churn(0.02, 0.0, 1.0) == pytest.approx(0.02)
    assert money.churn(0.02, np.log(2), 1.0) == pytest.approx(1 - 0.98**2)


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
