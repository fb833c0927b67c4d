"""What a benchmark found: a line for each figure, or one JSON object."""

import sys
from collections.abc import Mapping

import orjson


def tell(row: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(row).decode() + "\n")
        return
    for name, value in row.items():
        print(f"{name.replace('_', ' '):32} {value:>12}")
