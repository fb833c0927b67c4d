"""Providers' hooks: letters that a mail service has taken in, and posts here."""
