"""Who lived where: each unit is filled from today backwards, so that today comes out exactly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from vorort.vocabulary import Facility, Unit
from vorort.web.city.frame import TODAY, Size
from vorort.web.city.people import FAMILY, Party, Registry, Stay, family_sizes

MEAN_STAY, MEAN_GAP = 760, 14  # days
FEWEST = 40  # no shorter stays
AGAIN = 0.5  # of households that lived in another unit before
HELD, CONFIRMED, ABSENT, OVER = 0.008, 0.006, 0.004, 0.003  # of the households of today


@dataclass
class Track:
    """What one household can use at a time: a flat, or a bed in a shared room."""

    unit: str
    places: int
    sex: str  # '' = a flat
    opened: date
    free_until: date  # before this day nobody is entered yet


@dataclass
class Housing:
    """All units with beds, and the tracks in them."""

    units: list[Unit] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)


class Filling:
    """From empty units to five years of stays."""

    def __init__(self, size: Size, sites: list[Facility], registry: Registry) -> None:
        self.size, self.sites, self.registry = size, sites, registry
        self.luck = Random("city/beds")  # noqa: S311
        self.start = TODAY - timedelta(size.days)
        self.housing = Housing()
        self._number: defaultdict[str, int] = defaultdict(int)
        # households whose earlier home is still to be found, by size and sex, by month
        self._looking: defaultdict[tuple[int, str, int], list[Party]] = defaultdict(list)

    def run(self) -> Housing:
        """Fill every unit; the households are in the registry afterwards."""
        self._families()
        self._singles()
        for track in self.housing.tracks:
            self._before(track)
        for party in self.registry.parties:
            if party.stays:
                wait = self.luck.choices((0, 2, 20), (0.7, 0.2, 0.1))[0]
                party.arrived = party.stays[-1].start - timedelta(wait)
            else:
                party.arrived = TODAY - timedelta(self.luck.randrange(5, self.size.days))
        return self.housing

    def _families(self) -> None:
        sizes = family_sizes(self.size)
        empty = max(2, self.size.flats // 50)
        housed = self.size.flats - empty
        for size in sizes[:housed]:
            left = self.luck.choices((0, 1, 2), (0.6, 0.28, 0.12))[0]
            if size > 2 and self.luck.random() < OVER:
                left = -1  # a birth in a full flat
            track = self._flat(size + left)
            self._now(track, self.registry.family(size))
        for size in sizes[housed:]:
            self.registry.family(size)  # with relatives, in no unit of the city
        for _ in range(empty):
            self._flat(self.luck.choices(FAMILY[0], FAMILY[1])[0])

    def _flat(self, places: int) -> Track:
        site = self.sites[len(self.housing.units) % len(self.sites)]
        neighbours = [u for u in self.housing.units[-len(self.sites) :] if u.facility == site.id]
        near = neighbours[-1:] if self.luck.random() < 0.04 else []
        unit = self._unit(site, "family", places, None, tuple(u.id for u in near))
        return self._track(unit, site, places, "")

    def _singles(self) -> None:
        rooms = [s for s in self.sites if s.kind != "rented_flats"] or self.sites
        minors = max(1, self.size.singles // 150)
        left = self.size.singles - minors
        for _ in range(minors):
            self.registry.minor()
        for n in range(self.size.rooms):
            site, sex = rooms[n % len(rooms)], "f" if self.luck.random() < 0.25 else "m"
            to_come = self.size.rooms - n
            places = min(6, max(1, round(left / to_come) + self.luck.choice((-1, 0, 0, 1))))
            unit = self._unit(site, "shared", places, sex)
            there = min(left, places - (self.luck.random() < 0.08))
            if to_come == 1:
                there = min(left, places)
            for bed in range(places):
                track = self._track(unit, site, 1, sex)
                if bed < there:
                    self._now(track, self.registry.single(sex))
            left -= there
        for _ in range(left):
            self.registry.single("m")

    def _unit(
        self, site: Facility, kind: str, places: int, sex: str | None,
        adjoins: tuple[str, ...] = (),
    ) -> Unit:  # fmt: skip
        self._number[site.id] += 1
        number = self._number[site.id]
        unit = Unit(
            f"{site.id}-{number:03d}", site.id, kind, "accommodation", places,  # type: ignore[arg-type]
            adjoins=adjoins, sex=sex, for_="newcomers", access=number % 4 == 0,  # type: ignore[arg-type]
            floor_area_m2=8 * places + 8, floor=str(number % 4),
            reported_on=TODAY - timedelta(1), reported_by=site.owner, source="invented",
        )  # fmt: skip
        self.housing.units.append(unit)
        return unit

    def _track(self, unit: Unit, site: Facility, places: int, sex: str) -> Track:
        opened = max(self.start, site.opens_on or self.start)
        track = Track(unit.id, places, sex, opened, TODAY)
        self.housing.tracks.append(track)
        return track

    def _now(self, track: Track, party: Party) -> None:
        """Somebody lives here today, or is about to."""
        luck = self.luck
        party.state = luck.choices(
            ("held", "confirmed", "absent", "moved_in"),
            (HELD, CONFIRMED, ABSENT, 1 - HELD - CONFIRMED - ABSENT),
        )[0]
        days = (TODAY - track.opened).days
        if party.state in ("held", "confirmed"):
            start = TODAY + timedelta(luck.randrange(0, 4))
        else:
            length = FEWEST + int(luck.expovariate(1 / MEAN_STAY))
            start = TODAY - timedelta(min(length, days))
        party.stays.append(Stay(track.unit, start, None))
        self._used(track, party)

    def _used(self, track: Track, party: Party) -> None:
        first = party.stays[-1].start
        track.free_until = first - timedelta(int(self.luck.expovariate(1 / MEAN_GAP)))
        if self.luck.random() < AGAIN and len(party.stays) < 3 and first < TODAY:
            self._looking[(party.size, track.sex, first.toordinal() // 30)].append(party)

    def _before(self, track: Track) -> None:
        """Everybody who lived here before, back to the opening."""
        while (track.free_until - track.opened).days > FEWEST:
            party = self._who_moved(track) or self._who_left(track)
            until = party.stays[-1].start if party.stays else track.free_until
            length = FEWEST + int(self.luck.expovariate(1 / MEAN_STAY))
            start = max(track.opened, until - timedelta(length))
            party.stays.append(Stay(track.unit, start, until))
            self._used(track, party)

    def _who_moved(self, track: Track) -> Party | None:
        """A household that moved on from here into another unit."""
        month = track.free_until.toordinal() // 30
        sizes = (1,) if track.sex else (track.places, track.places - 1)
        for size in sizes:
            for when in (month, month - 1):
                waiting = self._looking.get((size, track.sex, when), [])
                for n, party in enumerate(waiting):
                    first = party.stays[-1].start
                    if first <= track.free_until and (first - track.opened).days > FEWEST:
                        return waiting.pop(n)
        return None

    def _who_left(self, track: Track) -> Party:
        """A household that left the city, or found a flat of its own."""
        left = track.free_until
        if track.sex:
            return self.registry.single(track.sex, left)
        size = max(2, track.places - self.luck.choices((0, 1, 2), (0.6, 0.28, 0.12))[0])
        return self.registry.family(min(size, track.places) if track.places > 1 else 2, left)
