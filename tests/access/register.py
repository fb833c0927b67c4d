"""Who may open which page. Every address of the house stands here; one that does not fails the test.

Each entry says which room the page belongs to and, for each part of its address, what that part names (see conftest).

everyone        strangers, too
by link         whoever holds the link; the part that names it is the key
agents          any agent, of whichever team: the page shows each their own
own teams       agents of the team that the thing belongs to; for others it does not exist
own             the one agent whom the thing belongs to
administrators  administrators; for other agents it does not exist
demo            the demo only: elsewhere it does not exist
elsewhere       answered before Django is asked (evenhand/serving): here it does not exist for anyone
programs        whoever shows a token, or signs; signed-in people and strangers alike do not
letters         administrators, while no letters leave; else whoever sits at this very machine
"""

from __future__ import annotations

EVERYONE, BY_LINK, AGENTS, OWN_TEAMS, OWN = "everyone", "by link", "agents", "own teams", "own"
ADMINISTRATORS, DEMO, LETTERS, ELSEWHERE = "administrators", "demo", "letters", "elsewhere"
PROGRAMS = "programs"

CONVERSATION = {"number": "conversation"}

# What names nothing in the desk of these tests, and why; there it is asked for by strangers and by all others in vain.
ABSENT = {
    "pledge:statement": "the audit's role alone writes one: tests/pledge/test_statements.py",
    "pledge:proof-path": "the same: tests/pledge/test_proof.py",
}

