"""What customers' pages say, in every language that they speak: one file each in `evenhand/web/wordings`."""

from .wording import Say, Wording, later, wording, wording_in

__all__ = ["Say", "Wording", "later", "wording", "wording_in"]
