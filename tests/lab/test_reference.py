"""The compiled engine and the plain reference tell the same story, on desks of every make."""

import numpy as np
from hypothesis import given, settings

from evenhand.lab.reference import ReferenceDesk
from evenhand.lab.simulate import simulate
from evenhand.lab.turns import OPENING

from .desks import worlds


def horizon(table):
    """Past the last event, should one agent with the shortest day, of 2.5 hours, do everything."""
    last = table.arrival[table.kind == OPENING].max() + table.arrival[table.kind != OPENING].sum()
    return float(last + 24 * (table.effort.sum() / 2.5 + 10))


@given(world=worlds())
@settings(max_examples=250, deadline=None)
def test_engine_and_reference_agree(world):
    expected = ReferenceDesk(*world, horizon(world[0])).run()
    played = simulate(*world)
    for column in ("since", "start", "finish", "agent"):
        np.testing.assert_array_equal(played[column], expected[column], err_msg=column)
