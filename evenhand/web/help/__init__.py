"""The customers' side: a page for each conversation behind a personal link, and the form for new questions."""
