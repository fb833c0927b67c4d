"""Stylesheets, scripts and pictures: their names carry their content's hash, so browsers keep them for a year."""

from __future__ import annotations

import gzip
import json
import mimetypes
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from . import answer

MANIFEST = "staticfiles.json"
FOR_EVER = b"public, max-age=31536000, immutable"
SHORTLY = b"public, max-age=300"
COMPRESSED = ("text/", "image/svg", "application/json", "application/javascript", "application/manifest")
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}
# Whoever opens a picture by its address gets a picture that can do nothing.
ALONE = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox")


class Storage(ManifestStaticFilesStorage):
    """Names with hashes once they are collected (`evenhand web` does that); plain names before, as in tests."""

    manifest_strict = False
    # Our own modules name one another, and the editor, by hash; in what packages bring, nothing is rewritten.
    patterns = (
        *ManifestStaticFilesStorage.patterns,
        ("evenhand/*.js", ManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )

    def stored_name(self, name: str) -> str:
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name))) or name)


class File(NamedTuple):
    type: bytes
    content: bytes
    compressed: bytes | None


class StaticFiles:
    """Serves exactly the files of the manifest in `root`, read once, from memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, File] = {}

    @cached_property
    def names(self) -> dict[str, bytes]:
        """What may be asked for, with how long it may be kept."""
        paths = json.loads((self.root / MANIFEST).read_text())["paths"]
        return dict.fromkeys(paths, SHORTLY) | dict.fromkeys(paths.values(), FOR_EVER)

    async def __call__(self, scope: answer.Scope, send: answer.Send, name: str) -> None:
        kept = self.names.get(name)
        if kept is None or scope["method"] not in ("GET", "HEAD"):
            await answer.text(send, 404, "There is no such file.\n")
            return
        file = self.files.get(name) or self.files.setdefault(name, read(self.root / name))
        headers = [(b"content-type", file.type), (b"cache-control", kept), (b"vary", b"accept-encoding"), ALONE]
        body = file.content
        if file.compressed and "gzip" in answer.header(scope, b"accept-encoding"):
            body = file.compressed
            headers.append((b"content-encoding", b"gzip"))
        await answer.whole(send, 200, b"" if scope["method"] == "HEAD" else body, headers)


def read(path: Path) -> File:
    """A file as it is served: with its type, and compressed where that makes it smaller."""
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    content = path.read_bytes()
    compressed = gzip.compress(content, mtime=0) if kind.startswith(COMPRESSED) else content
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return File(f"{kind}{charset}".encode(), content, compressed if len(compressed) < len(content) else None)
