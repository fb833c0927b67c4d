"""A study as the file it came from, or would have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from .study import Study, load


def written(study: Study) -> str:
    """The TOML that `lab.study.load` reads back as the same study."""
    given = study.as_dict()
    return "\n".join(_table("", given)) + "\n"


def read(text: str) -> Study:
    """The study in a TOML text. Raises Refused with a sentence."""
    with TemporaryDirectory(prefix="evenhand-lab-") as folder:
        path = Path(folder) / "study.toml"
        path.write_text(text, encoding="utf-8")
        return load(path)


def _table(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    inner = {key: value for key, value in given.items() if isinstance(value, Mapping)}
    if name and len(inner) < len(given):
        yield f"\n[{name}]"
    for key, value in given.items():
        if key not in inner:
            yield f"{_text(key)} = {_value(value)}"
    for key, table in inner.items():
        yield from _table(f"{name}.{_text(key)}" if name else _text(key), table)


def _text(word: str) -> str:
    return word if word.replace("_", "").isalnum() and word.isascii() else _value(word)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return orjson.dumps(value).decode().replace("\x7f", "\\u007f")  # TOML's basic strings escape as JSON's do
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return "inf" if isinstance(value, float) and math.isinf(value) else repr(value)
