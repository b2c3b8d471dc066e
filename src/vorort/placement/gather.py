"""From the ledger to a problem: the one builder, for the command line and for the web.

What is confirmed, moved in, kept or held is fixed and only takes places. Open are the needs of
`open_needs.csv`, or without that file what the ledger shows as open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from vorort.ledger import (
    BEDS,
    CapacityPlan,
    Ledger,
    age_on,
    is_expired,
    is_minor_alone,
)
from vorort.ledger.lists import MINOR_TASK
from vorort.ledger.occupancy import site_days, turning_days
from vorort.placement.open_seats import counted_seats, open_seats
from vorort.placement.problem import (
    HeldBack,
    HeldSeat,
    LeftOut,
    Lodging,
    Member,
    Party,
    Problem,
    SeatNeed,
    Step,
    There,
    UrgencyClass,
)
from vorort.placement.rulebook import Rulebook
from vorort.vocabulary import (
    LIVING,
    Announcement,
    OpenNeed,
    Placement,
    PlacementFiles,
    Request,
    Requirement,
    ResidentDemand,
    Sex,
    Text,
    Unit,
)

PROTECTION = ("protected", "women_only", "own_unit")  # codes that put a party into the first class
FEATURE_OF = {"own_bath": "bath"}  # codes of persons that are named otherwise at units
SEATS = ("childcare", "school", "language", "counselling", "mentoring")


@dataclass(frozen=True)
class Surroundings:
    """What else a problem needs besides ledger and files, all with harmless defaults.

    ``pools``: for a domain, pools with the age from which they hold; ``ages``: from and below which
    age somebody is concerned when a whole household asks.
    """

    rulebook: Rulebook = field(default_factory=Rulebook)
    announced: tuple[Announcement, ...] = ()
    resident_demand: tuple[ResidentDemand, ...] = ()
    space_m2: float | None = None
    pools: Mapping[str, tuple[tuple[float, str], ...]] = field(default_factory=dict)
    ages: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    reported_cycle_days: int | None = None
    held_back: tuple[HeldBack, ...] = ()
    seed: int = 1

    def concerns(self, domain: str, age: int | None) -> bool:
        """Can a need of the household be one of somebody of this age? Unknown: yes."""
        low, high = self.ages.get(domain, (0, 999))
        return age is None or low <= age < high

    def pool(self, domain: str, age: int | None) -> str:
        """Which kind of seat of a domain is for this age."""
        found = "general"
        for from_age, pool in self.pools.get(domain, ()):
            if found == "general" or (age is not None and age >= from_age):
                found = pool
        return found


def problem_of(
    ledger: Ledger,
    day: date,
    files: PlacementFiles | None = None,
    around: Surroundings | None = None,
) -> Problem:
    """The placement problem of a day."""
    files, around = files or PlacementFiles(), around or Surroundings()
    needs = files.open_needs
    if needs is None:
        needs = open_needs_of(ledger, day, around)
    gathered = _Gathering(ledger, day, files, around)
    parties, left_out = gathered.parties(needs)
    domains = {need.domain for party in parties for need in party.seats}
    seats, limits, unknown = open_seats(
        counted_seats(ledger, day, domains), day, around.resident_demand,
        around.reported_cycle_days, files.requests,
    )  # fmt: skip
    lodgings = lodgings_of(ledger, day)
    return Problem(
        day, tuple(parties), lodgings, seats, limits,
        {(r.district, r.other): r.minutes for r in files.reach},
        files.exclusions, files.locks, around.held_back, tuple(left_out), around.rulebook,
        around.space_m2, around.rulebook.office or deciding(lodgings), around.seed,
        tuple([*_notes(parties), *unknown]),
    )  # fmt: skip


def deciding(lodgings: Iterable[Lodging]) -> str:
    """The office that owns most lodgings."""
    found = Counter(x.owner for x in lodgings)
    return min(found, key=lambda owner: (-found[owner], owner)) if found else ""


def party_of(
    ledger: Ledger, day: date, files: PlacementFiles, around: Surroundings, household: str
) -> Party | LeftOut | None:
    """One household as if it asked for a home, by what the ledger holds of it and of its places.

    None: nobody of it is here.
    """
    gathered = _Gathering(ledger, day, files, around)
    parties, left_out = gathered.parties([OpenNeed(household, BEDS)])
    found: list[Party | LeftOut] = [*parties, *left_out]
    return found[0] if found else None


def open_needs_of(ledger: Ledger, day: date, around: Surroundings) -> tuple[OpenNeed, ...]:
    """What is open by the ledger: requests without unit, who sleeps nowhere, who is announced."""
    found = []
    for row in ledger.current:
        name = ledger.household_of(row.person, day)
        is_open = row.status == "requested" and row.unit is None and name is not None
        if is_open and row.domain in (*SEATS, BEDS):
            person = None if row.domain == BEDS else row.person
            found.append(OpenNeed(name or "", row.domain, person, None, row.requested_on))
    for household in ledger.households:
        people = _present(ledger, household.id, day)
        sleeps = any(_rows(ledger, person, day, BEDS) for person in people)
        if household.hosted is False and people and not sleeps:
            found.append(OpenNeed(household.id, BEDS, None, None, household.arrived_on))
    last = day + timedelta(days=around.rulebook["horizon_days"])
    arrived = {h.announced_id for h in ledger.households}
    for coming in around.announced:
        if coming.expected_on <= last and coming.id not in arrived:
            found.append(OpenNeed(coming.id, BEDS))
    return tuple(dict.fromkeys(found))


def _present(ledger: Ledger, household: str, day: date) -> list[str]:
    """Members who are still here."""
    return [
        person
        for person in sorted(ledger.members(household, day))
        if (left := ledger.person[person].left_on) is None or left > day
    ]


def _rows(ledger: Ledger, person: str, day: date, domain: str) -> list[Placement]:
    """Places of one domain a person has on a day or is confirmed to get."""
    return [
        row
        for row in ledger.rows_of.get(person, ())
        if row.domain == domain
        and row.unit is not None
        and row.status in LIVING
        and not is_expired(row, day)
        and (row.until is None or row.until > day)
    ]


def lodgings_of(ledger: Ledger, day: date) -> tuple[Lodging, ...]:
    """Every unit people sleep in, with its places from a day on and who is or will be there."""
    plan = CapacityPlan(ledger)
    found = []
    for facility, units in ledger.units_of.items():
        beds = [u for u in units if u.domain == BEDS and u.per == "place"]
        if not beds:
            continue
        steps: defaultdict[str, list[Step]] = defaultdict(list)
        for turn in turning_days(ledger, plan, facility, day, date.max):
            states = site_days(ledger, plan, ledger.rows_in, facility, turn, day)
            for unit in beds:
                state = states[unit.id]
                step = Step(turn, state.nominal, state.open, state.used)
                if not steps[unit.id] or _figures(steps[unit.id][-1]) != _figures(step):
                    steps[unit.id].append(step)
        site = ledger.facility[facility]
        for unit in beds:
            there = tuple(_there(ledger, unit, day))
            found.append(
                Lodging(unit, site.district, site.owner, tuple(steps[unit.id]), there, site.kind)
            )
    return tuple(found)


def _figures(step: Step) -> tuple[int, int, int]:
    return step.nominal, step.open, step.used


def _there(ledger: Ledger, unit: Unit, day: date) -> Iterator[There]:
    rows = [
        row
        for row in ledger.rows_in.get(unit.id, ())
        if row.status in LIVING
        and row.from_ is not None
        and not is_expired(row, day)
        and (row.until is None or row.until > day)
    ]
    for row in sorted(rows, key=lambda r: (r.from_ or day, r.person)):
        sex = ledger.person[row.person].sex
        yield There(ledger.party_of(row.person, day), sex, row.from_ or day, row.until)


class _Gathering:
    """Parties and seats from ledger and files."""

    def __init__(
        self, ledger: Ledger, day: date, files: PlacementFiles, around: Surroundings
    ) -> None:
        self.ledger, self.day, self.files, self.around = ledger, day, files, around
        self.announced = {a.id: a for a in around.announced}
        self.requests: defaultdict[tuple[str, str], list[Request]] = defaultdict(list)
        for request in files.requests:
            self.requests[request.person, request.domain].append(request)

    def parties(self, needs: Sequence[OpenNeed]) -> tuple[list[Party], list[LeftOut]]:
        """A party for each household with open needs, and those the machine must not place."""
        by_household: defaultdict[str, list[OpenNeed]] = defaultdict(list)
        for need in needs:
            by_household[need.household].append(need)
        parties, left_out = [], []
        for name in sorted(by_household):
            members, size = self._members(name)
            needs_here = by_household[name]
            against = self._against(name, size)
            if against is not None and any(n.domain == BEDS for n in needs_here):
                left_out.append(against)
                needs_here = [n for n in needs_here if n.domain != BEDS]
            if needs_here:
                party = self._party(name, members, size, needs_here)
                parties += [party] if party.asks_home or party.seats else []
        return parties, left_out

    def _against(self, name: str, size: int) -> LeftOut | None:
        """Why the machine proposes no bed at all: alone and minor, of unknown size, later."""
        household = self.ledger.household.get(name)
        last = self.day + timedelta(days=self.around.rulebook["horizon_days"])
        if household:
            is_alone = is_minor_alone(self.ledger, household, self.day)
            comes = household.arrived_on
        else:
            is_alone = self.announced[name].kind == "uam"
            comes = self.announced[name].expected_on
        if is_alone:
            return LeftOut(name, "minors", MINOR_TASK)
        if size == 0:
            text = Text("Größe unbekannt: erst erfassen.", "Size unknown: record it first.")
            return LeftOut(name, "size", text)
        if comes is not None and comes > last:
            text = Text(f"Kommt erst am {comes:%d.%m.%Y}.", f"Comes on {comes} only.")
            return LeftOut(name, "later", text)
        return None

    def _members(self, name: str) -> tuple[tuple[Member, ...], int]:
        """Known members, and how many people to reckon with."""
        if name not in self.ledger.household:
            row = self.announced[name]
            sexes: list[Sex | None] = [*row.sexes, *[None] * len(row.ages)]
            members = tuple(
                Member(f"{name}.{n}", age, sex)
                for n, (age, sex) in enumerate(zip(row.ages, sexes, strict=False), 1)
            )
            return members, max(row.persons or 0, len(members))
        people = _present(self.ledger, name, self.day)
        members = tuple(
            Member(p, age_on(self.ledger.person[p].born, self.day), self.ledger.person[p].sex)
            for p in people
        )
        return members, max(len(members), self.ledger.household[name].size_stated or 0)

    def _party(
        self, name: str, members: tuple[Member, ...], size: int, needs: list[OpenNeed]
    ) -> Party:
        household = self.ledger.household.get(name)
        codes = [r for r in self.files.requirements if r.household == name and self._holds(r)]
        must = _codes(codes, "must")
        home = [n for n in needs if n.domain == BEDS]
        due = min((n.due for n in home if n.due), default=None)
        is_protected = bool(household and household.protected) or "protected" in must
        arrives = household.arrived_on if household else self.announced[name].expected_on
        rows = [r for m in members for r in _rows(self.ledger, m.id, self.day, BEDS)]
        now = sorted({r.unit for r in rows if r.unit})
        return Party(
            name, members, size,
            any(self._needs_access(m.id) for m in members) or "step_free" in must,
            is_protected,
            False if any(r.code == "screening_open" for r in codes) else None,
            tuple(c for c in must if c not in ("interpreter", "screening_open", "step_free")),
            _codes(codes, "should"),
            min((r.language for r in codes if r.language), default=None),
            bool(home),
            max(arrives, self.day) if arrives else None,
            _urgency(is_protected, must, due), due,
            min((n.since for n in home if n.since), default=None),
            tuple(now), self._district(name, now),
            tuple(self._seat_needs(members, needs)), tuple(self._held(members)),
            tuple(w for w in self.files.wishes if w.household == name),
            size > len(members),
        )  # fmt: skip

    def _holds(self, row: Requirement) -> bool:
        return row.until is None or row.until > self.day

    def _needs_access(self, person: str) -> bool:
        known = self.ledger.person.get(person)
        return known is not None and known.needs_access is True

    def _district(self, name: str, now: Sequence[str]) -> str | None:
        if now:
            return self.ledger.facility[self.ledger.unit[now[0]].facility].district
        household = self.ledger.household.get(name)
        return household.district if household else None

    def _seat_needs(
        self, members: Sequence[Member], needs: Iterable[OpenNeed]
    ) -> Iterator[SeatNeed]:
        """One for each person; a need of the whole household is one of each whom it can concern."""
        for need in needs:
            if need.domain == BEDS:
                continue
            for member in members:
                concerns = need.person is None and self.around.concerns(need.domain, member.age)
                is_meant = concerns or need.person == member.id
                if is_meant and not self._is_answered(member.id, need):
                    pool = self.around.pool(need.domain, member.age)
                    yield SeatNeed(member.id, need.domain, pool, need.due, need.since)

    def _is_answered(self, person: str, need: OpenNeed) -> bool:
        """Has another office been asked for a seat of theirs, or given one since the need arose?

        Where it is not known since when, by a request: as long as they have the seat it gave.
        """
        requests = self.requests.get((person, need.domain), ())
        if any(r.is_open for r in requests):
            return True
        given = {r.seat for r in requests} if need.since is None else set()
        since = need.since or self.day
        return any(
            row.domain == need.domain and row.unit is not None
            and (row.status == "requested"
                 or (row.status in LIVING and row.from_ is not None
                     and (row.from_ >= since or row.unit in given)
                     and (row.until is None or row.until > self.day)
                     and not is_expired(row, self.day)))
            for row in self.ledger.rows_of.get(person, ())
        )  # fmt: skip

    def _held(self, members: Sequence[Member]) -> Iterator[HeldSeat]:
        for member in members:
            for domain in SEATS:
                for row in _rows(self.ledger, member.id, self.day, domain):
                    site = self.ledger.facility[self.ledger.unit[row.unit or ""].facility]
                    yield HeldSeat(member.id, domain, site.district)


def _codes(rows: Iterable[Requirement], strength: str) -> tuple[str, ...]:
    return tuple(sorted({FEATURE_OF.get(r.code, r.code) for r in rows if r.strength == strength}))


def _urgency(is_protected: bool, must: Iterable[str], due: date | None) -> UrgencyClass:
    if is_protected or any(code in PROTECTION for code in must):
        return "protection"
    return "deadline" if due is not None else "rest"


def _notes(parties: Sequence[Party]) -> Iterator[Text]:
    """What was assumed, counted."""
    unscreened = sum(p.screened is None for p in parties)
    if unscreened:
        yield Text(
            f"{unscreened} Haushalte ohne Vermerk über die Erstuntersuchung.",
            f"{unscreened} households without a record of the first screening.",
        )
    stated = [p.id for p in parties if p.is_size_stated]
    if stated:
        listed = ", ".join(stated)
        yield Text(
            f"Größe nur angegeben, so viele Plätze wie genannt: {listed}.",
            f"Size only stated, as many places as named: {listed}.",
        )


__all__ = ["SEATS", "Surroundings", "lodgings_of", "open_needs_of", "problem_of"]
