"""Language: seats in integration courses. German: Integrationskurs

*Waiting time* runs from enrolment to the start of the course, *access time* from the entitlement;
they differ by months [S89, S90], so ``times`` gives both.
"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import (
    ASYLUM,
    GROUPS,
    MONTH,
    NEVER,
    OTHER,
    TEMPORARY,
    YEAR,
    Calendar,
    Dates,
    Discipline,
    Flags,
    Ints,
    Needs,
    Outcome,
    Outcomes,
    People,
    Values,
    joined,
    rows_where,
)  # fmt: skip
from vorort.domains import registered_on

READS: tuple[str, ...] = ("registration", "childcare")
POOLS: tuple[str, ...] = ("general",)
BY_HOUSEHOLD = False


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """A course seat for each adult who is admitted and asks [seats].

    People enrol some time after registration and admission. A woman with small children for whom
    a Kita seat is asked waits for it, up to a limit. Who fails the test may repeat once; who
    drops out leaves an empty seat, for a started group keeps all its seats.
    """
    recorded = people.recorded("language")
    who = rows_where(_adult(people, values) | recorded)
    who = who[_asks(people, values, who) | recorded[who]]
    known, draw = recorded[who], people.draw[who]
    start = _enrols(people, values, outcomes, calendar, who)
    start = _after_childcare(people, values, outcomes, who, start)
    start = np.where(known, -1, start)
    ok = start < np.minimum(people.leaves[who], calendar.days)
    who, start, known, draw = who[ok], start[ok], known[ok], draw[ok]
    first, second, passed = _results(people, values, who)
    leaves = people.leaves[who]
    patience = np.rint(values.of("language.patience_days", draw)).astype(np.int32)
    length = _whole_days(values, "language.duration_months", draw)
    held = _held_from(people, who)  # a seat held on day 0 is one course; its repetition is a need
    repeats = second & (held < NEVER)
    rounds = 1 + (second & ~repeats).astype(np.int32)
    course = Needs(
        who, start, leaves, duration=length, rounds=rounds,
        gives_up=np.where(known, leaves, np.minimum(leaves, start + patience)),
        succeeds=np.where(repeats, first, passed),
    )  # fmt: skip
    again = np.maximum(held + length, 0)
    repeats &= again < leaves
    later = Needs(
        who[repeats], again[repeats], leaves[repeats], duration=length[repeats],
        gives_up=np.minimum(leaves, again + patience)[repeats], succeeds=passed[repeats],
    )  # fmt: skip
    return joined(course, later)


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """Courses begin on the first of a month, with a group that is large enough."""
    starts = calendar.yearly(*((month, 1) for month in range(1, 13)))
    return Discipline(
        Dates(starts, calendar.days),
        group_min=round(values.central("language.group_min")),
        group_max=round(values.central("language.group_max")),
    )


def times(
    people: People, values: Values, calendar: Calendar, outcome: Outcome
) -> tuple[Ints, Ints]:
    """Waiting time (enrolment to start) and access time (entitlement to start) in days.

    Shape of ``outcome.needs``; NEVER where no course began. German: Wartezeit, Zugangszeit
    """
    who = outcome.needs.who
    began = outcome.begins < NEVER
    entitled = _admitted(people, values, calendar, who, _grown_up(people, values)[who])
    entitled = np.minimum(entitled, outcome.needs.start)
    waiting = np.where(began, outcome.begins - outcome.needs.start, NEVER)
    access = np.where(began, outcome.begins - entitled, NEVER)
    return waiting.astype(np.int32), access.astype(np.int32)


def _birthday(people: People, age: float) -> Ints:
    return people.born + np.int32(np.rint(age * YEAR))


def _grown_up(people: People, values: Values) -> Ints:
    """Day from which somebody is here and of age."""
    day: Ints = np.maximum(people.arrives, _birthday(people, values.central("language.from_age")))
    return day


def _adult(people: People, values: Values) -> Flags:
    """Of age on some day here, and below the upper age on that day."""
    since = _grown_up(people, values)
    before = np.minimum(people.leaves, _birthday(people, values.central("language.until_age")))
    flags: Flags = since < before
    return flags


def _asks(people: People, values: Values, who: Ints) -> Flags:
    group = people.households.group[people.household[who]]
    share = np.zeros(len(who))
    for number, name in enumerate(GROUPS):
        mine = rows_where(group == number)
        share[mine] = values.of(f"language.asks_{name}", people.draw[who[mine]])
    flags: Flags = luck.uniform(people.key[who], "language/asks") < share
    return flags


def _enrols(
    people: People, values: Values, outcomes: Outcomes, calendar: Calendar, who: Ints
) -> Ints:
    """Registered, admitted, of age, and some time later enrolled."""
    since = np.maximum(_grown_up(people, values), registered_on(people, outcomes))[who]
    admitted = _admitted(people, values, calendar, who, since)
    days = np.rint(values.of("language.days_to_enrol", people.draw[who])).astype(np.int32)
    day: Ints = np.minimum(admitted, NEVER // 2) + days
    return day


def _admitted(people: People, values: Values, calendar: Calendar, who: Ints, since: Ints) -> Ints:
    """First day of admission not before ``since``.

    Asylum seekers, people with temporary protection and EU citizens are admitted on application
    (§ 44(4) AufenthG), which was stopped in 2026 [S86]; some still get a seat (obliged by an
    office, paying themselves). Recognised people have a right and are not touched.
    """
    group = people.households.group[people.household[who]]
    applies = (group == ASYLUM) | (group == TEMPORARY) | (group == OTHER)
    share = values.of("language.seat_despite_stop", people.draw[who])
    lucky = luck.uniform(people.key[who], "language/despite stop") < share
    opens = _opens(values, calendar, since)
    recognised = np.maximum(since, people.recognised[who])
    day: Ints = np.where(applies & ~lucky, np.minimum(opens, recognised), since)
    return day


def _opens(values: Values, calendar: Calendar, day: Ints) -> Ints:
    """First day not before the given one on which § 44(4) admits; NEVER = none in sight."""
    table = np.arange(calendar.days + 2, dtype=np.int32)
    is_open = values.on("language.admission_on_application", table) > 0
    is_open[-1] = False
    ahead = np.minimum.accumulate(np.where(is_open, table, NEVER)[::-1])[::-1]
    known = ahead[np.clip(day, 0, calendar.days + 1)]
    opens: Ints = np.where((day < 0) & (known == 0), day, known).astype(np.int32)
    return opens


def _after_childcare(
    people: People, values: Values, outcomes: Outcomes, who: Ints, start: Ints
) -> Ints:
    """Women wait for the Kita seats asked for in their household at that time, up to a limit."""
    kids = outcomes["childcare"]
    limit = np.rint(values.of("language.waits_for_childcare_days", people.draw)).astype(np.int32)
    waits = np.full(len(people), NEVER, np.int32)  # day on which each woman would enrol
    waits[who] = np.where(people.is_female[who], start, NEVER)
    enrols = np.full(len(people.households), NEVER, np.int32)
    np.minimum.at(enrols, people.household, waits)
    home = people.household[kids.needs.who]
    asked = (kids.needs.start <= enrols[home]) & (kids.needs.end > enrols[home])
    care = np.full(len(people.households), -NEVER, np.int32)
    np.maximum.at(care, home[asked], kids.begins[asked])
    patient = start + np.broadcast_to(limit, (len(people),))[who]
    late = np.minimum(care[people.household[who]], patient)
    day: Ints = np.where(people.is_female[who], np.maximum(start, late), start).astype(np.int32)
    return day


def _results(people: People, values: Values, who: Ints) -> tuple[Flags, Flags, Flags]:
    """Passed at once; takes the course again; passed in the end."""
    key, draw = people.key[who], people.draw[who]
    share = values.of("language.passes", draw)
    stays = luck.uniform(key, "language/drops out") >= values.of("language.drops_out", draw)
    first = stays & (luck.uniform(key, "language/first test") < share)
    repeats = luck.uniform(key, "language/repeats") < values.of("language.repeats", draw)
    second = stays & ~first & repeats
    return first, second, first | (second & (luck.uniform(key, "language/second test") < share))


def _held_from(people: People, who: Ints) -> Ints:
    records = people.records.get("language")
    return np.full(len(who), NEVER, np.int32) if records is None else records.held_from[who]


def _whole_days(values: Values, name: str, draw: Ints) -> Ints:
    return np.full(len(draw), np.rint(values.of(name, draw) * MONTH), np.int32)
