"""What customers' pages say, part by part, with what each sentence is given to fill in. A language says all of it."""

from __future__ import annotations

from dataclasses import dataclass

from .plural import Forms


@dataclass(frozen=True, slots=True)
class Page:
    """What frames every page. foot: {desk}."""

    skip: str
    foot: str
    language: str
    team: str
    ask: str
    find: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What any form says."""

    optional: str
    files: str
    more_files: str
    chosen: str
    problems: str
    empty: str


@dataclass(frozen=True, slots=True)
class Time:
    """Moments, dates and durations. clock: {hour}, {minute}; a moment: {clock} and, but for today and tomorrow, {weekday}, {day}, {month},
    {year}; zone: {city}; a number of units: {n}; a range: {least}, {most}, which are such numbers."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    clock: str
    today: str
    tomorrow: str
    day: str
    day_of_year: str
    date: str
    zone: str
    minutes: Forms
    hours: Forms
    days: Forms
    up_to: str
    about: str
    between: str


@dataclass(frozen=True, slots=True)
class Need:
    """The needs, as whoever has them says it."""

    blocked: str
    hindered: str
    question: str
    idea: str


@dataclass(frozen=True, slots=True)
class Home:
    """The front page. latest: {zone}."""

    title: str
    lead: str
    answers: str
    latest: str
    pledge: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The page with the form for a question, and the one after it. mailed: {email}."""

    lead: str
    everyone: str
    send: str
    asked: str
    thanks: str
    mailed: str
    why_mail: str


@dataclass(frozen=True, slots=True)
class Question:
    """The fields of that form, and what is wrong with them."""

    email: str
    name: str
    subject: str
    text: str
    no_email: str
    bad_email: str
    our_email: str
    no_subject: str
    no_text: str
    one_line: str
    too_long: str
    too_often: str


@dataclass(frozen=True, slots=True)
class Impact:
    """The two impact questions, their answers, and what is wrong with those. until: {need}."""

    title: str
    two: str
    until: str
    going_on: str
    stuck: str
    hardly: str
    yes: str
    wish: str
    fix: str
    answer: str
    idea: str
    no_going_on: str
    no_wish: str
    say: str
    said: str


@dataclass(frozen=True, slots=True)
class Files:
    """Files that cannot be sent, or opened. too_large: {name}, {limit}; too_many: {count}, {limit}; threat: {threat}."""

    too_large: str
    too_many: str
    held: str
    threat: str
    unscanned: str


@dataclass(frozen=True, slots=True)
class Link:
    """The pages on which a lost link is asked for. on_their_way: {email}."""

    find: str
    send: str
    look: str
    on_their_way: str
    nothing_comes: str
    other: str
    lost: str
    why_lost: str
    from_where: str
    too_often: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter with fresh links. subject: {desk}; fresh: {links}, {desk}; each: {number}, {date}."""

    subject: str
    fresh: str
    each: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The page of one conversation, but for the parts below. question: {number}."""

    question: str
    untitled: str
    said: str
    you: str
    automatic: str
    earlier: str
    mine: str
    gave: str
    was_me: str
    not_me: str
    known: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands. ahead: {n}; taken: {who}; taken_due: {due}, {zone}; taken_late: {due}; until, solved: {when}."""

    place: str
    next: str
    ahead: Forms
    wait: str
    unknown: str
    as_most: str
    promise: str
    promised: str
    opens: str
    late: str
    same_line: str
    turn: str
    taken: str
    taken_due: str
    taken_late: str
    yours: str
    answered: str
    still_open: str
    aside: str
    until: str
    cannot_wait: str
    solved: str
    received: str
    look: str


@dataclass(frozen=True, slots=True)
class Rating:
    """How it was. said: {score}, one of the five in lower case; quoted: {word}."""

    ask: str
    scores: tuple[str, ...]
    word: str
    choose: str
    too_long: str
    say: str
    thanks: str
    title: str
    said: str
    quoted: str
    again: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Writing back, saying that it is solved, and reopening it."""

    title: str
    words: str
    send: str
    not_solved: str
    still_open: str
    send_and_reopen: str
    reopen: str
    nothing_left: str
    solved: str
    no_text: str
    reached: str
    too_often: str


@dataclass(frozen=True, slots=True)
class Error:
    """What is shown instead of a page: a title, and why."""

    unread: str
    unread_why: str
    too_old: str
    too_old_why: str
    elsewhere: str
    elsewhere_why: str
    nothing: str
    nothing_why: str
    wrong: str
    wrong_why: str
