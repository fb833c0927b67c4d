"""Random desks: everything that must hold together, on a grid of eighths of an hour, so that sums are exact."""

from hypothesis import strategies as st

from evenhand.lab import rules
from evenhand.lab.calendar import ALWAYS, Calendar
from evenhand.lab.crew import Agent, crew
from evenhand.lab.turns import FOLLOWING, OPENING, turns

EIGHTHS = st.integers(0, 40).map(lambda n: n / 8)
EFFORT = st.integers(0, 24).map(lambda n: n / 8)
PATIENCE = st.one_of(st.just(float("inf")), st.integers(0, 60).map(lambda n: n / 8))
CALENDARS = st.sampled_from(
    [
        ALWAYS,
        Calendar(((9.0, 12.0), (13.0, 17.0)), 24.0),
        Calendar(((0.0, 6.0), (12.0, 18.5)), 24.0),
        Calendar(((2.0, 3.0), (3.5, 4.0), (20.0, 24.0)), 24.0),
    ]
)


@st.composite
def worlds(draw, limits=True, lanes=None):
    """(turns, rule, crew, hours) of any make."""
    lanes = lanes or draw(st.integers(1, 3))
    classes, customers = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    size, clock, rows = draw(st.integers(1, 40)), 0.0, []
    for _ in range(size):
        clock += draw(EIGHTHS) / 4
        place = (
            draw(st.integers(0, customers - 1)),
            draw(st.integers(0, lanes - 1)),
            draw(st.integers(0, classes - 1)),
        )
        rows.append((clock, draw(EFFORT), draw(PATIENCE), *place, OPENING))
        more = draw(st.integers(0, 2))
        rows += [(draw(EIGHTHS), draw(EFFORT), draw(PATIENCE), *place, FOLLOWING) for _ in range(more)]
    table = turns(*(list(column) for column in zip(*rows, strict=True)))
    agents = [Agent(tuple(range(lanes)), draw(CALENDARS), draw(st.integers(0, 3)) if limits else 0)]
    for _ in range(draw(st.integers(0, 3))):
        skills = tuple(sorted(draw(st.sets(st.integers(0, lanes - 1), min_size=1))))
        agents.append(Agent(skills, draw(CALENDARS), draw(st.integers(0, 3)) if limits else 0))
    people, hours = crew(agents, lanes, desk=draw(CALENDARS))
    rule = draw(orders(classes, customers, len(rows)))
    return table, rule._replace(keep=draw(kept(lanes))), people, hours


@st.composite
def kept(draw, lanes):
    """How long follow-ups are kept for their agents, by lane; or not at all."""
    if draw(st.booleans()):
        return rules.never_kept()
    return rules.kept([draw(EIGHTHS) + 0.5 for _ in range(lanes)], draw(st.sampled_from([0.25, 0.5, 1.0])))


@st.composite
def orders(draw, classes, customers, rows):
    promise = [draw(EIGHTHS) + 0.5 for _ in range(classes)]
    weight = st.sampled_from([0.5, 1.0, 2.0, 4.0])
    return draw(
        st.one_of(
            st.just(rules.first_come(classes)),
            st.permutations(range(classes)).map(rules.ranked),
            st.just(rules.due_first(promise)),
            st.lists(st.integers(0, 9).map(float), min_size=rows, max_size=rows).map(
                lambda c: rules.by_column(c, classes)
            ),
            st.just(rules.flat_turns(customers, promise)),
            st.lists(weight, min_size=customers, max_size=customers).map(
                lambda w: rules.weighted(range(customers), w, promise)
            ),
            st.lists(weight, min_size=classes, max_size=classes).map(
                lambda w: rules.weighted(range(classes), w, promise, by_class=True)
            ),
        )
    )


def plain(rows, agents=1, rule=None, calendar=ALWAYS):
    """A desk of one lane: rows of (arrival, effort), all patient, first come first served."""
    table = turns([arrival for arrival, _ in rows], [effort for _, effort in rows])
    people, hours = crew([Agent((0,), calendar)] * agents, 1)
    return table, rule or rules.first_come(1), people, hours
