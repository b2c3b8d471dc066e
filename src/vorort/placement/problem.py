"""What placement knows: parties, homes, seats, rules, a day and a seed. German: Vergabeproblem

``Party`` has no nationality, ethnicity or religion: the type has no such field. Language enters
only as a declared service need. Every collection is sorted by key when a `Problem` is made, so the
order of the input never matters. Nothing here knows files, the web or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal

from vorort.placement.rulebook import Rulebook
from vorort.vocabulary import Exclusion, Lock, Sex, Text, Unit, Wish

UrgencyClass = Literal["protection", "deadline", "rest"]
LOCKS = "locks"  # households locked by hand, which come before all else
CLASSES: tuple[UrgencyClass, ...] = ("protection", "deadline", "rest")  # most urgent first


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a party. ``age``: full years, the youngest possible. German: Mitglied"""

    id: str
    age: int | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class SeatNeed:
    """A seat somebody needs: Kita, school, course, counselling. German: offener Platzbedarf"""

    person: str
    domain: str
    pool: str
    due: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat somebody has; a home far from it costs points. German: vorhandener Platz"""

    person: str
    domain: str
    district: str


@dataclass(frozen=True, slots=True)
class Party:
    """Those placed together, usually a household. German: Belegungsgemeinschaft

    ``size`` may exceed the members known ("about 5": the upper end, ``is_size_stated``).
    ``must``, ``should``: codes of requirements. ``now``: units in which they sleep today.
    """

    id: str
    members: tuple[Member, ...]
    size: int
    needs_access: bool = False
    is_protected: bool = False
    screened: bool | None = None  # None = nobody recorded it
    must: tuple[str, ...] = ()
    should: tuple[str, ...] = ()
    interpreter: str | None = None
    asks_home: bool = True
    ready: date | None = None  # first day they can come; None = the day of the problem
    urgency: UrgencyClass = "rest"
    due: date | None = None
    since: date | None = None
    now: tuple[str, ...] = ()
    district: str | None = None  # where they live now
    seats: tuple[SeatNeed, ...] = ()
    held: tuple[HeldSeat, ...] = ()
    wishes: tuple[Wish, ...] = ()
    is_size_stated: bool = False

    @property
    def sexes(self) -> frozenset[Sex | None]:
        """The sexes of all; None stands for unknown, also where not every member is recorded."""
        known: set[Sex | None] = {m.sex for m in self.members}
        return frozenset(known | ({None} if self.size > len(self.members) else set()))

    @property
    def children(self) -> int:
        """How many are known to be under 18."""
        return sum(m.age is not None and m.age < 18 for m in self.members)


@dataclass(frozen=True, slots=True)
class Step:
    """Places of a unit from a day on. ``nominal`` 0: closed; ``used``: fixed, not ours to move."""

    day: date
    nominal: int
    open: int
    used: int


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who is or will be in a unit, not to be moved. German: Belegung vor Ort"""

    party: str
    sex: Sex | None
    start: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Lodging:
    """A unit people can sleep in, with its places over time. German: Einheit der Unterbringung"""

    unit: Unit
    district: str
    owner: str
    steps: tuple[Step, ...]  # the first on or before the day of the problem
    there: tuple[There, ...] = ()
    site_kind: str = "shared"

    @property
    def id(self) -> str:
        """The id of the unit."""
        return self.unit.id

    @property
    def building(self) -> str:
        """Site and building: what an exclusion and adjoining units speak of."""
        return f"{self.unit.facility}/{self.unit.building}"


@dataclass(frozen=True, slots=True)
class Seats:
    """A group, class or course with seats left. German: freie Plätze einer anderen Stelle

    left = reported - given - open requests.
    """

    unit: str
    facility: str
    district: str
    owner: str
    domain: str
    pool: str
    left: int
    is_stale: bool = False
    is_shared_with_residents: bool = False


@dataclass(frozen=True, slots=True)
class SeatLimit:
    """Seats other residents leave of all that are for everyone. German: Platzgrenze"""

    domain: str
    pool: str
    left: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A price on a rare unit, kept for somebody expected; not a rule. German: Vorhaltung"""

    unit: str
    points: int  # thousandths
    until: date | None
    reason: Text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A household the machine must not place, and why. German: nicht im Vergabelauf"""

    party: str
    rule: str
    reason: Text


@dataclass(frozen=True)
class Problem:
    """Everything a run needs, frozen. Two problems with the same content are the same bytes.

    ``reach``: minutes by pair of districts, either order. ``notes``: what was assumed or unknown.
    """

    day: date
    parties: tuple[Party, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    seats: tuple[Seats, ...] = ()
    seat_limits: tuple[SeatLimit, ...] = ()
    reach: Mapping[tuple[str, str], int] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    locks: tuple[Lock, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    rulebook: Rulebook = field(default_factory=Rulebook)
    space_m2: float | None = None  # norm of the Land; None = none known
    office: str = ""  # the office that decides; what others own becomes a request
    seed: int = 1
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        for name, key in _KEYS.items():
            object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=key)))

    @cached_property
    def party(self) -> Mapping[str, Party]:
        """Parties by id."""
        return {p.id: p for p in self.parties}

    @cached_property
    def lodging(self) -> Mapping[str, Lodging]:
        """Lodgings by unit id."""
        return {x.id: x for x in self.lodgings}

    @cached_property
    def living(self) -> Mapping[str, set[str]]:
        """Buildings in which each party there lives on the day, or will: it is not to be moved."""
        found: dict[str, set[str]] = {}
        for lodging in self.lodgings:
            for one in lodging.there:
                if one.until is None or one.until > self.day:
                    found.setdefault(one.party, set()).add(lodging.building)
        return found

    @cached_property
    def locked(self) -> frozenset[str]:
        """Parties that ask for a home and are locked somewhere by hand."""
        names = {row.household for row in self.locks if row.kind == "lock"}
        return frozenset(p.id for p in self.parties if p.asks_home and p.id in names)

    def minutes(self, one: str | None, other: str | None) -> int | None:
        """Minutes between two districts; the same one is 0, None = unknown."""
        if one is None or other is None:
            return None
        if one == other:
            return 0
        found = self.reach.get((one, other))
        return self.reach.get((other, one)) if found is None else found

    def changed(self, **changes: Any) -> Problem:
        """The same problem but for some parts: another lock, another rule."""
        return replace(self, **changes)


def _by_id(row: Any) -> str:
    return str(row.id)


def _by_words(row: Any) -> tuple[str, ...]:
    return tuple(str(getattr(row, f.name)) for f in fields(row))


_KEYS: dict[str, Any] = {
    "parties": _by_id,
    "lodgings": attrgetter("unit.id"),
    "seats": lambda row: row.unit,
    "seat_limits": _by_words,
    "exclusions": _by_words,
    "locks": _by_words,
    "held_back": _by_words,
    "left_out": _by_words,
    "notes": _by_words,
}
