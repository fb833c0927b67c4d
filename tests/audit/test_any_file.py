"""Whatever a file holds, the audit says something: a verdict, a sentence with exit code 1, or wrong usage. Never a traceback."""

import csv
import io
import json
from random import Random

import pytest
from click.testing import CliRunner

from evenhand.audit.export.fields import FIELDS
from evenhand.command.audit import audit

ODD = (
    "", "N/A", "null", "-", "\u00a0", "☃", "0", "-1", "1e999", "nan", "inf", "=1+1", "x" * 500, "1/0", "١٢", "99:99:99",
    "2026-02-30", "0001-01-01", "9999-12-31T23:59:60Z", "31.12.2026 24:00",
)  # fmt: skip
YES_NO, WORDS = ("yes", "no", "1", "0", "3"), ("open", "closed", "abandoned", "merged", "spam", "HANG")
LIKELY = {
    "spend": ("$1,200", "12,5", "1.200,00", "7", "-3", "free"), "usage": ("7", "80", "1e3"), "rating": ("5", "4/5", "good", "bad"),
    "merged": YES_NO, "reopened": YES_NO, "breached": YES_NO, "answered": YES_NO, "followup": YES_NO, "status": WORDS,
    "outcome": WORDS, "activity": ("created", "agent replied", "solved", "closed", "reopened"),
}  # fmt: skip


def cell(chance: Random, word: str) -> str:
    if chance.random() < 0.07:
        return chance.choice(ODD)
    if word in ("opened", "time"):
        return f"2026-0{chance.randint(1, 3)}-{chance.randint(1, 28):02} {chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
    if word in ("first_reply", "resolved"):
        return chance.choice(
            [
                f"2026-0{chance.randint(1, 4)}-{chance.randint(1, 28):02} 10:00",
                str(chance.randint(-5, 500)),
                "PT5H",
                "2d 3h",
            ]
        )
    if word in LIKELY:
        return chance.choice(LIKELY[word])
    return f"{word}{chance.randint(0, chance.choice([1, 3, 40, 1000]))}"


def a_file(chance: Random) -> tuple[bytes, list[str]]:
    """A file of columns of every kind, and the columns' names."""
    columns = chance.sample(sorted(FIELDS), chance.randint(1, len(FIELDS)))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=chance.choice(",;\t|"))
    writer.writerow(columns if chance.random() < 0.9 else [*columns, columns[0]])
    for _ in range(chance.choice([0, 1, 3, 30, 500])):
        row = [cell(chance, word) for word in columns]
        writer.writerow(row[: chance.randint(0, len(row))] if chance.random() < 0.03 else row)
    content = text.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "latin-1"]), "replace")
    return content[: chance.randint(0, len(content))] if chance.random() < 0.05 else content, columns


@pytest.mark.parametrize("seed", range(60))
def test_any_file_gets_an_answer(tmp_path, seed):
    chance = Random(seed)
    content, columns = a_file(chance)
    (tmp_path / "any.csv").write_bytes(content)
    mapped = [f"{word}={word}" for word in columns if chance.random() < 0.8]
    options = ["--map", ",".join(mapped)] if mapped and chance.random() < 0.7 else []
    options += ["--html", str(tmp_path / "any.html")] if chance.random() < 0.2 else []
    done = CliRunner().invoke(audit, ["csv", str(tmp_path / "any.csv"), "--json", *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code in (0, 1, 2)
    if done.exit_code == 0:
        assert json.loads(done.stdout)["verdict"] in ("parity", "disparity", "within tolerance", "not enough evidence")
    else:
        assert done.stderr.startswith(("Error: ", "Usage: "))
