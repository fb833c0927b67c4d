"""Does plan, spend or use make a difference? The audit measures it with `fairness` and says what may be said."""
