"""Pure arithmetic of fairness: turns, working time, durations, verdicts, the monitor. No framework, no database."""
