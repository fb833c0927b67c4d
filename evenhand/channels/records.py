"""What the domain of a mailbox says of its mail in the DNS, and what to write there so that letters arrive and nobody
can pretend to be it: MX, SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from . import lookups
from .finding import Finding
from .lookups import NoAnswer
from .mailbox import Mailbox
from .reading.authentication import organisation

Ask = Callable[[str, str], Sequence[str]]  # the records of a name and kind as text; raises NoAnswer
LOOKUPS = 10  # RFC 7208, section 4.6.4
LOOKS_UP = re.compile(r"[+?~-]?(include:|a\b|mx\b|ptr\b|exists:|redirect=)", re.IGNORECASE)
# Under which the large providers publish their keys; a key under a name of one's own is only known from a letter.
SELECTORS = ("google", "selector1", "selector2", "default", "dkim", "mail", "k1", "s1", "fm1", "protonmail", "evenhand")


def ask_dns(name: str, kind: str) -> list[str]:
    """The desk's name server. Raises NoAnswer."""
    return lookups.texts(name) if kind == "TXT" else [each.to_text() for each in lookups.ask(name, kind)]


def findings(mailbox: Mailbox, ask: Ask = ask_dns) -> list[Finding]:
    """How the domain stands, in four sentences; one where nobody answers."""
    domain = mailbox.host.encode("idna").decode() if not mailbox.host.isascii() else mailbox.host
    if "." not in domain:
        return [Finding("DNS", "soon", f"{domain} is no name of the open net: other servers can bring nothing here.")]
    try:
        return [mx(domain, ask), spf(domain, ask), dkim(domain, ask, known_selectors(mailbox)), dmarc(domain, ask)]
    except NoAnswer:
        said = "The name server does not answer, so nothing can be said of SPF, DKIM and DMARC."
        return [Finding("DNS", "soon", said, "Look at this machine's network, or try again later.")]


def mx(domain: str, ask: Ask) -> Finding:
    found = sorted(ask(domain, "MX"))
    if not found:
        said = f"{domain} names no server for its mail, so letters to it may be lost."
        return Finding(
            "MX", "late", said, "Publish the name of the server that takes its mail.", f"{domain}. MX 10 mail.{domain}."
        )
    hosts = ", ".join(each.split()[-1].rstrip(".") for each in found[:3])
    return Finding("MX", "good", f"Letters to {domain} are brought to {hosts}.")


def spf(domain: str, ask: Ask) -> Finding:
    """Which servers may send in the domain's name."""
    found = policies(domain, "v=spf1", ask)
    example = f'{domain}. TXT "v=spf1 mx ~all"'
    if not found:
        said = f"{domain} does not say which servers may send in its name. Many of your answers will be taken for spam."
        return Finding(
            "SPF",
            "late",
            said,
            "Publish a record that names the servers you send by; ask your provider for its include.",
            example,
        )
    if len(found) > 1:
        said = f"{domain} has {len(found)} SPF records, and then none of them counts."
        return Finding(
            "SPF", "late", said, "Make one of them, with everything that was in the others.", _merged(domain, found)
        )
    terms = found[0].split()
    if (lookups := sum(1 for _ in asked_for(domain, ask))) > LOOKUPS:
        said = f"The SPF record of {domain} needs {lookups} look-ups. After {LOOKUPS} servers give up, and it counts as wrong."
        return Finding("SPF", "late", said, "Take out what you no longer send by.")
    if terms[-1].lower() in ("+all", "all", "?all"):
        said = f"The SPF record of {domain} ends with {terms[-1]}: it lets everybody send in its name."
        return Finding(
            "SPF", "late", said, "End it with ~all, or with -all.", f'{domain}. TXT "{" ".join([*terms[:-1], "~all"])}"'
        )
    return Finding("SPF", "good", f"{domain} says which servers may send in its name.")


def _merged(domain: str, found: Sequence[str]) -> str:
    terms = dict.fromkeys(term for each in found for term in each.split()[1:] if not term.lower().endswith("all"))
    return f'{domain}. TXT "{" ".join(["v=spf1", *terms, "~all"])}"'


def asked_for(domain: str, ask: Ask, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every look-up that checking the record costs; a little past the limit, and then no more."""
    if domain in seen or len(seen) > LOOKUPS:
        return
    for term in [term for record in policies(domain, "v=spf1", ask)[:1] for term in record.split()[1:]]:
        if LOOKS_UP.match(term):
            yield term
        if found := re.fullmatch(r"[+?~-]?(?:include:|redirect=)(\S+)", term, re.IGNORECASE):
            yield from asked_for(found[1], ask, seen | {domain})


def known_selectors(mailbox: Mailbox) -> list[str]:
    """Under which names its test letters were signed."""
    found = mailbox.trials.exclude(selector="").order_by("-pk").values_list("selector", flat=True)
    return list(dict.fromkeys(found[:5]))


def dkim(domain: str, ask: Ask, known: Sequence[str] = ()) -> Finding:
    """Whether letters are signed: a key can only be found under a name that is known."""
    signed = [name for name in dict.fromkeys([*known, *SELECTORS]) if _key(ask(f"{name}._domainkey.{domain}", "TXT"))]
    if signed:
        return Finding("DKIM", "good", f"{domain} publishes a key to sign its letters with ({', '.join(signed)}).")
    said = f"No key of {domain} is to be found under the usual names. If your provider signs under another, the test letter shows it."
    return Finding("DKIM", "soon", said, "Switch on signing (DKIM) where you send by, and publish the key it shows you.",
                   f'SELECTOR._domainkey.{domain}. TXT "v=DKIM1; k=rsa; p=…"')  # fmt: skip


def _key(records: Sequence[str]) -> bool:
    return any(re.search(r"(?:^|;)\s*p=\s*[A-Za-z0-9+/]", each) for each in records)


def dmarc(domain: str, ask: Ask) -> Finding:
    """What others do with a letter that is not from where it says."""
    whose = organisation(domain)
    whose = whose if "." in whose else domain  # below no suffix that is known
    found = policies(f"_dmarc.{domain}", "v=DMARC1", ask) or policies(f"_dmarc.{whose}", "v=DMARC1", ask)
    example = f'_dmarc.{whose}. TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@{whose}"'
    if not found:
        said = f"{domain} does not say what to do with letters that pretend to be from it. Large providers demand it of whoever writes to them."
        return Finding("DMARC", "late", said, "Publish a policy; begin with p=none and read the reports.", example)
    policy = re.search(r"(?:^|;)\s*p\s*=\s*(\w+)", found[0], re.IGNORECASE)
    if len(found) > 1 or not policy:
        return Finding(
            "DMARC",
            "late",
            f"The DMARC record of {domain} is double or has no policy, and does not count.",
            "Leave one.",
            example,
        )
    if policy[1].lower() == "none":
        said = f"{domain} has a DMARC policy that only watches: whoever pretends to be you is still let through."
        return Finding(
            "DMARC",
            "soon",
            said,
            "When the reports show only your own servers, change p=none to p=quarantine.",
            example,
        )
    return Finding("DMARC", "good", f"Others are told to {policy[1].lower()} letters that pretend to be from {domain}.")


def policies(name: str, begins: str, ask: Ask) -> list[str]:
    found = ask(name, "TXT")
    return [each for each in found if each.lower().split(";")[0].split(" ")[0].strip() == begins.lower()]
