"""What one's own mail server, or the provider that received a letter, thinks of it. Only of letters that came by them:
whoever writes such a header into a letter of his own is not asked."""

from __future__ import annotations

import re
from collections.abc import Iterable

YES = {
    "x-spam-flag": re.compile(r"yes", re.IGNORECASE),
    "x-spam-status": re.compile(r"yes", re.IGNORECASE),
    "x-spam": re.compile(r"(yes|true)", re.IGNORECASE),
    "x-barracuda-spam-flag": re.compile(r"yes", re.IGNORECASE),
    "x-mailgun-sflag": re.compile(r"yes", re.IGNORECASE),
    "x-ses-spam-verdict": re.compile(r"fail", re.IGNORECASE),
    "x-rspamd-action": re.compile(r"(add header|rewrite subject|reject)", re.IGNORECASE),
    "x-spamd-result": re.compile(r"default: true", re.IGNORECASE),
    "x-yandex-spam": re.compile(r"4\b"),
    "x-ms-exchange-organization-scl": re.compile(r"[5-9]\b"),
    "x-forefront-antispam-report": re.compile(r".*\bSFV:(SPM|SKB|SKS)\b", re.DOTALL),
    "x-microsoft-antispam": re.compile(r".*\bSCL:[5-9]\b", re.DOTALL),
    "x-proofpoint-spam-details": re.compile(r"rule=\S*(?<!not)spam\b", re.IGNORECASE),
}


def told(headers: Iterable[tuple[str, str]]) -> str:
    """The header that calls a letter spam, as it stands; "" where none does."""
    for name, value in headers:
        mark = YES.get(name.lower())
        if mark and mark.match(value.strip()[:1000]):
            return f"{name}: {value.strip()[:60]}"
    return ""
