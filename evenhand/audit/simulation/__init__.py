"""Desks whose truth is known, to learn how often the audit and the monitor are right."""
