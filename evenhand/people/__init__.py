"""Who writes and who answers: accounts, persons, agents, teams. No plan, spend, tier or VIP field, ever."""
