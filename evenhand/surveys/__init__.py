"""How was it? One question after a conversation ends."""
