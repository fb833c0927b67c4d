"""Fetching letters from mailboxes on other servers, by IMAP."""

from .connecting import TROUBLE, connected, said
from .fetching import fetch, fetch_all
from .where import Where, everywhere

__all__ = ["TROUBLE", "Where", "connected", "everywhere", "fetch", "fetch_all", "said"]
