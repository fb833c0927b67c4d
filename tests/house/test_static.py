"""Static files: those of the manifest and no others, kept for a year under names with hashes."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evenhand.serving.static import StaticFiles, Storage

from .asgi import Answer, ask, scope

PATHS = {"a.css": "a.123.css", "m.svg": "m.9.svg", "p.png": "p.7.png"}


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    for name in [*PATHS, *PATHS.values()]:
        (tmp_path / name).write_text("body { color: red }\n" * 50)
    (tmp_path / "secret.txt").write_text("no")
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": PATHS}))
    return StaticFiles(tmp_path)


def get(files: StaticFiles, name: str, method: str = "GET", **headers: str) -> Answer:
    async def serve(about: Any, receive: Any, send: Any) -> None:
        await files(about, send, name)

    return asyncio.run(ask(serve, scope("/static/" + name, method, headers)))


def test_a_name_with_a_hash_is_kept_for_a_year(files: StaticFiles) -> None:
    answer = get(files, "a.123.css")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" not in get(files, "a.css").headers["cache-control"]


def test_text_travels_compressed_to_who_can_read_it(files: StaticFiles) -> None:
    plain, packed = get(files, "a.123.css"), get(files, "a.123.css", **{"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    assert "content-encoding" not in get(files, "p.7.png", **{"accept-encoding": "gzip"}).headers


def test_head_sends_no_body(files: StaticFiles) -> None:
    assert get(files, "a.123.css", "HEAD").body == b""


@pytest.mark.parametrize("name", ["secret.txt", "../secret.txt", "staticfiles.json", "", "a.css/", "%2e%2e/x", ".lock"])
def test_nothing_but_the_manifest_is_served(files: StaticFiles, name: str) -> None:
    assert get(files, name).status == 404


def test_only_reading(files: StaticFiles) -> None:
    assert get(files, "a.css", "POST").status == 404


def test_before_they_are_collected_names_are_plain() -> None:
    assert Storage(location="/nonexistent", base_url="/static/").url("evenhand/desk.css") == "/static/evenhand/desk.css"
