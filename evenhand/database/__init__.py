"""The one database: embedded PostgreSQL or your own, with three roles that may do different things."""
