"""The ledger of the city: nouns, numbered by the day of arrival, every stay with its versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from vorort.files import Scenario
from vorort.ledger import Ledger
from vorort.vocabulary import (
    Announcement,
    CapacityEvent,
    Household,
    Membership,
    Person,
    Placement,
    Unit,
)
from vorort.web.city import frame
from vorort.web.city.beds import Filling
from vorort.web.city.frame import TODAY, Size
from vorort.web.city.people import Party, Registry, Stay, born, legal

STEPS = ("held", "confirmed", "moved_in", "ended")
REASONS = ("repair: Wasserschaden", "repair: Renovierung", "turnaround: Reinigung nach Auszug",
           "reserve: Quarantäne", "closed: Brandschutz")  # fmt: skip
STRAIGHT = 0.4  # of stays that were entered when they had begun


def invent(size: Size, like: Scenario) -> Scenario:
    """A city as a scenario. ``like``: Musterstadt, for offices, key and weights."""
    sites, others = frame.places(size)
    registry = Registry()
    housing = Filling(size, sites, registry).run()
    book = Book(registry)
    book.write()
    seats = frame.seat_units(size, others)
    book.seats(seats)
    town = replace(
        like.municipality, name=frame.NAME, population=size.persons * 40, area_km2=None,
        today=TODAY, districts=frame.districts(),
    )  # fmt: skip
    ledger = Ledger(
        tuple(book.households), tuple(book.persons), tuple(book.memberships),
        (*sites, *others), (*housing.units, *seats), tuple(book.placements),
        tuple(_events(housing.units, [s.id for s in sites])), town.offices,
    )  # fmt: skip
    factor = size.persons / len(like.ledger.persons)
    demand = tuple(
        replace(r, low=_times(r.low, factor), central=_times(r.central, factor),
                high=_times(r.high, factor), source="invented")
        for r in like.resident_demand
    )  # fmt: skip
    return Scenario(town, ledger, demand, tuple(_announced(size)), (), like.own_values, "city")


def _times(n: int | None, factor: float) -> int | None:
    return None if n is None else round(n * factor)


class Book:
    """Rows in the order in which people came."""

    def __init__(self, registry: Registry) -> None:
        self.luck = Random("city/book")  # noqa: S311
        self.parties = sorted(registry.parties, key=lambda p: p.arrived)
        self.households: list[Household] = []
        self.persons: list[Person] = []
        self.memberships: list[Membership] = []
        self.placements: list[Placement] = []

    def write(self) -> None:
        """Households, people and their beds."""
        districts = [d.id for d in frame.districts()]
        for number, party in enumerate(self.parties, 1):
            key, luck = f"H-{number:05d}", self.luck
            owner = luck.choices(("sozialamt", "jugendamt", None), (0.9, 0.06, 0.04))[0]
            stated = party.size + 1 if luck.random() < 0.01 else None
            self.households.append(Household(
                key, party.kind, party.group,  # type: ignore[arg-type]
                None if luck.random() < 0.003 else party.arrived, luck.choice(districts),
                hosted=not party.stays, protected=luck.random() < 0.012, responsible=owner,
                size_stated=stated, source="invented",
            ))  # fmt: skip
            people = list(self._people(key, party))
            ends: date | None = None
            for stay in party.stays:
                self._stay(party, people, stay, ends)
                ends = stay.start

    def _people(self, household: str, party: Party) -> Iterator[str]:
        bases = legal(party, self.luck)
        for age, sex, (basis, more) in zip(party.ages, party.sexes, bases, strict=True):
            key = f"P-{len(self.persons) + 1:06d}"
            self.persons.append(Person(
                key, born(age, self.luck), None if self.luck.random() < 0.004 else sex,  # type: ignore[arg-type]
                basis, needs_access=True if self.luck.random() < 0.015 else None,
                left_on=party.left, left_reason="moved" if party.left else None,
                source="invented", **more,
            ))  # fmt: skip
            self.memberships.append(Membership(key, household))
            yield key

    def _stay(self, party: Party, people: list[str], stay: Stay, next_start: date | None) -> None:
        """The versions of a household's stay; all its people on the same instants."""
        luck = self.luck
        is_over = stay.until is not None
        status = "ended" if is_over else party.state
        steps = ["held", "confirmed", "moved_in", "ended"]
        steps = steps[: steps.index("moved_in" if status == "absent" else status) + 1]
        if len(steps) > 2 and luck.random() < STRAIGHT:
            steps = steps[2:]
        steps += ["absent"] if status == "absent" else []
        at = dict(zip(STEPS, self._instants(stay), strict=True))
        at["absent"] = _at(TODAY - timedelta(luck.randint(0, 3)), luck)
        reason = "" if not is_over else (
            "moved" if next_start else luck.choice(("own_flat", "left", "left")))  # fmt: skip
        keeps = (TODAY if status == "held" else stay.start) + timedelta(luck.randint(1, 5))
        for person in people:
            before: str | None = None
            for step in steps:
                key = f"B-{len(self.placements) + 1:06d}"
                self.placements.append(Placement(
                    key, person, "accommodation", step, stay.unit, party.arrived, stay.start,  # type: ignore[arg-type]
                    stay.until if step == "ended" else None,
                    reason if step == "ended" else None,
                    keeps if step == "held" else
                    TODAY + timedelta(luck.randint(-2, 20)) if step == "absent" else None,
                    recorded_at=at[step], replaces=before, source="invented",
                ))  # fmt: skip
                before = key

    def _instants(self, stay: Stay) -> list[datetime]:
        """When hold, confirmation, move-in and end were written down: some a few days late."""
        luck = self.luck
        held = min(stay.start, TODAY) - timedelta(3)
        late = luck.choices((0, 1, 3), (0.8, 0.12, 0.08))[0]
        days = [held, held + timedelta(1), min(stay.start + timedelta(late), TODAY)]
        days.append(min((stay.until or TODAY) + timedelta(late), TODAY))
        return [
            datetime.combine(d, time(8 + 2 * n, luck.randrange(60), tzinfo=UTC))
            for n, d in enumerate(days)
        ]

    def seats(self, units: list[Unit]) -> None:
        """Kita, school and course: who has a seat, and who waits for one."""
        luck = self.luck
        left: dict[tuple[str, str], list[str]] = {}
        for unit in units:
            left.setdefault((unit.domain, unit.pool), []).extend([unit.id] * unit.places)
        for pool in left.values():
            luck.shuffle(pool)
        numbers = iter(self.persons)
        for party in self.parties:
            for age in party.ages:
                person = next(numbers)
                if party.left:
                    continue
                for domain, name, has, waits in _wanted(age, party.kind):
                    chance, seats = luck.random(), left.get((domain, name))
                    if chance < has and seats:
                        self._seat(person.id, domain, seats.pop(), party.arrived)
                    elif chance < has + waits:
                        self._seat(person.id, domain, None, party.arrived)

    def _seat(self, person: str, domain: str, unit: str | None, arrived: date) -> None:
        since = arrived + timedelta(self.luck.randint(5, 60))
        start = min(since + timedelta(self.luck.randint(10, 200)), TODAY)
        self.placements.append(Placement(
            f"B-{len(self.placements) + 1:06d}", person, domain,
            "moved_in" if unit else "requested", unit,
            None if self.luck.random() < 0.01 else min(since, TODAY),
            start if unit else None, recorded_at=_at(start if unit else since, self.luck),
            source="invented",
        ))  # fmt: skip


