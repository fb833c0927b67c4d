"""The one service level: how soon we answer, by need, in working time. The same for every customer."""
