"""Does waiting make customers leave? Fitted on a vendor's own customers, with all that can be said against the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .refused import Refused
from .turns import Floats

COLUMNS = ("customer", "start", "stop", "left", "broken")
# The ninety days before `start`: what the file says, and what is made of it. `broken` is asked for, the others may be there.
ASKED = ("broken", "wait", "reopened", "denied")
CLEAR, FOLDS = 1.96, 0.7  # normal quantile of a 95 % interval; share of the time on which the later time is judged


def read(path: Path) -> pd.DataFrame:
    """One row a customer and stretch of time: customer, start, stop (days), left (0 or 1 at stop), and of the ninety days
    before start the share of promises broken and, where known, wait (restricted mean, hours), reopened and denied (shares);
    any other number is adjusted for."""
    try:
        rows = pd.read_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else pd.read_csv(path)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} cannot be read as a table: {error}") from None
    missing = [name for name in COLUMNS if name not in rows.columns]
    if missing:
        raise Refused(
            f"{path.name} has no column “{missing[0]}”. It needs {', '.join(COLUMNS)}: one row a customer and month will do."
        )
    return checked(rows)


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, or a sentence saying what is wrong with them."""
    known = [name for name in ASKED if name in rows.columns]
    for name in ("start", "stop", "left", *known):
        if not pd.api.types.is_numeric_dtype(rows[name]):
            raise Refused(f"The column “{name}” must be numbers; start and stop are days, shares lie between 0 and 1.")
    backwards = int((rows["stop"] <= rows["start"]).sum())
    if backwards:
        raise Refused(f"{backwards} stretches end before they begin.")
    if not set(rows["left"].dropna().unique()) <= {0, 1}:
        raise Refused("left is 1 where the customer left at the end of the stretch, else 0.")
    for name in known:
        low, high = float(rows[name].min()), float(rows[name].max())
        if low < 0 or (name != "wait" and high > 1):
            limits = "hours from 0" if name == "wait" else "a share from 0 to 1"
            raise Refused(f"{name} is {limits}, and the file has {low if low < 0 else high:g}.")
    if rows["left"].sum() < 10:
        raise Refused(
            f"{int(rows['left'].sum())} customers left: too few to learn from. Keep beta at 0, or gather a longer history."
        )
    return rows


def covariates(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str], list[str]]:
    """(complete rows with x of the model, the names of what was gone through, what else is adjusted for)."""
    gone_through = [name for name in ASKED if name in rows.columns and rows[name].nunique() > 1]
    extra = [
        name for name in rows.columns if name not in (*COLUMNS, *ASKED) and pd.api.types.is_numeric_dtype(rows[name])
    ]
    if not gone_through:
        raise Refused("Every stretch went the same way, so nothing can be learned of what a difference does.")
    frame = rows[["customer", "start", "stop", "left", *gone_through, *extra]].dropna().copy()
    if "wait" in gone_through:
        frame["wait"] = np.log1p(frame["wait"])
    return frame, gone_through, extra


def _model(frame: pd.DataFrame) -> Any:
    from lifelines import CoxTimeVaryingFitter

    model = CoxTimeVaryingFitter()
    model.fit(frame, id_col="customer", event_col="left", start_col="start", stop_col="stop", show_progress=False)
    return model


def fit(rows: pd.DataFrame, until: float = FOLDS) -> dict[str, Any]:
    """β of h = h_0 exp(β·x): a Cox model with time-varying covariates (Andersen and Gill 1982), standard errors clustered
    by customer by the sandwich (Lin and Wei 1989), and a check on the time after `until` of the history.

    The check is Harrell's concordance on customers who left later than the model was fitted on; 0.5 is no better than chance.
    """
    from lifelines.exceptions import ConvergenceError

    frame, gone_through, extra = covariates(rows)
    names = [*gone_through, *extra]
    try:
        model = _model(frame)
    except (ConvergenceError, np.linalg.LinAlgError):
        raise Refused(
            "The model does not settle: some of the columns say the same, or part those who left from the others completely. Leave one out."
        ) from None
    errors = dict(zip(names, clustered_errors(model, frame, names), strict=True))
    betas = {
        name: {
            "beta": float(model.params_[name]),
            "ci": (float(model.params_[name]) - CLEAR * errors[name], float(model.params_[name]) + CLEAR * errors[name]),
            "se": errors[name], "se_model": float(model.standard_errors_[name]),
        }
        for name in gone_through
    }  # fmt: skip
    split = float(frame["start"].min() + until * (frame["stop"].max() - frame["start"].min()))
    first = betas.get("broken") or next(iter(betas.values()))
    return first | {
        "betas": betas,
        "customers": int(frame["customer"].nunique()),
        "left": int(frame["left"].sum()),
        "rows_not_used": int(len(rows) - len(frame)),
        "adjusted_for": extra,
        "later": _later(frame, split, names),
        "says": " ".join(says(name, row["beta"], row["se"]) for name, row in betas.items()),
        "money": {f"beta{'' if name == 'broken' else '_' + name}": _believed(row) for name, row in betas.items()},
    }


def _believed(row: dict[str, Any]) -> float:
    """What a study may take over: 0 where the data cannot tell."""
    low, high = row["ci"]
    return 0.0 if low <= 0 <= high else float(row["beta"])


WORDS = {
    "broken": "broken promises", "wait": "waiting", "reopened": "tickets that come back", "denied": "need that is refused",
}  # fmt: skip


def says(name: str, beta: float, error: float) -> str:
    low, high = beta - CLEAR * error, beta + CLEAR * error
    if low <= 0 <= high:
        return (
            f"The data cannot tell whether {WORDS[name]} move churn (beta between {low:.2f} and {high:.2f}). Keep that beta at 0, and "
            "read the break-even instead."
        )
    return (
        f"Customers with more of {WORDS[name]} leave {'more' if beta > 0 else 'less'} (beta {beta:.2f}, {low:.2f} to {high:.2f}). That they go "
        "together is measured; that one causes the other is not, for whoever asks most may differ in other ways."
    )


def clustered_errors(model: Any, frame: pd.DataFrame, names: list[str]) -> Floats:
    """The sandwich standard errors: score residuals summed by customer, between two inverses of the information."""
    values = frame[names].to_numpy(float)
    weights = np.exp(values @ model.params_[names].to_numpy())
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
    place = [list(model.params_.index).index(name) for name in names]
    inverse = np.asarray(model.variance_matrix_)[np.ix_(place, place)]
    return np.sqrt(np.diag(inverse @ (by_customer.T @ by_customer) @ inverse))


def _later(frame: pd.DataFrame, split: float, names: list[str]) -> dict[str, Any] | None:
    """Fitted before `split`, judged after it; None where either part has too few who left."""
    from lifelines.exceptions import ConvergenceError
    from lifelines.utils import concordance_index

    before, after = frame[frame["stop"] <= split], frame[frame["start"] >= split]
    if before["left"].sum() < 10 or after["left"].sum() < 5:
        return None
    try:
        model = _model(before)
    except (ConvergenceError, np.linalg.LinAlgError):
        return None
    risk = after[names].to_numpy(float) @ model.params_[names].to_numpy()
    return {
        "split": split,
        "betas_before": {name: float(model.params_[name]) for name in names},
        "concordance_after": float(concordance_index(after["stop"], -risk, after["left"])),
    }
