"""What the pledge says, part by part, with what each sentence is given to fill in."""

from __future__ import annotations

from dataclasses import dataclass

from .plural import Forms


@dataclass(frozen=True, slots=True)
class Pledge:
    """The page of the pledge, around its parts. of: {desk}; measured_on: {made}, {since}, {until}; no_second: {zone}."""

    title: str
    of: str
    promise: str
    lead: str
    light: str
    measured_on: str
    level: str
    depends: str
    you_say: str
    within: str
    no_second: str
    nothing: str
    nothing_why: str


@dataclass(frozen=True, slots=True)
class Light:
    """The light, in its colours and where it is grey. stale_why: {made}, {days}."""

    green: str
    green_why: str
    amber: str
    amber_why: str
    red: str
    red_why: str
    grey: str
    none: str
    none_why: str
    stale: str
    stale_why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit found, and why, by the names it has in statements. still: {since}."""

    parity: str
    disparity: str
    within_tolerance: str
    not_enough_evidence: str
    parity_why: str
    disparity_why: str
    within_tolerance_why: str
    not_enough_evidence_why: str
    still: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What stands at a chart and in tables. points: {points}; times: {times}; longer, shorter: {percent}; intervals: {low}, {high}."""

    same: str
    half: str
    twice: str
    quarter: str
    four_times: str
    eighth: str
    eight_times: str
    not_compared: str
    more_points: str
    fewer_points: str
    times: str
    longer: str
    shorter: str
    interval: str
    interval_points: str
    unpublished: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who waits how long. verdict: {verdict}; field: {low}, {high}; waits, pairs: {n}; tau: {hours}."""

    verdict: str
    title: str
    caption: str
    label: str
    dot: str
    bar: str
    field: str
    table: str
    plan: str
    measured: str
    wait: str
    others: str
    ratio: str
    so: str
    few_why: str
    waits: Forms
    pairs: Forms
    tau: str
    working: str
    rest: str
    rest_label: str
    what: str
    who: str
    beside: str
    interval: str
    few: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How it is measured, and what it does not know. uncertainty_why: {low}, {high}, {points}."""

    title: str
    every_night: str
    in_full: str
    compared: str
    compared_why: str
    waits: str
    waits_why: str
    uncertainty: str
    uncertainty_why: str
    light: str
    light_why: str
    records: str
    records_why: str
    this_time: str
    limits: str
    limit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Statements and changes of the light. since: {colour}, {day}."""

    title: str
    label: str
    made: str
    light: str
    verdict: str
    waits: str
    signed: str
    changed: str
    since: str


@dataclass(frozen=True, slots=True)
class Check:
    """How to check it. customer: {proof}, {page}."""

    title: str
    statements: str
    figures: str
    verify: str
    customer: str
    badge: str
    badge_now: str
    badge_alt: str
    badge_why: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """Agree or disagree. agree, disagree: {n}."""

    title: str
    agree: Forms
    disagree: Forms
    nobody: str
    counted: str
    agrees: str
    disagrees: str
    somebody: str
    thanks: str
    question: str
    yes: str
    no: str
    choose: str
    why: str
    too_long: str
    shown: str
    never_shown: str
    our_email: str
    too_often: str
    tell: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That a conversation was counted. statement: {day}; over: {verdict}, {waits}; times: {name}, {hours}; yes, no: {name};
    record: {number}."""

    title: str
    counted: str
    not_counted: str
    counted_why: str
    not_counted_why: str
    statement: str
    over: str
    after: str
    not_yet: str
    yes: str
    no: str
    record: str
    path: str
    rounded: str
    anyone: str


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured and compared by, under its name in statements."""

    first_reply: str
    next_reply: str
    resolution: str
    within_the_promise: str
    reopened: str
    withdrawn_unanswered: str
    rated: str
    rated_4_or_5: str
    skipped: str
    overtaken_out_of_turn: str
    long_answer: str
    plan: str
    spend: str
    use: str
    language: str
    channel: str
    customer: str