def _wanted(age: int, kind: str) -> Iterator[tuple[str, str, float, float]]:
    """Domain, pool, share with a seat, share waiting, for somebody of an age."""
    if 1 <= age < 3:
        yield "childcare", "u3", 0.3, 0.2
    elif 3 <= age < 6:
        yield "childcare", "o3", 0.7, 0.2
    elif age < 10:
        yield "school", "primary", 0.93, 0.03
    elif age < 16:
        yield "school", "secondary", 0.92, 0.04
    elif age < 18:
        yield "school", "vocational", 0.7, 0.1
    else:
        yield "language", "general", 0.1, 0.06
        if kind != "uam":
            yield "flat", "general", 0.0, 0.1


def _at(day: date, luck: Random) -> datetime:
    day = min(day, TODAY)
    return datetime.combine(day, time(7, luck.randrange(60), tzinfo=UTC))


def _events(units: list[Unit], sites: list[str]) -> Iterator[CapacityEvent]:
    """Blocks of units, past and present; of whole sites, some with a number of places only."""
    luck = Random("city/events")  # noqa: S311
    number = 0
    for target, share in ((u.id, 0.05) for u in units):
        if luck.random() < share:
            number += 1
            start = TODAY - timedelta(luck.randrange(3, 900))
            until = start + timedelta(luck.randrange(5, 60))
            is_open = luck.random() < 0.15
            reason = luck.choice(REASONS)
            yield CapacityEvent(
                f"E-{number:05d}", target, start,
                "reserve" if reason.startswith("reserve") else "block", "decided",
                luck.choice((1, None)), None if is_open else until, reason=reason,
                recorded_at=_at(start, luck), source="invented",
            )  # fmt: skip
    for target in luck.sample(sites, max(1, len(sites) // 60)):
        number += 1
        start = TODAY - timedelta(luck.randrange(3, 200))
        yield CapacityEvent(
            f"E-{number:05d}", target, start, "block", "decided", luck.randint(2, 6),
            TODAY + timedelta(luck.randrange(5, 60)), reason="repair: Strang",
            recorded_at=_at(start, luck), source="invented",
        )  # fmt: skip


def _announced(size: Size) -> Iterator[Announcement]:
    luck = Random("city/announced")  # noqa: S311
    for n in range(max(3, size.households // 130)):
        people = luck.choices((1, 2, 3, 4, 5), (0.4, 0.2, 0.15, 0.15, 0.1))[0]
        yield Announcement(
            f"A-{n:03d}", TODAY + timedelta(luck.randrange(0, 40)),
            luck.choice(("asylum", "temporary")), "single" if people == 1 else "family", people,
            (), (), "invented",
        )  # fmt: skip
