"""Django's backend for PostgreSQL, with one step less on every page."""
