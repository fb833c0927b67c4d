"""Stripe's hook: what its subscription events say of a customer, as facts."""
