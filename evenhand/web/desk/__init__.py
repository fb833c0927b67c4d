"""The agent's desk: what waits, what was said, and what to do next."""
