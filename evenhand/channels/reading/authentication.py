"""Whether a letter comes from the domain that its From names: SPF, DKIM and DMARC, or the word of one's own mail server.

A letter is verified only by what is aligned with the domain of its one From address. A DKIM signature with `l=` signs
only a beginning, to which anybody may add: it counts as no signature. Looking names up is the caller's: `resolver`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evenhand.channels.reading.headers import LEADING, Headers, header_end
from evenhand.channels.reading.letter import Mailbox
from evenhand.channels.reading.limits import PastLimitError
from evenhand.channels.reading.mailbox import mailboxes

Resolver = Callable[[str], Sequence[str]]  # all TXT records of a name, none where there is no such name
MOST_SIGNATURES = 5
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"\s*([a-z-]{2,20})\s*=\s*([a-z]{2,20})")
PROPERTY = re.compile(r"([a-z-]{2,20}\.[a-z-]{1,20})\s*=\s*\"?([^\s;\"]{1,320})")
TAG = re.compile(rb"(?:^|;)\s*([a-z]{1,2})\s*=\s*([^;]*)")


@dataclass(frozen=True, slots=True)
class Authentication:
    """`passed` is True if the From is verified, False if it is refuted or not to be trusted, None if nobody can say."""

    passed: bool | None
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    reason: str = ""


NOT_TRUSTED = Authentication(False, reason="It has not exactly one sender, whole and well formed.")


def authenticate(
    raw: bytes,
    *,
    ip: str = "",
    helo: str = "",
    mail_from: str = "",
    resolver: Resolver,
    spf: Callable[[str, str, str], str] | None = None,
) -> Authentication:
    """Check a letter as it came in by SMTP.

    Args:
        raw: the letter, unchanged.
        ip, helo, mail_from: what the sending server was and said; without `ip` SPF is not checked.
        resolver: all TXT records of a name; raises OSError where it gets no answer, and so does this then.
        spf: `(ip, mail_from, helo)` to an SPF result; by default pyspf, which looks names up itself.
    """
    headers = headers_of(raw)
    domain = from_domain(headers)
    if not domain:
        return NOT_TRUSTED
    signers = signed_by(raw, headers, resolver)
    sender_domain = (mail_from.rpartition("@")[2] or helo).lower()
    spf_result = (spf or by_pyspf)(ip, mail_from, helo) if ip else "none"
    policy, strict_dkim, strict_spf = policy_of(domain, resolver)
    by_dkim = any(aligned(domain, signer, strict_dkim) for signer in signers)
    by_spf = spf_result == "pass" and aligned(domain, sender_domain, strict_spf)
    dkim = "pass" if signers else "fail" if headers.all("dkim-signature") else "none"
    dmarc = "none" if not policy else "pass" if by_dkim or by_spf else "fail"
    return Authentication(
        True if by_dkim or by_spf else False if policy else None,
        spf_result,
        dkim,
        dmarc,
        reason_for(domain, by_dkim, by_spf, policy),
    )


def reason_for(domain: str, by_dkim: bool, by_spf: bool, policy: str) -> str:
    if by_dkim:
        return f"It carries a valid signature of {domain}."
    if by_spf:
        return f"It was sent by a server that {domain} names as its own."
    return (
        f"{domain} says that all its mail can be verified, and this letter cannot."
        if policy
        else f"{domain} offers nothing to verify it by."
    )


def headers_of(raw: bytes) -> Headers:
    """The letter's own headers; none where they are past a limit."""
    start = match.end() if (match := LEADING.match(raw)) else 0
    stop, _ = header_end(raw, start, len(raw))
    try:
        return Headers(raw[start:stop])
    except PastLimitError:
        return Headers(b"")


def from_domain(headers: Headers) -> str:
    """The domain of the one From address, or "" where there is not exactly one that is well formed."""
    found: Iterable[Mailbox] = mailboxes(headers.raw("from"))
    addresses = [box.address for box in found]
    if len(headers.all("from")) != 1 or len(addresses) != 1 or "@" not in addresses[0]:
        return ""
    return ascii_domain(addresses[0].rpartition("@")[2])


def ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return ""


def tags(value: bytes) -> dict[str, str]:
    """The tags of a DKIM signature."""
    return {
        match.group(1).decode("ascii"): "".join(match.group(2).decode("ascii", "replace").split())
        for match in TAG.finditer(value)
    }


def signed_by(raw: bytes, headers: Headers, resolver: Resolver) -> list[str]:
    """The domains of the valid DKIM signatures over the whole letter."""
    import dkim

    def text_record(name: bytes, timeout: int = 5) -> bytes | None:  # noqa: ARG001  dkimpy passes it
        records = resolver(name.decode("ascii", "replace").rstrip("."))
        return records[0].encode("utf-8") if records else None

    found = []
    for number, value in enumerate(headers.all("dkim-signature")[:MOST_SIGNATURES]):
        signature = tags(value)
        if "l" not in signature and signature.get("d") and valid(dkim.DKIM(raw), number, text_record):
            found.append(signature["d"].lower())
    return found


