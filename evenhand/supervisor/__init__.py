"""Keeps the parts of one desk running: starts them, starts again what dies, and stops them in order."""
