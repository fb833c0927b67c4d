"""Every ticket, or every customer, as a row of a CSV or Parquet file; the file is whole or absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from .summary import restricted_mean
from .turns import Table


def tickets(rows: Table, policy: str, replication: int, names: Mapping[str, Sequence[str]]) -> Any:
    """A row a ticket. `names` has those of plans and needs, and of customers where they have any."""
    columns = {column: np.ascontiguousarray(rows[column]) for column in rows.dtype.names}
    columns |= {column: np.array(known)[columns[column]] for column, known in names.items()}
    return pa.table({"policy": [policy] * rows.size, "replication": np.full(rows.size, replication)} | columns)


def customers(rows: Table, policy: str, replication: int, names: Mapping[str, Sequence[str]], limit: float) -> Any:
    """A row a customer: how much they asked, waited, were refused and overtaken."""
    order = np.argsort(rows.customer, kind="stable")
    begin = np.flatnonzero(np.diff(rows.customer[order], prepend=-1))
    found = [_customer(rows[part], limit) for part in np.split(order, begin[1:])] if rows.size else []
    columns = {name: np.array([each[name] for each in found]) for name in found[0]} if found else {}
    columns |= {column: np.array(known)[columns[column]] for column, known in names.items() if column in columns}
    return pa.table({"policy": [policy] * len(found), "replication": np.full(len(found), replication)} | columns)


def _customer(rows: Table, limit: float) -> dict[str, Any]:
    found: dict[str, Any] = {"customer": rows["customer"][0], "plan": rows["plan"][0], "tickets": rows.size}
    for name in ("reply", "reply_staffed", "next", "resolution"):
        known = rows[name][~np.isnan(rows[name])]
        found[f"{name}_mean"] = known.mean() if known.size else np.nan
        found[f"{name}_p90"] = np.quantile(known, 0.9) if known.size else np.nan
    found["reply_restricted"] = restricted_mean(rows["reply"], limit)
    for name in ("abandoned", "denied", "suppressed", "kept"):
        found[name] = int(rows[name].sum())
    return found | {name: rows[name].mean() for name in ("overtaken", "discrimination")}


def write(path: Path, tables: Iterable[Any]) -> None:
    """One table after the other, so that one is in memory at a time."""
    part = path.with_name(path.name + ".part")
    writer: Any = None
    try:
        for table in tables:
            if writer is None:
                made = pa.csv.CSVWriter if path.suffix.lower() == ".csv" else pa.parquet.ParquetWriter
                writer = made(part, table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
