"""What happens and is never refused for want of places: births, separations, blocks, lease ends,
over-occupancy by one explicit act, emergency moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vorort.ledger.acts import checks
from vorort.ledger.acts.entry import Entry, fresh_id, refusal, refuse_if, saved
from vorort.ledger.acts.places import _rows, checked, leaving
from vorort.ledger.book import BEDS, Ledger
from vorort.ledger.capacity import CapacityPlan
from vorort.ledger.occupancy import days_in, occupancy
from vorort.problems import Problem
from vorort.vocabulary import (
    LIVING,
    CapacityEvent,
    EventKind,
    Household,
    Membership,
    PartialDate,
    Person,
    Placement,
    Sex,
    Text,
    Unit,
)

HOURS_OF_TASK = 72


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must look at, with a due instant (UTC). German: Aufgabe"""

    household: str
    due: datetime
    text: Text


def record_event(ledger: Ledger, event: CapacityEvent, entry: Entry) -> Ledger:
    """Write a dated change of places; people inside never stop it. German: Kapazitätsereignis"""
    known = event.target in ledger.unit or event.target in ledger.facility
    problems: list[Problem] = []
    if not known:
        problems.append(
            refusal(
                Text(
                    f"Einheit oder Einrichtung {event.target} gibt es nicht.",
                    f"Unit or facility {event.target} does not exist.",
                ),
                Text("Kennung prüfen.", "Check the id."),
            )
        )
    if any(e.id == event.id for e in ledger.capacity_events):
        problems.append(
            refusal(
                Text(f"Ereignis {event.id} gibt es schon.", f"Event {event.id} exists already."),
                Text("Eine neue Kennung wählen.", "Choose a new id."),
            )
        )
    refuse_if(problems)
    event = replace(event, recorded_at=entry.at)
    return replace(ledger, capacity_events=(*ledger.capacity_events, event))


def block(
    ledger: Ledger,
    target: str,
    on: date,
    entry: Entry,
    *,
    reason: str,
    places: int | None = None,
    until: date | None = None,
    kind: EventKind = "block",
) -> Ledger:
    """Block places of a unit or site, all where no number is given. German: Sperrung"""
    name = _event_id(ledger, kind)
    event = CapacityEvent(name, target, on, kind, "decided", places, until, reason=reason)
    return record_event(ledger, event, entry)


def lease_end(ledger: Ledger, facility: str, on: date, entry: Entry, reason: str = "") -> Ledger:
    """The lease ends on a day; who is inside is then over-occupying. German: Mietende"""
    name = _event_id(ledger, "lease_end")
    event = CapacityEvent(name, facility, on, "lease_end", "decided", reason=reason)
    return record_event(ledger, event, entry)


def _event_id(ledger: Ledger, kind: str) -> str:
    taken = {e.id for e in ledger.capacity_events}
    n = len(taken) + 1
    while f"{kind}-{n}" in taken:
        n += 1
    return f"{kind}-{n}"


def birth(
    ledger: Ledger, parent: str, child: str, born: date, entry: Entry, sex: Sex | None = None
) -> Ledger:
    """A child is born; it sleeps where its parent sleeps, also where that is too full."""
    household = ledger.household_of(parent, born)
    problems = [] if parent in ledger.person else [_nobody(parent)]
    if child in ledger.person:
        problems.append(
            refusal(
                Text(f"Person {child} gibt es schon.", f"Person {child} exists already."),
                Text("Eine neue Kennung wählen.", "Choose a new id."),
            )
        )
    refuse_if(problems)
    person = Person(child, PartialDate(born.year, born.month, born.day), sex, recorded_at=entry.at)
    joined = (Membership(child, household, born, None, "birth"),) if household else ()
    ledger = replace(
        ledger, persons=(*ledger.persons, person), memberships=(*ledger.memberships, *joined)
    )
    rows: list[Placement] = []
    for row in ledger.rows_of.get(parent, ()):
        counts = row.unit and row.status in LIVING
        if not counts or row.domain != BEDS or row.from_ is None or row.second_place:
            continue
        if row.until is None or row.until > born:
            name = fresh_id(ledger, f"{child}-{row.unit}", [r.id for r in rows])
            rows.append(
                replace(
                    row,
                    id=name,
                    person=child,
                    from_=max(born, row.from_),
                    replaces=None,
                    recorded_at=entry.at,
                    requested_on=None,
                    source="birth",
                )
            )
    return _marked(ledger, rows, "birth")


def enter(
    ledger: Ledger,
    beds: Mapping[str, tuple[str, date, date | None]],
    entry: Entry,
    *,
    reason: str,
) -> Ledger:
    """People who live there already, from a list: unit, from, until by person. German: Bestand

    An overfull list is a state and is entered; only sleeping in two places is refused.
    """
    refuse_if(checks.known_beds(ledger, ((p, u) for p, (u, _, _) in beds.items())))
    rows = [
        Placement(
            fresh_id(ledger, f"{person}-{unit}"), person, BEDS, "moved_in", unit, None, start,
            until, recorded_at=entry.at,
        )
        for person, (unit, start, until) in beds.items()
    ]  # fmt: skip
    after = saved(ledger, rows)
    refuse_if([*checks.gone(after, rows), *checks.sleeps_twice(after, rows, entry)])
    over = _over_on(after, {(str(row.unit), row.from_ or entry.today) for row in rows}, entry.today)
    return saved(ledger, [
        replace(row, over_occupancy_reason=reason)
        if (row.unit, row.from_ or entry.today) in over else row for row in rows
    ])  # fmt: skip


