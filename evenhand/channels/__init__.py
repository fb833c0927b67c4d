"""Letters in and out, and whatever else carries words: every one kept before it is understood."""
