from .study import KeptStudy
from .window import Window

__all__ = ["KeptStudy", "Window"]