def valid(signed: Any, number: int, text_record: Callable[..., bytes | None]) -> bool:
    """Whether one signature holds; whatever dkimpy chokes on does not. Raises OSError where its key cannot be asked for."""
    try:
        return bool(signed.verify(idx=number, dnsfunc=text_record))
    except OSError:
        raise
    except Exception:  # noqa: BLE001  a signature that cannot be checked is none
        return False


def by_pyspf(ip: str, mail_from: str, helo: str) -> str:
    """SPF by pyspf, which looks names up over the network."""
    import spf

    try:
        return str(spf.check2(ip, mail_from, helo)[0])
    except Exception:  # noqa: BLE001  no answer is no verification
        return "temperror"


def policy_of(domain: str, resolver: Resolver) -> tuple[str, bool, bool]:
    """The DMARC policy ("" if none), and whether alignment is strict for DKIM and for SPF (RFC 7489, 6.6.3)."""
    for place in dict.fromkeys((domain, organisation(domain))):
        records = [record for record in resolver("_dmarc." + place) if record.lower().startswith("v=dmarc1")]
        if len(records) == 1:
            found = {
                key.strip().lower(): value.strip().lower()
                for key, _, value in (tag.partition("=") for tag in records[0].split(";"))
            }
            policy = found.get("sp") if place != domain and found.get("sp") else found.get("p", "")
            return policy or "", found.get("adkim") == "s", found.get("aspf") == "s"
    return "", False, False


def aligned(domain: str, other: str, strict: bool = False) -> bool:
    """Whether two domains are of one owner: the same, or (relaxed) of the same organisation."""
    other = other.lower().rstrip(".")
    return bool(other) and (domain == other or (not strict and organisation(domain) == organisation(other)))


def organisation(domain: str) -> str:
    """The domain below the public suffix. A last label that the list does not know is one: else all below it would be
    of one owner, and be verified as each other."""
    known = suffixes().get_sld(domain, strict=True)
    return str(known or ".".join(domain.split(".")[-2:]))


@lru_cache(maxsize=1)
def suffixes() -> Any:
    """The list of public suffixes; its package has no types."""
    from publicsuffix2 import PublicSuffixList  # type: ignore[import-untyped]

    return PublicSuffixList()


def believed(raw: bytes, authserv_id: str) -> Authentication | None:
    """What one's own mail server wrote down: only the topmost `Authentication-Results`, and only under its own name.

    None where it wrote nothing; whatever else such headers say came with the letter.
    """
    headers = headers_of(raw)
    domain = from_domain(headers)
    value = headers.text("authentication-results")
    for _ in range(3):
        value = COMMENT.sub(" ", value)
    server, *results = value.split(";")
    if not authserv_id or server.split(" ")[0].strip().lower() != authserv_id.lower():
        return None
    if not domain:
        return NOT_TRUSTED
    return weighed(domain, [clause.lower() for clause in results], signed_in_part(headers))


def signed_in_part(headers: Headers) -> set[str]:
    """The domains whose signature covers only a beginning of the letter."""
    return {
        signature.get("d", "").lower() for value in headers.all("dkim-signature") if "l" in (signature := tags(value))
    }


def weighed(domain: str, clauses: list[str], partly: set[str]) -> Authentication:
    """The results of a server, of which only those aligned with the From count."""
    results = {"spf": "none", "dkim": "none", "dmarc": "none"}
    by_dkim = by_spf = by_dmarc = False
    for clause in clauses:
        match = RESULT.match(clause)
        if not match or match.group(1) not in results:
            continue
        method, result = match.groups()
        named = dict(PROPERTY.findall(clause))
        if results[method] != "pass":
            results[method] = result
        if result == "pass":
            signer = named.get("header.d") or named.get("header.i", "").rpartition("@")[2]
            by_dkim |= method == "dkim" and signer not in partly and aligned(domain, signer)
            by_spf |= method == "spf" and aligned(domain, named.get("smtp.mailfrom", "").rpartition("@")[2])
            by_dmarc |= (
                method == "dmarc" and named.get("header.from", domain).rpartition("@")[2] == domain and not partly
            )
    passed = (
        True
        if by_dmarc or ((by_dkim or by_spf) and results["dmarc"] != "fail")
        else False
        if results["dmarc"] == "fail"
        else None
    )
    reason = f"The mail server verified {domain}." if passed else f"The mail server did not verify {domain}."
    return Authentication(passed, results["spf"], results["dkim"], results["dmarc"], reason)
