"""What is new in a letter, and what is folded away: quotes of earlier letters, and signatures. Folded, never deleted."""

from evenhand.channels.reading.folding.fold import Folded, fold
from evenhand.channels.reading.folding.fold_page import fold_page

__all__ = ["Folded", "fold", "fold_page"]
