"""Who may sit at the desk: signing in, one's own account, and what administrators set for everyone."""