def _over_on(
    ledger: Ledger, asked: Collection[tuple[str, date]], today: date
) -> set[tuple[str, date]]:
    """Which of these units are too full on which of these days."""
    plan, found = CapacityPlan(ledger), set()
    wanted: defaultdict[tuple[str, date], list[Unit]] = defaultdict(list)
    for name, day in sorted(asked):
        unit = ledger.unit[name]
        wanted[unit.facility, day].append(unit)
    for (facility, day), units in wanted.items():
        site = plan.site(facility, day)
        # blocked places of the whole facility fall to units by who is in all of them
        counted = ledger.units_of[facility] if site.unnamed else units
        states = days_in(site, counted, ledger.rows_in, day, today)
        found |= {(u.id, day) for u in units if states[u.id].over}
    return found


def _nobody(person: str) -> Problem:
    return refusal(
        Text(f"Person {person} gibt es nicht.", f"Person {person} does not exist."),
        Text("Kennung prüfen.", "Check the id."),
    )


def _marked(ledger: Ledger, rows: Sequence[Placement], reason: str) -> Ledger:
    """Save rows; those that make a unit too full on their first day say why."""
    after = saved(ledger, rows)
    found = []
    for row in rows:
        state = occupancy(after, row.from_).units[row.unit] if row.from_ and row.unit else None
        found.append(replace(row, over_occupancy_reason=reason) if state and state.over else row)
    return saved(ledger, found)


def separation(
    ledger: Ledger,
    household: str,
    people: Sequence[str],
    new_household: str,
    on: date,
    reason: str,
    entry: Entry,
) -> Ledger:
    """Some members form their own household; two parties may then share a unit. German: Trennung"""
    members = ledger.members(household, on)
    problems = [_nobody(p) for p in people if p not in members]
    if not people or set(people) >= set(members):
        problems.append(
            refusal(
                Text(
                    "Jemand muss gehen und jemand bleiben.", "Somebody must go and somebody stay."
                ),
                Text("Personen auswählen.", "Choose people."),
            )
        )
    if new_household in ledger.household:
        problems.append(
            refusal(
                Text(
                    f"Haushalt {new_household} gibt es schon.",
                    f"Household {new_household} exists already.",
                ),
                Text("Eine neue Kennung wählen.", "Choose a new id."),
            )
        )
    refuse_if(problems)
    old = ledger.household[household]
    new = Household(
        new_household,
        "single" if len(people) == 1 else "unknown",
        old.group,
        old.arrived_on,
        old.district,
        old.hosted,
        old.protected,
        old.responsible,
        old.responsible_from,
        old.may_move_from,
        recorded_at=entry.at,
    )
    leaving_now = set(people)
    rows = [
        replace(m, member_until=on)
        if m.household == household and m.person in leaving_now and (m.member_until or on) >= on
        else m
        for m in ledger.memberships
    ]
    rows += [Membership(p, new_household, on, None, reason) for p in people]
    return replace(ledger, households=(*ledger.households, new), memberships=tuple(rows))


def over_occupy(
    ledger: Ledger,
    beds: Mapping[str, str],
    from_: date,
    entry: Entry,
    *,
    reason: str,
    over_until: date,
    until: date | None = None,
    despite: str = "",
) -> Ledger:
    """One explicit act of a person with the right to it. German: Überbelegung

    Only the places test is skipped; reason and until-date are required, and it stays visible.
    """
    refuse_if([*checks.known_beds(ledger, beds.items()), *_needs(reason)])
    rows = [
        replace(row, over_occupancy_reason=reason, over_until=over_until)
        for row in _rows(ledger, beds, from_, until, entry)
    ]
    return checked(ledger, rows, entry, despite=despite, over=True)


def _needs(reason: str) -> list[Problem]:
    if reason.strip():
        return []
    return [
        refusal(
            Text("Eine Begründung fehlt.", "A reason is missing."),
            Text("Begründung eintragen.", "Give a reason."),
        )
    ]


def emergency_move(
    ledger: Ledger,
    beds: Mapping[str, str],
    on: date,
    entry: Entry,
    *,
    reason: str,
    over_until: date,
) -> tuple[Ledger, tuple[Task, ...]]:
    """One act of a named official moves many at once; each person is recorded. German: Notverlegung

    Places, party and sex rule do not stop it. Every household gets a task within 72 hours.
    Unaccompanied minors who already sleep somewhere are moved too; their task names the youth
    office.
    """
    refuse_if([*checks.known_beds(ledger, beds.items()), *_needs(reason)])
    left = leaving(ledger, beds, on, entry)
    between = saved(ledger, left)
    rows = [
        replace(row, status="moved_in", over_occupancy_reason=reason, over_until=over_until)
        for row in _rows(between, beds, on, None, entry)
    ]
    after = saved(between, rows)
    rows = list(after.placements[len(between.placements) :])
    problems = [*checks.gone(after, rows), *checks.sleeps_twice(after, rows, entry)]
    alone = {p.reason_de for p in checks.minors(after, rows)}
    here = {row.person for row in left}
    problems += [p for r in rows if r.person not in here for p in checks.minors(after, [r])]
    refuse_if(problems)
    due = entry.at + timedelta(hours=HOURS_OF_TASK)
    text = Text("Notverlegung: Unterbringung prüfen", "Emergency move: look at the placement")
    youth = Text(
        "Notverlegung: Jugendamt (§§ 42 ff. SGB VIII)",
        "Emergency move: youth office (§§ 42 ff. SGB VIII)",
    )
    tasks = {}
    for row in rows:
        party = after.party_of(row.person, on)
        is_alone = f"Person {row.person}." in alone
        tasks[party] = Task(party, due, youth if is_alone else text)
    return after, tuple(tasks[name] for name in sorted(tasks))
