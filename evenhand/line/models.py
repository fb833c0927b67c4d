from .claim import Claim, Skip
from .lane import Lane
from .turn import Turn

__all__ = ["Claim", "Lane", "Skip", "Turn"]
