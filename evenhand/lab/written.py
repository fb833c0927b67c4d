"""A CSV as programs write it: UTF-8 or UTF-16, with or without a byte order mark, columns between , ; tab or |."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.csv

SEPARATORS = ",;\t|"
SAID = re.compile(r"sep=([,;\t|])$", re.I)  # what some spreadsheets write before the heading
LONGEST = 1 << 20  # bytes of a heading that are looked at


class Written(NamedTuple):
    """One file, and how it is written, by its first lines."""

    path: Path
    encoding: str
    separator: str
    skipped: int  # lines before the heading
    heading: list[str]

    @classmethod
    def of(cls, path: Path) -> Written:
        with path.open("rb") as file:
            encoding = "utf-16" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding) as file:
            line = file.readline(LONGEST)
            told = SAID.match(line.strip("\r\n"))
            line = file.readline(LONGEST) if told else line
        separator = told[1] if told else max(SEPARATORS, key=line.count)
        return cls(path, encoding, separator, int(bool(told)), next(csv.reader([line], delimiter=separator), []))

    def read(self, wanted: list[str]) -> tuple[Any, list[tuple[int, str]]]:
        """(the wanted columns as an arrow table of text; the rows that are none, counted from 1, and why)."""
        broken: list[tuple[int, str]] = []

        def skip(row: Any) -> str:
            why = f"it has {row.actual_columns} values and the heading {row.expected_columns}"
            broken.append((int(row.number or 0) - 1 - self.skipped, why))
            return "skip"

        table = pa.csv.read_csv(
            self.path,
            read_options=pa.csv.ReadOptions(
                use_threads=False,  # else broken rows come without their number
                encoding=self.encoding,
                skip_rows=self.skipped,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self.separator, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=_as_text(wanted),
        )
        return table, broken


def _as_text(wanted: list[str]) -> Any:
    """The wanted columns as text: the reader must not guess that 2012/10/09 is a number of some kind."""
    return pa.csv.ConvertOptions(
        column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=True
    )
