"""Who waits, since when, and whose turn it is. Knows an account and a number, not what was said."""
