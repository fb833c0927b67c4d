"""For whoever tries the desk out: the letters that would have been sent."""
