"""Units of the 30 sites and who lives in them, so that the places of each site come out exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from musterstadt.dice import Dice
from musterstadt.frame import (
    OVER_SITE,
    PAIR_SITE,
    REASONS,
    SECOND_SITE,
    SITES,
    TODAY,
    WING_SITE,
    Site,
)
from musterstadt.people import Party, Registry, Somebody

Row = dict[str, str]


@dataclass
class Book:
    """Rows as they are written, file by file."""

    units: list[Row] = field(default_factory=list)
    placements: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    placed: dict[str, list[Party]] = field(default_factory=dict)  # by unit
    held: set[str] = field(default_factory=set)  # households with a hold

    def unit(self, facility: str, kind: str, domain: str, places: int, **more: str) -> Row:
        """A new unit with the next number of its site."""
        number = sum(u["facility"] == facility for u in self.units) + 1
        row = {
            "id": f"{facility}-{number:03d}", "facility": facility, "kind": kind, "domain": domain,
            "pool": "general", "places": str(places), "per": "place", "for": "newcomers",
        } | more  # fmt: skip
        self.units.append(row)
        return row

    def place(self, person: Somebody, domain: str, status: str, unit: str = "", **more: str) -> Row:
        """A new placement."""
        row = {
            "id": f"B-{len(self.placements) + 1:05d}", "person": person.id, "domain": domain,
            "unit": unit, "status": status, "second_place": "0",
        } | more  # fmt: skip
        self.placements.append(row)
        return row

    def event(self, target: str, day: str, kind: str, **more: str) -> None:
        """A new capacity event; decided unless said otherwise."""
        row = {
            "id": f"E-{len(self.events) + 1:03d}",
            "target": target,
            "date": day,
            "kind": kind,
            "status": "decided",
        }
        self.events.append(row | more)


def fill(book: Book, registry: Registry) -> None:
    """All sites with their people."""
    for site in SITES:
        _Filling(book, registry, site).run()


def holds_of(places: int) -> tuple[int, ...]:
    """Sizes of the households that have a hold at a site."""
    return {0: (), 5: (3, 2)}.get(places, (places,))


class _Filling:
    """One site on its way from empty to full."""

    def __init__(self, book: Book, registry: Registry, site: Site) -> None:
        self.book, self.registry, self.site = book, registry, site
        self.dice = Dice(f"beds/{site.id}")
        self.is_flat = site.kind == "rented_flats"
        self.is_safe = site.id.startswith("SW-")

    def run(self) -> None:
        site = self.site
        used = site.occupied + site.held + (site.id == OVER_SITE)
        holds = holds_of(site.held)
        alone_held = holds.count(1)
        men = site.alone - site.women_alone
        self._rooms("m", site.men, men, alone_held if men else 0)
        self._rooms("f", site.women, site.women_alone, 0 if men else alone_held)
        sizes = [n for n in holds if n > 1]
        second = 3 if site.id == SECOND_SITE else 0
        rest = used - site.alone - sum(sizes) - second
        pair = 7 if site.id == PAIR_SITE else 0
        sizes_in = self._sizes(rest - pair)
        extra = self._leftovers(len(sizes) + len(sizes_in) + bool(pair) + bool(second))
        for size, status in [(n, "held") for n in sizes] + [(n, "moved_in") for n in sizes_in]:
            unit = self._unit("family", size + extra.pop())
            self._settle(unit, self._party(size, status), status)
        if second:
            unit = self._unit("family", 3 + extra.pop())
            self.book.placed[unit["id"]] = []
        if pair:
            self._pair(extra.pop())
        for places in site.families:
            self._unit("family", places)
        self._blocked()

    def _unit(self, kind: str, places: int, sex: str = "", **more: str) -> Row:
        number = sum(u["facility"] == self.site.id for u in self.book.units)
        floor = number % 4
        step_free = floor == 0 and self.site.id not in ("GU-KAS", "WO-KIR")
        area = places * (9 if self.is_flat else 8 if kind == "family" else 7) + (
            8 if self.is_flat else 0
        )
        about = {
            "floor": str(floor), "access": "1" if step_free else "0", "floor_area_m2": str(area),
            "reported_on": "2026-11-22", "reported_by": "sozialamt",
            "features": "protected" if self.site.id.startswith("SW-") else "",
        }  # fmt: skip
        return self.book.unit(
            self.site.id, kind, "accommodation", places, sex=sex, **(about | more)
        )

    def _rooms(self, sex: str, free: tuple[int, ...], people: int, held: int) -> None:
        """Rooms for single people: those with a free place first, then full ones."""
        left, room_sizes = people, []
        for n in free:
            there = min(left, self.dice.between(0, 2))
            room_sizes.append((there, n))
            left -= there
        while left:
            there = min(left, self.dice.pick((2, 3, 4)) if left > 4 else left)
            room_sizes.append((there, 0))
            left -= there
        for i, (there, n) in enumerate(room_sizes):
            is_over = self.site.id == OVER_SITE and sex == "m" and i == len(room_sizes) - 1
            unit = self._unit("shared", there + n - is_over, sex)
            for _ in range(there):
                status = "held" if held else "moved_in"
                held = max(0, held - 1)
                self._settle(unit, self._party(1, status, sex), status)
            if is_over:
                row = self.book.placements[-1]
                row["over_occupancy_reason"] = "Nachtankunft 19.11., kein anderer Platz für Männer"
                row["over_until"] = "2026-11-30"
                row["from"] = "2026-11-19"

    def _sizes(self, people: int) -> list[int]:
        sizes = []
        while people:
            size = min(
                people, self.dice.pick((2, 3, 4, 5, 6, 7), (0.2, 0.22, 0.25, 0.18, 0.1, 0.05))
            )
            if people - size == 1:
                size = size - 1 if size > 2 else size + 1
            sizes.append(size)
            people -= size
        return sizes

    def _leftovers(self, units: int) -> list[int]:
        """Leftover beds, spread over the family units in use."""
        extra = [0] * units
        order = self.dice.shuffled(range(units)) if units else []
        for i in range(self.site.unfit):
            extra[order[i % units]] += 1
        return self.dice.shuffled(extra)

    def _party(self, size: int, status: str, sex: str = "") -> Party:
        recent = TODAY - timedelta(days=self.dice.between(0, 4)) if status == "held" else None
        if self.site.kind in ("hall", "hotel") and recent is None:
            recent = TODAY - timedelta(days=self.dice.between(6, 200))
        party = self.registry.household(size, sex=sex, arrived=recent)
        party.fields["district"] = self.site.district
        if self.is_safe:
            party.fields["protected"] = "1"
        if status == "held":
            self.book.held.add(party.id)
        return party

    def _settle(self, unit: Row, party: Party, status: str) -> None:
        self.book.placed.setdefault(unit["id"], []).append(party)
        days = (TODAY - party.arrived).days
        start = party.arrived + timedelta(
            days=min(days, self.dice.pick((0, 30, 90), (0.7, 0.2, 0.1)))
        )
        for person in party.members:
            row = self.book.place(
                person, "accommodation", status, unit["id"],
                requested_on=party.arrived.isoformat(), **{"from": start.isoformat()},
            )  # fmt: skip
            if status == "held":
                row["from"] = TODAY.isoformat()
                row["kept_until"] = (TODAY + timedelta(days=self.dice.between(1, 5))).isoformat()

    def _pair(self, extra: int) -> None:
        """A family of seven over two adjoining flats of one floor."""
        one = self._unit("family", 4, floor="2")
        two = self._unit("family", 3 + extra, floor="2", adjoins=one["id"])
        one["adjoins"] = two["id"]
        party = self._party(7, "moved_in")
        for i, person in enumerate(party.members):
            unit = one if i < 4 else two
            self.book.place(
                person, "accommodation", "moved_in", unit["id"],
                requested_on=party.arrived.isoformat(), **{"from": party.arrived.isoformat()},
            )  # fmt: skip
        self.book.placed[one["id"]] = self.book.placed[two["id"]] = [party]

    def _blocked(self) -> None:
        """Empty rooms that are blocked as a whole, each with its reason."""
        left = self.site.blocked
        kind = "reserve" if REASONS.get(self.site.id, "").startswith("reserve") else "block"
        while left:
            places = min(left, 4 if left != 5 else 3)
            wing = {"building": "Nordflügel"} if self.site.id == WING_SITE else {}
            unit = self._unit("shared", places, "", **wing)
            start = date(2026, 10, 5) + timedelta(days=self.dice.between(0, 40))
            ends = "2027-02-28" if kind == "block" else ""
            self.book.event(
                unit["id"], start.isoformat(), kind, until=ends, reason=REASONS[self.site.id],
                recorded_at=f"{start.isoformat()}T08:30:00Z",
            )  # fmt: skip
            left -= places
