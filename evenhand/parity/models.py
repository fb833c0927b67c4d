from .leaf import Leaf
from .light import LightChange
from .opinion import Opinion
from .statement import Statement

__all__ = ["Leaf", "LightChange", "Opinion", "Statement"]
