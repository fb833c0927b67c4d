"""What was said: threads, messages, notes, attachments, and what happened to them."""
