"""When each clock of a person runs out. What begins it is unknown: so is the day; never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from vorort.deadlines.rules import Rule, Rules
from vorort.vocabulary import LegalBasis, PartialDate

State = Literal["overdue", "soon", "later", "met", "unknown"]
SOON = timedelta(days=30)  # project estimate, 7 to 182: a month to get an appointment
SCHOOL_AGE, GROWN, SCHOOL_END = 6, 18, 18  # years; school entry: project estimate
ASKED = timedelta(days=365)  # so long after the decision somebody looks for a course; estimate
SCREENED = timedelta(days=30)  # after that nobody looks for a first examination here any more


@dataclass(frozen=True, slots=True)
class Subject:
    """What the clocks need to know of a person; no name, no origin."""

    key: str
    born: PartialDate | None
    arrived_on: date | None
    group: str
    legal: tuple[LegalBasis, ...] = ()
    recognised_on: date | None = None
    is_alone: bool = False  # an unaccompanied minor
    has: frozenset[str] = frozenset()  # domains in which they have a place


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of a person. ``day`` None: what begins the clock, or the rule here, is unknown."""

    subject: str
    rule: str
    day: date | None
    state: State
    office: str


def deadlines(subject: Subject, rules: Rules, land: str, today: date) -> list[Deadline]:
    """Every clock that runs for a person, overdue first, unknown last."""
    found = []
    for key, rule in rules.items():
        for day, is_met in _CLOCKS[key](subject, rule, land, today):
            state: State = "met" if is_met else state_of(day, today)
            found.append(Deadline(subject.key, key, day, state, rule.office))
    return sorted(found, key=lambda d: (d.day is None, d.day or today, d.rule))


def state_of(day: date | None, today: date, soon: timedelta = SOON) -> State:
    """Of a date that is not met. ``soon``: so long before it is called so."""
    if day is None:
        return "unknown"
    if day < today:
        return "overdue"
    return "soon" if day <= today + soon else "later"


Found = Iterator[tuple[date | None, bool]]


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def _birthday(born: PartialDate | None, years: int) -> date | None:
    """A birthday, where the day is known."""
    if born is None or born.month is None or born.day is None:
        return None
    return add_months(date(born.year, born.month, born.day), 12 * years)


def _age(born: PartialDate | None, day: date) -> int | None:
    """Full years, a partly known birth as late as it can be."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month or 12, born.day or 31))


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)


def _screening(s: Subject, rule: Rule, land: str, today: date) -> Found:
    if s.group != "asylum" or (s.arrived_on and today > s.arrived_on + SCREENED):
        return
    days = rule.amount(land, s.arrived_on or today)
    known = s.arrived_on is not None and days is not None
    yield (s.arrived_on + timedelta(days=days) if s.arrived_on and known and days is not None
           else None, "health" in s.has)  # fmt: skip


def _kita(s: Subject, rule: Rule, land: str, today: date) -> Found:
    age = _age(s.born, today)
    if age is None or age >= SCHOOL_AGE:
        return
    years = rule.amount(land, today)
    birthday = None if years is None else _birthday(s.born, years)
    yield _later(birthday, s.arrived_on), "childcare" in s.has


def _school(s: Subject, rule: Rule, land: str, today: date) -> Found:
    age = _age(s.born, today)
    if age is None or not SCHOOL_AGE - 1 <= age < SCHOOL_END:
        return
    months = rule.amount(land, s.arrived_on or today)
    begins = None if months is None or s.arrived_on is None else add_months(s.arrived_on, months)
    if age < SCHOOL_AGE:
        begins = _later(begins, _birthday(s.born, SCHOOL_AGE))
    yield begins, "school" in s.has


def _work(s: Subject, rule: Rule, land: str, today: date) -> Found:
    age = _age(s.born, today)
    is_asking = any(b.name == "asylum_seeker" for b in s.legal)
    if not is_asking or s.recognised_on or age is None or age < GROWN:
        return
    months = rule.amount(land, today)
    day = None if s.arrived_on is None or months is None else add_months(s.arrived_on, months)
    if day is None or day >= today:  # afterwards it is open, nothing falls due
        yield day, False


# With these the residence obligation runs from the permit, not from a decision on asylum.
BY_PERMIT = ("temporary_protection", "resettlement")


def _residence(s: Subject, rule: Rule, land: str, today: date) -> Found:
    permits = [b for b in s.legal if b.name in BY_PERMIT]
    if s.recognised_on is None and not permits:
        return
    known = [b.valid_from for b in permits if b.valid_from]
    start = s.recognised_on or min(known, default=None)
    months = rule.amount(land, start or today)
    day = None if months is None or start is None else add_months(start, months)
    if day is None or day >= today:
        yield day, False


def _course(s: Subject, rule: Rule, land: str, today: date) -> Found:
    age = _age(s.born, today)
    if s.recognised_on is None or age is None or age < GROWN or today > s.recognised_on + ASKED:
        return
    days = rule.amount(land, s.recognised_on)
    yield (None if days is None else s.recognised_on + timedelta(days=days)), "language" in s.has


def _permit(s: Subject, rule: Rule, land: str, today: date) -> Found:
    ends = [b.valid_until for b in s.legal if b.valid_until]
    if ends:
        later = [b for b in s.legal if b.valid_until is None]
        yield max(ends), bool(later)


def _benefits(s: Subject, rule: Rule, land: str, today: date) -> Found:
    if s.group != "asylum" or s.recognised_on:
        return
    months = rule.amount(land, today)
    day = None if s.arrived_on is None or months is None else add_months(s.arrived_on, months)
    if day is None or day >= today:
        yield day, False


def _eighteen(s: Subject, rule: Rule, land: str, today: date) -> Found:
    years = rule.amount(land, today)
    if s.is_alone and years is not None:
        yield _birthday(s.born, years), False


_CLOCKS: dict[str, Callable[[Subject, Rule, str, date], Found]] = {
    "screening": _screening, "kita": _kita, "school": _school, "work": _work,
    "course": _course, "residence": _residence, "permit": _permit,
    "benefits": _benefits, "eighteen": _eighteen,
}  # fmt: skip
