from django.db import models

from .statement import Statement


class Leaf(models.Model):
    """One measured wait in a statement's tree, so that a customer can be shown that theirs was counted, and how.

    The record holds times the desk knows already, and only a commitment to the group: without the nonce, which the
    desk's role cannot read, nothing about a plan follows from it.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="leaves")
    number = models.BigIntegerField(help_text="The conversation.")
    position = models.PositiveIntegerField()
    record = models.TextField(help_text="The canonical JSON that was hashed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="one_leaf_each")]
        indexes = [models.Index("number", "statement", name="leaf_of")]

    def __str__(self) -> str:
        return f"record {self.position} of {self.statement}"
