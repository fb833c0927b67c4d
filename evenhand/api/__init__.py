"""Doors for programs: facts for the ledger, in and never out."""