PAGES: dict[str, tuple[str, dict[str, str]]] = {
    # customers
    "help:home": (EVERYONE, {}),
    "help:ask": (EVERYONE, {}),
    "help:fresh": (EVERYONE, {}),
    **{
        f"help:{name}": (BY_LINK, {"token": "link"})
        for name in ("conversation", "reply", "solved", "reopen", "impact", "rate", "mine")
    },
    "help:file": (BY_LINK, {"token": "link", "key": "attachment"}),
    "help:picture": (BY_LINK, {"token": "link", "key": "inline"}),
    # the pledge
    "pledge:pledge": (EVERYONE, {}),
    "pledge:badge": (EVERYONE, {}),
    "pledge:statements": (EVERYONE, {}),
    "pledge:statement": (EVERYONE, {"pk": "absent"}),
    "pledge:figures": (EVERYONE, {}),
    "pledge:say": (EVERYONE, {}),
    "pledge:proof": (BY_LINK, {"token": "link"}),
    "pledge:proof-path": (BY_LINK, {"token": "link", "pk": "absent"}),
    # signing in
    "accounts:sign-in": (EVERYONE, {}),
    "accounts:mail-link": (EVERYONE, {}),
    "accounts:enter": (BY_LINK, {"token": "sign-in"}),
    "accounts:demo": (DEMO, {}),
    "account_login": (EVERYONE, {}),
    "account_logout": (EVERYONE, {}),
    "account_inactive": (EVERYONE, {}),
    "mfa_authenticate": (EVERYONE, {}),
    "mfa_login_webauthn": (EVERYONE, {}),
    # one's own account
    "accounts:me": (AGENTS, {}),
    "accounts:password": (AGENTS, {}),
    "accounts:everywhere": (AGENTS, {}),
    "accounts:address": (AGENTS, {}),
    "accounts:confirm-address": (OWN, {"token": "new-address"}),
    "account_reauthenticate": (OWN, {}),
    "mfa_index": (AGENTS, {}),
    "mfa_reauthenticate": (OWN, {}),
    "mfa_activate_totp": (AGENTS, {}),
    "mfa_deactivate_totp": (OWN, {}),
    "mfa_view_recovery_codes": (OWN, {}),
    "mfa_generate_recovery_codes": (AGENTS, {}),
    "mfa_download_recovery_codes": (OWN, {}),
    "mfa_list_webauthn": (AGENTS, {}),
    "mfa_add_webauthn": (AGENTS, {}),
    "mfa_reauthenticate_webauthn": (OWN, {}),
    "mfa_remove_webauthn": (OWN, {"pk": "key"}),
    "mfa_edit_webauthn": (OWN, {"pk": "key"}),
    # settings
    "accounts:settings": (ADMINISTRATORS, {}),
    "accounts:promise": (ADMINISTRATORS, {}),
    "accounts:team": (ADMINISTRATORS, {}),
    "accounts:member": (ADMINISTRATORS, {"pk": "member"}),
    "accounts:invite-again": (ADMINISTRATORS, {"pk": "member"}),
    "accounts:leave": (ADMINISTRATORS, {"pk": "member"}),
    "accounts:return": (ADMINISTRATORS, {"pk": "gone"}),
    "accounts:teams": (ADMINISTRATORS, {}),
    "accounts:rename-team": (ADMINISTRATORS, {"pk": "team"}),
    "accounts:mailboxes": (ADMINISTRATORS, {}),
    "accounts:mailbox": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:aliases": (ADMINISTRATORS, {}),
    "accounts:mailbox-login": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:mailbox-test": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:mailbox-trials": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:grant-google": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:grant-microsoft": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:code-microsoft": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:look-microsoft": (ADMINISTRATORS, {"pk": "mailbox"}),
    "accounts:granted": (ADMINISTRATORS, {}),
    "accounts:organisations": (ADMINISTRATORS, {}),
    "accounts:organisation": (ADMINISTRATORS, {"pk": "account"}),
    "accounts:domains": (ADMINISTRATORS, {"pk": "account"}),
    "accounts:bring-in": (ADMINISTRATORS, {"pk": "account"}),
    "accounts:merge-people": (ADMINISTRATORS, {"pk": "person"}),
    "accounts:programs": (ADMINISTRATORS, {}),
    "accounts:revoke": (ADMINISTRATORS, {"pk": "token"}),
    # programs
    "api:facts": (PROGRAMS, {}),
    "api:openapi": (PROGRAMS, {}),
    "api:stripe": (PROGRAMS, {}),
    **{
        f"api:{name}": (PROGRAMS, {})
        for name in ("mailgun", "sendgrid", "postmark", "mailersend", "mandrill", "sparkpost", "postal", "mailjet", "amazon_ses")
    },
    # letters that stayed in the house
    "dev:mail": (LETTERS, {}),
    "dev:letter": (LETTERS, {"pk": "outgoing"}),
    "dev:formatted": (LETTERS, {"pk": "outgoing"}),
    "dev:raw": (LETTERS, {"pk": "outgoing"}),
    # the desk
    "desk:inbox": (AGENTS, {}),
    "desk:live": (ELSEWHERE, {}),
    "desk:next": (AGENTS, {}),
    "desk:search": (AGENTS, {}),
    "desk:me": (AGENTS, {}),
    "desk:letters": (AGENTS, {}),
    "desk:parity": (AGENTS, {}),
    "desk:judge-opinion": (ADMINISTRATORS, {"pk": "opinion"}),
    **{f"desk:{name}": (AGENTS, {}) for name in ("lab", "lab-study", "lab-keep", "lab-bring", "lab-history", "lab-tickets")},
    "desk:lab-drop": (OWN, {"pk": "study"}),
    "desk:keep-view": (AGENTS, {}),
    "desk:box": (AGENTS, {"slug": "open"}),
    "desk:narrow": (AGENTS, {"slug": "open"}),
    "desk:picture": (BY_LINK, {"token": "shown"}),  # the frame that shows it has no session
    "desk:drop-draft-file": (OWN, {"pk": "draft-file"}),
    "desk:drop-view": (OWN, {"pk": "view"}),
    "desk:letter": (OWN_TEAMS, {"pk": "letter"}),
    "desk:opened": (OWN_TEAMS, {"pk": "letter"}),
    "desk:attached": (OWN_TEAMS, {"key": "attached"}),
    "desk:attached-formatted": (OWN_TEAMS, {"key": "attached"}),
    "desk:attached-file": (OWN_TEAMS, {"key": "attached"}),
    "desk:text": (OWN_TEAMS, {"pk": "message"}),
    "desk:formatted": (OWN_TEAMS, {"pk": "reply"}),
    "desk:take-back": (OWN_TEAMS, {"pk": "reply"}),
    "desk:try-now": (OWN_TEAMS, {"pk": "reply"}),
    "desk:thumbnail": (OWN_TEAMS, {"key": "picture"}),
    "desk:attached-picture": (OWN_TEAMS, {"key": "picture"}),
    "desk:inline": (OWN_TEAMS, {"key": "inline"}),
    "desk:attachment": (OWN_TEAMS, {"key": "attachment"}),
    **{
        f"desk:{name}": (OWN_TEAMS, CONVERSATION)
        for name in (
            "conversation", "reply", "note", "draft", "draft-files", "draft-picture", "here", "assign", "take", "put-back", "snooze", "close", "reopen",
            "release", "tag", "need", "merge", "suggestion", "same-person", "undo-join", "end-links", "call-spam", "call-wanted",
        )
    },
}  # fmt: skip
