"""The audit of this very desk, with the audit's own role: what the desk did, beside what the ledger knows."""
