"""Does waiting make customers leave? Fitted on a vendor's own customers, with all that can be said against the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .refused import Refused

COLUMNS = ("customer", "start", "stop", "left", "broken")


def read(path: Path) -> pd.DataFrame:
    """One row a customer and stretch of time: customer, start, stop (days), left (0 or 1 at stop), broken (share of
    promises broken in the ninety days before start); any other number is adjusted for."""
    try:
        rows = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} cannot be read as a table: {error}") from None
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise Refused(
            f"{path.name} has no column “{missing[0]}”. It needs {', '.join(COLUMNS)}: one row a customer and month will do."
        )
    if (rows["stop"] <= rows["start"]).any():
        raise Refused(f"{int((rows['stop'] <= rows['start']).sum())} stretches end before they begin.")
    if rows["left"].sum() < 10:
        raise Refused(
            f"{int(rows['left'].sum())} customers left: too few to learn from. Keep beta at 0, or gather a longer history."
        )
    return rows


def fit(rows: pd.DataFrame, until: float = 0.7) -> dict[str, Any]:
    """β of h = h_0 exp(β broken): a Cox model with time-varying covariates (Andersen and Gill 1982), standard errors
    clustered by customer by the sandwich (Lin and Wei 1989), and a check on the time after `until` of the history.

    The check is Harrell's concordance on customers who left later than the model was fitted on; 0.5 is no better than chance.
    """
    from lifelines import CoxTimeVaryingFitter

    extra = [name for name in rows.columns if name not in COLUMNS and pd.api.types.is_numeric_dtype(rows[name])]
    frame = rows[[*COLUMNS, *extra]].dropna()
    model = CoxTimeVaryingFitter()
    model.fit(frame, id_col="customer", event_col="left", start_col="start", stop_col="stop", show_progress=False)
    beta = float(model.params_["broken"])
    error = clustered_error(model, frame, extra)
    split = float(frame["start"].min() + until * (frame["stop"].max() - frame["start"].min()))
    return {
        "beta": beta,
        "ci": (beta - 1.96 * error, beta + 1.96 * error),
        "se": error,
        "se_model": float(model.standard_errors_["broken"]),
        "customers": int(frame["customer"].nunique()),
        "left": int(frame["left"].sum()),
        "adjusted_for": extra,
        "later": _later(frame, split, extra),
        "says": says(beta, error),
    }


def says(beta: float, error: float) -> str:
    low, high = beta - 1.96 * error, beta + 1.96 * error
    if low <= 0 <= high:
        return (
            f"The data cannot tell whether broken promises move churn (beta between {low:.2f} and {high:.2f}). Keep beta at 0, and "
            "read the break-even instead."
        )
    return (
        f"Customers with broken promises leave {'more' if beta > 0 else 'less'} (beta {beta:.2f}, {low:.2f} to {high:.2f}). That they go "
        "together is measured; that one causes the other is not, for whoever asks most may differ in other ways."
    )


def clustered_error(model: Any, frame: pd.DataFrame, extra: list[str]) -> float:
    """The sandwich standard error of β: score residuals summed by customer, between two inverses of the information."""
    names = ["broken", *extra]
    values, weights = (
        frame[names].to_numpy(float),
        np.exp(frame[names].to_numpy(float) @ model.params_[names].to_numpy()),
    )
    start, stop, left = (frame[name].to_numpy(float) for name in ("start", "stop", "left"))
    scores = np.zeros_like(values)
    for time in np.unique(stop[left > 0]):
        risk = (start < time) & (stop >= time)
        died = (stop == time) & (left > 0)
        total = weights[risk].sum()
        mean = (weights[risk, None] * values[risk]).sum(axis=0) / total
        scores[died] += values[died] - mean
        scores[risk] -= (died.sum() / total) * weights[risk, None] * (values[risk] - mean)
    by_customer = pd.DataFrame(scores).groupby(frame["customer"].to_numpy()).sum().to_numpy()
    inverse = np.asarray(model.variance_matrix_)
    return float(np.sqrt((inverse @ (by_customer.T @ by_customer) @ inverse)[0, 0]))


def _later(frame: pd.DataFrame, split: float, extra: list[str]) -> dict[str, Any] | None:
    """Fitted before `split`, judged after it."""
    from lifelines import CoxTimeVaryingFitter
    from lifelines.exceptions import ConvergenceError
    from lifelines.utils import concordance_index

    before, after = frame[frame["stop"] <= split], frame[frame["start"] >= split]
    if before["left"].sum() < 10 or after["left"].sum() < 5:
        return None
    model = CoxTimeVaryingFitter()
    try:
        model.fit(before, id_col="customer", event_col="left", start_col="start", stop_col="stop", show_progress=False)
    except (ConvergenceError, np.linalg.LinAlgError):
        return None
    risk = after[["broken", *extra]].to_numpy(float) @ model.params_[["broken", *extra]].to_numpy()
    return {
        "beta_before": float(model.params_["broken"]),
        "concordance_after": float(concordance_index(after["stop"], -risk, after["left"])),
    }
