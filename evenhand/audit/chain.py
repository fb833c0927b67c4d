"""Statements as a signed chain: each over its figures, the root of its records, and the statement before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evenhand.fairness.merkle import leaf_hash, root

from .records import canonical

# Everything a statement says; the digest covers all of it.
SIGNED = ("made_at", "since", "until", "method", "code", "verdict", "light", "figures", "records", "root", "previous")


class Broken(Exception):
    """A published statement is not what was signed; says which, and how."""


@dataclass(frozen=True)
class Key:
    """The desk's signing key, from 32 secret bytes."""

    secret: bytes

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @property
    def public(self) -> str:
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, digest: str) -> str:
        return self._private.sign(bytes.fromhex(digest)).hex()


def root_of(records: list[str]) -> str:
    """The Merkle root of the records, hexadecimal."""
    return root([leaf_hash(record.encode()) for record in records]).hex()


def digest(statement: Mapping[str, Any]) -> str:
    """What is signed: SHA-256 of the canonical JSON of everything the statement says."""
    return sha256(canonical({name: statement[name] for name in SIGNED}).encode()).hexdigest()


def signed(statement: dict[str, Any], key: Key) -> dict[str, Any]:
    """The statement with its digest, signature and public key."""
    made = digest(statement)
    return {**statement, "digest": made, "signature": key.sign(made), "public_key": key.public}


def check(statement: Mapping[str, Any], previous: Mapping[str, Any] | None) -> None:
    """Raises Broken unless digest, signature and link to the statement before hold."""
    when = statement.get("made_at", "?")
    if digest(statement) != statement["digest"]:
        raise Broken(f"The statement of {when} was changed after it was signed.")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(statement["public_key"]))
        public.verify(bytes.fromhex(statement["signature"]), bytes.fromhex(statement["digest"]))
    except (InvalidSignature, ValueError) as error:
        raise Broken(f"The signature of the statement of {when} does not fit.") from error
    if previous is None:
        return
    if statement["previous"] != previous["digest"]:
        raise Broken(
            f"The statement of {when} does not follow the one of {previous['made_at']}: one was removed or put in."
        )
    if statement["public_key"] != previous["public_key"]:
        raise Broken(f"The statement of {when} is signed with another key than the one before.")
    if statement["made_at"] <= previous["made_at"]:
        raise Broken(f"The statement of {when} is dated before the one it follows.")


def check_records(statement: Mapping[str, Any], records: list[str]) -> None:
    """Raises Broken unless these are the records the statement was computed from, every one."""
    when = statement["made_at"]
    if len(records) != statement["records"]:
        raise Broken(f"The statement of {when} counts {statement['records']} records; {len(records)} are published.")
    if root_of(records) != statement["root"]:
        raise Broken(f"A record of the statement of {when} was changed, removed or put in.")
