"""Commercial facts under an opaque key: in through the slot, out to the audit alone."""
