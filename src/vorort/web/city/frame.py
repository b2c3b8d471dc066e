"""What stands before anybody comes: size, districts, sites, units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from vorort.problems import Problem, Refused
from vorort.vocabulary import District, Facility, Unit

TODAY = date(2026, 11, 23)
NAME = "Großmusterstadt"


@dataclass(frozen=True)
class Size:
    """How large the city is. ``households`` and ``persons`` live here today; whoever left within
    ``days`` is in the register as well."""

    households: int
    persons: int
    sites: int
    units: int
    days: int = 1826  # five years of history

    @property
    def singles(self) -> int:
        """Households of one person; shares as in Musterstadt."""
        return self.households * 31 // 100

    @property
    def rooms(self) -> int:
        """Shared rooms: three beds on average, a few of them free."""
        return self.singles * 35 // 100

    @property
    def seat_units(self) -> int:
        """Groups, classes, courses and counters."""
        return self.units // 30

    @property
    def flats(self) -> int:
        """Units for one family each."""
        return self.units - self.rooms - self.seat_units


CITY = Size(20_000, 60_000, 600, 15_000)
VILLAGE = Size(200, 600, 12, 150)  # for tests: the same generator
SIZES = {"city": CITY, "village": VILLAGE}


def chosen(name: str) -> Size:
    """The size of a name. Raises `Refused` where there is none."""
    if name not in SIZES:
        known = ", ".join(SIZES)
        raise Refused([
            Problem(
                name, "Diese Größe gibt es nicht.", "There is no such size.",
                f"Möglich: {known}.", f"Possible: {known}.",
            )
        ])  # fmt: skip
    return SIZES[name]


KINDS = (  # kind, share of sites, owner, EUR a place and month, name
    ("rented_flats", 50, "gebaeude", 510, "Wohnungen"),
    ("shared", 30, "sozialamt", 380, "Unterkunft"),
    ("container", 12, "sozialamt", 850, "Container"),
    ("hotel", 5, "sozialamt", 1150, "Hotel"),
    ("hall", 3, "sozialamt", 1190, "Halle"),
)  # fmt: skip
SEATS = (  # kind of site, domain, pool, places of a unit, per, owner, share of the units
    ("kita", "childcare", "u3", 10, "place", "jugendamt", 15),
    ("kita", "childcare", "o3", 22, "place", "kreuz", 25),
    ("school", "school", "primary", 115, "place", "schulamt", 16),
    ("school", "school", "secondary", 150, "place", "schulamt", 14),
    ("school", "school", "vocational", 95, "place", "schulamt", 6),
    ("course", "language", "general", 25, "place", "vhs", 20),
    ("office", "registration", "general", 120, "week", "buergeramt", 4),
)  # fmt: skip
FIRST = ("Ahorn", "Birken", "Buchen", "Eichen", "Erlen", "Eschen", "Hasel", "Kiefern", "Linden",
         "Ulmen", "Weiden", "Rosen", "Wiesen", "Brunnen", "Mühlen", "Gärtner")  # fmt: skip
LAST = ("straße", "weg", "platz", "allee", "ring", "gasse")
PLACE = ("Alt", "Neu", "Ober", "Unter", "Klein")
ENDING = ("feld", "hausen", "dorf", "bach", "heim", "tal", "moor", "au")


def districts() -> tuple[District, ...]:
    """Forty parts of the city."""
    names = [f"{a}{b}" for a in PLACE for b in ENDING]
    luck = Random("city/districts")  # noqa: S311 an example, no secret
    return tuple(District(n.lower(), n, luck.randint(30, 90) * 1000) for n in names)


def places(size: Size) -> tuple[list[Facility], list[Facility]]:
    """Sites with beds, and sites with seats."""
    luck = Random("city/sites")  # noqa: S311
    found: list[Facility] = []
    seats = max(4, size.sites // 12)
    beds = size.sites - seats
    for n in range(1, beds + 1):
        kind, _, owner, cost, name = luck.choices(KINDS, [k[1] for k in KINDS])[0]
        if n <= len(KINDS):  # one of each, also in a small town
            kind, _, owner, cost, name = KINDS[n - 1]
        opened = TODAY - timedelta(luck.randrange(200, size.days)) if luck.random() < 0.35 else None
        ends = TODAY + timedelta(luck.randrange(20, 3000)) if luck.random() < 0.7 else None
        found.append(Facility(
            f"S-{n:03d}", f"{name} {_street(luck)}", luck.choice(districts()).id, kind, owner,  # type: ignore[arg-type]
            opened, ends, luck.choice((3, 6)) if ends else None, cost * luck.randrange(40, 160),
            source="invented",
        ))  # fmt: skip
    others = []
    for n in range(1, seats + 1):
        seat = SEATS[(n - 1) % len(SEATS)]
        others.append(Facility(
            f"T-{n:03d}", f"{seat[0].capitalize()} {_street(luck)}", luck.choice(districts()).id,
            seat[0], seat[5], source="invented",  # type: ignore[arg-type]
        ))  # fmt: skip
    return found, others


def _street(luck: Random) -> str:
    return f"{luck.choice(FIRST)}{luck.choice(LAST)} {luck.randint(1, 180)}"


def seat_units(size: Size, sites: list[Facility]) -> list[Unit]:
    """Kita groups, classes, courses, counters, spread over the sites of their kind and owner."""
    luck = Random("city/seats")  # noqa: S311
    found = []
    for kind, domain, pool, places, per, owner, share in SEATS:
        mine = [s for s in sites if s.kind == kind and s.owner == owner] or sites[:1]
        for n in range(max(1, size.seat_units * share // 100)):
            site = mine[n % len(mine)]
            reported = TODAY - timedelta(luck.randrange(2, 130))
            found.append(Unit(
                f"{site.id}-{domain[:2]}{pool[:1]}{n + 1:03d}", site.id, "shared", domain, places,
                pool, sex="any", per=per, for_="newcomers",  # type: ignore[arg-type]
                reported_on=reported, reported_by=owner, source="invented",
            ))  # fmt: skip
    return found
