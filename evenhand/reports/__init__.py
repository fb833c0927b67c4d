"""Read-only questions over several rooms."""
