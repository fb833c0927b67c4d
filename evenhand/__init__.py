"""The help desk in which every customer gets the same great support."""

__version__ = "0.1.0"
